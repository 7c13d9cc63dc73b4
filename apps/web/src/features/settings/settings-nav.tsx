'use client';

import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { useMe } from '@/features/session/queries';
import { goToSection, groups, type Entry } from './sections';

interface SettingsNavProps {
  current: Entry['name'] | null;
  /** On a phone there is nothing beside it: none of them is open there. */
  alone: boolean;
  className?: string;
}

/** The sections that one may open. On a phone a page of its own. */
export function SettingsNav({ current, className, alone }: SettingsNavProps) {
  const words = useTranslations('settings');
  const permissions = useMe()?.permissions ?? [];
  const shown = groups
    .map((group) => ({ ...group, entries: group.entries.filter(({ needs }) => !needs || permissions.includes(needs)) }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <nav
      aria-label={words('title')}
      className={cx('min-h-0 overflow-y-auto bg-pane px-2 py-4 max-md:bg-sheet md:border-e md:border-line', className)}
    >
      <a
        href="/inbox"
        className="mb-2 flex min-h-8 items-center gap-2.5 rounded-2 px-2 text-ink-2 hover:bg-hover md:hidden pointer-coarse:min-h-11"
      >
        <Icon of={ArrowLeft} />
        {words('toInbox')}
      </a>
      <p className="px-2 pb-3 text-heading">{words('title')}</p>
      {shown.map(({ name, entries }) => (
        <div key={name} role="group" aria-label={words(`group.${name}`)} className="pb-3">
          <p aria-hidden className="px-2 pb-1 text-meta font-medium text-ink-3">
            {words(`group.${name}`)}
          </p>
          <ul className="grid gap-0.5">
            {entries.map((entry) => (
              <li key={entry.name}>
                <a
                  href={entry.name === 'accounts' ? '/accounts' : `/settings/${entry.name}`}
                  aria-current={entry.name === current ? 'page' : undefined}
                  onClick={(event) => {
                    if (entry.name === 'accounts' || current === 'accounts') return; // another page
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                    event.preventDefault();
                    goToSection(entry.name);
                  }}
                  className={cx(
                    'focus-inside flex min-h-8 items-center gap-2.5 rounded-3 px-2 font-medium pointer-coarse:min-h-11',
                    entry.name === current ? 'bg-accent-soft text-accent-ink' : 'text-ink-2 hover:bg-hover',
                    alone && 'max-md:!bg-transparent max-md:!text-ink-2',
                  )}
                >
                  <Icon of={entry.icon} />
                  {words(`section.${entry.name}`)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
