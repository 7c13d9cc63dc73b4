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
import { credentialsPlace, openConfig, openCredentials } from '../accounts/account-secrets';
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
  const { id, config: entered } = await tenant.newAccount('slack', {
    apiUrl: `${stub.url}/api`,
    botToken: 'xoxe.xoxb-1-old',
    refreshToken: 'xoxe-1-old',
    tokenExpiresAt,
  });
  await app.sql`update accounts set state = ${state} where id = ${id}`;
  const box = new CredentialBox(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID);
  const read = async () => {
    const [row] = await app.sql<
      { state: string; config: Record<string, unknown>; credentials: string; routing_key: string }[]
    >`select state, config, credentials, routing_key from accounts where id = ${id}`;
    if (!row) throw new Error('no account');
    return { ...row, tenantId: tenant.id, id };
  };
  const now = async () => {
    const { state, routing_key: routingKey, ...row } = await read();
    return { state, routingKey, config: openConfig(box, row) as Record<string, unknown> }; // a config is an object
  };
  /** Somebody saves it: sealed anew, with what they changed. */
  const save = async (open: object, secret: object) => {
    const row = await read();
    const { config, pathToken } = openCredentials(box, row);
    const credentials = box.seal({ config: { ...config, ...secret }, pathToken }, credentialsPlace(tenant.id, id));
    const changed = app.sql.json({ ...row.config, ...open } as never);
    await app.sql`update accounts set config = ${changed}, credentials = ${credentials} where id = ${id}`;
  };
  return { key: { tenantId: tenant.id, id }, team: String(entered.teamId), now, save };
}

const grants = (team: string, meanwhile?: () => Promise<void>) => {
  let n = 0;
  stub.answer(async () => {
    n++;
    await meanwhile?.();
    return {
      body: {
        ok: true,
        access_token: `xoxe.xoxb-1-new-${n}`,
        refresh_token: `xoxe-1-new-${n}`,
        expires_in: 43_200,
        team: { id: team },
      },
    };
  });
};

it('renews access that ends within two hours, once, however many workers look', async () => {
  const { key, team, now } = await workspace(1, 'disconnected');
  const before = await now();
  grants(team);
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
  grants(due.team);
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

// By then the old access is dead: what was granted must be kept, whatever else was saved.
it('keeps what was granted beside what somebody saved meanwhile', async () => {
  const renewals = await newWorker();
  const { key, team, now, save } = await workspace(1);
  const mine = `${stub.url}/api/`;
  grants(team, () => save({ apiUrl: mine }, {}));
  await renewals.renewAlone(key);
  expect((await now()).config).toMatchObject({
    apiUrl: mine,
    botToken: 'xoxe.xoxb-1-new-1',
    refreshToken: 'xoxe-1-new-1',
  });
});

it('leaves alone what somebody installed anew meanwhile', async () => {
  const renewals = await newWorker();
  const { key, team, now, save } = await workspace(1);
  grants(team, () => save({}, { botToken: 'xoxe.xoxb-1-anew', refreshToken: 'xoxe-1-anew' }));
  await renewals.renewAlone(key);
  expect((await now()).config).toMatchObject({ botToken: 'xoxe.xoxb-1-anew', refreshToken: 'xoxe-1-anew' });
  stub.answer(async () => {
    await save({}, { botToken: 'xoxe.xoxb-1-again', refreshToken: 'xoxe-1-again' });
    return { body: { ok: false, error: 'invalid_refresh_token' } };
  });
  await renewals.renewAlone(key);
  expect(await now()).toMatchObject({ state: 'connected', config: { refreshToken: 'xoxe-1-again' } });
});

it('takes no other workspace’s access', async () => {
  const renewals = await newWorker();
  const { key, now } = await workspace(1);
  grants('T0OTHER001');
  await renewals.renewAlone(key);
  expect(await now()).toMatchObject({ state: 'needs_reauth', config: { botToken: 'xoxe.xoxb-1-old' } });
});

// Its tokens are its own app's: asked for by the install's, they would be refused, and the account given up.
it('leaves alone what only a tenant’s own app can renew', async () => {
  const renewals = await newWorker();
  const { key, now } = await workspace(1);
  await app.sql`insert into apps ${app.sql({ id: key.id, tenant_id: key.tenantId, provider: 'slack', key: key.id, secrets: 'x' })}`;
  await app.sql`update accounts set app_id = ${key.id} where id = ${key.id}`;
  stub.answer(() => ({ body: { ok: false, error: 'invalid_refresh_token' } }));
  await renewals.renewAlone(key);
  expect([stub.calls, (await now()).state]).toEqual([[], 'connected']);
});
