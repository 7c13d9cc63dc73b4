import type { AccountState, ProviderName } from '@parley/contracts/accounts';
import type { Refusal } from '@parley/contracts/messages';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

/** An attempt with its delivery, both ours until the commit. Times in ms. */
export interface AttemptRow {
  tenant_id: string;
  attempt_id: string;
  attempt_status: number;
  started_ms: number;
  external_id: string | null;
  attempt_reason: Refusal | null;
  attempt_detail: string | null;
  delivery_id: string;
  kind: 'message' | 'reaction';
  emoji: string | null;
  message_id: string;
  conversation_id: string;
  account_id: string;
  provider: ProviderName;
  config: Record<string, unknown>;
  account_name: string;
  account_state: AccountState;
  member_name: string | null;
  status: number;
  head: boolean;
  current_id: string | null;
  current_status: number;
  proven: number;
  expires_ms: number;
  reason: Refusal | null;
}

// A claim needs no conversation's lock: who waits for its row here may find a newer attempt, whose status is then missing.
const READ = `select a.tenant_id, a.id attempt_id, a.status attempt_status, extract(epoch from a.started_at)::float8 * 1000 started_ms,
    a.external_id, a.reason attempt_reason, a.detail attempt_detail, d.id delivery_id, d.kind, d.emoji, d.message_id, d.conversation_id,
    d.account_id, ac.provider, ac.config, ac.name account_name, ac.state account_state, mb.name member_name, d.status, d.head, d.attempt_id current_id, coalesce(cu.status, 1) current_status,
    coalesce((select max(o.status) from attempts o where o.tenant_id = d.tenant_id and o.delivery_id = d.id
      and o.id is distinct from d.attempt_id and o.status >= 3 and o.status <> 5), 0) proven,
    extract(epoch from d.expires_at)::float8 * 1000 expires_ms, d.reason
  from unnest($1::uuid[], $2::uuid[]) u(t, i)
  join attempts a on a.tenant_id = u.t and a.id = u.i
  join deliveries d on d.tenant_id = a.tenant_id and d.id = a.delivery_id
  join accounts ac on ac.tenant_id = d.tenant_id and ac.id = d.account_id
  left join attempts cu on cu.tenant_id = d.tenant_id and cu.id = d.attempt_id
  left join members mb on mb.tenant_id = d.tenant_id and mb.id = d.member_id
  order by d.id for no key update of d`;

/** Locks the deliveries of these attempts. Their conversations are locked already. */
export function lockAttempts(sql: Sql, keys: { tenantId: string; attemptId: string }[]) {
  return run<AttemptRow>(
    sql,
    READ,
    columns(
      keys,
      (k) => k.tenantId,
      (k) => k.attemptId,
    ),
  );
}

export interface AttemptChange {
  tenantId: string;
  attemptId: string;
  status: number;
  atMs: number;
  externalId: string | null;
  reason: Refusal | null;
  /** The provider's word. */
  detail: string | null;
}

export interface DeliveryChange {
  tenantId: string;
  deliveryId: string;
  status: number;
  head: boolean;
  /** It was its chat's head and is no longer: the next one is. */
  promote: boolean;
  dueAtMs: number | null;
  reason: Refusal | null;
  detail: string | null;
  /** The message that shows it; null: of a reaction. */
  messageId: string | null;
  /** What the message shows: a try that runs shows as queued. */
  shown: number;
  atMs: number;
}

const WRITE = `with a as (update attempts x set status = u.s, finished_at = coalesce(x.finished_at, to_timestamp(u.ms / 1000)),
      external_id = coalesce(x.external_id, u.e), reason = u.r, detail = u.w
    from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::float8[], $5::text[], $6::text[], $7::text[]) u(t, i, s, ms, e, r, w)
    where x.tenant_id = u.t and x.id = u.i),
  d as (update deliveries x set status = u.s, head = u.h = 1, due_at = coalesce(to_timestamp(u.due / 1000), x.due_at), reason = u.r, detail = u.w
    from unnest($8::uuid[], $9::uuid[], $10::smallint[], $11::int[], $12::int[], $13::float8[], $14::text[], $15::text[]) u(t, i, s, h, p, due, r, w)
    where x.tenant_id = u.t and x.id = u.i returning x.tenant_id, x.id, x.chat_id, x.expires_at, u.p = 1 promote),
  n as (update deliveries x set head = true, expires_at = greatest(x.expires_at, o.expires_at)
    from (select d.tenant_id, d.expires_at, (
        select w.id from deliveries w where w.tenant_id = d.tenant_id and w.chat_id = d.chat_id and w.status = 0 and not w.head
          and w.id <> all($9::uuid[]) order by w.place, w.id limit 1) next
      from d where d.promote) o
    where x.tenant_id = o.tenant_id and x.id = o.next returning x.account_id),
  m as (update messages x set delivery = u.s, delivery_reason = u.r, delivery_detail = u.w, delivery_at = to_timestamp(u.ms / 1000)
    from unnest($16::uuid[], $17::uuid[], $18::smallint[], $19::text[], $20::text[], $21::float8[]) u(t, i, s, r, w, ms)
    where x.tenant_id = u.t and x.id = u.i)
  select distinct account_id from n`;

/** Writes what became of attempts, and makes the next of each chat its head. Answers the accounts that may send now. */
export async function writeChanges(sql: Sql, attempts: AttemptChange[], deliveries: DeliveryChange[]) {
  const shown = deliveries.filter((d) => d.messageId !== null);
  const rows = await run<{ account_id: string }>(sql, WRITE, [
    ...columns(
      attempts,
      (a) => a.tenantId,
      (a) => a.attemptId,
      (a) => a.status,
      (a) => a.atMs,
      (a) => a.externalId,
      (a) => a.reason,
      (a) => a.detail,
    ),
    ...columns(
      deliveries,
      (d) => d.tenantId,
      (d) => d.deliveryId,
      (d) => d.status,
      (d) => (d.head ? 1 : 0),
      (d) => (d.promote ? 1 : 0),
      (d) => d.dueAtMs,
      (d) => d.reason,
      (d) => d.detail,
    ),
    ...columns(
      shown,
      (d) => d.tenantId,
      (d) => d.messageId,
      (d) => d.shown,
      (d) => d.reason,
      (d) => d.detail,
      (d) => d.atMs,
    ),
  ]);
  return rows.map((row) => row.account_id);
}
