import { roles } from '@parley/contracts/permissions';
import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { at, id } from '../columns';
import { open, platformRole, tenantTable } from '../tenant-table';
import { users } from './people';
import { customRoles, tenants } from './tenants';

/**
 * A tenant's OpenID provider. Another issuer or client is another row: sessions (`sessions_issuer`, by hand in the migration,
 * for logins know no tenants) and links go with the one before.
 */
export const issuers = tenantTable(
  'issuers',
  {
    id: id(),
    /** As the provider writes it in its tokens. */
    issuer: text().notNull(),
    clientId: text().notNull(),
    /** Sealed. */
    secret: text().notNull(),
    /** Of e-mail addresses, in small letters. */
    domains: text().array().notNull(),
    /** What somebody new becomes at their first sign-in; both null: nobody new comes in by it. */
    role: text({ enum: roles }),
    roleId: uuid(),
    /** Who it lets in has shown two proofs there. */
    isSecondProof: boolean().notNull().default(false),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    foreignKey({ columns: [t.tenantId, t.roleId], foreignColumns: [customRoles.tenantId, customRoles.id] }),
    check('issuers_role', sql`num_nonnulls(role, role_id) <= 1`),
    unique('issuers_tenant').on(t.tenantId), // one of each
    ...open('issuers', platformRole), // sign-in
  ],
);

/** Who came by it once: from then on their subject there says who they are, never their e-mail address. */
export const issuerLogins = tenantTable(
  'issuer_logins',
  {
    issuerId: id(),
    subject: text().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.issuerId, t.subject] }),
    foreignKey({ columns: [t.tenantId, t.issuerId], foreignColumns: [issuers.tenantId, issuers.id] }).onDelete(
      'cascade',
    ),
    unique('issuer_logins_user').on(t.tenantId, t.issuerId, t.userId),
    ...open('issuer_logins', platformRole),
  ],
);
