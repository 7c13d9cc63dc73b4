import type { ConversationBase } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import type { TenantTx } from '@parley/platform/tenant-db';
import { audienceOfConversation, loadConversations, type Holders } from '../conversations/conversation.view';
import type { Appended } from './append';
import { loadMessages } from './message.view';

/**
 * Emits what a transaction wrote into a thread, each message with its conversation as it stands now, and answers that
 * conversation. Called last, while the conversation is locked. `was`: who had it, when it
 * has just been handed on.
 */
export async function announceMessages(
  tx: TenantTx,
  conversationId: string,
  messageIds: string[],
  { was }: { was?: Holders } = {},
): Promise<ConversationBase> {
  const { conversation, messages } = await loadThread(tx, conversationId, messageIds);
  for (const [i, message] of messages.entries()) {
    // The first event tells of the change; for those that follow it has happened.
    const audience = audienceOfConversation(conversation, i === 0 ? was : undefined);
    tx.emit({ type: 'message.created', audience, message, conversation });
  }
  return conversation;
}

/** The same of one message, by those who know what they have just written. */
export function announceNew(tx: TenantTx, { message, conversation }: Appended): void {
  tx.emit({ type: 'message.created', audience: audienceOfConversation(conversation), message, conversation });
}

/** Emits a message that moved to the end of its thread, and the conversation, whose last message it is now. */
export async function announceMoved(tx: TenantTx, conversationId: string, messageId: string): Promise<void> {
  const { conversation, messages } = await loadThread(tx, conversationId, [messageId]);
  const audience = audienceOfConversation(conversation);
  for (const message of messages) tx.emit({ type: 'message.updated', audience, message });
  tx.emit({ type: 'conversation.updated', audience, conversation });
}

/** Emits a message that looks different now. Called last, while its conversation is locked. */
export async function announceChanged(tx: TenantTx, conversationId: string, messageId: string): Promise<void> {
  const { conversation, messages } = await loadThread(tx, conversationId, [messageId]);
  for (const message of messages)
    tx.emit({ type: 'message.updated', audience: audienceOfConversation(conversation), message });
}

async function loadThread(
  tx: TenantTx,
  conversationId: string,
  messageIds: string[],
): Promise<{ conversation: ConversationBase; messages: Message[] }> {
  const { tenantId } = tx;
  const [[conversation], messages] = await Promise.all([
    loadConversations(tx.raw, [{ tenantId, id: conversationId }]),
    loadMessages(
      tx.raw,
      messageIds.map((id) => ({ tenantId, id })),
    ),
  ]);
  if (!conversation || messages.length !== messageIds.length)
    throw new Error('a thread that was just written is not there');
  return { conversation, messages: messages.sort((a, b) => a.position - b.position) };
}
