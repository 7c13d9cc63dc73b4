import { identityKinds } from '@parley/contracts/conversations';
import { foreignKey, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at, id } from '../columns';
import { open, platformRole, tenantTable } from '../tenant-table';
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
    index('merge_suggestions_other').on(t.tenantId, t.otherId), // a contact is erased
  ],
);

/** What is known of somebody who is being erased: still needed when their own rows are gone. */
export interface Traces {
  /** As identities have them, without their kind. */
  addresses: string[];
  /** By which they were ever called. */
  names: string[];
  /** Theirs alone. */
  conversations: string[];
  /** In which they wrote or sat. */
  groups: string[];
  /** What gives them away in what a provider sent. */
  needles: string[];
}

/** Contacts that are being erased; the row goes last. It outlives its contact, so no key binds the two. */
export const erasures = tenantTable(
  'erasures',
  {
    contactId: uuid().notNull(),
    begunAt: at().notNull().defaultNow(),
    /** Until when a worker has it in hand. */
    leaseUntil: at(),
    traces: jsonb().$type<Traces>(),
    /** What went so far. */
    messages: integer().notNull().default(0),
    webhooks: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.contactId] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    ...open('erasures', platformRole), // which there are
  ],
);
