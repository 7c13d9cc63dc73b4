import { bigint, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from '../columns';
import { open, platformRole, tenantTable } from '../tenant-table';

/** One committed fact with the tenant's next `seq`, and who may see it. Kept 7 days. */
export const events = tenantTable(
  'events',
  {
    seq: bigint({ mode: 'number' }).notNull(),
    type: text().notNull(),
    at: at().notNull(),
    /** Audience: null conversation and member = everybody of the tenant. */
    conversationId: uuid(),
    accountId: uuid(),
    assigneeId: uuid(),
    wasAssigneeId: uuid(),
    teamId: uuid(),
    wasTeamId: uuid(),
    /** It is this member's own. */
    memberId: uuid(),
    correlationId: text(),
    /** The event's JSON from `"type"` on, without the outer braces and without `seq`. */
    data: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.seq] }), ...open('events', platformRole)],
);

/** Locked last in every transaction that makes events, never updated but for `floor`: below it they are gone. */
export const eventHeads = tenantTable(
  'event_heads',
  { floor: bigint({ mode: 'number' }).notNull().default(0) },
  (t) => [primaryKey({ columns: [t.tenantId] }), ...open('event_heads', platformRole)],
);
