import 'reflect-metadata';
import { CredentialBox } from '@parley/platform/credentials';
import { PlatformModule, REDIS } from '@parley/platform/platform.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { waitFor } from '@parley/testing/wait-for';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openConfig } from '../accounts/account-secrets';
import { RenewalsService } from './renewals.service';
import { UpkeepModule } from './upkeep.module';

let app: TestApp;
let stub: HttpStub;
const workers: INestApplicationContext[] = [];

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ env: { EGRESS_ALLOW: stub.host, SLACK_API_URL: `${stub.url}/api` } });
});
afterAll(async () => {
  for (const worker of workers) await worker.close();
  await app?.close();
  await stub?.close();
});
beforeEach(() => void (stub.calls.length = 0));

/** As in one more worker. */
async function newWorker(): Promise<RenewalsService> {
  const root = { module: UpkeepModule, imports: [PlatformModule.forRoot(app.env, { clock: app.clock })] };
  const worker = await NestFactory.createApplicationContext(root, { logger: false });
  workers.push(worker);
  await waitFor('Redis', () => worker.get<Redis>(REDIS).status === 'ready');
  return worker.get(RenewalsService);
}

/** A workspace whose access ends in so many hours. */
async function workspace(hoursLeft: number, state = 'connected') {
  const { tenant } = await app.newTenant();
  const tokenExpiresAt = Math.floor(app.clock.now() / 1000 + hoursLeft * 3600);
  const { id } = await tenant.newAccount('slack', {
    apiUrl: `${stub.url}/api`,
    botToken: 'xoxe.xoxb-1-old',
    refreshToken: 'xoxe-1-old',
    tokenExpiresAt,
  });
  await app.sql`update accounts set state = ${state} where id = ${id}`;
  const box = new CredentialBox(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID);
  const now = async () => {
    const [row] = await app.sql<
      { state: string; config: Record<string, unknown>; credentials: string; routing_key: string }[]
    >`select state, config, credentials, routing_key from accounts where id = ${id}`;
    if (!row) throw new Error('no account');
    const config = openConfig(box, { ...row, tenantId: tenant.id, id }) as Record<string, unknown>; // a config is an object
    return { state: row.state, routingKey: row.routing_key, config };
  };
  return { key: { tenantId: tenant.id, id }, now };
}

const grants = () => {
  let n = 0;
  stub.answer(() => {
    n++;
    return {
      body: {
        ok: true,
        access_token: `xoxe.xoxb-1-new-${n}`,
        refresh_token: `xoxe-1-new-${n}`,
        expires_in: 43_200,
        team: { id: 'T1A' },
      },
    };
  });
};

it('renews access that ends within two hours, once, however many workers look', async () => {
  const { key, now } = await workspace(1, 'disconnected');
  const before = await now();
  grants();
  const all = await Promise.all([newWorker(), newWorker(), newWorker()]);
  await Promise.all(all.map((renewals) => renewals.renewAlone(key)));
  expect(stub.calls.map(({ path, body }) => [path, String(body).includes('refresh_token=xoxe-1-old')])).toEqual([
    ['/api/oauth.v2.access', true],
  ]);
  const after = await now();
  expect(after).toMatchObject({
    state: 'connected',
    routingKey: before.routingKey,
    config: { botToken: 'xoxe.xoxb-1-new-1', refreshToken: 'xoxe-1-new-1', teamId: before.config.teamId },
  });
  expect(Number(after.config.tokenExpiresAt)).toBeGreaterThan(Number(before.config.tokenExpiresAt));
  await Promise.all(all.map((renewals) => renewals.renewAlone(key)));
  expect(stub.calls).toHaveLength(1);
});

it('leaves alone what lasts, and asks again what was not answered', async () => {
  const renewals = await newWorker();
  const [lasting, due] = [await workspace(3), await workspace(1)];
  stub.answer(() => ({ status: 503 }));
  await renewals.turn();
  expect((await lasting.now()).config.botToken).toBe('xoxe.xoxb-1-old');
  expect(await due.now()).toMatchObject({ state: 'connected', config: { refreshToken: 'xoxe-1-old' } });
  const asked = stub.calls.length;
  expect(asked).toBeGreaterThan(0);
  grants();
  await renewals.turn();
  expect((await due.now()).config.botToken).toMatch(/new/);
});

it('asks for a new install where the access cannot be renewed', async () => {
  const renewals = await newWorker();
  const { key, now } = await workspace(1);
  stub.answer(() => ({ body: { ok: false, error: 'invalid_refresh_token' } }));
  await renewals.renewAlone(key);
  expect((await now()).state).toBe('needs_reauth');
  const asked = stub.calls.length;
  await renewals.renewAlone(key);
  expect(stub.calls).toHaveLength(asked);
});
