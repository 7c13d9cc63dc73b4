import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { Picture } from './small-picture';

/** A file that a member takes up to send it, or has sent. */
export interface UploadRow {
  id: string;
  state: 'uploading' | 'uploaded' | 'ready';
  fileName: string;
  declaredType: string;
  /** By its first bytes, once it is whole. */
  mimeType: string | null;
  sizeBytes: number;
  receivedBytes: number;
  /** Of a picture, once it is whole. */
  width: number | null;
  height: number | null;
  small: boolean;
  expiresMs: number;
}

/** What its bytes tell, once they are all here. */
export interface Known {
  mimeType: string | null;
  suspicious: boolean;
  picture: Picture | null;
}

const COLUMNS = `id, state, file_name "fileName", declared_type "declaredType", mime_type "mimeType", size_bytes::float8 "sizeBytes",
  received_bytes::float8 "receivedBytes", width, height, small, (extract(epoch from expires_at) * 1000)::float8 "expiresMs"`;

/** Of customers' files, and of what was removed, there is none. */
export async function findUpload(tx: TenantTx, id: string): Promise<UploadRow | undefined> {
  const [row] = await run<UploadRow>(
    tx.raw,
    `select ${COLUMNS} from attachments where tenant_id = $1 and id = $2 and received_bytes is not null and state <> 'removed'`,
    [tx.tenantId, id],
  );
  return row;
}

/** Undefined: there is a file under this id, whosoever it is. */
export async function insertUpload(
  tx: TenantTx,
  { id, fileName, declaredType, sizeBytes }: Pick<UploadRow, 'id' | 'fileName' | 'declaredType' | 'sizeBytes'>,
  { nowMs, expiresMs }: { nowMs: number; expiresMs: number },
): Promise<UploadRow | undefined> {
  const [row] = await run<UploadRow>(
    tx.raw,
    `insert into attachments (tenant_id, id, kind, state, file_name, declared_type, size_bytes, received_bytes, due_at, expires_at)
     values ($1, $2, 'document', 'uploading', $3, $4, $5, 0, to_timestamp($6 / 1000.0), to_timestamp($7 / 1000.0))
     on conflict do nothing returning ${COLUMNS}`,
    [tx.tenantId, id, fileName, declaredType, sizeBytes, nowMs, expiresMs],
  );
  return row;
}

/** How many files of the tenant wait to be sent, `most` at most, and what they have once they are whole. Who asks too waits for the commit. */
export async function lockUnsent(tx: TenantTx, most: number): Promise<{ files: number; bytes: number }> {
  await run(tx.raw, 'select 1 from tenants where id = $1 for no key update', [tx.tenantId]);
  const [row] = await run<{ files: number; bytes: number }>(
    tx.raw,
    `select count(*)::int files, coalesce(sum(size_bytes), 0)::float8 bytes
     from (select size_bytes from attachments where tenant_id = $1 and state in ('uploading', 'uploaded') limit $2) unsent`,
    [tx.tenantId, most],
  );
  return row ?? { files: 0, bytes: 0 };
}

/** Nobody else writes to it until then. False: it goes on elsewhere, or somebody does. */
export async function claimPart(
  tx: TenantTx,
  { id, offset }: { id: string; offset: number },
  { nowMs, untilMs }: { nowMs: number; untilMs: number },
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update attachments set due_at = to_timestamp($4 / 1000.0) where tenant_id = $1 and id = $2 and state = 'uploading'
       and received_bytes = $3 and due_at <= to_timestamp($5 / 1000.0) returning id`,
    [tx.tenantId, id, offset, untilMs, nowMs],
  );
  return rows.length > 0;
}

/** How far a claimed part brought it. False: it was discarded meanwhile, or the claim is over. */
export async function finishPart(
  tx: TenantTx,
  { id, untilMs, receivedBytes }: { id: string; untilMs: number; receivedBytes: number },
  known: Known | null,
  nowMs: number,
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update attachments set received_bytes = $4, due_at = to_timestamp($5 / 1000.0), state = $6, mime_type = $7, suspicious = $8,
       width = $9, height = $10, small = $11
     where tenant_id = $1 and id = $2 and state = 'uploading' and due_at = to_timestamp($3 / 1000.0) returning id`,
    [
      tx.tenantId,
      id,
      untilMs,
      receivedBytes,
      nowMs,
      known ? 'uploaded' : 'uploading',
      known?.mimeType ?? null,
      known?.suspicious ?? false,
      known?.picture?.width ?? null,
      known?.picture?.height ?? null,
      known?.picture?.small ?? false,
    ],
  );
  return rows.length > 0;
}

/** From now on it is that message's, which stands. False: it is another's, or not whole. */
export async function attachUpload(
  tx: TenantTx,
  { id, messageId, accountId, kind }: { id: string; messageId: string; accountId: string; kind: string },
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update attachments set state = 'ready', message_id = $3, account_id = $4, kind = $5
     where tenant_id = $1 and id = $2 and state = 'uploaded' returning id`,
    [tx.tenantId, id, messageId, accountId, kind],
  );
  return rows.length > 0;
}

/** A worker takes its bytes away, once nobody writes to it. Nothing happens to one that was sent. */
export async function discardUpload(tx: TenantTx, id: string): Promise<void> {
  await run(
    tx.raw,
    `update attachments set state = 'removed', file_name = null, declared_type = null
     where tenant_id = $1 and id = $2 and state in ('uploading', 'uploaded')`,
    [tx.tenantId, id],
  );
}
