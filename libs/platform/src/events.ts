import type { RealtimeEvent, RealtimeEventType } from '@parley/contracts/realtime';
import type { Sql } from '@parley/db/sql';
import { columns, textColumn, textList, run } from './statements';

/** Who may see an event. Before and after, where an assignment changed; a version that knew no teams wrote none. */
export type Audience =
  | { to: 'tenant'; accountId?: string }
  | { to: 'member'; memberId: string; conversationId?: string }
  | {
      to: 'conversation';
      conversationId: string;
      accountId: string;
      assigneeId: string | null;
      wasAssigneeId?: string | null;
      teamId: string | null;
      wasTeamId?: string | null;
    };

type Body<T extends RealtimeEventType> = Omit<Extract<RealtimeEvent, { type: T }>, 'seq' | 'at' | 'type' | 'me'>;

/** A fact on its way: numbered when its transaction commits. */
export type NewEvent = { [T in RealtimeEventType]: { type: T; audience: Audience } & Body<T> }[RealtimeEventType];

/** An event as it stands in the table and on the wire. `data` is its JSON without braces and `seq`. */
export interface StoredEvent {
  seq: number;
  audience: Audience;
  correlationId: string | null;
  data: string;
}

/** Locks the heads of these tenants. Last of all locks, in a statement of its own, before `NUMBER_EVENTS`. */
export const LOCK_HEADS = `select 1 from event_heads where tenant_id = any($1::uuid[]) order by tenant_id for no key update`;

/** Numbers and writes events: a new snapshot, so it sees the last committed one. $3 counts from 1 in each tenant. */
export const NUMBER_EVENTS = `with h as materialized (
    select tenant_id, greatest(floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) base
    from event_heads h where tenant_id = any($1::uuid[])),
  i as (insert into events (tenant_id, seq, type, at, conversation_id, account_id, assignee_id, was_assignee_id, team_id, was_team_id, member_id, correlation_id, data)
    select u.t, h.base + u.n, u.type, to_timestamp(u.at / 1000), u.conversation, u.account, u.assignee, u.was, u.team, u.was_team, u.member, u.correlation, u.data
    from unnest($2::uuid[], $3::int[], $4::text[], $5::float8[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[], $13::text[],
      ${textList('$14')}) u(t, n, type, at, conversation, account, assignee, was, team, was_team, member, correlation, data)
    join h on h.tenant_id = u.t returning tenant_id, seq)
  select tenant_id, min(seq) as first from i group by 1`;

export interface TenantEvents {
  tenantId: string;
  correlationId: string | null;
  event: NewEvent;
}

/** Columns for `NUMBER_EVENTS`, in its order, and what to publish once it has answered. `now` in ms. */
export function prepareEvents(list: TenantEvents[], now: number) {
  const at = new Date(now).toISOString();
  const counts = new Map<string, number>();
  const rows = list.map(({ tenantId, correlationId, event: { audience, type, ...body } }) => {
    const n = (counts.get(tenantId) ?? 0) + 1;
    counts.set(tenantId, n);
    const data = JSON.stringify({ type, at, ...body }).slice(1, -1);
    return { tenantId, n, type, at: now, audience, correlationId, data, ...columnsOf(audience) };
  });
  const tenants = [...counts.keys()].sort();
  return {
    tenants,
    parameters: [
      `{${tenants.join(',')}}`,
      ...columns(
        rows,
        (row) => row.tenantId,
        (row) => row.n,
        (row) => row.type,
        (row) => row.at,
        (row) => row.conversationId,
        (row) => row.accountId,
        (row) => row.assigneeId,
        (row) => row.wasAssigneeId,
        (row) => row.teamId,
        (row) => row.wasTeamId,
        (row) => row.memberId,
        (row) => row.correlationId,
      ),
      textColumn(rows.map((row) => row.data)),
    ],
    /** By tenant, in order, once the first number of each is known. */
    numbered(first: Map<string, number>): Map<string, StoredEvent[]> {
      const result = new Map<string, StoredEvent[]>();
      for (const { tenantId, n, audience, correlationId, data } of rows) {
        const seq = (first.get(tenantId) ?? 0) + n - 1;
        const own = result.get(tenantId) ?? [];
        own.push({ seq, audience, correlationId, data });
        result.set(tenantId, own);
      }
      return result;
    },
  };
}

/**
 * Writes events inside a transaction, as its last statements, and with them the COMMIT where one is given: then their tenants'
 * heads are locked for no round trip of ours. Answers them numbered, by tenant.
 */
export async function writeEvents(
  tx: Sql,
  list: TenantEvents[],
  now: number,
  commit: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Map<string, StoredEvent[]>> {
  const prepared = prepareEvents(list, now); // what can fail here fails before a COMMIT is on its way
  if (!list.length) return commit().then(() => new Map());
  const [, rows] = await Promise.all([
    run(tx, LOCK_HEADS, [prepared.tenants]),
    run<{ tenant_id: string; first: number }>(tx, NUMBER_EVENTS, prepared.parameters),
    commit(),
  ]);
  return prepared.numbered(new Map(rows.map((row) => [row.tenant_id, Number(row.first)])));
}

function columnsOf(audience: Audience) {
  const conversation = audience.to === 'conversation' ? audience : null;
  const [assigneeId, teamId] = [conversation?.assigneeId ?? null, conversation?.teamId ?? null];
  return {
    conversationId: audience.to === 'tenant' ? null : (audience.conversationId ?? null),
    accountId: audience.to === 'member' ? null : (audience.accountId ?? null),
    assigneeId,
    wasAssigneeId: conversation?.wasAssigneeId === undefined ? assigneeId : conversation.wasAssigneeId,
    teamId,
    wasTeamId: conversation?.wasTeamId === undefined ? teamId : conversation.wasTeamId,
    memberId: audience.to === 'member' ? audience.memberId : null,
  };
}

/** The audience of a row of `events`. */
export function audienceOf(row: {
  conversation_id: string | null;
  account_id: string | null;
  assignee_id: string | null;
  was_assignee_id: string | null;
  team_id: string | null;
  was_team_id: string | null;
  member_id: string | null;
}): Audience {
  if (row.member_id)
    return {
      to: 'member',
      memberId: row.member_id,
      ...(row.conversation_id ? { conversationId: row.conversation_id } : {}),
    };
  if (!row.conversation_id || !row.account_id)
    return { to: 'tenant', ...(row.account_id ? { accountId: row.account_id } : {}) };
  return {
    to: 'conversation',
    conversationId: row.conversation_id,
    accountId: row.account_id,
    assigneeId: row.assignee_id,
    wasAssigneeId: row.was_assignee_id,
    teamId: row.team_id,
    wasTeamId: row.was_team_id,
  };
}
