import { actorKinds, auditTargets } from '@parley/contracts/audit';
import { auditActions } from '@parley/contracts/audit-actions';
import { bigint, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from '../columns';
import { open, platformRole, tenantTable } from '../tenant-table';

/** The chain of the install itself, whose changes are no tenant's; no tenant has this id. */
export const INSTALL_CHAIN = '00000000-0000-0000-0000-000000000000';

/**
 * Who changed what of a tenant's set-up. Each row holds the hash of the one before and its own, keyed, so that whoever
 * can write here without our keys leaves traces. No role may change or delete a row.
 */
export const auditLog = tenantTable(
  'audit_log',
  {
    seq: bigint({ mode: 'number' }).notNull(),
    at: at().notNull(),
    actorKind: text({ enum: actorKinds }).notNull(),
    actorId: uuid(),
    actorName: text(),
    /** As whom a super-admin acted. */
    asMemberId: uuid(),
    action: text({ enum: auditActions }).notNull(),
    targetKind: text({ enum: auditTargets }),
    targetId: uuid(),
    /** JSON of the fields that changed. Text, so that it hashes as it was written. */
    before: text(),
    after: text(),
    address: text(),
    userAgent: text(),
    correlationId: text(),
    /** Of the key that hashed it. */
    keyId: text().notNull(),
    previous: text().notNull(),
    hash: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.seq] }),
    // A filtered page, newest first: without them a rare filter reads the whole chain.
    index('audit_log_action').on(t.tenantId, t.action, t.seq),
    index('audit_log_actor').on(t.tenantId, t.actorId, t.seq),
    index('audit_log_target').on(t.tenantId, t.targetId, t.seq),
    index('audit_log_at').on(t.tenantId, t.at),
    ...open('audit_log', platformRole),
  ],
  'batch',
  'with its tenant',
);

/** The end of each chain: locked by who adds to it, and sealed, so that rows cut off the end are missed. */
export const auditHeads = tenantTable(
  'audit_heads',
  {
    seq: bigint({ mode: 'number' }).notNull().default(0),
    hash: text().notNull().default(''),
    seal: text().notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.tenantId] }), ...open('audit_heads', platformRole)],
  'batch',
  'with its tenant',
);
