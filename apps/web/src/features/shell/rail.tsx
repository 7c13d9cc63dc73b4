'use client';

import { CircleHelp, Inbox, Search, Settings2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { AvailabilityMark } from '@/components/availability-mark';
import { Avatar } from '@/components/avatar';
import { Count } from '@/components/count';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { Tooltip } from '@/components/tooltip';
import { useAvailability } from '@/features/members/availability';
import type { Session } from '@/features/session/session-gate';
import { LateAccounts } from './late-parts';
import { TenantSwitcher } from './tenant-switcher';
import { openConversation } from './use-open-conversation';
import { YouMenu } from './you-menu';

const itemClass =
  'relative grid size-10 flex-none place-items-center rounded-3 text-ink-3 hover:bg-hover hover:text-ink data-popup-open:bg-hover data-popup-open:text-ink';

const onClass = '!bg-accent-soft !text-accent-ink';

interface RailProps {
  at: 'inbox' | 'accounts' | 'settings';
  session: Session;
  /** Conversations of mine with something unread. */
  unread: number;
  /** Absent: there is nothing to search here. */
  onSearch?: () => void;
  onHelp: () => void;
}

/** The desk's edge: where one is, what needs somebody, who one is. */
export function Rail({ at, session, unread, onSearch, onHelp }: RailProps) {
  const words = useTranslations('shell');
  const inbox = words('inboxUnread', { count: unread });
  const away = useAvailability()[0] === 'away';
  return (
    <nav
      aria-label={words('main')}
      className="flex flex-col items-center gap-1 border-e border-line bg-canvas pt-2.5 pb-3 max-md:hidden"
    >
      <TenantSwitcher session={session} className="mb-3" />
      <Tooltip text={words('inbox')} shortcut="G I" side="right">
        <a
          href="/inbox"
          aria-label={inbox}
          aria-current={at === 'inbox' ? 'page' : undefined}
          className={cx(itemClass, at === 'inbox' && onClass)}
          onClick={(event) => {
            if (at !== 'inbox' || event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            openConversation(null);
          }}
        >
          <Icon of={Inbox} size={20} />
          <Count
            value={unread}
            label={inbox}
            small
            className="absolute top-0.5 end-0 shadow-[0_0_0_2px_var(--canvas)]"
          />
        </a>
      </Tooltip>
      <span className="size-10">
        <LateAccounts at={at === 'inbox' ? at : 'elsewhere'} className={cx(itemClass, at === 'accounts' && onClass)} />
      </span>
      <div className="mt-auto grid justify-items-center gap-1">
        {onSearch && (
          <Tooltip text={words('search')} shortcut="/" side="right">
            <button type="button" aria-label={words('search')} className={itemClass} onClick={onSearch}>
              <Icon of={Search} size={20} />
            </button>
          </Tooltip>
        )}
        <Tooltip text={words('settings')} shortcut="G S" side="right">
          <a
            href="/settings"
            aria-label={words('settings')}
            aria-current={at === 'settings' ? 'page' : undefined}
            className={cx(itemClass, at === 'settings' && onClass)}
          >
            <Icon of={Settings2} size={20} />
          </a>
        </Tooltip>
        <Tooltip text={words('help')} shortcut="?" side="right">
          <button type="button" aria-label={words('help')} className={itemClass} onClick={onHelp}>
            <Icon of={CircleHelp} size={20} />
          </button>
        </Tooltip>
        <YouMenu
          session={session}
          side="right"
          onHelp={onHelp}
          trigger={
            <button
              type="button"
              aria-label={words(away ? 'you.menuAway' : 'you.menu', { name: session.user.name })}
              className="mt-2 rounded-full"
            >
              <Avatar id={session.memberId} name={session.user.name} size={32}>
                <AvailabilityMark away={away} />
              </Avatar>
            </button>
          }
        />
      </div>
    </nav>
  );
}
