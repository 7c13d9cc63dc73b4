import {
  conversationStatuses as statuses,
  type Conversation,
  type ConversationFilter,
} from '@parley/contracts/conversations';
import type { TenantTx } from '@parley/platform/tenant-db';
import { sql, type SQL } from 'drizzle-orm';
import type { MemberContext } from '../context';
import { canConversation } from '../people/can';
import { conversationColumns, toConversation, type ConversationRow } from './conversation.view';
import { searchPatternOf } from './search-text';
import { seenOf, type Sight } from './sight';

type Tx = TenantTx<MemberContext>;

/** Where a conversation stands in the list. `at` in ms. */
export type Place = { at: number; id: string };

/** A search looks through this many of its newest matches. */
const MOST_MATCHES = 1000;

/** One page of the inbox, newest first, as this member sees it. `before` is the last row of the page before, exclusive. */
export async function listConversations(
  tx: Tx,
  filter: ConversationFilter,
  page: { before?: Place; limit: number },
): Promise<Conversation[]> {
  const walk = walkOf(tx, filter, page);
  if (!walk) return [];
  // Few rows are expected of a rare combination, and then Postgres would rather sort all of them than walk to the first.
  if (!isSearch(filter)) tx.execute(sql`select set_config('enable_sort', 'off', true)`).catch(() => {}); // the next one tells
  const rows = await tx.execute<ConversationRow & { seen: number | null }>(selectPage(tx, walk));
  const can = canConversation(tx.ctx);
  return rows.map((row) => ({ ...toConversation(row), me: { seen: row.seen, can } }));
}

/** Rows of conversations; null: there are none to see. */
function walkOf(tx: Tx, filter: ConversationFilter, page: { before?: Place; limit: number }): SQL | null {
  const branches = branchesOf(tx.ctx.sight, filter);
  if (!branches.length) return null;
  const same = conditionsOf(tx, filter, page.before);
  const newest = sql`order by c.last_message_at desc nulls last, c.id desc nulls last limit ${page.limit}`; // nulls: as the indexes have it
  const walk = (columns: SQL) => {
    const parts = branches.map(
      (branch) => sql`(select ${columns} from conversations c where ${same} and ${branch} ${newest})`,
    );
    return sql`select c.* from (${sql.join(parts, sql` union all `)}) c ${newest}`;
  };
  if (!filter.label) return walk(sql`c.*`);
  // Who bears a label may be rare: what is passed by is looked at in the index alone.
  const ids = walk(sql`c.id, c.last_message_at`);
  return sql`select * from conversations where tenant_id = ${tx.tenantId} and id = any(array(select id from (${ids}) w))`;
}

/**
 * The page with what belongs to its rows: read in one go each, not row by row, from pages of an index that lie side by side.
 * Materialized, or Postgres would read them again for every row.
 */
const selectPage = ({ tenantId, ctx }: Tx, walk: SQL): SQL => sql`with p as materialized (${walk}),
    l as materialized (select conversation_id, label_id from conversation_labels
      where tenant_id = ${tenantId} and conversation_id = any(array(select id from p))),
    t as materialized (select id, delivery from messages
      where tenant_id = ${tenantId} and id = any(array(select last_message_id from p where last_direction = 'outbound'))),
    r as materialized (select conversation_id, seen from reads
      where tenant_id = ${tenantId} and member_id = ${ctx.memberId} and conversation_id = any(array(select id from p))),
    a as materialized (select id, provider, config from accounts where tenant_id = ${tenantId})
  select ${sql.raw(PAGE_COLUMNS)}, r.seen from p c join a on a.id = c.account_id
  left join t on t.id = c.last_message_id left join r on r.conversation_id = c.id
  order by c.last_message_at desc, c.id desc`;

const PAGE_COLUMNS = conversationColumns({
  labels: 'array(select l.label_id from l where l.conversation_id = c.id order by 1)',
  ticks: 't.delivery',
});

function conditionsOf(tx: Tx, { account, team, label, q }: ConversationFilter, before: Place | undefined): SQL {
  const bearers = sql`select l.conversation_id from conversation_labels l where l.tenant_id = ${tx.tenantId} and l.label_id = ${label}`;
  return and([
    sql`c.tenant_id = ${tx.tenantId}`,
    account && sql`c.account_id = ${account}`,
    team && sql`c.team_id = ${team}`,
    label && sql`(c.id in (${bearers})) is true`, // `is true`: looked up in a hash beside the walk, never joined to it
    q && matches(tx.ctx.sight, q),
    before && sql`(c.last_message_at, c.id) < (to_timestamp(${before.at}::float8 / 1000), ${before.id}::uuid)`,
  ]);
}

/**
 * Conditions that between them hold every row wanted and none twice. Each is the beginning of an index that goes on in
 * the list's order, so that each gives its newest rows without a sort: one `or` over assignees, or no status, would make
 * Postgres read and sort the tenant. A search has found its rows already.
 */
function branchesOf(sight: Sight, filter: ConversationFilter): SQL[] {
  const owners = seenOf(sight, filter.assignee);
  const wanted = filter.status ? [filter.status] : statuses;
  if (!isSearch(filter)) return owners.flatMap((owner) => wanted.map((one) => sql`${owner} and c.status = ${one}`));
  if (!owners.length) return [];
  return [sql`(${sql.join(owners, sql` or `)}) and c.status = any(${sql.param(wanted)}::text[])`];
}

/** What is too short for the index of trigrams is found sooner by walking the list. */
function isSearch({ q }: ConversationFilter): boolean {
  return q !== undefined && q.length >= 3;
}

function matches(sight: Sight, q: string): SQL {
  const pattern = searchPatternOf(q);
  if (!isSearch({ q })) return sql`c.search_text like ${pattern}`;
  const viewer = sight.all ? null : sight.memberId;
  const ids = (set: ReadonlySet<string> | null) => sql`${sql.param(set && [...set])}::uuid[]`;
  const where = [sight.unassignedIn, sight.allIn, sight.teamIn, sight.teams, sight.within].map(ids);
  return sql`c.id = any(array(select search_conversations(${pattern}, ${MOST_MATCHES}, ${viewer}::uuid, ${sql.join(where, sql`, `)})))`;
}

function and(conditions: (SQL | string | undefined | 0 | null)[]): SQL {
  return sql.join(
    conditions.filter((one): one is SQL => typeof one === 'object' && one !== null),
    sql` and `,
  );
}
