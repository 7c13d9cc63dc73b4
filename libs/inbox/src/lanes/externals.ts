import { columns, run } from '@parley/platform/statements';
import type { Refusal } from '@parley/contracts/messages';
import { deliveryRank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import type { Sql } from '@parley/db/sql';
import type { Waited } from '../sending/ties';
import type { Chats } from './chats';
import { externalOf, isTold, type Told, type ToldOf } from './told';

/** A provider's id, with what the batch brings to it and, once upserted, what stood there. */
export interface External {
  tenantId: string;
  accountId: string;
  externalId: string;
  /** Of the message this batch brings; it counts only if the row comes back with it. */
  newMessageId: string | null;
  /** The message of an attempt that a reference named or an echo belongs to. */
  claimedMessageId: string | null;
  attemptId: string | null;
  rank: number | null;
  rankAtMs: number | null;
  reason: Refusal | null;
  detail: string | null;
  deletedAtMs: number | null;
  found: ExternalRow | null;
}

export interface ExternalRow {
  tenant_id: string;
  account_id: string;
  external_id: string;
  message_id: string | null;
  attempt_id: string | null;
  status: number | null;
  status_ms: number | null;
  deleted_ms: number | null;
  waiting: Waited | null;
  /** Of the message, when it was committed before this batch. */
  conversation_id: string | null;
}

const ranks = {
  accepted: deliveryRank.accepted,
  sent: deliveryRank.sent,
  failed: deliveryRank.failed,
  delivered: deliveryRank.delivered,
  read: deliveryRank.read,
};

const UPSERT = `insert into externals as x (tenant_id, account_id, external_id, message_id, attempt_id, status, status_at, deleted_at)
    select t, a, e, m, at, s, to_timestamp(sm / 1000), to_timestamp(dm / 1000)
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::smallint[], $7::float8[], $8::float8[]) u(t, a, e, m, at, s, sm, dm)
    order by 1, 2, 3
  on conflict (tenant_id, account_id, scope, external_id) do update set
    message_id = coalesce(x.message_id, excluded.message_id), attempt_id = coalesce(x.attempt_id, excluded.attempt_id),
    status = greatest(x.status, excluded.status),
    status_at = case when excluded.status > coalesce(x.status, -1) then excluded.status_at else x.status_at end,
    deleted_at = coalesce(x.deleted_at, excluded.deleted_at)
  returning tenant_id, account_id, external_id, message_id, attempt_id, status, extract(epoch from status_at) * 1000 status_ms,
    extract(epoch from deleted_at) * 1000 deleted_ms, waiting,
    (select conversation_id from messages m where m.tenant_id = x.tenant_id and m.id = x.message_id) conversation_id`;

const WAIT = `update externals x set waiting = u.w::jsonb from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, a, e, w)
  where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e`;

/** The provider's ids of a batch, each once. */
export class Externals {
  private readonly byKey = new Map<string, External>();

  constructor(told: Told[], chats: Chats, claims: Map<Told, string>, nowMs: number) {
    for (const one of told) {
      const externalId = one.event.type === 'unreadable' ? unreadableId(one) : externalOf(one);
      if (externalId === undefined) continue;
      const external = this.slot(one, externalId);
      // An unreadable one in a chat that nobody has met has no place: it stands with its account.
      const hasPlace = one.event.type === 'message.received' || (one.event.type === 'unreadable' && chats.of(one));
      if (hasPlace) external.newMessageId ??= uuid7();
      external.claimedMessageId ??= claims.get(one) ?? null;
      if (isTold('message.deleted')(one)) external.deletedAtMs ??= one.event.at?.getTime() ?? nowMs;
      if (isTold('delivery.updated')(one)) raise(external, one, chats, nowMs);
    }
  }

  all(): External[] {
    return [...this.byKey.values()];
  }

  of(told: Told): External | undefined {
    const externalId = told.event.type === 'unreadable' ? unreadableId(told) : externalOf(told);
    return externalId === undefined ? undefined : this.byKey.get(`${told.accountId} ${externalId}`);
  }

  /** Decides once: the message whose id comes back is the one that counts. */
  async upsert(sql: Sql): Promise<void> {
    const all = this.all();
    if (!all.length) return;
    const rows = await run<ExternalRow>(
      sql,
      UPSERT,
      columns(
        all,
        (x) => x.tenantId,
        (x) => x.accountId,
        (x) => x.externalId,
        (x) => x.claimedMessageId ?? x.newMessageId,
        (x) => x.attemptId,
        (x) => x.rank,
        (x) => x.rankAtMs,
        (x) => x.deletedAtMs,
      ),
    );
    for (const row of rows) {
      const external = this.byKey.get(`${row.account_id} ${row.external_id}`);
      if (external) external.found = row;
    }
  }

  /** Keeps what came before its message: edits, reactions, why a send failed. */
  async wait(sql: Sql, orphans: External[]): Promise<void> {
    if (!orphans.length) return;
    await run(
      sql,
      WAIT,
      columns(
        orphans,
        (x) => x.tenantId,
        (x) => x.accountId,
        (x) => x.externalId,
        (x) => JSON.stringify(x.found?.waiting ?? {}),
      ),
    );
  }

  private slot({ tenantId, accountId }: Told, externalId: string): External {
    const key = `${accountId} ${externalId}`;
    const known = this.byKey.get(key);
    if (known) return known;
    const external: External = {
      tenantId,
      accountId,
      externalId,
      newMessageId: null,
      claimedMessageId: null,
      attemptId: null,
      rank: null,
      rankAtMs: null,
      reason: null,
      detail: null,
      deletedAtMs: null,
      found: null,
    };
    this.byKey.set(key, external);
    return external;
  }
}

/** Whether this event's own message is the one that counts. */
export function isNews(external: External | undefined): boolean {
  return external?.newMessageId != null && external.found?.message_id === external.newMessageId;
}

/** The greater status of a batch wins. */
function raise(external: External, { event }: ToldOf<'delivery.updated'>, chats: Chats, nowMs: number): void {
  const reference = event.reference === undefined ? undefined : chats.references.get(event.reference);
  if (reference && event.reference !== undefined) {
    external.claimedMessageId ??= reference.messageId;
    external.attemptId ??= event.reference;
  }
  const rank = ranks[event.status];
  if (external.rank !== null && external.rank >= rank) return;
  external.rank = rank;
  external.rankAtMs = event.at?.getTime() ?? nowMs;
  external.reason = event.reason ?? null;
  external.detail = event.detail ?? null;
}

/** An unreadable row's own id: its webhook's key, so that a repeat makes no second bubble. */
function unreadableId(told: Told): string {
  return `unreadable:${told.row.key}`;
}
