import { columns, run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';
import { searchTextOf } from '../conversations/search-text';
import { groupBy } from './batch';
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

const LIST_CONVERSATIONS = `select c.tenant_id, c.id, c.contact_id, c.account_id, c.assignee_id,
    array(select i.address from identities i where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id) addresses,
    (select json_agg(json_build_object('kind', i.kind, 'address', i.address)) from identities i
      where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id) identities
  from conversations c where (c.tenant_id, c.contact_id) in (select * from unnest($1::uuid[], $2::uuid[]))
  order by c.id for no key update of c`;
const RETITLE = `update conversations c set title = u.ti, search_text = u.st from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, i, ti, st)
  where c.tenant_id = u.t and c.id = u.i`;

/** One conversation of a contact whose name changed. */
export interface Retitled {
  tenantId: string;
  conversationId: string;
  accountId: string;
  assigneeId: string | null;
  contact: {
    id: string;
    name: string;
    identities: { kind: 'phone' | 'lid' | 'bsuid' | 'username'; address: string }[];
  };
}

/**
 * Takes over the names that providers gave, and shows them in all conversations of the contact. Those of other chats are
 * locked late: a deadlock with another writer is retried like any other.
 */
export async function applyNames(
  sql: TransactionSql,
  told: Told[],
  renamed: ContactState[],
  chats: Chats,
): Promise<Retitled[]> {
  const all = [
    ...renamed.map((c) => ({ tenantId: c.tenantId, id: c.id, name: c.renamedTo ?? '' })),
    ...(await findNamed(sql, told)),
  ];
  if (!all.length) return [];
  const names = new Map(all.map((c) => [c.tenantId + c.id, c] as const));
  const list = [...names.values()];
  const [, rows] = await Promise.all([
    run(
      sql,
      RENAME,
      columns(
        list,
        (c) => c.tenantId,
        (c) => c.id,
        (c) => c.name,
      ),
    ),
    run<ConversationOfContact>(
      sql,
      LIST_CONVERSATIONS,
      columns(
        list,
        (c) => c.tenantId,
        (c) => c.id,
      ),
    ),
  ]);
  const retitled = rows.map((row) => ({
    row,
    name: names.get(row.tenant_id + row.contact_id)?.name ?? '',
    search: '',
  }));
  for (const one of retitled) {
    one.search = searchTextOf([one.name, ...one.row.addresses]);
    const state = chats.conversations.get(one.row.id); // written once more with the batch: it must not bring the old name back
    if (state) Object.assign(state, { title: one.name, searchText: one.search });
  }
  await run(
    sql,
    RETITLE,
    columns(
      retitled,
      (r) => r.row.tenant_id,
      (r) => r.row.id,
      (r) => r.name,
      (r) => r.search,
    ),
  );
  return retitled.map(({ row, name }) => ({
    tenantId: row.tenant_id,
    conversationId: row.id,
    accountId: row.account_id,
    assigneeId: row.assignee_id,
    contact: { id: row.contact_id, name, identities: row.identities ?? [] },
  }));
}

interface ConversationOfContact {
  tenant_id: string;
  id: string;
  contact_id: string;
  account_id: string;
  assignee_id: string | null;
  addresses: string[];
  identities: Retitled['contact']['identities'] | null;
}

async function findNamed(sql: TransactionSql, told: Told[]): Promise<{ tenantId: string; id: string; name: string }[]> {
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
    order by 1, 2, 3 on conflict do nothing)
  insert into merge_suggestions (tenant_id, contact_id, other_id, evidence)
    select u.t, least(k.contact_id, n.contact_id), greatest(k.contact_id, n.contact_id), u.ka || ' = ' || u.na
    from u join identities k on k.tenant_id = u.t and k.kind = u.kk and k.address = u.ka
    join identities n on n.tenant_id = u.t and n.kind = u.nk and n.address = u.na and n.contact_id <> k.contact_id
    on conflict do nothing`;

/** A known person has a new address; one that is somebody else's already is for people to decide. */
export async function applyLinks(sql: TransactionSql, told: Told[]): Promise<void> {
  const links = told
    .filter(isTold('contact.linked'))
    .flatMap(({ tenantId, event }) => event.now.map((now) => ({ tenantId, known: event.known, now })));
  if (!links.length) return;
  await run(
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
