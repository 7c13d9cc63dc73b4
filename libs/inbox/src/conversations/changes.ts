import type { ConversationStatus } from '@parley/contracts/conversations';
import { appendLine, type TellerTx } from '../messages/append';
import { setAssignee, setStatus, setTeam } from './conversations.queries';
import type { LockedConversation } from './locked-conversation';

/** Changes the assignee of a locked conversation; answers the line that says so, to be announced. */
export async function reassign(
  tx: TellerTx,
  conversation: LockedConversation,
  receiver: { id: string; name: string } | null,
): Promise<string> {
  await setAssignee(tx, conversation.id, receiver?.id ?? null);
  return appendLine(tx, conversation, receiver ? { event: 'assigned', to: [receiver.name] } : { event: 'unassigned' });
}

/**
 * Gives a locked conversation to a team, or takes it from its team, and leaves it to `assigneeId`; answers the line that says
 * so, to be announced.
 */
export async function giveToTeam(
  tx: TellerTx,
  conversation: LockedConversation,
  { team, assigneeId }: { team: { id: string; name: string } | null; assigneeId: string | null },
): Promise<string> {
  await setTeam(tx, conversation.id, { teamId: team?.id ?? null, assigneeId });
  if (!team) return appendLine(tx, conversation, { event: 'taken_from_team' });
  return appendLine(tx, conversation, { event: 'given_to_team', to: [team.name] });
}

/** Changes the status of a locked conversation; answers the line that says so, to be announced. */
export async function moveTo(
  tx: TellerTx,
  conversation: LockedConversation,
  status: ConversationStatus,
): Promise<string> {
  await setStatus(tx, conversation.id, status);
  const opened = conversation.status === 'resolved' ? 'reopened' : 'opened';
  return appendLine(tx, conversation, { event: status === 'open' ? opened : status });
}
