'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { Tooltip } from '@/components/tooltip';
import { useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';

interface Group {
  emoji: string;
  names: string[];
  own: boolean;
}

/** Reactions of one emoji stand together; a click on a chip joins in, or takes the own one back. */
export function ReactionChips({ message }: { message: ThreadMessage }) {
  const t = useTranslations('messages.reactions');
  const format = useFormatter();
  const { actions } = useThreadScene();
  const groups = useGroups(message);
  if (groups.length === 0) return null;
  return (
    <div className="z-1 mx-2.5 -mt-[5px] mb-0.5 flex flex-wrap gap-1">
      {groups.map(({ emoji, names, own }) => {
        const by = format.list(names);
        const react = message.can?.includes('react') && actions.react;
        const look = cx(
          'num inline-flex h-[22px] items-center gap-[3px] rounded-full ps-1.5 pe-[7px] text-[12px] leading-[22px]',
          own
            ? 'bg-accent-soft font-medium text-accent-ink shadow-[0_0_0_1px_var(--accent-line)]'
            : 'bg-sheet text-ink-2 shadow-[0_0_0_1px_var(--line)]',
        );
        const inside = (
          <>
            {emoji}
            {names.length > 1 && ` ${names.length}`}
          </>
        );
        return (
          <Tooltip key={emoji} text={t('by', { emoji, names: by })} side="top">
            {react ? (
              <button
                type="button"
                className={cx(look, 'reach')}
                onClick={() => react(message, own ? '' : emoji)}
                aria-label={t(own ? 'takeBack' : 'join', { emoji, names: by })}
              >
                {inside}
              </button>
            ) : (
              <span className={look} role="img" aria-label={t('by', { emoji, names: by })}>
                {inside}
              </span>
            )}
          </Tooltip>
        );
      })}
    </div>
  );
}

function useGroups({ reactions }: ThreadMessage): Group[] {
  const t = useTranslations('messages.reactions');
  const groups = new Map<string, Group>();
  for (const { emoji, by, own } of reactions) {
    const group = groups.get(emoji) ?? { emoji, names: [], own: false };
    group.names.push(own ? t('you') : (by ?? t('someone')));
    group.own ||= own;
    groups.set(emoji, group);
  }
  return [...groups.values()];
}
