'use client';

import { ChevronDown, ListFilter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { LabelMark } from '@/components/label-mark';
import { Menu, MenuChoice, MenuChoices, MenuGroup } from '@/components/menu';
import { useAccounts } from '@/features/accounts/queries';
import { useLabels } from '@/features/labels/queries';
import { useTeams } from '@/features/teams/queries';
import { showView, useView } from './use-view';
import { statusChoices } from './view';

/** Everything: no account, team or label chosen. A menu's value cannot be null. */
const EVERY = '';

/** Filters as words: what each asks for, by one word, for four stand beside each other in a narrow list. A search finds every status. */
export function ListFilters() {
  const words = useTranslations('list');
  const { status, account, team, label, q } = useView();
  const accounts = useAccounts();
  const teams = useTeams();
  const labels = useLabels();
  return (
    <div className="flex h-10 flex-none items-center gap-0.5 pe-2.5 ps-2 max-md:hidden">
      {q === '' && (
        <Filter name={words(`status.${status}`)} active={status !== 'open'}>
          <StatusChoices />
        </Filter>
      )}
      <Filter name={accounts.find(({ id }) => id === account)?.name ?? words('account')} active={account !== null}>
        <AccountChoices />
      </Filter>
      {teams.length > 0 && (
        <Filter name={teams.find(({ id }) => id === team)?.name ?? words('teamFilter')} active={team !== null}>
          <TeamChoices />
        </Filter>
      )}
      {labels.length > 0 && (
        <Filter name={labels.find(({ id }) => id === label)?.name ?? words('labelFilter')} active={label !== null}>
          <LabelChoices />
        </Filter>
      )}
    </div>
  );
}

/** The same behind one button, where there is no room for words. */
export function FilterButton({ className }: { className?: string }) {
  const words = useTranslations('list');
  const { status, account, team, label } = useView();
  const accounts = useAccounts();
  const teams = useTeams();
  const labels = useLabels();
  const active = [
    status !== 'open' && words(`status.${status}`),
    accounts.find(({ id }) => id === account)?.name,
    teams.find(({ id }) => id === team)?.name,
    labels.find(({ id }) => id === label)?.name,
  ].filter((part) => typeof part === 'string');
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          icon={ListFilter}
          iconSize={20}
          size={44}
          label={active.length > 0 ? words('filtersActive', { what: active.join(', ') }) : words('filters')}
          className={cx(className, active.length > 0 && 'text-accent-ink')}
        />
      }
    >
      <MenuGroup label={words('status.label')}>
        <StatusChoices />
      </MenuGroup>
      <MenuGroup label={words('account')}>
        <AccountChoices />
      </MenuGroup>
      {teams.length > 0 && (
        <MenuGroup label={words('teamFilter')}>
          <TeamChoices />
        </MenuGroup>
      )}
      {labels.length > 0 && (
        <MenuGroup label={words('labelFilter')}>
          <LabelChoices />
        </MenuGroup>
      )}
    </Menu>
  );
}

function Filter({ name, active, children }: { name: string; active: boolean; children: React.ReactNode }) {
  return (
    <Menu
      trigger={
        <Button
          size="sm"
          className={cx('min-w-0 shrink !gap-1 data-popup-open:bg-hover', active ? 'text-accent-ink' : 'text-ink-2')}
        >
          <span className="truncate">{name}</span>
          <Icon of={ChevronDown} size={12} className={active ? '' : 'text-ink-3'} />
        </Button>
      }
    >
      {children}
    </Menu>
  );
}

function StatusChoices() {
  const words = useTranslations('list.status');
  const { status } = useView();
  return (
    <MenuChoices value={status} onChange={(next) => showView({ status: next })} label={words('label')}>
      {statusChoices.map((choice) => (
        <MenuChoice key={choice} value={choice}>
          {words(choice)}
        </MenuChoice>
      ))}
    </MenuChoices>
  );
}

function AccountChoices() {
  const words = useTranslations('list');
  const { account } = useView();
  return (
    <MenuChoices
      value={account ?? EVERY}
      onChange={(next) => showView({ account: next || null })}
      label={words('account')}
    >
      <MenuChoice value={EVERY}>{words('everyAccount')}</MenuChoice>
      {useAccounts().map(({ id, name, channel }) => (
        <MenuChoice key={id} value={id}>
          <ChannelMark channel={channel} />
          <span className="truncate">{name}</span>
        </MenuChoice>
      ))}
    </MenuChoices>
  );
}

function TeamChoices() {
  const words = useTranslations('list');
  const { team } = useView();
  return (
    <MenuChoices
      value={team ?? EVERY}
      onChange={(next) => showView({ team: next || null })}
      label={words('teamFilter')}
    >
      <MenuChoice value={EVERY}>{words('everyTeam')}</MenuChoice>
      {useTeams().map(({ id, name }) => (
        <MenuChoice key={id} value={id}>
          <span className="truncate">{name}</span>
        </MenuChoice>
      ))}
    </MenuChoices>
  );
}

function LabelChoices() {
  const words = useTranslations('list');
  const { label } = useView();
  return (
    <MenuChoices
      value={label ?? EVERY}
      onChange={(next) => showView({ label: next || null })}
      label={words('labelFilter')}
    >
      <MenuChoice value={EVERY}>{words('everyLabel')}</MenuChoice>
      {useLabels().map(({ id, name, hue }) => (
        <MenuChoice key={id} value={id}>
          <LabelMark name={name} hue={hue} size="ui" />
        </MenuChoice>
      ))}
    </MenuChoices>
  );
}
