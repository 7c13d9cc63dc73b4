import {
  conversationStatuses as statuses,
  type Conversation,
  type ConversationDetails,
  type ConversationFilter,
} from '@parley/contracts/conversations';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { sql, type SQL } from 'drizzle-orm';
import type { MemberContext } from '../context';
import { loadConversations } from './conversation.view';
import { searchPatternOf } from './search-text';
import { canSeeSql, type Sight } from './sight';

type Tx = TenantTx<MemberContext>;

/** Where a conversation stands in the list. `at` in ms. */
export type Place = { at: number; id: string };

/** A search looks through this many of its newest matches. */
const MOST_MATCHES = 1000;

/** Places of one page of the inbox, newest first. `before` is the last row of the page before, exclusive. */
export async function listPlaces(
  tx: Tx,
  filter: ConversationFilter,
  page: { before?: Place; limit: number },
): Promise<Place[]> {
  const { sight } = tx.ctx;
  const same = and([
    sql`c.tenant_id = ${tx.tenantId}`,
    canSeeSql(sight), // the one place that knows what a role may see
    filter.account && sql`c.account_id = ${filter.account}`,
    filter.label &&
      sql`exists (select from conversation_labels l where l.tenant_id = c.tenant_id and l.conversation_id = c.id and l.label_id = ${filter.label})`,
    filter.q && matches(sight, filter.q),
    page.before &&
      sql`(c.last_message_at, c.id) < (to_timestamp(${page.before.at}::float8 / 1000), ${page.before.id}::uuid)`,
  ]);
  const newest = sql`order by c.last_message_at desc nulls last, c.id desc nulls last limit ${page.limit}`; // nulls: as the indexes have it
  const branches = branchesOf(sight, filter).map(
    (branch) => sql`(select c.id, c.last_message_at from conversations c where ${same} and ${branch} ${newest})`,
  );
  const rows = await tx.execute<Place>(
    sql`select c.id, (extract(epoch from c.last_message_at) * 1000)::float8 at from (${sql.join(branches, sql` union all `)}) c ${newest}`,
  );
  return [...rows];
}

/**
 * Conditions that between them hold every row wanted and none twice. Each is the beginning of an index that goes on in
 * the list's order, so that each gives its newest rows without a sort: one `or` over assignees, or no status, would make
 * Postgres read and sort the tenant. A search has found its rows already.
 */
function branchesOf(sight: Sight, { assignee, status, q }: ConversationFilter): SQL[] {
  const owners = ownersOf(sight, assignee);
  const wanted = status ? [status] : statuses;
  if (q && !isShort(q)) return [sql`(${sql.join(owners, sql` or `)}) and c.status = any(${sql.param(wanted)}::text[])`];
  return owners.flatMap((owner) => wanted.map((one) => sql`${owner} and c.status = ${one}`));
}

function ownersOf(sight: Sight, assignee: ConversationFilter['assignee']): SQL[] {
  const of = (memberId: string) => sql`c.assignee_id = ${memberId}`;
  const nobody = sql`c.assignee_id is null`;
  if (assignee === 'me') return [of(sight.memberId)];
  if (assignee === 'none') return [nobody];
  if (assignee) return [of(assignee)];
  return sight.all ? [sql`true`] : [of(sight.memberId), nobody];
}

/** Too short for the index of trigrams: such a thing is found sooner by walking the list. */
function isShort(q: string): boolean {
  return q.length < 3;
}

function matches(sight: Sight, q: string): SQL {
  const pattern = searchPatternOf(q);
  if (isShort(q)) return sql`c.search_text like ${pattern}`;
  const viewer = sight.all ? null : sight.memberId;
  const accounts = sql.param([...sight.unassignedIn]);
  return sql`c.id = any(array(select search_conversations(${pattern}, ${MOST_MATCHES}, ${viewer}::uuid, ${accounts}::uuid[])))`;
}

/** Open conversations in sight, for the tabs. */
export async function countOpen(tx: Tx): Promise<{ mine: number; unassigned: number; all: number; unread: number }> {
  const { sight } = tx.ctx;
  const open = sql`c.tenant_id = ${tx.tenantId} and c.status = 'open'`;
  const count = (condition: SQL) => sql`(select count(*)::int from conversations c where ${open} and ${condition})`;
  const [mine, unassigned] = [
    sql`c.assignee_id = ${sight.memberId}`,
    sql`c.assignee_id is null and ${canSeeSql(sight)}`,
  ];
  const unread = sql`(select count(*)::int from conversations c
    left join reads r on r.tenant_id = c.tenant_id and r.member_id = ${sight.memberId} and r.conversation_id = c.id
    where ${open} and ${mine} and c.received > coalesce(r.seen, c.answered))`;
  const [row] = await tx.execute<{ mine: number; unassigned: number; all: number | null; unread: number }>(
    sql`select ${count(mine)} mine, ${count(unassigned)} unassigned, ${sight.all ? count(sql`true`) : sql`null::int`} "all", ${unread} unread`,
  );
  if (!row) throw new Error('a count gave no row');
  return { ...row, all: row.all ?? row.mine + row.unassigned };
}

/** These conversations as this member sees them, in the order of the ids; who sees them was decided before. */
export async function loadForMember(tx: Tx, ids: string[]): Promise<Conversation[]> {
  const [conversations, seen] = await Promise.all([
    loadConversations(
      tx.raw,
      ids.map((id) => ({ tenantId: tx.tenantId, id })),
    ),
    listSeen(tx, ids),
  ]);
  const byId = new Map(conversations.map((base) => [base.id, { ...base, me: { seen: seen.get(base.id) ?? null } }]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function listSeen(tx: Tx, ids: string[]): Promise<Map<string, number>> {
  const rows = await run<{ id: string; seen: number }>(
    tx.raw,
    `select conversation_id id, seen from reads where tenant_id = $1 and member_id = $2 and conversation_id = any($3::uuid[])`,
    [tx.tenantId, tx.ctx.memberId, ids],
  );
  return new Map(rows.map(({ id, seen }) => [id, seen]));
}

export async function listParticipants(tx: Tx, conversationId: string): Promise<ConversationDetails['participants']> {
  return tx.raw.unsafe<ConversationDetails['participants']>(
    `select coalesce(name, address) "name", address, admin from participants
     where tenant_id = $1 and conversation_id = $2 and left_at is null order by admin desc, 1, 2 limit 1024`,
    [tx.tenantId, conversationId],
  );
}

export async function setAssignee(tx: Tx, id: string, memberId: string | null): Promise<void> {
  await run(tx.raw, `update conversations set assignee_id = $3 where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
    memberId,
  ]);
}

/** Nobody waits in a resolved conversation. */
export async function setStatus(tx: Tx, id: string, status: Conversation['status']): Promise<void> {
  await run(
    tx.raw,
    `update conversations set status = $3, waiting_since = case when $3 = 'resolved' then null else waiting_since end where tenant_id = $1 and id = $2`,
    [tx.tenantId, id, status],
  );
}

/** Makes these the labels of a conversation; false when they already were. */
export async function setLabels(tx: Tx, id: string, labelIds: string[]): Promise<boolean> {
  const [row] = await run<{ changed: number }>(
    tx.raw,
    `with gone as (delete from conversation_labels where tenant_id = $1 and conversation_id = $2 and label_id <> all($3::uuid[]) returning 1),
       new as (insert into conversation_labels (tenant_id, conversation_id, label_id) select $1, $2, unnest($3::uuid[]) on conflict do nothing returning 1)
     select ((select count(*) from gone) + (select count(*) from new))::int changed`,
    [tx.tenantId, id, labelIds],
  );
  return row?.changed !== 0;
}

/** Remembers how far the member has seen; answers what stood there before, null: nothing. */
export async function setSeen(tx: Tx, conversationId: string, seen: number): Promise<number | null> {
  const [row] = await run<{ before: number | null }>(
    tx.raw,
    `with old as (select seen from reads where tenant_id = $1 and member_id = $2 and conversation_id = $3),
       new as (insert into reads (tenant_id, member_id, conversation_id, seen) values ($1, $2, $3, $4)
         on conflict (tenant_id, member_id, conversation_id) do update set seen = excluded.seen where reads.seen <> excluded.seen)
     select (select seen from old) before`,
    [tx.tenantId, tx.ctx.memberId, conversationId, seen],
  );
  return row?.before ?? null;
}

function and(conditions: (SQL | string | undefined | 0 | null)[]): SQL {
  return sql.join(
    conditions.filter((one): one is SQL => typeof one === 'object' && one !== null),
    sql` and `,
  );
}
