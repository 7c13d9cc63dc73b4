import { AuditChain } from '@parley/platform/audit-chain';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { residueOf } from '@parley/testing/residue';
import { startSending, type Desk, type SendingWorld } from '@parley/testing/sending';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TenantEraser } from './tenant-eraser';

let world: SendingWorld;
let pools: SteadyPool[];
let eraser: TenantEraser;
let another: TenantEraser;
let nowMs = Date.now();
const aMinuteLater = () => (nowMs += 61_000);

beforeAll(async () => {
  world = await startSending();
  const { DATABASE_URL, CREDENTIALS_KEYS, CREDENTIALS_KEY_ID } = world.app.env;
  const [erasing, platform] = [
    steadyPool(DATABASE_URL, 'parley_eraser', { max: 1 }),
    steadyPool(DATABASE_URL, 'parley_platform', { max: 1 }),
  ];
  pools = [erasing, platform];
  const chain = new AuditChain(CREDENTIALS_KEYS, CREDENTIALS_KEY_ID);
  [eraser, another] = [0, 1].map(() => new TenantEraser(erasing, platform, chain, { now: () => nowMs })) as [
    TenantEraser,
    TenantEraser,
  ];
});
afterAll(async () => {
  await Promise.allSettled((pools ?? []).map((pool) => pool.close()));
  await world?.close();
});

/** As contract "Evolution API" has it. */
const words = ({ account }: Desk, id: string) => ({
  event: 'messages.upsert',
  instance: account.config.instance,
  data: {
    key: { remoteJid: '12025550143@s.whatsapp.net', fromMe: false, id },
    pushName: 'Rita',
    message: { conversation: `words of ${id}` },
    messageType: 'conversation',
    messageTimestamp: Math.floor(Date.now() / 1000),
  },
});
const messagesOf = ({ tenant }: Desk) => world.app.sql`select 1 from messages where tenant_id = ${tenant.id}`;

it('takes what providers bring to a suspended tenant, and sends nothing of it', async () => {
  const desk = await world.newDesk();
  const { sql } = world.app;
  await sql`update tenants set status = 'suspended' where id = ${desk.tenant.id}`;
  await world.receive(desk, words(desk, 'WHILE'));
  expect(await messagesOf(desk)).toHaveLength(1);
  const before = world.provider.calls.length;
  const id = await desk.write(await desk.newChat(), 'an answer');
  await world.send(desk);
  expect([world.provider.calls.length - before, (await world.stateOf(id)).tries]).toEqual([0, 0]);
});

// F39
it('holds nobody up when a tenant goes while its webhooks arrive, and leaves nothing of them', async () => {
  const [gone, other] = [await world.newDesk(), await world.newDesk()];
  const { sql } = world.app;
  await world.receive(gone, words(gone, 'BEFORE'));
  await sql`update tenants set status = 'deleting', deletes_at = now() - interval '1 hour' where id = ${gone.tenant.id}`;
  await world.receive(gone, words(gone, 'IN-GRACE'));
  expect(await messagesOf(gone)).toHaveLength(2);
  // Each worker takes turns by its own clock. The doors close; who looked at one a moment ago still remembers it.
  for (const worker of [eraser, another, eraser, another]) await worker.turn();
  await world.receive(gone, words(gone, 'CLOSING'));
  expect(await messagesOf(gone)).toHaveLength(3);
  aMinuteLater();
  await eraser.turn();
  expect(await messagesOf(gone)).toHaveLength(0);
  await world.receive(gone, words(gone, 'TOO-LATE'));
  await world.receive(other, words(other, 'OTHERS'));
  expect(await messagesOf(other)).toHaveLength(1);
  await eraser.turn();
  await eraser.turn();
  const left = await residueOf(sql, [gone.tenant.id, gone.account.id, 'words of BEFORE', 'words of TOO-LATE']);
  expect(left).toEqual([`${gone.tenant.id} in public.audit_log`]);
  expect(await sql`select 1 from pending where dead is null`).toHaveLength(0);
});

it('removes the others when one tenant cannot be removed', async () => {
  const [stuck, other] = [await world.newDesk(), await world.newDesk()];
  const { sql } = world.app;
  await sql`create table stuck as select id from tenants where id = ${stuck.tenant.id}`;
  await sql`alter table stuck add foreign key (id) references tenants (id)`;
  await sql`update tenants set status = 'deleting', deletes_at = now() - interval '1 day' where id = ${stuck.tenant.id}`;
  await sql`update tenants set status = 'deleting', deletes_at = now() - interval '1 hour' where id = ${other.tenant.id}`;
  await eraser.turn();
  aMinuteLater();
  for (let i = 0; i < 2; i++) await eraser.turn();
  const left = async () =>
    (await sql`select id from tenants where id in ${sql([stuck, other].map((one) => one.tenant.id))}`).map(
      ({ id }) => id as unknown,
    );
  expect(await left()).toEqual([stuck.tenant.id]);
  await sql`drop table stuck`;
  await eraser.turn();
  expect(await left()).toEqual([]);
});
