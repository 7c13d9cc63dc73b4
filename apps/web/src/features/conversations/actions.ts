'use client';

import type { Conversation, ConversationStatus } from '@parley/contracts/conversations';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { complain, say } from '@/components/toast';
import { useMembers } from '@/features/members/queries';
import { useMe } from '@/features/session/queries';
import { useTeams } from '@/features/teams/queries';
import type { Answer } from '@parley/client/call';
import { call } from '@/lib/api';
import { applyEvent } from '@/lib/realtime/apply-event';
import { letGo } from './list-hold';
import { markUnread } from './use-read-mark';
import { routes } from '@/lib/routes';

/** What one can do with a conversation. Each resolves once it is done and shown; failures are said, never thrown. */
export interface ConversationActions {
  assign(conversation: Conversation, memberId: string | null): Promise<boolean>;
  /** Who has it and is not of the team loses it. */
  giveToTeam(conversation: Conversation, teamId: string | null): Promise<boolean>;
  label(conversation: Conversation, labelIds: string[]): Promise<boolean>;
  setStatus(conversation: Conversation, status: ConversationStatus): Promise<boolean>;
  unread(conversation: Conversation): Promise<boolean>;
}

export function useConversationActions(): ConversationActions {
  const client = useQueryClient();
  const words = useTranslations('conversation.done');
  const undo = useTranslations('common')('undo');
  const members = useMembers();
  const teams = useTeams();
  const mine = useMe()?.memberId;

  return useMemo(() => {
    const nameOf = (id: string) => members.find((member) => member.id === id)?.name ?? '';
    const done = (title: string, back: () => Promise<unknown>) => say(title, { label: undo, act: () => void back() });
    const quietly = {
      assign: ({ id }: Conversation, memberId: string | null) =>
        write(client, call(routes.assignConversation, { params: { id }, body: { memberId } })),
      giveToTeam: ({ id }: Conversation, teamId: string | null) =>
        write(client, call(routes.setConversationTeam, { params: { id }, body: { teamId } })),
      label: ({ id }: Conversation, labelIds: string[]) =>
        write(client, call(routes.setConversationLabels, { params: { id }, body: { labelIds } })),
      setStatus: ({ id }: Conversation, status: ConversationStatus) =>
        write(client, call(routes.setConversationStatus, { params: { id }, body: { status } })),
    };
    return {
      async assign(conversation, memberId) {
        if (!(await quietly.assign(conversation, memberId))) return false;
        const title =
          memberId === null
            ? words('unassigned')
            : memberId === mine
              ? words('assignedToYou')
              : words('assigned', { name: nameOf(memberId) });
        done(title, () => quietly.assign(conversation, conversation.assigneeId));
        return true;
      },
      async giveToTeam(conversation, teamId) {
        if (!(await quietly.giveToTeam(conversation, teamId))) return false;
        const name = teams.find(({ id }) => id === teamId)?.name ?? '';
        const back = async () => {
          if (!(await quietly.giveToTeam(conversation, conversation.teamId))) return;
          if (conversation.assigneeId !== null) await quietly.assign(conversation, conversation.assigneeId);
        };
        done(teamId === null ? words('takenFromTeam') : words('assigned', { name }), back);
        return true;
      },
      label: (conversation, labelIds) => quietly.label(conversation, labelIds),
      async setStatus(conversation, status) {
        if (!(await quietly.setStatus(conversation, status))) return false;
        done(words(status), () => quietly.setStatus(conversation, conversation.status));
        return true;
      },
      unread: (conversation) => attempt(markUnread(client, conversation)),
    };
  }, [client, words, undo, members, teams, mine]);
}

/** The answer goes the way of events; lists show it at once. */
function write(client: QueryClient, answer: Promise<Answer<Conversation>>): Promise<boolean> {
  return attempt(
    answer.then(({ body, stamp }) => {
      applyEvent(client, { ...stamp, type: 'conversation.updated', conversation: body, me: body.me });
      letGo();
    }),
  );
}

async function attempt(act: Promise<void>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return false;
  }
}
