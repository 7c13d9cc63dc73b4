'use client';

import { useMutation } from '@tanstack/react-query';
import {
  Bell,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  LogOut,
  Monitor,
  Moon,
  Plug,
  Settings2,
  Sun,
  Volume2,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Menu, MenuChoice, MenuChoices, MenuGroup, MenuItem, MenuLine, MenuToggle } from '@/components/menu';
import { complain } from '@/components/toast';
import { sendKeySetting } from '@/features/composer/send-key';
import { useAvailability } from '@/features/members/availability';
import { askToNotify, notifySetting, soundSetting } from '@/features/notifications/settings';
import type { Session } from '@/features/session/session-gate';
import { signOut } from '@/features/session/sign-out';
import { type Theme, themeSetting } from '@/features/settings/theme';
import { isMac } from '@/lib/keyboard/use-shortcuts';
import { useRemembered } from '@/lib/remembered';

interface YouMenuProps {
  session: Session;
  trigger: React.ReactElement;
  side: 'right' | 'top';
  onHelp: () => void;
}

/** What one says of oneself, what one sets for oneself in this browser, and the way out. */
export function YouMenu({ session, trigger, side, onHelp }: YouMenuProps) {
  const words = useTranslations('shell.you');
  const shell = useTranslations('shell');
  const notifications = useTranslations('notifications');
  const [availability, setAvailability] = useAvailability();
  const [theme, setTheme] = useRemembered(themeSetting);
  const [sendKey, setSendKey] = useRemembered(sendKeySetting);
  const [sound, setSound] = useRemembered(soundSetting);
  const [notify, setNotify] = useRemembered(notifySetting);
  const leave = useMutation({ mutationFn: signOut, onError: (error) => complain(error.message) });

  const toggleNotify = async (on: boolean) => {
    if (on && !(await askToNotify())) return complain(notifications('blocked'));
    setNotify(on);
  };
  return (
    <Menu trigger={trigger} side={side} align="end" className="w-[248px]">
      <div className="px-2 pt-2 pb-1.5">
        <p className="truncate font-medium">{session.user.name}</p>
        <p className="truncate text-meta text-ink-3">{session.user.email}</p>
      </div>
      <MenuLine />
      {session.permissions.includes('inbox.read') && (
        <MenuGroup label={words('availability')}>
          <MenuChoices value={availability} onChange={setAvailability} label={words('availability')}>
            <MenuChoice value="online" icon={CircleCheck} closeOnClick={false}>
              {words('online')}
            </MenuChoice>
            <MenuChoice value="away" icon={CircleDashed} closeOnClick={false}>
              {words('away')}
            </MenuChoice>
          </MenuChoices>
        </MenuGroup>
      )}
      <MenuGroup label={words('theme')}>
        <MenuChoices value={theme} onChange={(next: Theme) => setTheme(next)} label={words('theme')}>
          <MenuChoice value="system" icon={Monitor} closeOnClick={false}>
            {words('system')}
          </MenuChoice>
          <MenuChoice value="light" icon={Sun} closeOnClick={false}>
            {words('light')}
          </MenuChoice>
          <MenuChoice value="dark" icon={Moon} closeOnClick={false}>
            {words('dark')}
          </MenuChoice>
        </MenuChoices>
      </MenuGroup>
      <MenuGroup label={words('notifications')}>
        <MenuToggle icon={Volume2} checked={sound} onChange={setSound}>
          {notifications('bySound')}
        </MenuToggle>
        <MenuToggle icon={Bell} checked={notify} onChange={(on) => void toggleNotify(on)}>
          {notifications('byBrowser')}
        </MenuToggle>
      </MenuGroup>
      <MenuGroup label={words('sendKey')}>
        <MenuChoices value={sendKey} onChange={setSendKey} label={words('sendKey')}>
          <MenuChoice value="enter" closeOnClick={false}>
            {words('enter')}
          </MenuChoice>
          <MenuChoice value="mod-enter" closeOnClick={false}>
            {words('modEnter', { mod: isMac() ? '⌘' : 'Ctrl' })}
          </MenuChoice>
        </MenuChoices>
      </MenuGroup>
      <MenuLine />
      {session.permissions.includes('account.manage') && (
        <MenuItem icon={Plug} onSelect={() => window.location.assign('/accounts')}>
          {shell('accounts.manage')}
        </MenuItem>
      )}
      <MenuItem icon={Settings2} shortcut="G S" onSelect={() => window.location.assign('/settings')}>
        {shell('settings')}
      </MenuItem>
      <MenuItem icon={CircleHelp} shortcut="?" onSelect={onHelp}>
        {shell('help')}
      </MenuItem>
      <MenuItem icon={LogOut} onSelect={() => leave.mutate()}>
        {words('signOut')}
      </MenuItem>
    </Menu>
  );
}
