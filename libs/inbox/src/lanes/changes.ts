import { columns, run } from '@parley/platform/statements';
import type { Content } from '@parley/contracts/content';
import type { Sql } from '@parley/db/sql';
import { previewOf, previewType } from '../messages/preview';

/** A message that a batch changed, for the events. */
export interface Changed {
  tenantId: string;
  messageId: string;
  correlationId: string;
}

export interface Edit extends Changed {
  content: Content;
  atMs: number;
}

/**
 * The later edit wins, whatever the order of arrival, which decides where the provider dates two alike; what was said before
 * is kept, the first by the provider's date as its edits are, before one of the same moment. A caption changes below its media,
 * and votes in their poll: those, and what becomes of a call, are no other words.
 */
const EDIT = `with u as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[]) with ordinality u(t, i, c, ms, n)),
  e as (select m.tenant_id, m.id, m.content was, m.edited_at, m.created_at, m.dated, to_timestamp(u.ms / 1000) at, u.n,
      case when m.content->>'type' = 'media' and u.c::jsonb->>'type' in ('text', 'media')
        then jsonb_set(m.content, '{caption}', coalesce(u.c::jsonb->'text', u.c::jsonb->'caption', 'null'))
        when m.content->>'type' = 'poll' and u.c::jsonb->>'type' = 'poll' then m.content || jsonb_build_object('votes', u.c::jsonb->'votes')
        else u.c::jsonb end content
    from u join messages m on m.tenant_id = u.t and m.id = u.i),
  m as (select distinct on (tenant_id, id) *, coalesce(edited_at, least(created_at, to_timestamp(dated / 1e6) - interval '1 millisecond')) was_at
    from e where edited_at is null or edited_at < at or (edited_at = at and content <> was) order by tenant_id, id, at desc, n desc),
  words(t, i, at, content, was) as (select tenant_id, id, was_at, was, was from m
    union all select e.tenant_id, e.id, e.at, e.content, e.was from e left join m using (tenant_id, id) where e.at < coalesce(m.at, e.edited_at)),
  old as (insert into message_edits (tenant_id, message_id, at, content)
    select t, i, at, content from words where was->>'type' not in ('poll', 'call') on conflict do nothing)
  update messages x set content = m.content, edited_at = m.at from m where x.tenant_id = m.tenant_id and x.id = m.id
  returning x.tenant_id, x.id, x.content`;

export async function applyEdits(sql: Sql, edits: Edit[]): Promise<Set<string>> {
  const rows = await run<{ tenant_id: string; id: string; content: Content }>(
    sql,
    EDIT,
    columns(
      edits,
      (e) => e.tenantId,
      (e) => e.messageId,
      (e) => JSON.stringify(e.content),
      (e) => e.atMs,
    ),
  );
  await summarise(
    sql,
    rows.map((row) => ({
      tenantId: row.tenant_id,
      id: row.id,
      type: previewType(row.content),
      preview: previewOf(row.content),
    })),
  );
  return new Set(rows.map((row) => row.id));
}

export interface Deletion extends Changed {
  atMs: number;
}

const DELETE = `update messages m set deleted_at = to_timestamp(u.ms / 1000) from unnest($1::uuid[], $2::uuid[], $3::float8[]) u(t, i, ms)
  where m.tenant_id = u.t and m.id = u.i and m.deleted_at is null returning m.tenant_id, m.id`;

export async function applyDeletions(sql: Sql, deletions: Deletion[]): Promise<Set<string>> {
  const rows = await run<{ tenant_id: string; id: string }>(
    sql,
    DELETE,
    columns(
      deletions,
      (d) => d.tenantId,
      (d) => d.messageId,
      (d) => d.atMs,
    ),
  );
  await summarise(
    sql,
    rows.map((row) => ({ tenantId: row.tenant_id, id: row.id, type: 'deleted', preview: '' })),
  );
  return new Set(rows.map((row) => row.id));
}

export interface Reaction extends Changed {
  /** A contact's id, or `us`. */
  actor: string;
  name: string | null;
  emoji: string | null;
  atMs: number;
  /** Of one taken back: which; any other stays. */
  was?: string | undefined;
}

/**
 * The later reaction of each wins, of two dated alike the one that arrived later; one taken back stays as a mark, or an
 * older one would bring it back. Where it is known which was taken back, any other stands, whichever comes first. Ours is told twice, by the provider's answer, which knows whose it is, and by its echo,
 * which does not: alike, they are one, whichever comes first. Answers those that look different now.
 */
const REACT = `with told as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::text[]) u(t, i, a, n, e, ms, w)),
  u as (select * from told where w is null or not exists (
    select from reactions r where r.tenant_id = t and r.message_id = i and r.actor = a and r.emoji <> w)),
  was as (select r.message_id, r.actor, r.emoji, r.name from u join reactions r on r.tenant_id = u.t and r.message_id = u.i and r.actor = u.a),
  r as (insert into reactions as r (tenant_id, message_id, actor, name, emoji, was, at)
    select t, i, a, n, e, w, to_timestamp(ms / 1000) from u order by 1, 2, 3
    on conflict (tenant_id, message_id, actor) do update set emoji = excluded.emoji, was = excluded.was, at = greatest(r.at, excluded.at),
        name = case when r.actor = 'us' and r.emoji is distinct from excluded.emoji then excluded.name else coalesce(excluded.name, r.name) end
      where r.at <= excluded.at or (r.name is null and r.emoji is not distinct from excluded.emoji) or (r.emoji is null and excluded.emoji <> r.was)
    returning message_id, actor, emoji, name)
  select distinct r.message_id id from r left join was using (message_id, actor) where (r.emoji, r.name) is distinct from (was.emoji, was.name)`;

export async function applyReactions(sql: Sql, reactions: Reaction[]): Promise<Set<string>> {
  const latest = new Map<string, Reaction>();
  for (const reaction of reactions) {
    const key = `${reaction.messageId} ${reaction.actor}`;
    const known = latest.get(key);
    if (!known || supersedes(reaction, known)) latest.set(key, reaction);
  }
  const rows = await run<{ id: string }>(
    sql,
    REACT,
    columns(
      [...latest.values()],
      (r) => r.tenantId,
      (r) => r.messageId,
      (r) => r.actor,
      (r) => r.name,
      (r) => r.emoji,
      (r) => r.atMs,
      (r) => r.was ?? null,
    ),
  );
  return new Set(rows.map((row) => row.id));
}

type Dated = Pick<Reaction, 'atMs' | 'emoji' | 'was'>;

/** Of two of one person, in the order of their arrival: the later one; but one that takes back another never. */
export function supersedes(next: Dated, known: Dated): boolean {
  if (takesBackAnother(known, next)) return true;
  return known.atMs <= next.atMs && !takesBackAnother(next, known);
}

const takesBackAnother = (one: Dated, other: Dated) =>
  one.was !== undefined && other.emoji !== null && other.emoji !== one.was;

const SUMMARISE = `update conversations c set last_type = u.ty, preview = u.p from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, i, ty, p)
  join messages m on m.tenant_id = u.t and m.id = u.i
  where c.tenant_id = m.tenant_id and c.id = m.conversation_id and c.last_message_id = m.id
    and (m.deleted_at is null or u.ty = 'deleted')`;

/** The list shows a changed last message as it is now. */
async function summarise(
  sql: Sql,
  changed: { tenantId: string; id: string; type: string; preview: string }[],
): Promise<void> {
  if (changed.length)
    await run(
      sql,
      SUMMARISE,
      columns(
        changed,
        (c) => c.tenantId,
        (c) => c.id,
        (c) => c.type,
        (c) => c.preview,
      ),
    );
}
