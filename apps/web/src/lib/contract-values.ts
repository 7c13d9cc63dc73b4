import type { Channel } from '@parley/contracts/accounts';
import type { Conversation, ConversationStatus } from '@parley/contracts/conversations';
import type { Label } from '@parley/contracts/labels';

/**
 * The few values of the contract that the first screen needs. In the contract they stand among schemas, which would
 * bring the validator with them; a test holds them against it.
 */
/** Longest text that Parley keeps, in UTF-16 units. */
export const MAX_TEXT = 10_000;
/** The largest picture that is taken for a logo. */
export const MAX_LOGO_BYTES = 1_048_576;
/** Media type of a part of a file. */
export const FILE_PART = 'application/offset+octet-stream';
export const conversationStatuses = ['open', 'pending', 'resolved'] as const satisfies readonly ConversationStatus[];
export const channels = ['whatsapp', 'slack', 'telegram', 'instagram', 'sms'] as const satisfies readonly Channel[];
export const hues = [25, 60, 100, 150, 195, 240, 285, 340] as const satisfies readonly Label['hue'][];

/** How many of its inbound messages this member has not seen. */
export function unreadOf(conversation: Conversation): number {
  return Math.max(0, conversation.received - (conversation.me.seen ?? conversation.answered));
}
