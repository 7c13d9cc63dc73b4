'use client';

import { Inbox, Menu as MenuIcon, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Count } from '@/components/count';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import type { Session } from '@/features/session/session-gate';
import { YouMenu } from './you-menu';

const itemClass =
  'grid flex-1 justify-items-center content-center gap-[3px] text-[11px] leading-[14px] font-medium text-ink-3 data-popup-open:text-accent-ink';

interface BottomNavProps {
  session: Session;
  unread: number;
  onSearch: () => void;
  onHelp: () => void;
}

/** The rail of a phone. It hides in a thread. */
export function BottomNav({ session, unread, onSearch, onHelp }: BottomNavProps) {
  const words = useTranslations('shell');
  const inbox = words('inboxUnread', { count: unread });
  return (
    <nav
      aria-label={words('main')}
      className="flex min-h-16 flex-none border-t border-line bg-sheet px-2 pt-1.5 pb-[max(8px,env(safe-area-inset-bottom))] md:hidden"
    >
      <a
        href="/inbox"
        aria-label={inbox}
        aria-current="page"
        className={cx(itemClass, '!text-accent-ink')}
        onClick={(event) => event.preventDefault()}
      >
        <span className="relative">
          <Icon of={Inbox} size={24} />
          <Count
            value={unread}
            label={inbox}
            small
            className="absolute -top-[5px] start-3.5 shadow-[0_0_0_2px_var(--sheet)]"
          />
        </span>
        {words('inbox')}
      </a>
      <button type="button" className={itemClass} onClick={onSearch}>
        <Icon of={Search} size={24} />
        {words('search')}
      </button>
      <YouMenu
        session={session}
        side="top"
        onHelp={onHelp}
        trigger={
          <button type="button" className={itemClass}>
            <Icon of={MenuIcon} size={24} />
            {words('more')}
          </button>
        }
      />
    </nav>
  );
}
