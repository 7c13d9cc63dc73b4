import 'reflect-metadata';
import { PlatformModule } from '@parley/platform/platform.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { TestClock } from '@parley/testing/test-clock';
import { waitFor } from '@parley/testing/wait-for';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IntakePulse } from '../intake/intake-pulse';
import { LanesModule } from '../lanes/lanes.module';
import { LanesService } from '../lanes/lanes.service';
import { UpkeepModule } from './upkeep.module';
import { WatchService } from './watch.service';

@Module({ imports: [UpkeepModule, LanesModule] })
class Parts {}

const MINUTE_MS = 60_000;
const clock = new TestClock();
let app: TestApp;
let stub: HttpStub;
let parts: INestApplicationContext;

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ env: { EGRESS_ALLOW: stub.host } });
  const root = { module: Parts, imports: [PlatformModule.forRoot(app.env, { clock })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
});
afterAll(async () => {
  await parts?.close();
  await app?.close();
  await stub?.close();
});

async function applied(): Promise<void> {
  const lanes = parts.get(LanesService);
  for (;;) {
    const rows = await app.sql<{ lane: number }[]>`select distinct lane from pending where dead is null`;
    if (!rows.length) return;
    for (const { lane } of rows) lanes.ring(lane);
    await lanes.settled();
  }
}

// Evolution asks ten times, for twenty minutes, and forgets the call then: half an hour of refusals would lose messages.
it('asks for what happened while nobody took calls, once, and no further', async () => {
  const { tenant } = await app.newTenant();
  const account = await tenant.newAccount('evolution', { baseUrl: stub.url });
  await app.sql`update accounts set created_at = now() - interval '2 days', state_at = now() - interval '2 days' where id = ${account.id}`;
  clock.advance(-90 * MINUTE_MS); // what happens now was an hour and a half ago
  const pulse = parts.get(IntakePulse);
  await waitFor('Redis', () =>
    pulse.beat().then(
      () => true,
      () => false,
    ),
  );
  const beganMs = clock.now();
  clock.advance(30 * MINUTE_MS);
  await pulse.beat();
  clock.advance(MINUTE_MS);

  const record = (id: string, minutes: number, text: string) => ({
    key: { id, remoteJid: '15550107788@s.whatsapp.net', fromMe: false },
    pushName: 'Rosa',
    message: { conversation: text },
    messageType: 'conversation',
    messageTimestamp: Math.floor((beganMs + minutes * MINUTE_MS) / 1000),
  });
  const records = [record('G3', 40, 'after'), record('G2', 20, 'in it'), record('G1', -5, 'before')];
  stub.answer(({ path }) =>
    path.includes('findMessages')
      ? { body: { messages: { records } } }
      : { body: { instance: { instanceName: account.config.instance, state: 'open' } } },
  );
  const key = { tenantId: tenant.id, id: account.id };
  for (let looks = 0; looks < 3; looks++) await parts.get(WatchService).look(key);
  expect(stub.calls.filter(({ path }) => path.includes('findMessages'))).toHaveLength(1);
  await applied();
  const rows = await app.sql`
    select content->>'text' as text, late, direction from messages where tenant_id = ${tenant.id} order by position`;
  expect(rows).toEqual([{ text: 'in it', late: true, direction: 'inbound' }]);
  const [conversation] = await app.sql`select status, received from conversations where tenant_id = ${tenant.id}`;
  expect(conversation).toMatchObject({ status: 'open' });
  expect(Number(conversation?.received)).toBe(1);
});
