import { sql } from 'drizzle-orm';
import { bigint, customType, date, index, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { at } from '../columns';
import { intakeRole, open, platformRole, tenantTable } from '../tenant-table';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * One item of a provider's call, as it came: log, audit trail, replay source. Partitioned by the day of receipt
 * (hand-written part of the migration). No foreign keys: no payload and no deleted account can fail a flush.
 */
export const webhooks = tenantTable(
  'webhooks',
  {
    receivedOn: date().notNull(),
    /** Hash of account and the adapter's key. */
    key: uuid().notNull(),
    accountId: uuid().notNull(),
    receivedAt: at().notNull(),
    correlationId: text().notNull(),
    /** Bytes, never jsonb: NUL and lone surrogates would poison a batch. */
    body: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.receivedOn, t.key] }), ...open('webhooks', intakeRole)],
  'all',
);

/** The queue: one small row per webhook that is not applied yet. */
export const pending = tenantTable(
  'pending',
  {
    receivedOn: date().notNull(),
    key: uuid().notNull(),
    accountId: uuid().notNull(),
    lane: smallint().notNull(),
    /** µs of the flush × 2048 + place in it. */
    arrival: bigint({ mode: 'bigint' }).notNull(),
    /** Where an unreadable one is shown. */
    chat: text(),
    /** Not before: an echo waits for the attempt that may be its own. Later rows pass it. */
    dueAt: at(),
    /** Why it cannot be applied: visible, replayable, nobody waits behind it. */
    dead: text(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.receivedOn, t.key] }),
    index('pending_lane')
      .on(t.lane, t.arrival)
      .where(sql`dead is null`), // drain, sweeper
    index('pending_dead')
      .on(t.tenantId, t.accountId)
      .where(sql`dead is not null`), // what stands with an account
    ...open('pending', intakeRole, platformRole),
  ],
  'all',
);

/** What a lane was trying, committed before it tried a batch with old rows: its worker may die of one. */
export const lanes = pgTable('lanes', {
  lane: smallint().primaryKey(),
  upto: bigint({ mode: 'bigint' })
    .notNull()
    .default(sql`0`),
  head: uuid(),
  tries: smallint().notNull().default(0),
});
