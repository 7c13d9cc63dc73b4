import { sendMessage } from '@parley/contracts/messages';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveWorker } from './serve-worker';

let app: TestApp;
let url: string;

beforeAll(async () => {
  app = await startApp({ worker: serveWorker });
  url = `http://127.0.0.1:${app.env.WORKER_PORT}`;
});
afterAll(() => app?.close());

it('says that it lives, is ready, and what it stands on', async () => {
  expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  const all = await fetch(`${url}/health`);
  expect(await all.json()).toMatchObject({
    status: 'ok',
    details: { database: { status: 'up' }, redis: { status: 'up' }, sweeper: { status: 'up' } },
  });
});

it('counts, for who has the token', async () => {
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  const headers = { authorization: `Bearer ${app.env.METRICS_TOKEN}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  for (const name of [
    'queue_backlog',
    'inbox_messages_sent_total',
    'provider_requests_total',
    'provider_errors_total',
  ]) {
    expect(text).toContain(`parley_${name}`);
  }
});

it('serves nothing else', async () => {
  expect((await fetch(`${url}/api${sendMessage.path}`, { method: 'POST' })).status).toBe(404);
});
