import type { Conversation, ConversationDetails } from '@parley/contracts/conversations';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { sql, type SQL } from 'drizzle-orm';
import type { MemberContext } from '../context';
import { canConversation } from '../people/can';
import { loadConversations } from './conversation.view';
import { joinSeatPerson } from './seat-person';
import { seenOf } from './sight';

type Tx = TenantTx<MemberContext>;

/** Open conversations in sight, for the tabs. */
export async function countOpen(tx: Tx): Promise<{ mine: number; unassigned: number; all: number; unread: number }> {
  const { sight } = tx.ctx;
  const count = (owned: SQL[]) => {
    const parts = owned.map(
      (owner) => sql`(select count(*)::int from conversations c where ${isOpen(tx)} and ${owner})`,
    );
    return parts.length ? sql.join(parts, sql` + `) : sql`0`;
  };
  const [row] = await tx.execute<{ mine: number; unassigned: number; all: number | null; unread: number }>(
    sql`select ${count(seenOf(sight, 'me'))} mine, ${count(seenOf(sight, 'none'))} unassigned,
      ${sight.all || sight.allIn.size || sight.teamIn.size ? count(seenOf(sight)) : sql`null::int`} "all", ${unreadOf(tx)} unread`,
  );
  if (!row) throw new Error('a count gave no row');
  return { ...row, all: row.all ?? row.mine + row.unassigned };
}

const isOpen = (tx: Tx) => sql`c.tenant_id = ${tx.tenantId} and c.status = 'open'`;

/** Nobody's are not theirs. Fenced (`offset 0`): each of theirs looks for its own mark, whatever Postgres expects of a new table. */
const unreadOf = (tx: Tx) => sql`(select count(*)::int from conversations c
    left join lateral (select r.seen from reads r where r.tenant_id = c.tenant_id and r.member_id = ${tx.ctx.memberId} and r.conversation_id = c.id offset 0) r on true
    where ${isOpen(tx)} and (${sql.join([...seenOf(tx.ctx.sight, 'me'), sql`false`], sql` or `)}) and c.received > coalesce(r.seen, c.answered))`;

/** These conversations as this member sees them, in the order of the ids; who sees them was decided before. */
export async function loadForMember(tx: Tx, ids: string[]): Promise<Conversation[]> {
  const [conversations, seen] = await Promise.all([
    loadConversations(
      tx.raw,
      ids.map((id) => ({ tenantId: tx.tenantId, id })),
    ),
    listSeen(tx, ids),
  ]);
  const can = canConversation(tx.ctx);
  const byId = new Map(
    conversations.map((base) => [base.id, { ...base, me: { seen: seen.get(base.id) ?? null, can } }]),
  );
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

/** The account's own seat is nobody to talk to. */
const PARTICIPANTS = `select k.id "contactId", coalesce(k.name, p.name) "name", p.address, p.admin from participants p
  ${joinSeatPerson('p')}
  where p.tenant_id = $1 and p.conversation_id = $2 and p.left_at is null
    and p.address is distinct from (select a.address from accounts a where a.tenant_id = $1 and a.id = $3)
  order by p.admin desc, 2 nulls last, 3 limit 1024`;

export async function listParticipants(
  tx: Tx,
  { id, accountId }: Pick<Conversation, 'id' | 'accountId'>,
): Promise<ConversationDetails['participants']> {
  return run<ConversationDetails['participants'][number]>(tx.raw, PARTICIPANTS, [tx.tenantId, id, accountId]);
}

export async function setAssignee(tx: TenantTx, id: string, memberId: string | null): Promise<void> {
  await run(tx.raw, `update conversations set assignee_id = $3 where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
    memberId,
  ]);
}

export async function setTeam(
  tx: TenantTx,
  id: string,
  to: { teamId: string | null; assigneeId: string | null },
): Promise<void> {
  await run(tx.raw, `update conversations set team_id = $3, assignee_id = $4 where tenant_id = $1 and id = $2`, [
    ...[tx.tenantId, id, to.teamId, to.assigneeId],
  ]);
}

/** Nobody waits in a resolved conversation. */
export async function setStatus(tx: TenantTx, id: string, status: Conversation['status']): Promise<void> {
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
