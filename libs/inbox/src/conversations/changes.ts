import type { ConversationStatus } from '@parley/contracts/conversations';
import { appendLine, type TellerTx } from '../messages/append';
import { setAssignee, setStatus } from './conversations.queries';
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
