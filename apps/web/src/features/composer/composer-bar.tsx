'use client';

import type { Account } from '@parley/contracts/accounts';
import { Bold, CheckCheck, ChevronDown, Italic, LayoutTemplate, Paperclip, Smile } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useState } from 'react';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { Menu, MenuChoice, MenuChoices, MenuGroup, MenuItem, MenuLine } from '@/components/menu';
import { Popover } from '@/components/popover';
import { Tooltip } from '@/components/tooltip';
import { keyWords } from '@/lib/keyboard/key-words';
import type { Chord } from '@/lib/keyboard/shortcuts';
import { isMac } from '@/lib/keyboard/use-shortcuts';
import { useRemembered } from '@/lib/remembered';
import { typeInto, wrapSelection } from './composer-desk';
import { EmojiGrid } from './emoji-grid';
import { sendKeySetting } from './send-key';

export interface ComposerBarProps {
  account: Account;
  field: React.RefObject<HTMLTextAreaElement | null>;
  /** Characters left, when that is worth saying. */
  left: number | null;
  savedNow: boolean;
  canSend: boolean;
  busy: boolean;
  onSend: () => void;
  onResolve: () => void;
  /** Null: the channel has no templates. */
  onTemplates: (() => void) | null;
  /** Null: it takes no files. */
  onAttach: (() => void) | null;
}

/** Under the text: what helps to write it, how much room is left, and the ways to send it. */
export const ComposerBar = memo(function ComposerBar(props: ComposerBarProps) {
  const { account, field, left, savedNow, canSend, onTemplates, onAttach } = props;
  const t = useTranslations('composer');
  return (
    <div className="flex items-center gap-0.5 px-1.5 pb-1.5 max-md:hidden">
      <EmojiButton field={field} />
      {onAttach && <IconButton icon={Paperclip} iconSize={18} label={t('files.attach')} onClick={onAttach} />}
      {onTemplates && <IconButton icon={LayoutTemplate} iconSize={18} label={t('templates')} onClick={onTemplates} />}
      {account.channel === 'whatsapp' && (
        <>
          <span className="mx-1.5 h-4 w-px bg-line" />
          <IconButton
            icon={Bold}
            label={t('bold')}
            onClick={() => field.current && wrapSelection(field.current, '*')}
          />
          <IconButton
            icon={Italic}
            label={t('italic')}
            onClick={() => field.current && wrapSelection(field.current, '_')}
          />
        </>
      )}
      <span className="min-w-2 flex-1" />
      {left === null ? (
        <span className="me-2.5 text-meta text-ink-3">{canSend && savedNow && t('saved')}</span>
      ) : (
        <CharactersLeft left={left} />
      )}
      <SendButtons {...props} />
    </div>
  );
});

export function CharactersLeft({ left, className }: { left: number; className?: string }) {
  const t = useTranslations('composer');
  return (
    <span
      role="status"
      className={cx('num text-meta font-medium', left < 0 ? 'text-danger-ink' : 'text-warn-ink', className ?? 'me-2.5')}
    >
      {left < 0 ? t('over', { count: -left }) : t('left', { count: left })}
    </span>
  );
}

/** "Ctrl Shift ↵" */
function keys(chord: Omit<Chord, 'code'>): string {
  return keyWords({ code: 'Enter', ...chord }, isMac()).join(' ');
}

function EmojiButton({ field }: { field: ComposerBarProps['field'] }) {
  const t = useTranslations('composer');
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('emoji.grid')}
      side="top"
      trigger={<IconButton icon={Smile} iconSize={18} label={t('emoji.open')} />}
    >
      <EmojiGrid
        onPick={(emoji) => {
          setOpen(false);
          // The popover gives the focus back to its button first.
          setTimeout(() => field.current && typeInto(field.current, emoji), 0);
        }}
      />
    </Popover>
  );
}

function SendButtons({ canSend, busy, onSend, onResolve }: ComposerBarProps) {
  const t = useTranslations('composer');
  const [sendKey, setSendKey] = useRemembered(sendKeySetting);
  const shown = keys({ mod: sendKey === 'mod-enter' });
  const resolveKeys = keys({ mod: true, shift: true });
  return (
    <span className="inline-flex gap-1.5">
      <Tooltip text={t('sendAndResolve')} shortcut={resolveKeys} side="top">
        <button
          type="button"
          aria-label={t('sendAndResolve')}
          disabled={!canSend || busy}
          onClick={onResolve}
          className="grid size-8 flex-none place-items-center rounded-2 bg-sheet text-ink-2 shadow-edge hover:bg-hover hover:text-ink disabled:opacity-50"
        >
          <Icon of={CheckCheck} />
        </button>
      </Tooltip>
      <span className="inline-flex h-8 overflow-hidden rounded-2 bg-accent text-ui font-medium text-on-accent focus-within:overflow-visible">
        <button
          type="submit"
          disabled={busy}
          aria-disabled={!canSend}
          onClick={onSendOnly}
          className="focus-inside inline-flex items-center gap-1.5 rounded-s-2 ps-3 pe-2.5 hover:bg-accent-hover focus-visible:outline-on-accent"
        >
          {t('send')}
          <kbd aria-hidden className="font-sans text-micro font-medium opacity-80">
            {shown}
          </kbd>
        </button>
        <Menu
          align="end"
          side="top"
          trigger={
            <button
              type="button"
              aria-label={t('sendOptions')}
              className="focus-inside grid w-7 place-items-center rounded-e-2 border-s border-on-accent/25 hover:bg-accent-hover focus-visible:outline-on-accent"
            >
              <Icon of={ChevronDown} size={14} />
            </button>
          }
        >
          <MenuItem icon={CheckCheck} shortcut={resolveKeys} disabled={!canSend || busy} onSelect={onResolve}>
            {t('sendAndResolve')}
          </MenuItem>
          <MenuLine />
          <MenuGroup label={t('sendKey.label')}>
            <MenuChoices value={sendKey} onChange={setSendKey}>
              <MenuChoice value="enter">{t('sendKey.enter')}</MenuChoice>
              <MenuChoice value="mod-enter">{t('sendKey.modEnter', { mod: isMac() ? '⌘' : 'Ctrl' })}</MenuChoice>
            </MenuChoices>
          </MenuGroup>
        </Menu>
      </span>
    </span>
  );

  function onSendOnly(event: React.MouseEvent) {
    event.preventDefault(); // the form's submit is for the Enter key of a touch keyboard
    onSend();
  }
}
