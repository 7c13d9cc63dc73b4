import type { Permission } from '@parley/contracts/permissions';
import {
  Building2,
  KeyRound,
  List,
  type LucideIcon,
  Plug,
  Shield,
  ShieldCheck,
  Split,
  Tag,
  UserRound,
  Users,
  UsersRound,
} from 'lucide-react';
import { usePathname } from 'next/navigation';

export const sections = [
  ...(['you', 'members', 'teams', 'roles', 'work', 'labels'] as const),
  ...(['company', 'security', 'keys', 'audit'] as const),
] as const;
export type Section = (typeof sections)[number];

export interface Entry {
  name: Section | 'accounts';
  icon: LucideIcon;
  /** Null: everybody. */
  needs: Permission | null;
}

/** The settings, in groups. Accounts have a page of their own. */
export const groups: { name: 'yours' | 'team' | 'conversations' | 'tenant'; entries: Entry[] }[] = [
  { name: 'yours', entries: [{ name: 'you', icon: UserRound, needs: null }] },
  {
    name: 'team',
    entries: [
      { name: 'members', icon: Users, needs: 'member.manage' },
      { name: 'teams', icon: UsersRound, needs: 'settings.manage' },
      { name: 'roles', icon: Shield, needs: 'member.manage' },
    ],
  },
  {
    name: 'conversations',
    entries: [
      { name: 'accounts', icon: Plug, needs: 'account.manage' },
      { name: 'work', icon: Split, needs: 'settings.manage' },
      { name: 'labels', icon: Tag, needs: 'label.manage' },
    ],
  },
  {
    name: 'tenant',
    entries: [
      { name: 'company', icon: Building2, needs: 'settings.manage' },
      { name: 'security', icon: ShieldCheck, needs: 'settings.manage' },
      { name: 'keys', icon: KeyRound, needs: 'api_key.manage' },
      { name: 'audit', icon: List, needs: 'audit.read' },
    ],
  },
];

/** What the address asks for; null: the settings as such; undefined: something that is none. */
export function useSection(): Section | null | undefined {
  const name = usePathname().split('/')[2];
  return name === undefined || name === '' ? null : sections.find((one) => one === name);
}

/** Goes there without asking the server for a page. */
export function goToSection(section: Section | null): void {
  window.history.pushState(null, '', section === null ? '/settings' : `/settings/${section}`);
}

export function needsOf(section: Section): Permission | null {
  return groups.flatMap(({ entries }) => entries).find(({ name }) => name === section)?.needs ?? null;
}
