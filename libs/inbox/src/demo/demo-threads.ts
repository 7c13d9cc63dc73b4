import type { Pool } from '@parley/db/pools';
import { run, seeTenants } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { demoId } from './demo-id';
import type { Script } from './demo-script';
import { idsOf, rowsOf, type Place } from './thread-rows';

/** When a conversation was seeded, for the phones' side of it; undefined: it is not here. */
export async function seededAt(
  worker: Pool,
  tenantId: string,
  accountId: string,
  script: Script,
): Promise<number | undefined> {
  return worker.begin(async (tx) => {
    await seeTenants(tx, [tenantId]);
    const [row] = await run<{ ms: number }>(
      tx,
      'select extract(epoch from created_at)::float8 * 1000 ms from conversations where tenant_id = $1 and id = $2',
      [tenantId, idsOf(script, accountId).conversation],
    );
    return row && row.ms + (script.lines[0]?.ago ?? 0) * 60_000;
  });
}

/** Writes a scripted conversation, unless its customer has one already. Answers whether it did. */
export async function writeThread(worker: Pool, script: Script, place: Omit<Place, 'contacts'>): Promise<boolean> {
  return worker.begin(async (tx) => {
    await seeTenants(tx, [place.tenantId]);
    const [known] = await run(tx, 'select 1 from chats where tenant_id = $1 and account_id = $2 and external_id = $3', [
      place.tenantId,
      place.account.id,
      place.address,
    ]);
    if (known) return false;
    const contacts = await findOrMakePeople(tx, place.tenantId, script);
    for (const [table, rows] of rowsOf(script, { ...place, contacts })) await insertAll(tx, table, rows);
    return true;
  });
}

/** Everybody of a script, by phone. Who wrote on another account is the same person here. */
async function findOrMakePeople(tx: Sql, tenantId: string, script: Script): Promise<Map<string, string>> {
  const people = script.phone ? [{ phone: script.phone, name: script.name }] : (script.members ?? []);
  const contacts = new Map<string, string>();
  for (const { phone, name } of people) {
    const find = () =>
      run<{ contact_id: string }>(
        tx,
        `select contact_id from identities where tenant_id = $1 and kind = 'phone' and address = $2`,
        [tenantId, phone],
      );
    let [found] = await find();
    if (!found) {
      const id = demoId('contact', tenantId, phone);
      await insertAll(tx, 'contacts', [{ tenant_id: tenantId, id, name, named_by: name && 'provider' }]);
      await insertAll(tx, 'identities', [{ tenant_id: tenantId, kind: 'phone', address: phone, contact_id: id }]);
      [found] = await find();
    }
    if (found) contacts.set(phone, found.contact_id);
  }
  return contacts;
}

/** All rows name the same columns; what they leave out gets its default. */
async function insertAll(tx: Sql, table: string, rows: Record<string, unknown>[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first).join(', ');
  await tx.unsafe(
    `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, $1::text::jsonb)`,
    [JSON.stringify(rows)],
  );
}
