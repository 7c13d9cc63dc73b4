import { providerOf } from '@parley/channels/registry';
import type { AccountState, Capabilities, ProviderName } from '@parley/contracts/accounts';
import type { Content, OutboundContent } from '@parley/contracts/content';
import { AppError, notFound } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { acceptedAs } from '../files/accepted-file';

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

// The chat is chosen behind a fence (`offset 0`): under row-level security no index is used for a condition with `coalesce`.
const WAY_OUT = `select ch.id "chatId", ch.account_id "accountId", a.state, a.provider, a.config from conversations c
  cross join lateral (select coalesce($3::uuid, c.chat_id) id offset 0) w
  join chats ch on ch.tenant_id = c.tenant_id and ch.id = w.id and ch.conversation_id = c.id
  join accounts a on a.tenant_id = ch.tenant_id and a.id = ch.account_id
  where c.tenant_id = $1 and c.id = $2`;

/** One of a conversation's chats; unnamed the one last written in. */
export async function findWayOut(tx: TenantTx, conversationId: string, chatId?: string): Promise<WayOut | undefined> {
  const [row] = await run<Row>(tx.raw, WAY_OUT, [tx.tenantId, conversationId, chatId ?? null]);
  if (!row) return undefined;
  const { provider, config, ...way } = row;
  return { ...way, can: providerOf(provider).capabilities(config) };
}

/** The same. Throws `not_found`. */
export async function getWayOut(tx: TenantTx, conversationId: string, chatId?: string): Promise<WayOut> {
  const way = await findWayOut(tx, conversationId, chatId);
  if (!way) throw notFound('chat');
  return way;
}

/**
 * Whether the channel takes this now. What passes by itself (a pause, a lost connection) does not refuse: it waits in
 * the queue. Throws `account_unavailable`, `channel_cannot`, `window_closed`, `invalid`.
 */
export function assertCanSend(
  way: Pick<WayOut, 'state' | 'can'>,
  content: Exclude<OutboundContent, { type: 'media' }> | Extract<Content, { type: 'text' | 'template' | 'media' }>,
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
    case 'media':
      acceptedAs(can, content);
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
