import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { languages } from '@parley/contracts/languages';
import { at, id } from '../columns';

// Logins. They belong to no tenant: only the platform role is granted them. Models and fields are the auth library's.

export const users = pgTable('users', {
  id: id().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique('users_email'),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  superAdmin: boolean().notNull().default(false),
  /** Since when, this time; null: never, or since they have this login. */
  superAdminSince: at(),
  twoFactorEnabled: boolean().notNull().default(false),
  /** Chosen; null: as the tenant has it. */
  language: text({ enum: languages }),
  createdAt: at().notNull().defaultNow(),
  updatedAt: at().notNull().defaultNow(),
});

export const sessions = pgTable(
  'sessions',
  {
    id: id().primaryKey(),
    token: text().notNull().unique('sessions_token'),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: at().notNull(),
    /** The membership that this session works in. */
    activeTenantId: uuid(),
    /** The session of the super-admin who acts as this user. It ends at its time, used or not. */
    impersonatorSessionId: uuid(),
    /** The tenant whose OpenID provider opened it, and that provider: it stays in that tenant, and ends with the provider. */
    issuerTenantId: uuid(),
    issuerId: uuid(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [
    index('sessions_user').on(t.userId), // sign out everywhere
    index('sessions_expires').on(t.expiresAt), // retention
    index('sessions_of_issuer')
      .on(t.issuerTenantId, t.issuerId)
      .where(sql`issuer_id is not null`), // they end with it
  ],
);

export const credentials = pgTable(
  'credentials',
  {
    id: id().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accountId: text().notNull(),
    providerId: text().notNull(),
    password: text(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: at(),
    refreshTokenExpiresAt: at(),
    scope: text(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [unique('credentials_provider').on(t.providerId, t.accountId), index('credentials_user').on(t.userId)],
);

/** A second proof: the secret of somebody's authenticator and their recovery codes, both encrypted by the auth library. */
export const twoFactors = pgTable(
  'two_factors',
  {
    id: id().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    secret: text().notNull(),
    backupCodes: text().notNull(),
    verified: boolean().notNull().default(true),
    failedVerificationCount: integer().notNull().default(0),
    lockedUntil: at(),
  },
  (t) => [unique('two_factors_user').on(t.userId)],
);

/** A login without a password: the public half of a key that somebody's device or password manager keeps. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: id().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text(),
    credentialID: text('credential_id').notNull(),
    publicKey: text().notNull(),
    counter: bigint({ mode: 'number' }).notNull(),
    deviceType: text().notNull(),
    backedUp: boolean().notNull(),
    transports: text(),
    aaguid: text(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [unique('passkeys_credential').on(t.credentialID), index('passkeys_user').on(t.userId)],
);

export const verifications = pgTable(
  'verifications',
  {
    id: id().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: at().notNull(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [
    index('verifications_identifier').on(t.identifier),
    index('verifications_expires').on(t.expiresAt), // retention
  ],
);

/** A way to run the install, for one person. Its token stands nowhere: only who was given it has it. */
export const superAdminInvitations = pgTable(
  'super_admin_invitations',
  {
    id: id().primaryKey(),
    email: text().notNull(),
    via: text({ enum: ['link', 'mail'] }).notNull(),
    tokenHash: text().notNull(),
    invitedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    expiresAt: at().notNull(),
    acceptedAt: at(),
    revokedAt: at(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('super_admin_invitations_open')
      .on(t.email)
      .where(sql`accepted_at is null and revoked_at is null`), // one at a time for a person
  ],
);

/** The answer to a write of a login, in no tenant, kept 24 h, so that a repeated write gets it again. */
export const loginIdempotencyKeys = pgTable(
  'login_idempotency_keys',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    /** Hash of method, path and body. */
    fingerprint: text().notNull(),
    /** Null while the first is running. */
    response: jsonb().$type<{ status: number; body: unknown }>(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index('login_idempotency_keys_age').on(t.createdAt)],
);
