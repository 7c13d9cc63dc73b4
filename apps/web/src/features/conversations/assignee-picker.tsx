'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { Check, UserRound, UserRoundX, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Avatar } from '@/components/avatar';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { Kbd } from '@/components/kbd';
import { PickList } from '@/components/pick-list';
import { Popover } from '@/components/popover';
import { useMembers } from '@/features/members/queries';
import { useMe } from '@/features/session/queries';
import { useTeams } from '@/features/teams/queries';
import { useConversationActions } from './actions';

interface AssigneePickerProps {
  conversation: Conversation;
  trigger: React.ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Hands a conversation to somebody: oneself first, then everybody by name, then nobody; or to a team. Its own loses it. */
export function AssigneePicker({ conversation, trigger, open, onOpenChange }: AssigneePickerProps) {
  const words = useTranslations('conversation');
  return (
    <Popover
      trigger={trigger}
      label={words('assignTo')}
      align="end"
      className="w-[280px]"
      open={open}
      onOpenChange={onOpenChange}
    >
      <People key={conversation.id} conversation={conversation} onDone={() => onOpenChange(false)} />
    </Popover>
  );
}

function People({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const words = useTranslations('conversation');
  const me = useMe();
  const { assign, giveToTeam } = useConversationActions();
  const [search, setSearch] = useState('');
  const teams = useTeams();
  const members = useMembers().filter((member) => member.active && member.id !== me?.memberId);
  const rows: Row[] = [
    { id: me?.memberId ?? null, name: me?.user.name ?? '', me: true },
    ...members.map(({ id, name, availability }) => ({ id, name, away: availability === 'away' })),
    { id: null, name: words('nobody') },
    ...teams.map(({ id, name }) => ({ id, name, team: true })),
  ];
  const mine = conversation.assigneeId !== null && conversation.assigneeId === me?.memberId;

  return (
    <PickList
      label={words('assignTo')}
      placeholder={words('findPerson')}
      search={search}
      onSearch={setSearch}
      items={rows.filter(({ name }) => plain(name).includes(plain(search)))}
      keyOf={({ id }) => id ?? 'nobody'}
      empty={words('noPerson')}
      onPick={({ id, team }) => {
        onDone();
        if (team) void giveToTeam(conversation, id === conversation.teamId ? null : id);
        else if (id !== conversation.assigneeId) void assign(conversation, id);
      }}
    >
      {(row) => (
        <>
          {row.id !== null && !row.team ? (
            <Avatar id={row.id} name={row.name} size={20} />
          ) : (
            <Icon of={row.team ? UsersRound : UserRoundX} size={20} className="text-ink-3" />
          )}
          <span className="min-w-0 flex-1 truncate">{row.me ? words(mine ? 'you' : 'assignToMe') : row.name}</span>
          {row.away && <span className="text-meta text-ink-3">{words('away')}</span>}
          {row.me && !mine && <Kbd>I</Kbd>}
          {row.id === (row.team ? conversation.teamId : conversation.assigneeId) && (
            <Icon of={Check} size={14} className="text-accent-ink" />
          )}
        </>
      )}
    </PickList>
  );
}

interface Row {
  /** Null: nobody. */
  id: string | null;
  name: string;
  me?: boolean;
  away?: boolean;
  team?: boolean;
}

/** Who has it, as a word and a face; where nobody has, its team. */
export function AssigneeName({ conversation, compact = false }: { conversation: Conversation; compact?: boolean }) {
  const words = useTranslations('conversation');
  const mine = useMe()?.memberId;
  const id = useId();
  const assignee = useMembers().find((member) => member.id === conversation.assigneeId);
  const team = useTeams().find((one) => one.id === conversation.teamId);
  const name = !assignee ? (team?.name ?? words('nobody')) : assignee.id === mine ? words('you') : assignee.name;
  return (
    <>
      {assignee ? (
        <Avatar id={assignee.id} name={assignee.name} size={20} />
      ) : (
        <Icon of={team ? UsersRound : UserRound} className="text-ink-3" />
      )}
      <span id={id} className={cx('truncate', compact && '@max-[640px]/thread:sr-only')}>
        {name}
      </span>
    </>
  );
}

/** Without case and accents. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
