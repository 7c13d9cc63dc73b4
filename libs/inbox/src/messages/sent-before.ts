import type { OutboundContent } from '@parley/contracts/content';
import { AppError } from '@parley/platform/app-error';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { MemberContext } from '../context';
import { headOf } from '@parley/platform/tenant-db';
import { findSent, type Sent } from './messages.queries';

export interface SendRequest {
  messageId?: string | undefined;
  conversationId: string;
  chatId?: string | undefined;
  replyTo?: string | undefined;
  content: OutboundContent;
}

/** Whether something was sent under this id, by whomever. */
export async function isTaken(tx: TenantTx, id: string): Promise<boolean> {
  return (await findSent(tx, id)) !== undefined;
}

/** Whether this member sent the same under this id before. Throws `message_id_taken` when something else stands there. */
export async function wasSent(
  tx: TenantTx<MemberContext>,
  id: string,
  request: Omit<SendRequest, 'messageId'>,
): Promise<boolean> {
  return isAgain(tx, await findSent(tx, id), request);
}

/** The same of what stands there. */
export async function isAgain(
  tx: TenantTx<MemberContext>,
  sent: Sent | undefined,
  request: Omit<SendRequest, 'messageId'>,
): Promise<boolean> {
  if (!sent) return false;
  if (sent.memberId !== tx.ctx.memberId || !isSame(sent, request)) throw messageIdTaken();
  tx.ctx.cursor = await headOf(tx); // no event will stamp the answer
  return true;
}

export function messageIdTaken(): AppError {
  return new AppError(
    'message_id_taken',
    'Another message was sent under this id. Send this one under an id of its own.',
  );
}

function isSame(sent: Sent, { conversationId, chatId, replyTo, content }: Omit<SendRequest, 'messageId'>): boolean {
  if (sent.conversationId !== conversationId || (chatId !== undefined && sent.chatId !== chatId)) return false;
  if (content.type === 'reaction')
    return sent.reaction?.messageId === content.messageId && sent.reaction.emoji === content.emoji;
  return (sent.replyTo ?? undefined) === replyTo && isSameContent(sent.content, content);
}

/** Parameters are kept in the template's order, whatever order they were sent in. */
function isSameContent(sent: Sent['content'], wanted: Exclude<OutboundContent, { type: 'reaction' }>): boolean {
  if (sent?.type === 'text') return wanted.type === 'text' && sent.text === wanted.text;
  if (sent?.type === 'media')
    return wanted.type === 'media' && sent.file?.id === wanted.fileId && sent.caption === (wanted.caption || null);
  if (
    sent?.type !== 'template' ||
    wanted.type !== 'template' ||
    sent.name !== wanted.name ||
    sent.language !== wanted.language
  )
    return false;
  const keys = (list: typeof sent.parameters) =>
    list
      .map((p) => JSON.stringify([p.place, p.name, p.value]))
      .sort()
      .join();
  return keys(sent.parameters) === keys(wanted.parameters);
}
