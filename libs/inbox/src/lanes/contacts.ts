import { columns, run } from '@parley/platform/statements';
import type { Contact } from '@parley/contracts/contacts';
import type { Sql } from '@parley/db/sql';
import { loadContacts } from '../contacts/contact.view';
import { searchTextOf } from '../conversations/search-text';
import { groupBy, uniqueBy } from './batch';
import type { Chats } from './chats';
import type { ContactState } from './people';
import { isTold, type Told } from './told';

/** Names that providers know of contacts that the batch does not write to. */
const FIND_NAMED = `select distinct c.tenant_id "tenantId", c.id, u.n "renamedTo" from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) u(t, k, a, n)
  join identities i on i.tenant_id = t and i.kind = k and i.address = a
  join contacts c on c.tenant_id = i.tenant_id and c.id = i.contact_id
  where c.named_by is distinct from 'member' and c.name is distinct from u.n`;

const RENAME = `update contacts c set name = u.n, named_by = 'provider' from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, i, n)
  where c.tenant_id = u.t and c.id = u.i and c.named_by is distinct from 'member'`;

const LIST_CONVERSATIONS = `select c.tenant_id, c.id, c.contact_id, c.account_id, c.assignee_id, c.team_id, c.title, c.search_text
  from conversations c where (c.tenant_id, c.contact_id) in (select * from unnest($1::uuid[], $2::uuid[]))
  order by c.id for no key update of c`;
const RETITLE = `update conversations c set title = u.ti, search_text = u.st from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, i, ti, st)
  where c.tenant_id = u.t and c.id = u.i`;

interface ContactKey {
  tenantId: string;
  id: string;
}

/** One conversation of a contact who has another name now, or an address more. */
export interface Acquainted {
  tenantId: string;
  conversationId: string;
  accountId: string;
  assigneeId: string | null;
  teamId: string | null;
  contact: Contact;
  /** An address took the place of another in its title. */
  retitled: boolean;
}

/**
 * Takes over the names that providers gave, and shows them and new addresses in all conversations of the contact. Those of
 * other chats are locked late: a deadlock with another writer is retried like any other.
 */
export async function applyContacts(
  sql: Sql,
  told: Told[],
  { renamed, grown }: { renamed: ContactState[]; grown: ContactKey[] },
  chats: Chats,
): Promise<Acquainted[]> {
  const named = [
    ...renamed.map((c) => ({ tenantId: c.tenantId, id: c.id, name: c.renamedTo ?? '' })),
    ...(await findNamed(sql, told)),
  ];
  const names = [...new Map(named.map((c) => [c.id, c] as const)).values()];
  const keys = uniqueBy<ContactKey>([...names, ...grown], (c) => c.id);
  if (!keys.length) return [];
  if (names.length) await rename(sql, names);
  const [contacts, rows] = await Promise.all([
    loadContacts(sql, keys),
    run<ConversationOfContact>(
      sql,
      LIST_CONVERSATIONS,
      columns(
        keys,
        (c) => c.tenantId,
        (c) => c.id,
      ),
    ),
  ]);
  const byId = new Map(contacts.map((contact) => [contact.id, contact]));
  const shown = rows.flatMap((row) => {
    const contact = byId.get(row.contact_id);
    return contact ? [{ row, contact, title: titleOf(contact, row.title) }] : [];
  });
  await retitle(sql, shown, chats);
  return shown.map(({ row, contact, title }) => ({
    tenantId: row.tenant_id,
    conversationId: row.id,
    accountId: row.account_id,
    assigneeId: row.assignee_id,
    teamId: row.team_id,
    contact,
    retitled: title !== row.title && title !== contact.name,
  }));
}

interface ConversationOfContact {
  tenant_id: string;
  id: string;
  contact_id: string;
  account_id: string;
  assignee_id: string | null;
  team_id: string | null;
  title: string;
  search_text: string;
}

interface Shown {
  row: ConversationOfContact;
  contact: Contact;
  title: string;
}

/** Who has no name is called by a number, once one is known. */
function titleOf({ name, identities }: Contact, current: string): string {
  const phone = identities.find(({ kind }) => kind === 'phone')?.address;
  return name ?? (current.startsWith('+') ? current : (phone ?? current));
}

function rename(sql: Sql, names: (ContactKey & { name: string })[]) {
  return run(
    sql,
    RENAME,
    columns(
      names,
      (c) => c.tenantId,
      (c) => c.id,
      (c) => c.name,
    ),
  );
}

async function retitle(sql: Sql, shown: Shown[], chats: Chats): Promise<void> {
  const changed = shown.flatMap(({ row, contact, title }) => {
    const searchText = searchTextOf([title, ...contact.identities.map(({ address }) => address)]);
    return title === row.title && searchText === row.search_text ? [] : [{ row, title, searchText }];
  });
  if (!changed.length) return;
  for (const { row, ...shownAs } of changed) Object.assign(chats.conversations.get(row.id) ?? {}, shownAs);
  await run(
    sql,
    RETITLE,
    columns(
      changed,
      (c) => c.row.tenant_id,
      (c) => c.row.id,
      (c) => c.title,
      (c) => c.searchText,
    ),
  );
}

async function findNamed(sql: Sql, told: Told[]): Promise<{ tenantId: string; id: string; name: string }[]> {
  const named = told
    .filter(isTold('contact.named'))
    .flatMap(({ tenantId, event }) => event.addresses.map((a) => ({ tenantId, ...a, name: event.name })));
  if (!named.length) return [];
  const rows = await run<{ tenantId: string; id: string; renamedTo: string }>(
    sql,
    FIND_NAMED,
    columns(
      named,
      (n) => n.tenantId,
      (n) => n.kind,
      (n) => n.address,
      (n) => n.name,
    ),
  );
  return [...groupBy(rows, (r) => r.id).values()].flatMap((same) => {
    const last = same.at(-1);
    return last ? [{ tenantId: last.tenantId, id: last.id, name: last.renamedTo }] : [];
  });
}

const LINK = `with u as (select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) u(t, kk, ka, nk, na)),
  i as (insert into identities (tenant_id, kind, address, contact_id)
    select u.t, u.nk, u.na, k.contact_id from u join identities k on k.tenant_id = u.t and k.kind = u.kk and k.address = u.ka
    order by 1, 2, 3 on conflict do nothing returning tenant_id, contact_id),
  m as (insert into merge_suggestions (tenant_id, contact_id, other_id, evidence)
    select u.t, least(k.contact_id, n.contact_id), greatest(k.contact_id, n.contact_id), u.ka || ' = ' || u.na
    from u join identities k on k.tenant_id = u.t and k.kind = u.kk and k.address = u.ka
    join identities n on n.tenant_id = u.t and n.kind = u.nk and n.address = u.na and n.contact_id <> k.contact_id
    on conflict do nothing)
  select distinct tenant_id "tenantId", contact_id id from i`;

/** A known person has a new address; one that is somebody else's already is for people to decide. Answers whose is new. */
export async function applyLinks(sql: Sql, told: Told[]): Promise<ContactKey[]> {
  const links = told
    .filter(isTold('contact.linked'))
    .flatMap(({ tenantId, event }) => event.now.map((now) => ({ tenantId, known: event.known, now })));
  if (!links.length) return [];
  return run<ContactKey>(
    sql,
    LINK,
    columns(
      links,
      (l) => l.tenantId,
      (l) => l.known.kind,
      (l) => l.known.address,
      (l) => l.now.kind,
      (l) => l.now.address,
    ),
  );
}
