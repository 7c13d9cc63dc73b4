import type { FileHandle } from '@parley/channels/provider';
import type { ProviderName } from '@parley/contracts/accounts';
import type { mediaKinds, StoredFile } from '@parley/contracts/content';
import { columns, run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { Sql } from '@parley/db/sql';

/** A file that one of us is fetching now. */
export interface Claim {
  tenantId: string;
  id: string;
  messageId: string;
  accountId: string;
  kind: (typeof mediaKinds)[number];
  handle: FileHandle | null;
  declaredType: string | null;
  fileName: string | null;
  tries: number;
  expiresMs: number;
}

interface Wanted {
  nowMs: number;
  /** When what is claimed may be taken for lost. */
  lostMs: number;
  most: number;
  running: Pick<Claim, 'tenantId' | 'accountId'>[];
  perTenant: number;
  perAccount: number;
}

/**
 * At most $3 of them, and with those that run ($4 and $5) $6 of one tenant and $7 of one account, the oldest that are due first.
 * One index probe an account that waits for files: a flood must neither be read each time nor stand before the others.
 */
const CLAIM = `with recursive running as materialized (select * from unnest($4::uuid[], $5::uuid[]) r(tenant_id, account_id)),
  waiting as (
    (select tenant_id, account_id from attachments where state = 'pending' order by account_id limit 1)
    union all
    select n.tenant_id, n.account_id from waiting w cross join lateral (
      select tenant_id, account_id from attachments where state = 'pending' and account_id > w.account_id order by account_id limit 1) n),
  due as materialized (
    select d.* from waiting w cross join lateral (
      select tenant_id, id, account_id, due_at from attachments
      where state = 'pending' and account_id = w.account_id and due_at <= to_timestamp($1 / 1000.0) order by due_at limit $7) d),
  of_account as (
    select *, row_number() over (partition by account_id order by due_at, id)
      + (select count(*) from running r where r.account_id = d.account_id) n from due d),
  of_tenant as (
    select *, row_number() over (partition by tenant_id order by due_at, id)
      + (select count(*) from running r where r.tenant_id = a.tenant_id) m from of_account a where n <= $7),
  fair as materialized (select tenant_id, id from of_tenant where m <= $6 order by due_at limit $3),
  mine as materialized (
    select a.tenant_id, a.id from fair f join attachments a on a.tenant_id = f.tenant_id and a.id = f.id
    where a.state = 'pending' and a.due_at <= to_timestamp($1 / 1000.0) for update of a skip locked)
  update attachments a set due_at = to_timestamp($2 / 1000.0), tries = a.tries + 1 from mine m
  where a.tenant_id = m.tenant_id and a.id = m.id
  returning a.tenant_id "tenantId", a.id, a.message_id "messageId", a.account_id "accountId", a.kind, a.handle,
    a.declared_type "declaredType", a.file_name "fileName", a.tries, (extract(epoch from a.expires_at) * 1000)::float8 "expiresMs"`;

export function claimFiles(
  sql: Sql,
  { nowMs, lostMs, most, running, perTenant, perAccount }: Wanted,
): Promise<Claim[]> {
  const busy = columns(
    running,
    (one) => one.tenantId,
    (one) => one.accountId,
  );
  return run(sql, CLAIM, [nowMs, lostMs, most, ...busy, perTenant, perAccount]);
}

/** The account that a file came through; undefined: its access is gone. `isFull`: the tenant's files fill all that they may take. */
export async function findSource(sql: Sql, tenantId: string, accountId: string) {
  const [row] = await run<{
    tenantId: string;
    id: string;
    provider: ProviderName;
    config: Record<string, unknown>;
    credentials: string;
    isFull: boolean;
  }>(
    sql,
    `select a.tenant_id "tenantId", a.id, a.provider, a.config, a.credentials,
       coalesce((t.quotas->>'storedBytes')::bigint <= coalesce(s.bytes, 0), false) "isFull"
     from accounts a join tenants t on t.id = a.tenant_id left join tenant_storage s on s.tenant_id = a.tenant_id
     where a.tenant_id = $1 and a.id = $2 and a.state not in ('deleted', 'needs_reauth')`,
    [tenantId, accountId],
  );
  return row;
}

export function delayFile(sql: Sql, { tenantId, id }: Pick<Claim, 'tenantId' | 'id'>, dueMs: number) {
  return run(
    sql,
    `update attachments set due_at = to_timestamp($3 / 1000.0) where tenant_id = $1 and id = $2 and state = 'pending'`,
    [tenantId, id, dueMs],
  );
}

/** The mutex of a message, which every change of it takes first. */
const LOCK = `select c.id "conversationId" from messages m join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where m.tenant_id = $1 and m.id = $2 for no key update of c`;

const READY = `update attachments set state = 'ready', handle = null, mime_type = $3, size_bytes = $4, suspicious = $5
  where tenant_id = $1 and id = $2 and state = 'pending' returning id`;
const FAILED = `update attachments set state = 'failed' where tenant_id = $1 and id = $2 and state = 'pending' returning id`;
/** Where the message still shows this file: an edit may have taken it away. */
const SHOW = `update messages set content = content || $4::text::jsonb
  where tenant_id = $1 and id = $2 and content->'file'->>'id' = $3::text returning id`;

/** What a message shows of its file from now on. */
export interface Shown {
  file: StoredFile;
  mimeType?: string;
  sizeBytes?: number;
  fileName?: string | null;
  width?: number;
  height?: number;
}

export interface Stored {
  mimeType: string | null;
  sizeBytes: number;
  suspicious: boolean;
}

/** Answers the conversation in which something changed; null: another was first, or nothing shows it. */
export async function finishFile(
  sql: Sql,
  { tenantId, id, messageId }: Pick<Claim, 'tenantId' | 'id' | 'messageId'>,
  stored: Stored | null,
  shown: Shown,
): Promise<string | null> {
  const [locked] = await run<{ conversationId: string }>(sql, LOCK, [tenantId, messageId]);
  if (!locked) return null;
  const first = await (stored
    ? run(sql, READY, [tenantId, id, stored.mimeType, stored.sizeBytes, stored.suspicious])
    : run(sql, FAILED, [tenantId, id]));
  if (!first.length) return null;
  const changed = await run(sql, SHOW, [tenantId, messageId, id, JSON.stringify(shown)]);
  return changed.length ? locked.conversationId : null;
}

/** Of whomever. At most so many at a time. */
const REMOVED = `select tenant_id "tenantId", id from attachments
  where state = 'removed' and due_at <= to_timestamp($1 / 1000.0) order by due_at limit 100`;
const FORGET = `delete from attachments a using unnest($1::uuid[], $2::uuid[]) u(t, i)
  where a.tenant_id = u.t and a.id = u.i and a.state = 'removed'`;

/** Whose bytes are to go, and are not being written any more. */
export function listRemoved(sql: Sql, nowMs: number): Promise<Pick<Claim, 'tenantId' | 'id'>[]> {
  return run(sql, REMOVED, [nowMs]);
}

/** They could not be taken away. */
export function delayRemoval(sql: Sql, files: Pick<Claim, 'tenantId' | 'id'>[], dueMs: number) {
  const [tenants, ids] = columns(
    files,
    (file) => file.tenantId,
    (file) => file.id,
  );
  return run(
    sql,
    `update attachments a set due_at = to_timestamp($3 / 1000.0) from unnest($1::uuid[], $2::uuid[]) u(t, i)
     where a.tenant_id = u.t and a.id = u.i and a.state = 'removed'`,
    [tenants, ids, dueMs],
  );
}

/** What was never sent, and is too old to be. At most so many at a time. */
const UNSENT = `update attachments set state = 'removed', file_name = null, declared_type = null where ctid = any(array(
  select ctid from attachments where state in ('uploading', 'uploaded') and expires_at <= to_timestamp($1 / 1000.0) limit 1000))`;

export function expireUploads(sql: Sql, nowMs: number) {
  return run(sql, UNSENT, [nowMs]);
}

/** Their bytes are gone. */
export function forgetFiles(sql: Sql, files: Pick<Claim, 'tenantId' | 'id'>[]) {
  return run(
    sql,
    FORGET,
    columns(
      files,
      (file) => file.tenantId,
      (file) => file.id,
    ),
  );
}

/** A file with the conversation whose sight it shares. */
export interface FileRow {
  id: string;
  messageId: string;
  conversationId: string;
  accountId: string;
  assigneeId: string | null;
  teamId: string | null;
  kind: (typeof mediaKinds)[number];
  state: StoredFile['state'];
  fileName: string | null;
  mimeType: string | null;
  sizeBytes: number | null;
  suspicious: boolean;
}

export async function findFile(tx: TenantTx, id: string): Promise<FileRow | undefined> {
  const [row] = await run<FileRow>(
    tx.raw,
    `select f.id, f.message_id "messageId", m.conversation_id "conversationId", c.account_id "accountId", c.assignee_id "assigneeId",
       c.team_id "teamId", f.kind, f.state, f.file_name "fileName", f.mime_type "mimeType", f.size_bytes::float8 "sizeBytes", f.suspicious
     from attachments f join messages m on m.tenant_id = f.tenant_id and m.id = f.message_id
     join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id where f.tenant_id = $1 and f.id = $2`,
    [tx.tenantId, id],
  );
  return row;
}

/** From failed back to pending. False: it had not failed. */
export async function askAgain(
  tx: TenantTx,
  { id, messageId }: Pick<FileRow, 'id' | 'messageId'>,
  times: { nowMs: number; expiresMs: number },
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update attachments set state = 'pending', tries = 0, due_at = to_timestamp($3 / 1000.0), expires_at = to_timestamp($4 / 1000.0)
     where tenant_id = $1 and id = $2 and state = 'failed' and handle is not null returning id`,
    [tx.tenantId, id, times.nowMs, times.expiresMs],
  );
  if (!rows.length) return false;
  const shown: Shown = { file: { id, state: 'pending', suspicious: false, detail: null } };
  await run(tx.raw, SHOW, [tx.tenantId, messageId, id, JSON.stringify(shown)]);
  return true;
}
