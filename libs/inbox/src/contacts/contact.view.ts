import type { Contact } from '@parley/contracts/contacts';
import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

const BY_KEYS = `select c.tenant_id, c.id, c.name,
    (select json_agg(json_build_object('kind', i.kind, 'address', i.address) order by i.kind, i.address)
      from identities i where i.tenant_id = c.tenant_id and i.contact_id = c.id) identities
  from unnest($1::uuid[], $2::uuid[]) u(t, i) join contacts c on c.tenant_id = u.t and c.id = u.i`;

interface ContactRow {
  tenant_id: string;
  id: string;
  name: string | null;
  identities: Contact['identities'] | null;
}

/** Contacts as the API shows them, of one or several tenants, in no particular order: panels, events and answers read them here. */
export async function loadContacts(sql: Sql, keys: { tenantId: string; id: string }[]): Promise<Contact[]> {
  if (!keys.length) return [];
  const rows = await run<ContactRow>(sql, BY_KEYS, [keys.map((k) => k.tenantId), keys.map((k) => k.id)]);
  return rows.map(({ id, name, identities }) => ({ id, name, identities: identities ?? [] }));
}
