import { identityKinds } from '@parley/contracts/conversations';
import { foreignKey, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at, id } from '../columns';
import { tenantTable } from '../tenant-table';
import { tenants } from './tenants';

export const contacts = tenantTable(
  'contacts',
  {
    id: id(),
    name: text(),
    /** A name that a member gave is never overwritten by a provider's. */
    namedBy: text({ enum: ['provider', 'member'] }),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/** One address of a contact. Two addresses that turn out to be one person point to one contact. */
export const identities = tenantTable(
  'identities',
  {
    kind: text({ enum: identityKinds }).notNull(),
    address: text().notNull(),
    contactId: uuid().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.kind, t.address] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    index('identities_contact').on(t.tenantId, t.contactId), // the contact's panel, sending
  ],
);

/** Two contacts that one item named together. People decide; nothing is merged by itself. */
export const mergeSuggestions = tenantTable(
  'merge_suggestions',
  {
    /** The lower id of the two. */
    contactId: uuid().notNull(),
    otherId: uuid().notNull(),
    /** The two addresses that were named together. */
    evidence: text().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.contactId, t.otherId] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.otherId], foreignColumns: [contacts.tenantId, contacts.id] }),
  ],
);
