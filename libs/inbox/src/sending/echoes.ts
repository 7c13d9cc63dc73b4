import type { Content } from '@parley/contracts/content';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { sameContent } from './same-content';

/** One of our own messages that came back, and that the phone did not write for certain. */
export interface Echo {
  tenantId: string;
  accountId: string;
  chatId: string;
  externalId: string;
  content: Content;
  /** The provider's date. */
  sentAt: Date;
  receivedAt: Date;
  /** From the provider's past: only its date tells when it was sent. */
  history?: boolean;
}

export interface EchoAnswer {
  /** Our message that it is; null: it was sent elsewhere. */
  absorbedBy: string | null;
  /** An attempt of its chat is running: ask again when that has its answer. */
  wait: boolean;
}

/** A send is given up after a day: a later echo is of something else. */
const LATEST_MS = 24 * 3_600_000;

/**
 * Whose echoes these are: absorbed by the message whose id it has, else by the oldest attempt of its chat without an answer
 * that sent the same, and began before. Reads only; `settleStatuses` then settles the attempt by the echo's id.
 */
export async function claimEchoes(sql: Sql, list: Echo[]): Promise<EchoAnswer[]> {
  if (!list.length) return [];
  const [known, sending, attempts] = await Promise.all([
    findMessages(sql, list),
    chatsBeingSent(sql, list),
    listUnanswered(sql, list),
  ]);
  const taken = new Set<string>();
  return list.map((echo) => {
    const message = known.get(keyOf(echo));
    if (message) return { absorbedBy: message, wait: false };
    if (sending.has(echo.chatId)) return { absorbedBy: null, wait: true };
    const attempt = attempts.find((one) => !taken.has(one.id) && mayBeOf(echo, one));
    if (attempt) taken.add(attempt.id);
    return { absorbedBy: attempt?.message_id ?? null, wait: false };
  });
}

interface UnansweredRow {
  id: string;
  chat_id: string;
  started_ms: number;
  message_id: string;
  content: Content;
}

function mayBeOf(echo: Echo, attempt: UnansweredRow): boolean {
  const at = (echo.history ? echo.sentAt : echo.receivedAt).getTime();
  // A date may be cut to the second.
  const began = echo.history ? Math.floor(attempt.started_ms / 1000) * 1000 : attempt.started_ms;
  return (
    attempt.chat_id === echo.chatId &&
    at >= began &&
    at <= began + LATEST_MS &&
    sameContent(echo.content, attempt.content)
  );
}

const keyOf = ({ accountId, externalId }: { accountId: string; externalId: string }) => `${accountId} ${externalId}`;

async function findMessages(sql: Sql, list: Echo[]): Promise<Map<string, string>> {
  const rows = await run<{ account_id: string; external_id: string; message_id: string }>(
    sql,
    `select x.account_id, x.external_id, x.message_id from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, a, e)
     cross join lateral (select * from externals x where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e offset 0) x where x.message_id is not null`,
    columns(
      list,
      (e) => e.tenantId,
      (e) => e.accountId,
      (e) => e.externalId,
    ),
  );
  return new Map(rows.map((r) => [keyOf({ accountId: r.account_id, externalId: r.external_id }), r.message_id]));
}

/** Those of the chats of which an attempt is running. */
export async function chatsBeingSent(sql: Sql, chats: { tenantId: string; chatId: string }[]): Promise<Set<string>> {
  const rows = await run<{ chat_id: string }>(
    sql,
    `select d.chat_id from unnest($1::uuid[], $2::uuid[]) u(t, c)
     join deliveries d on d.tenant_id = u.t and d.chat_id = u.c and d.head where d.status = ${rank.sending}`,
    columns(
      chats,
      (c) => c.tenantId,
      (c) => c.chatId,
    ),
  );
  return new Set(rows.map((row) => row.chat_id));
}

async function listUnanswered(sql: Sql, chats: Echo[]): Promise<UnansweredRow[]> {
  const unique = [...new Map(chats.map((chat) => [chat.chatId, chat])).values()];
  const rows = await run<UnansweredRow>(
    sql,
    `select a.id, a.chat_id, extract(epoch from a.started_at)::float8 * 1000 started_ms, d.message_id, m.content
     from unnest($1::uuid[], $2::uuid[]) u(t, c)
     join attempts a on a.tenant_id = u.t and a.chat_id = u.c and a.status = 2 and a.external_id is null
     join deliveries d on d.tenant_id = a.tenant_id and d.id = a.delivery_id and d.kind = 'message'
     join messages m on m.tenant_id = d.tenant_id and m.id = d.message_id
     order by a.started_at, a.id`,
    columns(
      unique,
      (c) => c.tenantId,
      (c) => c.chatId,
    ),
  );
  return [...rows];
}
