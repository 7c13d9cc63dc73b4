import { columns, run } from '@parley/platform/statements';
import type { Address } from '@parley/channels/provider';
import { uuid7 } from '@parley/db/uuid';
import type { Sql } from '@parley/db/sql';
import { groupBy, Retry, uniqueBy } from './batch';
import { chatOf, isTold, personKey, type Told } from './told';

/** One person as a batch names them: all their addresses, best first, and the name the provider gave. */
interface Person {
  tenantId: string;
  addresses: Address[];
  name: string | undefined;
}

export interface ContactState {
  tenantId: string;
  id: string;
  name: string | null;
  namedBy: 'provider' | 'member' | null;
  /** The provider's new name for them. */
  renamedTo: string | null;
}

/** Contacts of a batch, found by any of their addresses. */
export class People {
  private readonly byAddress = new Map<string, ContactState>();

  add(tenantId: string, addresses: Address[], contact: ContactState): void {
    for (const address of addresses) this.byAddress.set(personKey(tenantId, address), contact);
  }

  find(tenantId: string, addresses: readonly Address[]): ContactState | undefined {
    for (const address of addresses) {
      const contact = this.byAddress.get(personKey(tenantId, address));
      if (contact) return contact;
    }
    return undefined;
  }

  /** Contacts who were known, and have an address more now. */
  readonly grown = new Set<ContactState>();

  renamed(): ContactState[] {
    return uniqueBy(this.byAddress.values(), (c) => c.tenantId + c.id).filter((c) => c.renamedTo !== null);
  }
}

interface IdentityRow {
  tenant_id: string;
  kind: Address['kind'];
  address: string;
  contact_id: string;
  name: string | null;
  named_by: ContactState['namedBy'];
}

const READ_IDENTITIES = `select i.tenant_id, i.kind, i.address, i.contact_id, c.name, c.named_by
  from unnest($1::uuid[], $2::text[], $3::text[]) u(t, k, a)
  join identities i on i.tenant_id = t and i.kind = k and i.address = a
  join contacts c on c.tenant_id = i.tenant_id and c.id = i.contact_id`;

/** Identities first, contacts only for those that won one; both in one statement, because the key is checked at its end. */
const ADD_PEOPLE = `with u as (select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[]) u(tenant_id, kind, address, contact_id, name)),
  i as (insert into identities (tenant_id, kind, address, contact_id) select tenant_id, kind, address, contact_id from u order by 1, 2, 3
    on conflict do nothing returning tenant_id, contact_id),
  c as (insert into contacts (tenant_id, id, name, named_by)
    select distinct on (u.tenant_id, u.contact_id) u.tenant_id, u.contact_id, u.name, case when u.name is not null then 'provider' end
    from u where u.contact_id = any($6::uuid[]) and exists (select from i where i.tenant_id = u.tenant_id and i.contact_id = u.contact_id))
  select count(*)::int won from i`;

const SUGGEST_MERGES = `insert into merge_suggestions (tenant_id, contact_id, other_id, evidence)
  select t, least(a, b), greatest(a, b), e from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) u(t, a, b, e) on conflict do nothing`;

/** Starts reading what is known of the people of a batch; needs no lock, for an identity never leaves its contact here. */
export function readIdentities(sql: Sql, told: Told[]): Promise<IdentityRow[]> | [] {
  const people = [...peopleOf(told), ...comersOf(told)];
  if (!people.length) return [];
  const all = people.flatMap(({ tenantId, addresses }) => addresses.map((address) => ({ tenantId, ...address })));
  return run<IdentityRow>(
    sql,
    READ_IDENTITIES,
    columns(
      all,
      (a) => a.tenantId,
      (a) => a.kind,
      (a) => a.address,
    ),
  );
}

/** Finds or makes the contact of everybody in the batch. Conversations must be locked already. */
export async function resolvePeople(sql: Sql, told: Told[], known: IdentityRow[]): Promise<People> {
  const people = new People();
  const states = new Map<string, ContactState>();
  for (const row of known) {
    const key = row.tenant_id + row.contact_id;
    const state = states.get(key) ?? {
      tenantId: row.tenant_id,
      id: row.contact_id,
      name: row.name,
      namedBy: row.named_by,
      renamedTo: null,
    };
    states.set(key, state);
    people.add(row.tenant_id, [row], state);
  }
  const merges: { tenantId: string; a: string; b: string; evidence: string }[] = [];
  const missing: (Address & { tenantId: string; contact: ContactState; fresh: boolean })[] = [];
  for (const { tenantId, addresses, name } of peopleOf(told)) {
    const found = uniqueBy(
      addresses.flatMap((address) => people.find(tenantId, [address]) ?? []),
      (c) => c.id,
    );
    const contact = found[0] ?? {
      tenantId,
      id: uuid7(),
      name: name ?? null,
      namedBy: name ? ('provider' as const) : null,
      renamedTo: null,
    };
    for (const other of found.slice(1))
      merges.push({ tenantId, a: contact.id, b: other.id, evidence: addresses.map((a) => a.address).join(' = ') });
    for (const address of addresses) {
      if (people.find(tenantId, [address])) continue;
      missing.push({ ...address, tenantId, contact, fresh: !found.length });
      if (found.length) people.grown.add(contact);
      people.add(tenantId, [address], contact);
    }
    if (name && name !== contact.name && contact.namedBy !== 'member' && found.length) contact.renamedTo = name;
  }
  if (missing.length) await addPeople(sql, missing);
  if (merges.length)
    await run(
      sql,
      SUGGEST_MERGES,
      columns(
        merges,
        (m) => m.tenantId,
        (m) => m.a,
        (m) => m.b,
        (m) => m.evidence,
      ),
    );
  return people;
}

async function addPeople(
  sql: Sql,
  missing: (Address & { tenantId: string; contact: ContactState; fresh: boolean })[],
): Promise<void> {
  const fresh = [...new Set(missing.filter((m) => m.fresh).map((m) => m.contact.id))];
  const rows = columns(
    missing,
    (m) => m.tenantId,
    (m) => m.kind,
    (m) => m.address,
    (m) => m.contact.id,
    (m) => m.contact.name,
  );
  const [answer] = await run<{ won: number }>(sql, ADD_PEOPLE, [...rows, fresh]);
  if (answer?.won !== missing.length) throw new Retry('somebody else met these people first');
}

/** Everybody the batch names, each once, with all addresses that it names together. */
function peopleOf(told: Told[]): Person[] {
  const named = told.flatMap((one) => mentions(one).map((m) => ({ ...m, tenantId: one.tenantId })));
  return [...groupBy(named, (m) => m.tenantId).values()].flatMap(joinShared);
}

/** Who came, went, let them, or is in a list that tells it: lines name those who are known; it makes nobody a contact. */
function comersOf(told: Told[]): Pick<Person, 'tenantId' | 'addresses'>[] {
  return told
    .filter(isTold('participants.changed'))
    .flatMap(({ tenantId, event: { members, by } }) =>
      [...members, ...(by ? [by] : [])].map(({ addresses }) => ({ tenantId, addresses })),
    );
}

/** Mentions that share an address are one person; names of later ones win. */
function joinShared(mentions: Person[]): Person[] {
  const byAddress = new Map<string, Person>();
  const people = new Set<Person>();
  for (const { tenantId, addresses, name } of mentions) {
    const met = uniqueBy(
      addresses.flatMap((a) => byAddress.get(personKey(tenantId, a)) ?? []),
      (p) => p.addresses.map((a) => a.address).join(),
    );
    const person: Person = { tenantId, addresses: [], name: undefined };
    for (const part of [...met, { tenantId, addresses, name }]) {
      person.addresses.push(
        ...part.addresses.filter((a) => !person.addresses.some((b) => a.kind === b.kind && a.address === b.address)),
      );
      person.name = part.name ?? person.name;
    }
    for (const part of met) people.delete(part);
    people.add(person);
    for (const address of person.addresses) byAddress.set(personKey(tenantId, address), person);
  }
  return [...people];
}

/** Whom one event makes or names. Our own side is nobody's contact. */
function mentions(told: Told): { addresses: Address[]; name: string | undefined }[] {
  const { event } = told;
  const chat = chatOf(told);
  const list: { addresses: Address[]; name: string | undefined }[] = [];
  if (isTold('message.received')(told)) {
    const { from, own } = told.event;
    if (chat?.kind === 'direct') list.push({ addresses: chat.addresses, name: own ? undefined : from.name });
    if (!own && from.addresses.length) list.push({ addresses: from.addresses, name: from.name });
  } else if (event.type === 'unreadable') {
    if (chat?.kind === 'direct') list.push({ addresses: chat.addresses, name: undefined });
  } else if (event.type === 'message.reacted' && !event.own && event.from.addresses.length) {
    list.push({ addresses: event.from.addresses, name: event.from.name });
  }
  return list;
}
