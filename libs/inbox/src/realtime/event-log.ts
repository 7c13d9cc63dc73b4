import { audienceOf, type StoredEvent } from '@parley/platform/events';
import { run } from '@parley/platform/statements';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { Standing } from '../conversations/sight';
import { answered } from './answered';
import type { SeenBy } from './marks';

/** An event that was read, with how its conversation stands at the head of the same snapshot. */
export interface PastEvent extends StoredEvent {
  now?: Standing;
}

/** What a reading found. */
export interface Reading {
  events: PastEvent[];
  floor: number;
  head: number;
  seen: Map<string, SeenBy>;
}

interface Mark {
  member_id: string;
  conversation_id: string;
  seen: number;
}

interface Row {
  floor: number;
  head: number;
  /** Null: there is none. */
  seq: number | null;
  data: string | null;
  correlation_id: string | null;
  conversation_id: string | null;
  account_id: string | null;
  assignee_id: string | null;
  was_assignee_id: string | null;
  team_id: string | null;
  was_team_id: string | null;
  member_id: string | null;
  now_account_id: string | null;
  now_assignee_id: string | null;
  now_team_id: string | null;
  marks: Mark[] | null;
}

/** At least one row, which tells the bounds of the same snapshot; the first has the marks of all. */
const READ = `with p as materialized (select * from events where tenant_id = $1 and seq > $2 order by seq limit $3),
    s as materialized (select member_id, conversation_id, seen from reads
      where tenant_id = $1 and member_id = any($4::uuid[]) and conversation_id = any(array(select conversation_id from p)))
  select h.floor, greatest(h.floor, coalesce((select max(seq) from events m where m.tenant_id = h.tenant_id), 0)) head,
    e.seq, e.data, e.correlation_id, e.conversation_id, e.account_id, e.assignee_id, e.was_assignee_id, e.team_id, e.was_team_id, e.member_id,
    c.account_id now_account_id, c.assignee_id now_assignee_id, c.team_id now_team_id,
    case when e.seq = (select min(seq) from p) then (select json_agg(s) from s) end marks
  from event_heads h left join p e on true
  left join conversations c on c.tenant_id = h.tenant_id and c.id = e.conversation_id
  where h.tenant_id = $1 order by e.seq`;

const MARKS = `select member_id, conversation_id, seen from reads
  where tenant_id = $1 and member_id = any($2::uuid[]) and conversation_id = any($3::uuid[])`;

/** The tenant's events as Postgres has them: the truth behind whatever a stream was told live. */
@Injectable()
export class EventLog {
  constructor(private readonly db: TenantDb) {}

  /**
   * Events after a number, oldest first. The first that is still kept follows `floor`; `head` is the last. `seen`: what
   * these members have seen of the conversations that the events are about.
   */
  read(tenantId: string, after: number, { limit, members }: { limit: number; members: string[] }): Promise<Reading> {
    return this.ask(tenantId, async ({ raw }) => {
      const rows = await run<Row>(raw, READ, [tenantId, after, limit, members]);
      const { floor = 0, head = 0, marks } = rows[0] ?? {};
      return { floor, head, events: rows.flatMap(toEvent), seen: byConversation(marks ?? []) };
    });
  }

  /** Read marks of these members of these conversations as they are, by conversation. */
  marks(tenantId: string, members: string[], conversations: string[]): Promise<Map<string, SeenBy>> {
    const keys = [tenantId, members, conversations];
    return this.ask(tenantId, async ({ raw }) => byConversation(await run<Mark>(raw, MARKS, keys)));
  }

  /** A statement is a snapshot of its own; nothing here needs two that agree. */
  private ask<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return answered(this.db.transaction({ tenantId, correlationId: null }, work));
  }
}

function byConversation(marks: readonly Mark[]): Map<string, SeenBy> {
  const found = new Map<string, Map<string, number>>();
  for (const { conversation_id: id, member_id: member, seen } of marks)
    found.set(id, (found.get(id) ?? new Map<string, number>()).set(member, seen));
  return found;
}

function toEvent(row: Row): PastEvent[] {
  if (row.seq === null || row.data === null) return [];
  const event = { seq: row.seq, data: row.data, correlationId: row.correlation_id, audience: audienceOf(row) };
  const { now_account_id: accountId, now_assignee_id: assigneeId, now_team_id: teamId } = row;
  return accountId === null ? [event] : [{ ...event, now: { accountId, assigneeId, teamId } }];
}
