'use client';

import { Copy, Ellipsis, MailOpen, Reply, SmilePlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { cx } from '@/components/cx';
import { IconButton } from '@/components/icon-button';
import { Menu, MenuItem } from '@/components/menu';
import { Popover } from '@/components/popover';
import { reactions } from '../composer/emoji';
import { EmojiGrid } from '../composer/emoji-grid';
import { useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';

interface HoverBarProps {
  message: ThreadMessage;
  side: 'start' | 'end';
  /** Above the bubble, or below where there is no room. */
  below: boolean;
  /** A menu of it is open: it must not go away. */
  onHold: (held: boolean) => void;
  onDone: () => void;
}

/** What one does with a message, over its corner. Only what the channel can do. */
export function HoverBar({ message, side, below, onHold, onDone }: HoverBarProps) {
  const t = useTranslations('messages.bar');
  const { actions } = useThreadScene();
  const [picking, setPicking] = useState(false);
  const { copy, unreadFrom } = actions;
  const react = message.can?.includes('react') && actions.react;
  const reply = message.can?.includes('reply') && actions.reply;
  const then = (act: () => void) => () => {
    act();
    onDone();
  };
  const hold = (open: boolean) => {
    setPicking(open);
    onHold(open);
  };
  return (
    <div
      role="toolbar"
      aria-label={t('label')}
      className={cx(
        'absolute z-3 flex w-max flex-wrap rounded-3 pointer-coarse:max-w-[270px] bg-raised p-0.5 shadow-menu',
        below ? 'top-[calc(100%-2px)]' : 'bottom-[calc(100%-2px)]',
        side === 'end' ? 'end-2' : 'start-2',
      )}
    >
      {react && (
        <>
          {reactions.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={t('react', { emoji })}
              onClick={then(() => react(message, emoji))}
              className="focus-inside grid size-7 place-items-center rounded-2 text-[15px] leading-none hover:bg-hover active:bg-press pointer-coarse:size-11 pointer-coarse:text-[20px]"
            >
              {emoji}
            </button>
          ))}
          <Popover
            open={picking}
            onOpenChange={hold}
            label={t('moreReactions')}
            side="top"
            align={side}
            trigger={
              <IconButton
                icon={SmilePlus}
                label={t('moreReactions')}
                shortcut="+"
                size={28}
                className="pointer-coarse:size-11"
                data-react
              />
            }
          >
            <EmojiGrid
              onPick={(emoji) => {
                hold(false);
                then(() => react(message, emoji))();
              }}
            />
          </Popover>
        </>
      )}
      {reply && (
        <IconButton
          icon={Reply}
          label={t('reply')}
          shortcut="R"
          size={28}
          className="pointer-coarse:size-11"
          onClick={then(() => reply(message))}
        />
      )}
      <Menu
        align="end"
        onOpenChange={onHold}
        trigger={<IconButton icon={Ellipsis} label={t('more')} size={28} className="pointer-coarse:size-11" />}
      >
        {reply && (
          <MenuItem icon={Reply} shortcut="R" onSelect={then(() => reply(message))}>
            {t('reply')}
          </MenuItem>
        )}
        <MenuItem icon={Copy} shortcut="C" onSelect={then(() => copy(message))}>
          {t('copy')}
        </MenuItem>
        {unreadFrom && message.direction === 'inbound' && (
          <MenuItem icon={MailOpen} onSelect={then(() => unreadFrom(message))}>
            {t('unreadFromHere')}
          </MenuItem>
        )}
      </Menu>
    </div>
  );
}
