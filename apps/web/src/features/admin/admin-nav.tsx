'use client';

import type { Me } from '@parley/contracts/me';
import { useMutation } from '@tanstack/react-query';
import { Inbox, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Avatar } from '@/components/avatar';
import { Chip } from '@/components/chip';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { Menu, MenuChoice, MenuChoices, MenuGroup, MenuItem, MenuLine } from '@/components/menu';
import { complain } from '@/components/toast';
import { signOut } from '@/features/session/sign-out';
import { type Theme, themeSetting } from '@/features/settings/theme';
import { ParleyMark } from '@/features/sign-in/parley-mark';
import { useRemembered } from '@/lib/remembered';
import { adminIcons, adminPath, adminSections, type AdminSection, goTo } from './place';

/** A platform has no tenant's rail: its own name, its sections, who one is. On a phone a line that scrolls. */
export function AdminNav({ me, current }: { me: Me; current: AdminSection | null }) {
  const words = useTranslations('admin');
  return (
    <nav
      aria-label={words('title')}
      className="flex min-h-0 min-w-0 flex-col gap-3 border-line bg-pane px-2 py-3 max-md:gap-1 max-md:border-b md:border-e"
    >
      <div className="flex items-center gap-2 px-2">
        <ParleyMark />
        <Chip className="ms-auto">{words('chip')}</Chip>
        <span className="md:hidden">
          <WhoMenu me={me} side="bottom">
            <button type="button" aria-label={words('you', { name: me.user.name })} className="rounded-full">
              <Avatar id={me.user.id} name={me.user.name} size={32} />
            </button>
          </WhoMenu>
        </span>
      </div>
      <ul className="flex gap-0.5 overflow-x-auto md:flex-col">
        {adminSections.map((section) => (
          <li key={section} className="flex-none">
            <a
              ref={section === current ? showWhole : undefined}
              href={adminPath(section)}
              aria-current={section === current ? 'page' : undefined}
              onClick={goTo(adminPath(section))}
              className={cx(
                'focus-inside flex min-h-8 items-center gap-2.5 rounded-3 px-2 font-medium whitespace-nowrap pointer-coarse:min-h-11',
                section === current ? 'bg-accent-soft text-accent-ink' : 'text-ink-2 hover:bg-hover',
              )}
            >
              <Icon of={adminIcons[section]} className="max-md:hidden" />
              {words(`section.${section}`)}
            </a>
          </li>
        ))}
      </ul>
      <div className="mt-auto max-md:hidden">
        <WhoMenu me={me} side="top">
          <button type="button" className="flex w-full items-center gap-2.5 rounded-3 p-2 text-start hover:bg-hover">
            <Avatar id={me.user.id} name={me.user.name} size={32} />
            <span className="min-w-0">
              <b className="block truncate font-medium">{me.user.name}</b>
              <span className="block text-meta text-ink-3">{words('superAdmin')}</span>
            </span>
          </button>
        </WhoMenu>
      </div>
    </nav>
  );
}

/** On a phone there are more sections than fit. */
function showWhole(link: HTMLElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function WhoMenu({ me, side, children }: { me: Me; side: 'top' | 'bottom'; children: React.ReactElement }) {
  const words = useTranslations('admin');
  const you = useTranslations('shell.you');
  const [theme, setTheme] = useRemembered(themeSetting);
  const leave = useMutation({ mutationFn: signOut, onError: (error) => complain(error.message) });
  return (
    <Menu trigger={children} side={side} align="end">
      <p className="truncate px-2 pt-2 pb-1.5 text-meta text-ink-3">{me.user.email}</p>
      <MenuLine />
      <MenuGroup label={you('theme')}>
        <MenuChoices value={theme} onChange={(next: Theme) => setTheme(next)} label={you('theme')}>
          <MenuChoice value="system" icon={Monitor} closeOnClick={false}>
            {you('system')}
          </MenuChoice>
          <MenuChoice value="light" icon={Sun} closeOnClick={false}>
            {you('light')}
          </MenuChoice>
          <MenuChoice value="dark" icon={Moon} closeOnClick={false}>
            {you('dark')}
          </MenuChoice>
        </MenuChoices>
      </MenuGroup>
      <MenuLine />
      {me.memberships.length > 0 && (
        <MenuItem icon={Inbox} onSelect={() => window.location.assign('/inbox')}>
          {words('toInbox')}
        </MenuItem>
      )}
      <MenuItem icon={LogOut} onSelect={() => leave.mutate()}>
        {you('signOut')}
      </MenuItem>
    </Menu>
  );
}
