import type { Fleet } from '@parley/testing/rig/fleet';

const POISON = 'a message that Postgres refuses';

/** Customers write something whose row Postgres refuses: its batch fails, and is taken apart. One row is given up. */
export async function poisonOneMessage({ sql, simulator, tenants }: Fleet): Promise<void> {
  const account = tenants[0]?.accounts[0];
  if (!account) throw new Error('nobody has an account');
  await sql.unsafe(`create or replace function refuse_poison() returns trigger language plpgsql as $$
    begin raise exception 'poison' using errcode = 'data_exception'; end $$`);
  await sql.unsafe(`create or replace trigger refuse_poison before insert on messages for each row
    when (new.content->>'text' = '${POISON}') execute function refuse_poison()`);
  await simulator.receive(account.provider, account.ref, { from: '+12025550199', kind: 'text', text: POISON });
}
