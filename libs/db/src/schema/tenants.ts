import { roles } from '@parley/contracts/permissions';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, id } from '../columns';
import { appRole, currentTenant, currentTenants, open, platformRole, tenantTable, workerRole } from '../tenant-table';
import { users } from './people';

export const tenants = pgTable(
  'tenants',
  {
    id: id().primaryKey(),
    name: text().notNull(),
    slug: text().notNull().unique('tenants_slug'),
    timeZone: text().notNull().default('UTC'),
    language: text().notNull().default('en'),
    status: text({ enum: ['active', 'suspended'] })
      .notNull()
      .default('active'),
    /** Agents see conversations that nobody has. An account may say otherwise. */
    agentsSeeUnassigned: boolean().notNull().default(true),
    createdAt: at().notNull().defaultNow(),
  },
  () => [
    pgPolicy('tenants_app', { to: appRole, using: sql`id = ${currentTenant}` }),
    pgPolicy('tenants_worker', { to: workerRole, using: sql`id in ${currentTenants}` }),
    ...open('tenants', platformRole),
  ],
);

export const members = tenantTable(
  'members',
  {
    id: id(),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    /** A copy of the user's, because a tenant's transaction cannot read logins. */
    name: text().notNull(),
    role: text({ enum: roles }).notNull(),
    active: boolean().notNull().default(true),
    /** The event that last changed what they may see: a stream older than this starts again. */
    rightsSeq: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    unique('members_user').on(t.tenantId, t.userId),
    index('members_of_user').on(t.userId), // sign-in, GET /api/me
    ...open('members', platformRole),
  ],
);
