import { accountDoubts, accountStates, channels, providers } from '@parley/contracts/accounts';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, id } from '../columns';
import { intakeRole, open, platformRole, tenantTable } from '../tenant-table';
import { tenants } from './tenants';

/** A provider app that a tenant brings. The platform's own comes from the environment. */
export const apps = tenantTable(
  'apps',
  {
    id: id(),
    provider: text({ enum: providers }).notNull(),
    /** In the path of its webhooks; random, unique over the install. */
    key: text().notNull().unique('apps_key'),
    /** Encrypted `{ secrets: [{ …, validUntil? }] }`. */
    secrets: text().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    ...open('apps', intakeRole),
  ],
);

export const accounts = tenantTable(
  'accounts',
  {
    id: id(),
    provider: text({ enum: providers }).notNull(),
    channel: text({ enum: channels }).notNull(),
    name: text().notNull(),
    address: text(),
    state: text({ enum: accountStates }).notNull().default('connecting'),
    stateDetail: text(),
    stateAt: at().notNull().defaultNow(),
    /** Of a connected one: why it is not believed. Null: it is. */
    doubt: text({ enum: accountDoubts }),
    /** Since when: the first send that nobody confirmed, or the last webhook. */
    doubtAt: at(),
    /** Sending stands still until a person goes on. */
    pausedAt: at(),
    /** Its own pace, in place of its provider's. */
    pacing: jsonb().$type<{
      account: { perSecond: number; burst: number };
      chat?: { perSecond: number; burst: number };
    }>(),
    /** The config without its secret fields. */
    config: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Encrypted: the config's secret fields, and the webhook's path token. */
    credentials: text().notNull(),
    /** Encrypted: what proves a call, newest first, each with `validUntil` once replaced. Read by intake. */
    webhookSecrets: text().notNull(),
    /** Hash of path token or app + number. Unique over the install, or a tenant could claim another's number. Null: disconnected. */
    routingKey: uuid().unique('accounts_routing_key'),
    /** Hash of app + what several accounts share (a WABA). */
    groupKey: uuid(),
    appId: uuid(),
    /** Null: as the tenant says, and then the other two say nothing. */
    agentsSeeUnassigned: boolean(),
    agentsSeeTeam: boolean().notNull().default(false),
    agentsSeeAll: boolean().notNull().default(false),
    /** What is said in groups is left out, but in these, by their external ids. */
    ignoresGroups: boolean().notNull().default(false),
    allowedGroups: text().array().notNull().default([]),
    qr: jsonb().$type<{ image: string; pairingCode: string | null; at: string }>(),
    unreadable: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    unique('accounts_name').on(t.tenantId, t.name),
    index('accounts_group').on(t.groupKey), // intake: what concerns a whole WABA
    ...open('accounts', intakeRole, platformRole),
  ],
);

/** How many webhooks an account brought in an hour, and the last of them: by this its silence is heard. Kept 8 days. */
export const accountHours = tenantTable(
  'account_hours',
  {
    accountId: uuid().notNull(),
    /** Its beginning, UTC. */
    hour: at().notNull(),
    received: integer().notNull(),
    lastAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.accountId, t.hour] }),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [accounts.tenantId, accounts.id] }),
    index('account_hours_hour').on(t.hour), // who was busy then; retention
  ],
);
