import { listLabels } from '@parley/contracts/labels';
import { listEvents } from '@parley/contracts/realtime';
import { startApp, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let tenant: TestTenant;
let owner: TestMember;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  ({ tenant, owner } = await app.newTenant());
});
afterAll(() => app?.close());

/** The sum of all series of that name with these labels, as Prometheus would read them now. */
async function read(name: string, labels: Record<string, string> = {}, url = app.url): Promise<number> {
  const headers = { authorization: `Bearer ${app.env.METRICS_TOKEN}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`parley_${name}{`) || line.startsWith(`parley_${name} `));
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const own = lines.filter((line) => wanted.every((label) => line.includes(label)));
  return own.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

const until = (what: string, ...of: Parameters<typeof read>) => waitFor(what, async () => (await read(...of)) > 0);

/** By how much a number rises meanwhile. */
async function rise(work: () => Promise<unknown>, ...of: Parameters<typeof read>): Promise<number> {
  const before = await read(...of);
  await work();
  return (await read(...of)) - before;
}

const answers = (door: 'api' | 'webhooks', verdict: string) => ['answers_total', { door, verdict }] as const;

it('takes an answer that is right and at once for good, a refusal too', async () => {
  const ask = async () => {
    await app.as(owner).call(listLabels);
    await app.fetch('/api/inbox/labels');
  };
  expect(await rise(ask, ...answers('api', 'good'))).toBe(2);
});

it('takes one for slow that somebody waited longer than a second for, and tells what Postgres asked to try again', async () => {
  const [held, locked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = app.sql.begin(async (tx) => {
    await tx`lock table labels in access exclusive mode`;
    locked.resolve();
    await held.promise;
  });
  await locked.promise;
  const ask = async () => {
    const answer = app.as(owner).call(listLabels);
    await until('Postgres to ask for another try', 'postgres_errors_total', { pool: 'app', kind: 'again' });
    held.resolve();
    await holding;
    expect((await answer).status).toBe(200);
  };
  expect(await rise(ask, ...answers('api', 'slow'))).toBe(1);
});

it('takes one for failed that is our fault, and counts what is away', async () => {
  const { url } = await app.start(serveApi, {
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    REDIS_URL: 'redis://127.0.0.1:9',
  });
  const post = () => fetch(`${url}/api/webhooks/whatsapp/evolution/anybody`, { method: 'POST', body: '{}' });
  expect(await rise(post, 'answers_total', { door: 'webhooks', verdict: 'failed' }, url)).toBe(1);
  expect(await read('webhook_calls_total', { provider: 'evolution', outcome: 'failed' }, url)).toBe(1);
  expect(await read('postgres_errors_total', { pool: 'intake', kind: 'lost' }, url)).toBeGreaterThan(0);
  for (const client of ['commands', 'bells', 'subscriber'])
    await until(`errors of ${client}`, 'redis_errors_total', { client }, url);
});

it('counts streams, and takes nobody’s reading for a wait', async () => {
  const stream = await TestStream.open({ url: app.url, cookie: owner.cookie });
  expect(await read('realtime_connections')).toBe(1);
  const end = async () => {
    stream.cut();
    await waitFor('the stream to be gone', async () => (await read('realtime_connections')) === 0);
    await app.as(owner).call(listEvents); // the same path, page by page
  };
  expect(await rise(end, ...answers('api', 'good'))).toBe(1);
  expect(await read('http_request_duration_seconds_count', { route: '/api/inbox/events' })).toBe(1);
});

it('counts calls of providers, and how many were kept in one insert', async () => {
  const account = await tenant.newAccount('evolution');
  const headers = { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) };
  const body = JSON.stringify({ event: 'messages.upsert', instance: account.config.instance, data: {} });
  const post = () => app.fetch(account.webhookPath, { method: 'POST', headers, body });
  expect(await rise(post, ...answers('webhooks', 'good'))).toBe(1);
  expect(await read('webhook_calls_total', { provider: 'evolution', outcome: 'kept' })).toBe(1);
  expect(await read('intake_flush_rows_sum')).toBe(1);
  expect(await read('intake_flush_duration_seconds_count')).toBe(1);
});

it('counts gaps that were closed from the database', async () => {
  const stream = await TestStream.open({ url: app.url, cookie: owner.cookie });
  await waitFor('its first words', () => stream.retries.length > 0);
  const data = `"type":"label.updated","at":"${new Date().toISOString()}","label":null`;
  const untold = async () => {
    await app.sql`insert into events (tenant_id, seq, type, at, data) select ${tenant.id},
      1 + coalesce(max(seq), 0), 'label.updated', now(), ${data} from events where tenant_id = ${tenant.id}`;
    await waitFor('the event that nobody published', () => stream.events.length > 0);
  };
  expect(await rise(untold, 'realtime_gap_fills_total')).toBe(1);
  expect(await read('realtime_replayed_events_total')).toBe(1);
  stream.cut();
});

it('tells how late its event loop is', async () => {
  expect(await read('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
});
