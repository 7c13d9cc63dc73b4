import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { previewOf, previewType } from '../messages/preview';
import { withFile, type ArrivingFile } from './arriving-files';
import { uniqueBy } from './batch';
import type { Changed } from './changes';
import { isNews, type Externals } from './externals';
import { quoteOf } from './thread';
import { isTold, type Told } from './told';

const REPLACE = `with u as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[])
      u(t, i, c, q, f, ty, p)),
  m as (update messages m set content = u.c::jsonb, quote = u.q::jsonb, forwarded = u.f from u
    where m.tenant_id = u.t and m.id = u.i and m.content->>'type' = 'unsupported'
    returning m.tenant_id, m.id, m.deleted_at, u.ty, u.p),
  c as (update conversations c set last_type = m.ty, preview = m.p from m
    where c.tenant_id = m.tenant_id and c.last_message_id = m.id and m.deleted_at is null)
  select tenant_id, id from m`;

/**
 * A message that its server could not decrypt comes again under the same id once it can be read: it takes the place of the
 * word that something stands there. Of any other message a second telling says nothing new.
 */
export async function replaceUnsupported(
  sql: Sql,
  told: Told[],
  externals: Externals,
): Promise<{ changed: Changed[]; files: ArrivingFile[] }> {
  const again = told.filter(isTold('message.received')).flatMap((one) => {
    const external = externals.of(one);
    const messageId = external?.found?.message_id;
    return messageId && !isNews(external) && one.event.content.type !== 'unsupported'
      ? [{ one, messageId, content: withFile(one.event) }]
      : [];
  });
  if (!again.length) return { changed: [], files: [] };
  const readable = uniqueBy(again, (a) => a.messageId);
  const rows = await run<{ tenant_id: string; id: string }>(
    sql,
    REPLACE,
    columns(
      readable,
      (r) => r.one.tenantId,
      (r) => r.messageId,
      (r) => JSON.stringify(r.content),
      (r) => nullOrJson(quoteOf(r.one.event.quote)),
      (r) => r.one.event.forwarded === true,
      (r) => previewType(r.content),
      (r) => previewOf(r.content),
    ),
  );
  const changed: Changed[] = [];
  const files: ArrivingFile[] = [];
  for (const { tenant_id: tenantId, id: messageId } of rows) {
    const { one, content } = readable.find((r) => r.messageId === messageId) ?? {};
    changed.push({ tenantId, messageId, correlationId: one?.correlationId ?? '' });
    const handle = one?.event.file;
    if (one && content && handle) files.push({ tenantId, accountId: one.accountId, messageId, content, handle });
  }
  return { changed, files };
}

const nullOrJson = (value: object | null) => (value === null ? null : JSON.stringify(value));
