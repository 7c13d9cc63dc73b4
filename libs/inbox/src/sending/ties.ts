import type { Content } from '@parley/contracts/content';
import type { Refusal } from '@parley/contracts/messages';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { applyDeletions, applyEdits, applyReactions } from '../lanes/changes';

/** A provider's id that one of our attempts got. */
export interface Tie {
  tenantId: string;
  accountId: string;
  externalId: string;
  attemptId: string;
  /** The message that it is of; null: of a reaction. */
  messageId: string | null;
}

/** What had come under that id before us. Times in ms. */
export interface Waited {
  status?: { reason: Refusal | null; detail: string | null };
  edit?: { atMs: number; content: Content };
  reactions?: Record<string, { name: string | null; emoji: string | null; atMs: number; was?: string }>;
}

export interface TiedRow {
  tenant_id: string;
  account_id: string;
  external_id: string;
  message_id: string | null;
  attempt_id: string | null;
  status: number | null;
  status_ms: number | null;
  deleted_ms: number | null;
  waiting: Waited | null;
}

const TIE = `insert into externals as x (tenant_id, account_id, external_id, message_id, attempt_id)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[]) order by 1, 2, 3
  on conflict (tenant_id, account_id, scope, external_id) do update
    set message_id = coalesce(x.message_id, excluded.message_id), attempt_id = coalesce(x.attempt_id, excluded.attempt_id)
  returning tenant_id, account_id, external_id, message_id, attempt_id, status, extract(epoch from status_at)::float8 * 1000 status_ms,
    extract(epoch from deleted_at)::float8 * 1000 deleted_ms, waiting`;

/** Ties ids to attempts. A row that comes back with another attempt belongs to that one. */
export async function tieExternals(sql: Sql, ties: Tie[]): Promise<TiedRow[]> {
  if (!ties.length) return [];
  return run<TiedRow>(
    sql,
    TIE,
    columns(
      ties,
      (t) => t.tenantId,
      (t) => t.accountId,
      (t) => t.externalId,
      (t) => t.messageId,
      (t) => t.attemptId,
    ),
  );
}

/** Something that waited under a provider's id for its message, which is this one. */
export interface Arrived {
  tenantId: string;
  accountId: string;
  externalId: string;
  messageId: string;
  waited: Waited;
  deletedMs: number | null;
}

const FORGET = `update externals x set waiting = null from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, a, e)
  where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e`;

/** Applies edits, reactions and deletions that came before their message was known, once. Answers the messages that changed. */
export async function applyWaited(sql: Sql, arrived: Arrived[]): Promise<Set<string>> {
  const list = arrived.filter(({ waited, deletedMs }) => waited.edit || waited.reactions || deletedMs !== null);
  if (!list.length) return new Set();
  const key = ({ tenantId, messageId }: Arrived) => ({ tenantId, messageId, correlationId: '' });
  const edits = list.flatMap((one) => (one.waited.edit ? [{ ...key(one), ...one.waited.edit }] : []));
  const deletions = list.flatMap((one) => (one.deletedMs === null ? [] : [{ ...key(one), atMs: one.deletedMs }]));
  const reactions = list.flatMap((one) =>
    Object.entries(one.waited.reactions ?? {}).map(([actor, reaction]) => ({ ...key(one), actor, ...reaction })),
  );
  const changed = [
    ...(edits.length ? await applyEdits(sql, edits) : []),
    ...(deletions.length ? await applyDeletions(sql, deletions) : []),
    ...(reactions.length ? await applyReactions(sql, reactions) : []),
  ];
  await run(
    sql,
    FORGET,
    columns(
      list,
      (one) => one.tenantId,
      (one) => one.accountId,
      (one) => one.externalId,
    ),
  );
  return new Set(changed);
}
