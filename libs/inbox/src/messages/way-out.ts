import { providerOf } from '@parley/channels/registry';
import type { AccountState, Capabilities, ProviderName } from '@parley/contracts/accounts';
import type { Content, OutboundContent } from '@parley/contracts/content';
import { AppError, notFound } from '@parley/platform/app-error';
import type { TenantTx } from '@parley/platform/tenant-db';

/** The chat that something leaves through, and what its account can do. */
export interface WayOut {
  chatId: string;
  accountId: string;
  state: AccountState;
  can: Capabilities;
}

/** Before a window closes: what waits in the queue, by another clock, would come too late. */
const MARGIN_MS = 3 * 60_000;

interface Row {
  chatId: string;
  accountId: string;
  state: AccountState;
  provider: ProviderName;
  config: Record<string, unknown>;
}

/** One of a conversation's chats. Throws `not_found`. */
export async function getWayOut(tx: TenantTx, conversationId: string, chatId: string): Promise<WayOut> {
  const [row] = await tx.raw.unsafe<Row[]>(
    `select ch.id "chatId", ch.account_id "accountId", a.state, a.provider, a.config from chats ch
     join accounts a on a.tenant_id = ch.tenant_id and a.id = ch.account_id
     where ch.tenant_id = $1 and ch.conversation_id = $2 and ch.id = $3`,
    [tx.tenantId, conversationId, chatId],
    { prepare: true },
  );
  if (!row) throw notFound('chat');
  return {
    chatId: row.chatId,
    accountId: row.accountId,
    state: row.state,
    can: providerOf(row.provider).capabilities(row.config),
  };
}

/**
 * Whether the channel takes this now. What passes by itself (a pause, a lost connection) does not refuse: it waits in
 * the queue. Throws `account_unavailable`, `channel_cannot`, `window_closed`, `invalid`.
 */
export function assertCanSend(
  way: Pick<WayOut, 'state' | 'can'>,
  content: OutboundContent | Extract<Content, { type: 'text' | 'template' }>,
  at: { inboundMs: number | null; nowMs: number; quotes?: boolean },
): void {
  const { state, can } = way;
  if (state === 'deleted')
    throw new AppError('account_unavailable', 'This account is disconnected: nothing can be sent through it any more.');
  if (at.quotes && !can.quote)
    throw new AppError('channel_cannot', 'This channel cannot answer to one message. Send it without the quote.');
  switch (content.type) {
    case 'template':
      if (!can.templates) throw new AppError('channel_cannot', 'This channel has no templates.');
      return;
    case 'reaction':
      if (!can.react) throw new AppError('channel_cannot', 'This channel has no reactions.');
      return assertOpen(can, at);
    case 'text':
      assertLength(can, content.text);
      return assertOpen(can, at);
  }
}

function assertLength(can: Capabilities, text: string): void {
  if (text.length <= can.maxTextLength) return;
  const message = `This channel takes at most ${can.maxTextLength} characters; these are ${text.length}. Cut it in two.`;
  throw new AppError('invalid', message, { errors: [{ path: 'content.text', message }] });
}

function assertOpen(
  { windowHours }: Capabilities,
  { inboundMs, nowMs }: { inboundMs: number | null; nowMs: number },
): void {
  if (windowHours === null || (inboundMs !== null && nowMs < inboundMs + windowHours * 3_600_000 - MARGIN_MS)) return;
  throw new AppError(
    'window_closed',
    `The ${windowHours} hours since the customer wrote are over, or nearly: only an approved template can be sent now.`,
  );
}
