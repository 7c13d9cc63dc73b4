import { providerOf } from '@parley/channels/registry';
import type { Refusal } from '@parley/contracts/messages';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import type { Sql } from '@parley/db/sql';
import { applyReactions } from '../lanes/changes';
import { lockAttempts, writeChanges, type AttemptChange, type AttemptRow, type DeliveryChange } from './news.queries';
import { afterNews, provesSent, type News, type Standing } from './transition';
import { wordsFor } from './words';

/** Something that became known of an attempt. */
export interface AttemptNews {
  tenantId: string;
  attemptId: string;
  news: News;
  atMs: number;
  externalId: string | null;
  reason: Refusal | null;
  /** The provider's word; kept with the attempt, never shown. */
  detail: string | null;
}

/** What people see of it: how a message is delivered, the message itself, or that it is gone. */
export interface Settled {
  tenantId: string;
  accountId: string;
  conversationId: string;
  messageId: string;
  what: 'delivery' | 'message' | 'removed';
}

/** A delivery while its row is ours. */
interface Held {
  row: AttemptRow;
  before: Standing;
  after: Standing;
  reason: Refusal | null;
  atMs: number;
}

/**
 * Settles attempts and what hangs on them: the delivery, the chat's next head, what the message shows, a reaction. Their
 * conversations are locked. Answers what changed for people, and the accounts that may send now. `known`: what `lockAttempts`
 * gave, where that went out with something else.
 */
export async function applyNews(
  sql: Sql,
  list: AttemptNews[],
  known?: AttemptRow[],
): Promise<{ settled: Settled[]; mayGoOn: string[] }> {
  if (!list.length) return { settled: [], mayGoOn: [] };
  const rows = known ?? (await lockAttempts(sql, list));
  const byAttempt = new Map(rows.map((row) => [row.attempt_id, row]));
  const held = new Map<string, Held>();
  const attempts = new Map<string, AttemptChange>();
  for (const one of list) {
    const row = byAttempt.get(one.attemptId);
    if (row) take(one, row, held, attempts);
  }
  const changed = [...held.values()].filter(isChanged);
  const mayGoOn = await writeChanges(sql, [...attempts.values()], changed.map(toChange));
  await writeReactions(sql, changed);
  return { settled: changed.filter(showsDifferently).map(toSettled), mayGoOn };
}

function take(one: AttemptNews, row: AttemptRow, held: Map<string, Held>, attempts: Map<string, AttemptChange>): void {
  const delivery = held.get(row.delivery_id) ?? hold(row);
  held.set(row.delivery_id, delivery);
  const attempt = attempts.get(row.attempt_id) ?? attemptOf(row, one);
  attempts.set(row.attempt_id, attempt);
  attempt.externalId ??= one.externalId;
  const reached = rankOf(one.news);
  if (reached > attempt.status) {
    Object.assign(attempt, { status: reached, atMs: one.atMs, reason: one.reason, detail: one.detail });
  }
  const after = afterNews(delivery.after, row.attempt_id, one.news);
  if (after === delivery.after) return;
  const expired = one.news.is === 'refused' && after.status === rank.failed && delivery.after.head;
  delivery.reason = expired ? 'expired' : one.reason;
  delivery.after = after;
  delivery.atMs = one.atMs;
}

/** Of a refusal that passes the attempt has failed all the same: the next try is another. */
function rankOf(news: News): number {
  if (news.is === 'status') return news.rank;
  return news.is === 'refused' ? rank.failed : 0;
}

function hold(row: AttemptRow): Held {
  const standing: Standing = {
    status: row.status,
    head: row.head,
    attemptId: row.current_id,
    attemptStatus: row.current_status,
    proven: row.proven,
    expiresAtMs: row.expires_ms,
    dueAtMs: null,
  };
  return { row, before: standing, after: standing, reason: row.reason, atMs: 0 };
}

function attemptOf(row: AttemptRow, { atMs }: AttemptNews): AttemptChange {
  const { tenant_id: tenantId, attempt_id: attemptId, attempt_status: status, external_id: externalId } = row;
  return { tenantId, attemptId, status, atMs, externalId, reason: row.attempt_reason, detail: row.attempt_detail };
}

function isChanged({ before, after }: Held): boolean {
  return before.status !== after.status || before.head !== after.head || after.dueAtMs !== null;
}

/** A look-up that found nothing only sets its next time. */
function showsDifferently({ row, before, after, reason }: Held): boolean {
  if (row.kind === 'reaction') return endsNow({ before, after });
  return before.status !== after.status || before.head !== after.head || reason !== row.reason;
}

function toChange({ row, before, after, reason, atMs }: Held): DeliveryChange {
  const canAsk = providerOf(row.provider).capabilities(row.config).lookUp;
  const account = { provider: row.provider, accountName: row.account_name, accountState: row.account_state, canAsk };
  return {
    tenantId: row.tenant_id,
    deliveryId: row.delivery_id,
    status: after.status,
    head: after.head,
    promote: before.head && !after.head,
    dueAtMs: after.dueAtMs,
    reason,
    detail: wordsFor(account, { status: after.status, head: after.head, reason }),
    messageId: row.kind === 'message' ? row.message_id : null,
    shown: after.status === rank.sending ? rank.queued : after.status,
    atMs,
  };
}

function toSettled({ row }: Held): Settled {
  const { tenant_id: tenantId, account_id: accountId, conversation_id: conversationId, message_id: messageId } = row;
  return { tenantId, accountId, conversationId, messageId, what: row.kind === 'message' ? 'delivery' : 'message' };
}

/** Our own reaction stands once the provider took it. */
async function writeReactions(sql: Sql, changed: Held[]): Promise<void> {
  const taken = changed.filter((h) => h.row.kind === 'reaction' && endsNow(h) && provesSent(h.after.status));
  if (!taken.length) return;
  await applyReactions(
    sql,
    taken.map(({ row }) => ({
      tenantId: row.tenant_id,
      messageId: row.message_id,
      correlationId: row.delivery_id,
      actor: 'us',
      name: row.member_name,
      emoji: row.emoji || null,
      atMs: row.started_ms,
    })),
  );
}

function endsNow({ before, after }: Pick<Held, 'before' | 'after'>): boolean {
  return before.status < rank.accepted && after.status >= rank.accepted;
}
