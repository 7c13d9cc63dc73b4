import { AuditChain } from '@parley/platform/audit-chain';
import { systemClock } from '@parley/platform/clock';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { residueOf } from '@parley/testing/residue';
import { startSending, type Desk, type SendingWorld } from '@parley/testing/sending';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TenantEraser } from './tenant-eraser';

let world: SendingWorld;
let pools: SteadyPool[];
let eraser: TenantEraser;

beforeAll(async () => {
  world = await startSending();
  const { DATABASE_URL, CREDENTIALS_KEYS, CREDENTIALS_KEY_ID } = world.app.env;
  const [erasing, platform] = [
    steadyPool(DATABASE_URL, 'parley_eraser', { max: 1 }),
    steadyPool(DATABASE_URL, 'parley_platform', { max: 1 }),
  ];
  pools = [erasing, platform];
  eraser = new TenantEraser(erasing, platform, new AuditChain(CREDENTIALS_KEYS, CREDENTIALS_KEY_ID), systemClock);
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
  await sql`update tenants set status = 'deleting', deletes_at = now() where id = ${gone.tenant.id}`;
  await world.receive(gone, words(gone, 'IN-GRACE'));
  expect(await messagesOf(gone)).toHaveLength(2);
  await eraser.turn(); // the doors close; who looked at one a moment ago still remembers it
  await world.receive(gone, words(gone, 'CLOSING'));
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
