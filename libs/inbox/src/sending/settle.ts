import type { ProviderName } from '@parley/contracts/accounts';
import type { Refusal } from '@parley/contracts/messages';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { removeElsewhere, type Duplicate } from './elsewhere';
import { applyNews, type AttemptNews, type Settled } from './news';
import { applyWaited, type Arrived, type Waited } from './ties';
import { wordsFor } from './words';

/** A status under a provider's id, as it stands with that id now. */
export interface StatusWord {
  tenantId: string;
  accountId: string;
  externalId: string;
  rank: number;
  at: Date;
  reason: Refusal | null;
  /** The provider's word. */
  detail: string | null;
}

interface ExternalRow {
  n: number;
  message_id: string | null;
  attempt_id: string | null;
  waiting: Waited | null;
  deleted_ms: number | null;
  delivery_message_id: string | null;
  /** Of the message that stands with the id now. */
  conversation_id: string | null;
  provider: ProviderName;
  account_name: string;
}

// An id of our message whose attempt is not known belongs to the oldest of its attempts that got no answer. It is
// worked out behind a fence (`offset 0`): a condition with `coalesce` uses no index under row-level security.
const READ = `select u.n::int n, x.message_id, a.id attempt_id, x.waiting, extract(epoch from x.deleted_at)::float8 * 1000 deleted_ms,
    case when d.kind = 'message' then d.message_id end delivery_message_id, m.conversation_id, ac.provider, ac.name account_name
  from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality u(t, a, e, n)
  cross join lateral (select * from externals x where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e offset 0) x
  join accounts ac on ac.tenant_id = x.tenant_id and ac.id = x.account_id
  left join messages m on m.tenant_id = x.tenant_id and m.id = x.message_id
  cross join lateral (select coalesce(x.attempt_id, (
    select o.id from attempts o where o.tenant_id = x.tenant_id and o.delivery_id = x.message_id and o.status = 2 and o.external_id is null
    order by o.started_at limit 1)) id offset 0) w
  left join attempts a on a.tenant_id = x.tenant_id and a.id = w.id
  left join deliveries d on d.tenant_id = a.tenant_id and d.id = a.delivery_id`;

/**
 * Settles what statuses say of our ways out: attempts, deliveries, the next heads, what messages show. The ids were
 * upserted and the conversations locked before. A constant number of statements. Answers what changed for people.
 */
export async function settleStatuses(sql: Sql, list: StatusWord[]): Promise<Settled[]> {
  if (!list.length) return [];
  const rows = await run<ExternalRow>(
    sql,
    READ,
    columns(
      list,
      (s) => s.tenantId,
      (s) => s.accountId,
      (s) => s.externalId,
    ),
  );
  const words = rows.flatMap((row) => {
    const word = list[row.n - 1];
    return word ? [{ ...word, row, reason: word.reason ?? row.waiting?.status?.reason ?? null }] : [];
  });
  const ours = words.filter(({ row }) => row.attempt_id !== null);
  await linkAttempts(sql, ours);
  const removed = await removeElsewhere(sql, ours.flatMap(duplicateOf));
  const { settled } = await applyNews(sql, ours.flatMap(newsOf));
  const early = await applyWaited(sql, ours.flatMap(arrivedOf));
  const others = await raiseOthers(
    sql,
    words.filter(({ row }) => row.attempt_id === null && row.message_id !== null),
  );
  return [
    ...removed,
    ...settled.map((s) => (early.has(s.messageId) ? { ...s, what: 'message' as const } : s)),
    ...others,
  ];
}

type Word = StatusWord & { row: ExternalRow };

const LINK = `update externals x set attempt_id = u.at from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) u(t, a, e, at)
  where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e and x.attempt_id is null`;

async function linkAttempts(sql: Sql, words: Word[]): Promise<void> {
  if (!words.length) return;
  await run(
    sql,
    LINK,
    columns(
      words,
      (w) => w.tenantId,
      (w) => w.accountId,
      (w) => w.externalId,
      (w) => w.row.attempt_id,
    ),
  );
}

function newsOf(word: Word): AttemptNews[] {
  const { tenantId, externalId, reason, detail, at, row } = word;
  if (row.attempt_id === null) return [];
  const said = word.rank === rank.failed ? { reason, detail } : { reason: null, detail: null };
  return [
    {
      tenantId,
      attemptId: row.attempt_id,
      externalId,
      atMs: at.getTime(),
      news: { is: 'status', rank: word.rank },
      ...said,
    },
  ];
}

/** It was shown as sent elsewhere before this tied it to ours. */
function duplicateOf({ tenantId, accountId, row }: Word): Duplicate[] {
  const { message_id: elsewhereId, delivery_message_id: messageId, conversation_id: conversationId } = row;
  if (!elsewhereId || !messageId || !conversationId || elsewhereId === messageId) return [];
  return [{ tenantId, accountId, conversationId, elsewhereId, messageId }];
}

function arrivedOf({ tenantId, accountId, externalId, row }: Word): Arrived[] {
  const messageId = row.delivery_message_id;
  if (!messageId || (!row.waiting && row.deleted_ms === null)) return [];
  return [{ tenantId, accountId, externalId, messageId, waited: row.waiting ?? {}, deletedMs: row.deleted_ms }];
}

// Of what was written on the phone or by another program: it has no attempt of ours.
const RAISE = `update messages m set delivery = u.s, delivery_reason = u.r, delivery_detail = u.w, delivery_at = to_timestamp(u.ms / 1000)
  from (select distinct on (t, i) *
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::float8[]) u(t, a, i, s, r, w, ms)
    order by t, i, s desc) u
  where m.tenant_id = u.t and m.id = u.i and m.direction = 'outbound' and coalesce(m.delivery, 0) < u.s
  returning m.tenant_id, m.id, m.conversation_id, u.a account_id`;

async function raiseOthers(sql: Sql, words: Word[]): Promise<Settled[]> {
  if (!words.length) return [];
  const rows = await run<RaisedRow>(
    sql,
    RAISE,
    columns(
      words,
      (w) => w.tenantId,
      (w) => w.accountId,
      (w) => w.row.message_id,
      (w) => w.rank,
      (w) => (w.rank === rank.failed ? w.reason : null),
      ({ row, rank: status, reason }) =>
        wordsFor({ provider: row.provider, accountName: row.account_name }, { status, head: false, reason }),
      (w) => w.at.getTime(),
    ),
  );
  return rows.map((r) => ({
    tenantId: r.tenant_id,
    accountId: r.account_id,
    conversationId: r.conversation_id,
    messageId: r.id,
    what: 'delivery',
  }));
}

interface RaisedRow {
  tenant_id: string;
  id: string;
  conversation_id: string;
  account_id: string;
}
