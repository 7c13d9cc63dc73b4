import type { Content } from '@parley/contracts/content';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { REMOVED_FILE } from '../files/removed-file';
import { previewOf, previewType } from '../messages/preview';
import type { Settled } from './news';

/** A message that was shown as sent elsewhere, and proves to be one of ours. */
export interface Duplicate {
  tenantId: string;
  accountId: string;
  conversationId: string;
  elsewhereId: string;
  messageId: string;
}

/** What hangs on the one goes over to the other; both stand in conversations that are locked. */
const MOVE = [
  `update externals x set message_id = u.m from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, e, m)
   where x.tenant_id = u.t and x.message_id = u.e`,
  `insert into reactions (tenant_id, message_id, actor, name, emoji, was, at)
   select r.tenant_id, u.m, r.actor, r.name, r.emoji, r.was, r.at from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, e, m)
   join reactions r on r.tenant_id = u.t and r.message_id = u.e on conflict do nothing`,
  `insert into message_edits (tenant_id, message_id, at, content)
   select r.tenant_id, u.m, r.at, r.content from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, e, m)
   join message_edits r on r.tenant_id = u.t and r.message_id = u.e on conflict do nothing`,
  `update deliveries d set message_id = u.m from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, e, m)
   where d.tenant_id = u.t and d.message_id = u.e`,
  `update messages m set deleted_at = coalesce(m.deleted_at, o.deleted_at), edited_at = coalesce(m.edited_at, o.edited_at),
     content = case when m.edited_at is not null or o.edited_at is null then m.content
       when m.content ? 'file' then m.content || jsonb_build_object('caption', o.content -> 'caption') else o.content end
   from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, e, m) join messages o on o.tenant_id = u.t and o.id = u.e
   where m.tenant_id = u.t and m.id = u.m`,
  `update messages q set quote = jsonb_set(q.quote, '{messageId}', to_jsonb(u.m::text))
   from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, e, m) join messages o on o.tenant_id = u.t and o.id = u.e
   where q.tenant_id = u.t and q.conversation_id = o.conversation_id and q.quote->>'messageId' = u.e::text`,
];

/** The echo's file is ours once more: nobody needs to fetch it. */
const REMOVE = [
  ...['reactions', 'message_edits'].map(
    (table) =>
      `delete from ${table} r using unnest($1::uuid[], $2::uuid[]) u(t, e) where r.tenant_id = u.t and r.message_id = u.e`,
  ),
  `update attachments a set ${REMOVED_FILE} from unnest($1::uuid[], $2::uuid[]) u(t, e)
   where a.tenant_id = u.t and a.message_id = u.e`,
];
const REMOVE_MESSAGES = `delete from messages m using unnest($1::uuid[], $2::uuid[]) u(t, e) where m.tenant_id = u.t and m.id = u.e`;

/** Leaves one bubble of the two. Rare, so it takes as many statements as it needs. Answers what is gone. */
export async function removeElsewhere(sql: Sql, list: Duplicate[]): Promise<Settled[]> {
  if (!list.length) return [];
  const [tenants = [], elsewhere = [], ours = []] = columns(
    list,
    (d) => d.tenantId,
    (d) => d.elsewhereId,
    (d) => d.messageId,
  );
  for (const statement of MOVE) await run(sql, statement, [tenants, elsewhere, ours]);
  for (const statement of [...REMOVE, REMOVE_MESSAGES]) await run(sql, statement, [tenants, elsewhere]);
  await summariseAgain(sql, list);
  return list.map(({ elsewhereId, messageId: _ours, ...rest }) => ({
    ...rest,
    messageId: elsewhereId,
    what: 'removed',
  }));
}

const NEWEST = `select c.tenant_id, c.id conversation_id, m.id, m.direction, m.content, m.sender_name
  from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, i, e)
  join conversations c on c.tenant_id = u.t and c.id = u.i and c.last_message_id = u.e
  cross join lateral (select * from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.direction <> 'system'
    order by m.position desc nulls last, m.id desc nulls last limit 1) m`;

interface NewestRow {
  tenant_id: string;
  conversation_id: string;
  id: string;
  direction: string;
  content: Content;
  sender_name: string | null;
}

const SUMMARISE = `update conversations c set last_message_id = u.m, last_direction = u.d, last_type = u.ty, preview = u.p, last_sender = u.s
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) u(t, i, m, d, ty, p, s)
  where c.tenant_id = u.t and c.id = u.i`;

/** The list shows what is last now. */
async function summariseAgain(sql: Sql, list: Duplicate[]): Promise<void> {
  const keys = columns(
    list,
    (d) => d.tenantId,
    (d) => d.conversationId,
    (d) => d.elsewhereId,
  );
  const rows = await run<NewestRow>(sql, NEWEST, keys);
  if (!rows.length) return;
  await run(
    sql,
    SUMMARISE,
    columns(
      [...rows],
      (r) => r.tenant_id,
      (r) => r.conversation_id,
      (r) => r.id,
      (r) => r.direction,
      (r) => previewType(r.content),
      (r) => previewOf(r.content),
      (r) => r.sender_name,
    ),
  );
}
