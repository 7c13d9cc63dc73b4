import { randomUUID } from 'node:crypto';
import { laneOf } from '@parley/platform/lane-of';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startApp, type TestApp } from '../app';
import { processPart, startProcess, variablesOf, type AppProcess } from '../processes';
import { waitFor } from '../wait-for';

const LIVES = 4;
/** Of a worker that somebody kills soon after it started: a deploy that loops, a machine without memory. */
const LIFE_MS = 4_000;

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ api: processPart('api') });
});
afterAll(() => app?.close());

async function startWorker(): Promise<AppProcess> {
  const port = await freePort();
  const variables = { ...variablesOf(app.env), WORKER_PORT: String(port), LOG_LEVEL: 'warn' };
  return startProcess('worker', variables, `http://127.0.0.1:${port}/health/live`);
}

// Who kills a worker is told by dying with it, alone and again: here they only ever died together.
it('gives up no message because workers were killed while they had it in hand', async () => {
  const { tenant } = await app.newTenant();
  const account = await tenant.newAccount();
  const chat = await tenant.newConversation({ accountId: account.id });
  const body = JSON.stringify({
    event: 'messages.upsert',
    instance: account.config.instance,
    data: {
      key: { remoteJid: `${chat.phone.slice(1)}@s.whatsapp.net`, fromMe: false, id: randomUUID() },
      message: { conversation: 'innocent' },
      messageType: 'conversation',
      messageTimestamp: Math.floor(Date.now() / 1000),
    },
  });
  const headers = { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) };
  expect((await fetch(app.url + account.webhookPath, { method: 'POST', headers, body })).status).toBe(200);
  await app.sql`update pending set arrival = arrival - 3000000::bigint * 2048`; // so old that it may have killed a worker

  const holder = await app.sql.reserve(); // keeps every worker at it for long enough to be killed
  await holder`begin`;
  await holder`select from conversations where id = ${chat.id} for update`;
  const lane = laneOf(account.id);
  const isInHand = async () =>
    (
      await app.sql`select from pg_stat_activity where datname = current_database() and application_name = 'drain'
        and wait_event_type = 'Lock'`
    ).length > 0;
  for (let life = 0; life < LIVES; life++) {
    const startedAt = performance.now();
    const worker = await startWorker();
    const isOver = () => life >= 2 && performance.now() - startedAt > LIFE_MS; // the first two are to have it in hand
    await waitFor('the end of a life', async () => isOver() || (await isInHand()));
    await worker.kill('SIGKILL');
    await waitFor('Postgres to notice', async () => !(await isInHand()));
  }
  await holder`rollback`;
  holder.release();
  const [{ tries } = { tries: 0 }] = await app.sql<{ tries: number }[]>`select tries from lanes where lane = ${lane}`;
  expect(tries).toBeGreaterThan(0); // it did die alone

  const worker = await startWorker();
  const texts = async () =>
    (await app.sql`select content->>'text' as text from messages where conversation_id = ${chat.id}`).map(
      (m) => m.text,
    );
  await waitFor('the message', async () => (await texts()).length > 0);
  await worker.close();
  expect(await texts()).toEqual(['innocent']);
}, 120_000);
