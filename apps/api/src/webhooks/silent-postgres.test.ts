import { randomUUID } from 'node:crypto';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { startDoor, type Door } from '@parley/testing/rig/door';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

/** Many do not wait longer for an answer. */
const PATIENCE_MS = 5_000;

let app: TestApp;
let door: Door;
let account: TestAccount;
let url: string;

beforeAll(async () => {
  app = await startApp({});
  const direct = new URL(app.env.DATABASE_URL);
  door = await startDoor({ host: direct.hostname, port: Number(direct.port) });
  direct.port = String(door.port);
  ({ url } = await app.start(serveApi, { DATABASE_URL: direct.href }));
  account = await (await app.newTenant()).tenant.newAccount('evolution');
});
afterAll(async () => {
  await app?.close();
  await door?.close();
});

/** The status; nothing when the provider gave up. */
async function post(): Promise<number | undefined> {
  const response = await fetch(url + account.webhookPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) },
    body: JSON.stringify({ event: 'labels.edit', instance: account.config.instance, data: { id: randomUUID() } }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status;
}

it('answers 503 while Postgres says nothing, before providers lose patience, and takes calls once it speaks again', async () => {
  expect(await post()).toBe(200);
  door.blackhole();
  const answers = new Set<number | undefined>();
  const until = Date.now() + 6_000; // longer than anything is remembered: accounts are looked up anew
  while (Date.now() < until)
    for (const status of await Promise.all(Array.from({ length: 20 }, post))) answers.add(status);
  expect([...answers]).toEqual([503]);
  door.open();
  await waitFor('a call to be taken', async () => (await post()) === 200);
});
