'use client';

import type { Channel } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import type { Label } from '@parley/contracts/labels';
import { useMemo } from 'react';
import { useAccounts } from '@/features/accounts/queries';
import { useLabels } from '@/features/labels/queries';
import { useMembers } from '@/features/members/queries';
import { useMe } from '@/features/session/queries';
import { useListTime } from './use-list-time';

/** What a row shows that its conversation only names. */
export interface RowFacts {
  channel: Channel | undefined;
  label: Label | undefined;
  assignee: { id: string; name: string } | undefined;
  time: string;
  ownName: string;
}

/** Looks up what rows show, once for all of them: scrolling must not subscribe anew with each row. */
export function useRowFacts(): (conversation: Conversation) => RowFacts {
  const accounts = useAccounts();
  const labels = useLabels();
  const members = useMembers();
  const ownName = useMe()?.user.name ?? '';
  const timeOf = useListTime();
  return useMemo(() => {
    const channels = new Map(accounts.map(({ id, channel }) => [id, channel]));
    const labelsById = new Map(labels.map((label) => [label.id, label]));
    const membersById = new Map(members.map((member) => [member.id, member]));
    return (conversation) => ({
      channel: channels.get(conversation.accountId),
      label: labelsById.get(conversation.labelIds[0] ?? ''),
      assignee: membersById.get(conversation.assigneeId ?? ''),
      time: timeOf(conversation.lastMessageAt),
      ownName,
    });
  }, [accounts, labels, members, ownName, timeOf]);
}
