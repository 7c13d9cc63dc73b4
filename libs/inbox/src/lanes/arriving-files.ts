import type { ChannelEvent, FileHandle } from '@parley/channels/provider';
import type { Content } from '@parley/contracts/content';
import { uuid7 } from '@parley/db/uuid';
import { columns, run, textColumn, textList } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

/** A message that stands in its thread already, whose file is still to be fetched. */
export interface ArrivingFile {
  tenantId: string;
  accountId: string;
  messageId: string;
  content: Content;
  handle: FileHandle;
}

/** For so long a file is asked for again: no provider keeps one for less. */
export const FETCH_FOR_MS = 24 * 3_600_000;

type Received = Extract<ChannelEvent, { type: 'message.received' }>;

/** What a message shows: of one that brings a file, that it is on its way. */
export function withFile({ content, file }: Pick<Received, 'content' | 'file'>): Content {
  if (content.type !== 'media' || !file) return content;
  return { ...content, file: { id: uuid7(), state: 'pending', suspicious: false, detail: null } };
}

const ADD = `insert into attachments (tenant_id, id, message_id, account_id, kind, handle, declared_type, file_name, due_at, expires_at)
  select t, i, m, a, k, h::jsonb, d, f, to_timestamp($9 / 1000.0), to_timestamp($10 / 1000.0)
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], ${textList('$8')}) u(t, i, m, a, k, d, f, h)`;

/** The work of fetching them, in the transaction that shows them. */
export function addFiles(sql: Sql, files: ArrivingFile[], nowMs: number) {
  const rows = files.flatMap(({ content, ...row }) =>
    content.type === 'media' && content.file ? [{ ...row, media: content, id: content.file.id }] : [],
  );
  return run(sql, ADD, [
    ...columns(
      rows,
      (r) => r.tenantId,
      (r) => r.id,
      (r) => r.messageId,
      (r) => r.accountId,
      (r) => r.media.kind,
      (r) => r.media.mimeType,
      (r) => r.media.fileName,
    ),
    textColumn(rows.map((r) => JSON.stringify(r.handle))),
    nowMs,
    nowMs + FETCH_FOR_MS,
  ]);
}
