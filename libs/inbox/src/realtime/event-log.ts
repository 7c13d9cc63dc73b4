import { audienceOf, type StoredEvent } from '@parley/platform/events';
import { run } from '@parley/platform/statements';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { answered } from './answered';

/** Who has a conversation now. */
export interface Standing {
  accountId: string;
  assigneeId: string | null;
}

/** An event that was read, with how its conversation stands at the head of the same snapshot. */
export interface PastEvent extends StoredEvent {
  now?: Standing;
}

/** A member's read mark of one conversation. */
export interface Mark {
  memberId: string;
  conversationId: string;
}

interface Row {
  seq: number;
  data: string;
  correlation_id: string | null;
  conversation_id: string | null;
  account_id: string | null;
  assignee_id: string | null;
  was_assignee_id: string | null;
  member_id: string | null;
  now_account_id: string | null;
  now_assignee_id: string | null;
}

const READ = `select e.seq, e.data, e.correlation_id, e.conversation_id, e.account_id, e.assignee_id, e.was_assignee_id, e.member_id,
    c.account_id now_account_id, c.assignee_id now_assignee_id
  from events e left join conversations c on c.tenant_id = e.tenant_id and c.id = e.conversation_id
  where e.tenant_id = $1 and e.seq > $2 order by e.seq limit $3`;

const MARKS = `select r.member_id "memberId", r.conversation_id "conversationId", r.seen from unnest($2::uuid[], $3::uuid[]) u(m, c)
  join reads r on r.tenant_id = $1 and r.member_id = m and r.conversation_id = c`;

/** The tenant's events as Postgres has them: the truth behind whatever a stream was told live. */
@Injectable()
export class EventLog {
  constructor(private readonly db: TenantDb) {}

  /** The first event that is still kept follows `floor`; `head` is the last. */
  bounds(tenantId: string): Promise<{ floor: number; head: number }> {
    return this.snapshot(tenantId, (tx) => floorOf(tx));
  }

  /** Events after a number, oldest first, with the bounds of the same snapshot. */
  read(tenantId: string, after: number, limit: number): Promise<{ events: PastEvent[]; floor: number; head: number }> {
    return this.snapshot(tenantId, async (tx) => {
      const [bounds, rows] = await Promise.all([floorOf(tx), run<Row>(tx.raw, READ, [tenantId, after, limit])]);
      return { ...bounds, events: rows.map(toEvent) };
    });
  }

  /** Read marks as they are, by `member conversation`; who never marked is left out. */
  async marks(tenantId: string, wanted: Mark[]): Promise<Map<string, number>> {
    const keys = [wanted.map((w) => w.memberId), wanted.map((w) => w.conversationId)];
    const rows = await this.snapshot(tenantId, (tx) =>
      run<Mark & { seen: number }>(tx.raw, MARKS, [tenantId, ...keys]),
    );
    return new Map(rows.map((row) => [markKey(row), row.seen]));
  }

  private snapshot<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return answered(this.db.read({ tenantId, correlationId: null }, work));
  }
}

export function markKey({ memberId, conversationId }: Mark): string {
  return `${memberId} ${conversationId}`;
}

/** Every snapshot has looked up its head already. */
async function floorOf(tx: TenantTx): Promise<{ floor: number; head: number }> {
  const [row] = await run<{ floor: number }>(tx.raw, `select floor from event_heads where tenant_id = $1`, [
    tx.tenantId,
  ]);
  return { floor: row?.floor ?? 0, head: tx.ctx.cursor ?? 0 };
}

function toEvent(row: Row): PastEvent {
  const event = { seq: row.seq, data: row.data, correlationId: row.correlation_id, audience: audienceOf(row) };
  return row.now_account_id === null
    ? event
    : { ...event, now: { accountId: row.now_account_id, assigneeId: row.now_assignee_id } };
}
