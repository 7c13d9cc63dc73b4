import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { previewOf, previewType } from '../messages/preview';
import { withFile, type ArrivingFile } from './arriving-files';
import type { Changed } from './changes';
import type { Chats } from './chats';
import { isNews, type Externals } from './externals';
import { isTold, type Told } from './told';

/** Only rows this old can have been buried and called back, µs. */
const OLD_US = 2e6;

const FIND = `select tenant_id, webhook_key from messages where (tenant_id, webhook_key) in (select * from unnest($1::uuid[], $2::uuid[]))`;

const FILL = `with u as (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[])
      u(t, k, a, n, e, c, ty, p)),
  m as (update messages m set content = u.c::jsonb, webhook_key = null from u where m.tenant_id = u.t and m.webhook_key = u.k
    returning m.tenant_id, m.id, m.conversation_id, u.a, u.n, u.e, u.ty, u.p),
  x as (update externals x set message_id = m.id from m where x.tenant_id = m.tenant_id and x.account_id = m.a and x.scope = '' and x.external_id = m.e),
  c as (update conversations c set last_type = m.ty, preview = m.p from m where c.tenant_id = m.tenant_id and c.last_message_id = m.id)
  select tenant_id, id, n from m`;

interface Replayed {
  changed: Map<string, Changed>;
  files: ArrivingFile[];
}

/** A replayed row fills the place where it could not be read. Answers, by the id it would have had, what was filled. */
export async function fillUnreadable(sql: Sql, told: Told[], externals: Externals, chats: Chats): Promise<Replayed> {
  const old = told
    .filter(isTold('message.received'))
    .filter((one) => one.row.age_us > OLD_US && chats.of(one) && isNews(externals.of(one)));
  if (!old.length) return { changed: new Map(), files: [] };
  const standing = await run<{ tenant_id: string; webhook_key: string }>(
    sql,
    FIND,
    columns(
      old,
      (o) => o.tenantId,
      (o) => o.row.key,
    ),
  );
  const keys = new Set(standing.map((s) => s.webhook_key));
  const fills = old
    .filter((one) => keys.has(one.row.key))
    .map((one) => ({ ...one, id: externals.of(one)?.newMessageId ?? null, content: withFile(one.event) }));
  if (!fills.length) return { changed: new Map(), files: [] };
  const rows = await run<{ tenant_id: string; id: string; n: string }>(
    sql,
    FILL,
    columns(
      fills,
      (o) => o.tenantId,
      (o) => o.row.key,
      (o) => o.accountId,
      (o) => o.id,
      (o) => o.event.externalId,
      (o) => JSON.stringify(o.content),
      (o) => previewType(o.content),
      (o) => previewOf(o.content),
    ),
  );
  const byId = new Map(fills.map((fill) => [fill.id, fill] as const));
  const changed = new Map<string, Changed>();
  const files: ArrivingFile[] = [];
  for (const { tenant_id: tenantId, id: messageId, n } of rows) {
    const fill = byId.get(n);
    changed.set(n, { tenantId, messageId, correlationId: fill?.correlationId ?? '' });
    const { content, accountId, event: { file: handle } = {} } = fill ?? {};
    if (content && accountId && handle) files.push({ tenantId, accountId, messageId, content, handle });
  }
  return { changed, files };
}
