import 'reflect-metadata';
import { PlatformModule } from '@parley/platform/platform.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { UpkeepModule } from './upkeep.module';
import { WatchService } from './watch.service';

let app: TestApp;
let stub: HttpStub;
let watch: WatchService;
const workers: INestApplicationContext[] = [];

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ env: { EGRESS_ALLOW: stub.host } });
  watch = await newWatch();
});
afterAll(async () => {
  for (const worker of workers) await worker.close();
  await app?.close();
  await stub?.close();
});
beforeEach(() => void (stub.calls.length = 0));

/** As in one more worker. */
async function newWatch(): Promise<WatchService> {
  const root = { module: UpkeepModule, imports: [PlatformModule.forRoot(app.env)] };
  const worker = await NestFactory.createApplicationContext(root, { logger: false });
  workers.push(worker);
  return worker.get(WatchService);
}

/** What the server says of every instance; `code`: why it is closed. */
function says(state: string, code: number | null = null) {
  stub.answer(({ path }) => {
    const instance = path.split('/').at(-1);
    if (!path.includes('fetchInstances')) return { body: { instance: { instanceName: instance, state } } };
    const name = stub.calls.at(-2)?.path.split('/').at(-1);
    return { body: [{ name, connectionStatus: state, disconnectionReasonCode: code }] };
  });
}

async function connected(state = 'connected') {
  const { tenant } = await app.newTenant();
  const { id } = await tenant.newAccount('evolution', { baseUrl: stub.url });
  await app.sql`update accounts set state = ${state} where id = ${id}`;
  const events = async () =>
    Number(
      (await app.sql`select count(*)::int n from events where tenant_id = ${tenant.id} and type = 'account.updated'`)[0]
        ?.n,
    );
  const now = async () => {
    const [row] = await app.sql<
      { state: string; state_detail: string | null }[]
    >`select state, state_detail from accounts where id = ${id}`;
    return row;
  };
  return { key: { tenantId: tenant.id, id }, now, events };
}

it('finds a login that ended unheard, once two looks agree, and tells it once', async () => {
  const { key, now, events } = await connected();
  says('close', 401);
  await watch.look(key);
  expect([(await now())?.state, await events()]).toEqual(['connected', 0]);
  await watch.look(key);
  expect(await now()).toMatchObject({
    state: 'needs_qr',
    state_detail: expect.stringContaining('Scan the code') as string,
  });
  await watch.look(key);
  expect(await events()).toBe(1);
  expect(stub.calls.map(({ path }) => path.split('/')[2])).not.toContain('connect'); // no login begins by asking
});

it('does not flap: one bad answer among good ones changes nothing', async () => {
  const { key, now, events } = await connected();
  for (const state of ['close', 'open', 'connecting', 'close', 'open']) {
    says(state);
    await watch.look(key);
  }
  expect([(await now())?.state, await events()]).toEqual(['connected', 0]);
});

it('takes it for no word about the connection when a server does not want to be asked', async () => {
  const { key, now, events } = await connected();
  stub.answer(() => ({ status: 429, headers: { 'retry-after': '5' } }));
  for (let n = 0; n < 3; n++) await watch.look(key);
  expect([await now(), await events()]).toEqual([{ state: 'connected', state_detail: null }, 0]);
});

it('finds a server that is away, and that it is back', async () => {
  const { key, now, events } = await connected();
  stub.answer(() => undefined);
  await watch.look(key);
  await watch.look(key);
  expect(await now()).toMatchObject({
    state: 'disconnected',
    state_detail: expect.stringContaining('No answer') as string,
  });
  says('open');
  await watch.look(key);
  expect([await now(), await events()]).toEqual([{ state: 'connected', state_detail: null }, 2]);
});

it('leaves a code that waits to be scanned alone until it was', async () => {
  const { key, now } = await connected('needs_qr');
  for (const state of ['connecting', 'close']) {
    says(state);
    await watch.look(key);
  }
  expect((await now())?.state).toBe('needs_qr');
  says('open');
  await watch.look(key);
  expect((await now())?.state).toBe('connected');
});

it('finds that a restriction was lifted, and keeps it while the server only has no connection', async () => {
  const { key, now } = await connected('restricted');
  for (const state of ['connecting', 'close']) {
    says(state);
    await watch.look(key);
  }
  expect((await now())?.state).toBe('restricted');
  says('open');
  await watch.look(key);
  expect((await now())?.state).toBe('connected');
});

it('leaves an account alone that stopped until somebody acts', async () => {
  const { key, now } = await connected('restricted');
  await app.sql`update accounts set paused_at = now() where id = ${key.id}`;
  says('open');
  await watch.look(key);
  expect([(await now())?.state, stub.calls]).toEqual(['restricted', []]);
});

it('yields to what was said or saved meanwhile', async () => {
  const { key, now, events } = await connected('connecting');
  stub.answer(async () => {
    await app.sql`update accounts set state = 'restricted' where id = ${key.id}`;
    return { body: { instance: { state: 'open' } } };
  });
  await watch.look(key);
  expect([(await now())?.state, await events()]).toEqual(['restricted', 0]);
});

it('takes turns: an account is asked by one worker a minute', async () => {
  const { key } = await connected('connecting');
  await app.sql`update accounts set state = 'needs_reauth' where id <> ${key.id}`;
  says('connecting');
  const [one, other] = [watch, await newWatch()];
  await Promise.all([one.turn(), other.turn()]);
  await Promise.all([one.turn(), other.turn()]);
  expect(stub.calls).toHaveLength(1);
});
