import { autoAssigns } from '@parley/contracts/assignment';
import type { BusinessHours } from '@parley/contracts/business-hours';
import { languages } from '@parley/contracts/languages';
import { availabilities } from '@parley/contracts/members';
import { permissions } from '@parley/contracts/permission-names';
import { roles } from '@parley/contracts/permissions';
import { tenantStatuses, type Features, type Quotas } from '@parley/contracts/tenants';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, id } from '../columns';
import {
  appRole,
  currentTenant,
  currentTenants,
  eraserRole,
  open,
  platformRole,
  tenantTable,
  workerRole,
} from '../tenant-table';
import { users } from './people';

export const tenants = pgTable(
  'tenants',
  {
    id: id().primaryKey(),
    name: text().notNull(),
    slug: text().notNull().unique('tenants_slug'),
    timeZone: text().notNull().default('UTC'),
    language: text({ enum: languages }).notNull().default('en'),
    /** Of its mark; null: ink. */
    hue: integer(),
    /** A data URL of some kB, as it was drawn here. */
    logo: text(),
    hours: jsonb().$type<BusinessHours>(),
    /** Resolved conversations and what providers brought go after so many days; null: they stay, or go with the install's. */
    keepResolvedDays: integer(),
    keepWebhookDays: integer(),
    keepEventDays: integer().notNull().default(7),
    status: text({ enum: tenantStatuses }).notNull().default('active'),
    /** Agents see conversations that nobody has. An account may say otherwise. */
    agentsSeeUnassigned: boolean().notNull().default(true),
    /** And those that their teams have. */
    agentsSeeTeam: boolean().notNull().default(false),
    /** And those that anybody has. */
    agentsSeeAll: boolean().notNull().default(false),
    /** Who is given what nobody has. */
    autoAssign: text({ enum: autoAssigns }).notNull().default('off'),
    /** Whose agent is away and whose customer waits goes back to nobody. */
    freeWhenAway: boolean().notNull().default(false),
    /** Who has no second proof of who they are does not come in. */
    requireTwoFactor: boolean().notNull().default(false),
    /** Members come in by the tenant's OpenID provider alone; its admins by their password too. */
    onlyByIssuer: boolean().notNull().default(false),
    /** Of one that is being deleted: when everything of it goes. */
    deletesAt: at(),
    /** What differs from having no limit, and every feature. */
    quotas: jsonb().$type<Partial<Quotas>>().notNull().default({}),
    features: jsonb().$type<Partial<Features>>().notNull().default({}),
    createdAt: at().notNull().defaultNow(),
  },
  () => [
    pgPolicy('tenants_eraser', { to: eraserRole, using: sql`id = ${currentTenant}` }),
    pgPolicy('tenants_app', { to: appRole, using: sql`id = ${currentTenant}` }),
    pgPolicy('tenants_worker', { to: workerRole, using: sql`id in ${currentTenants}` }),
    ...open('tenants', platformRole),
  ],
);

/** Roles that a tenant made for itself, beside the three of everybody. */
export const customRoles = tenantTable(
  'roles',
  {
    id: id(),
    name: text().notNull(),
    nameKey: text().notNull(),
    permissions: text({ enum: permissions }).array().notNull(),
    /** Sees every conversation, not only their own and nobody's. */
    seesAll: boolean().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    unique('roles_name').on(t.tenantId, t.nameKey),
    ...open('roles', platformRole), // who is signed in
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
    /** One of the three, else `roleId`. */
    role: text({ enum: roles }),
    roleId: uuid(),
    /** Sees only what goes through these accounts; null: through any. */
    accountIds: uuid().array(),
    /** Teams they are of; one that is deleted leaves the list. */
    teamIds: uuid()
      .array()
      .notNull()
      .default(sql`'{}'`),
    active: boolean().notNull().default(true),
    availability: text({ enum: availabilities }).notNull().default('online'),
    /** Since when they say so. */
    availabilityAt: at().notNull().defaultNow(),
    /** When a conversation was last given to them by turns. */
    servedAt: at(),
    /** The event that last changed what they may see: a stream older than this starts again. */
    rightsSeq: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    foreignKey({ columns: [t.tenantId, t.roleId], foreignColumns: [customRoles.tenantId, customRoles.id] }),
    check('members_role', sql`num_nonnulls(role, role_id) = 1`),
    unique('members_user').on(t.tenantId, t.userId),
    index('members_of_user').on(t.userId), // sign-in, GET /api/me
    ...open('members', platformRole),
  ],
);

/** What a tenant's files take: those that are here, and what is still to come of those being taken up. A trigger on `attachments` counts. */
export const tenantStorage = tenantTable(
  'tenant_storage',
  { bytes: bigint({ mode: 'number' }).notNull() },
  (t) => [
    primaryKey({ columns: [t.tenantId] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    ...open('tenant_storage', platformRole),
  ],
  'all',
);

/** Members who work on the same conversations: who is of it stands with each of them. */
export const teams = tenantTable('teams', { id: id(), name: text().notNull(), nameKey: text().notNull() }, (t) => [
  primaryKey({ columns: [t.tenantId, t.id] }),
  foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
  unique('teams_name').on(t.tenantId, t.nameKey),
]);

/** A way in for one person. Its token stands nowhere: only who was given it has it. */
export const invitations = tenantTable(
  'invitations',
  {
    id: id(),
    email: text().notNull(),
    role: text({ enum: roles }),
    roleId: uuid(),
    accountIds: uuid().array(),
    /** Handed over by an admin, or sent to the address: only the latter proves whose it is. */
    via: text({ enum: ['link', 'mail'] }).notNull(),
    tokenHash: text().notNull(),
    /** Null: by whoever runs the install. */
    invitedBy: uuid(),
    expiresAt: at().notNull(),
    acceptedAt: at(),
    revokedAt: at(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    foreignKey({ columns: [t.tenantId, t.invitedBy], foreignColumns: [members.tenantId, members.id] }),
    check('invitations_role', sql`num_nonnulls(role, role_id) = 1`),
    uniqueIndex('invitations_open')
      .on(t.tenantId, t.email)
      .where(sql`accepted_at is null and revoked_at is null`), // one at a time for a person
  ],
);

/** A program's way in. It is nobody: it may what its permissions say, on what goes through its accounts. */
export const apiKeys = tenantTable(
  'api_keys',
  {
    id: id(),
    name: text().notNull(),
    /** What the key begins with, to tell it by. */
    prefix: text().notNull(),
    hash: text().notNull(),
    /** The key before the last rotation, until then. */
    oldHash: text(),
    oldUntil: at(),
    permissions: text({ enum: permissions }).array().notNull(),
    /** Null: all of the tenant. */
    accountIds: uuid().array(),
    createdBy: uuid(),
    expiresAt: at(),
    lastUsedAt: at(),
    revokedAt: at(),
    /** The event that last changed what it may see: a stream older than this starts again. */
    rightsSeq: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    foreignKey({ columns: [t.tenantId, t.createdBy], foreignColumns: [members.tenantId, members.id] }),
    ...open('api_keys', platformRole), // who calls
  ],
);
