import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listConversations } from '@parley/contracts/conversations';
import { sendMessage } from '@parley/contracts/messages';
import { uuid7 } from '@parley/db/uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startApp, type TestApp } from '../app';
import { startProcess, variablesOf } from '../processes';
import { startEntry } from '../rig/entry';
import { SupervisedApp } from '../rig/fleet-process';
import { startWatchers } from '../rig/watchers';
import { SimulatorClient } from '../simulator';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { postAs, textCall } from './provider-calls';
import { conversationsOf } from './reading';
import { connectAccount, type LiveAccount } from './system';

const CHATS = 12;
const CLIENTS = 6;
/** The balancer looks twice a second whether an api is ready. */
const DELAY_MS = 2000;

const closing: (() => Promise<unknown>)[] = [];
const apis: SupervisedApp[] = [];
const workers: SupervisedApp[] = [];
let entry: string;
let app: TestApp;
let simulator: SimulatorClient;
let tenant: TestTenant;
let owner: TestMember;
let account: LiveAccount;

/** Two of each behind an operator's balancer, which sends nothing a second time. */
beforeAll(async () => {
  const door = await startEntry(() => apis.map(({ url }) => url));
  closing.push(() => door.close());
  entry = door.url;
  const [simulatorPort, folder] = [await freePort(), await mkdtemp(path.join(tmpdir(), 'parley-simulator-'))];
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const env = { EGRESS_ALLOW: `127.0.0.1:${simulatorPort}`, SHUTDOWN_DELAY_MS: `${DELAY_MS}`, LOG_LEVEL: 'info' };
  app = await startApp({ env: { ...env, API_PORT: `${door.port}` } });
  closing.push(() => app.close());
  const own = `http://127.0.0.1:${simulatorPort}`;
  const variables = {
    SIMULATOR_PORT: `${simulatorPort}`,
    SIMULATOR_DATA: folder,
    SIMULATOR_URL: own,
    PARLEY_URL: entry,
  };
  const played = await startProcess('simulator', variables, `${own}/`);
  closing.push(() => played.close());
  for (let i = 0; i < 2; i++) {
    apis.push(await supervised('api', 'API_PORT'));
    workers.push(await supervised('worker', 'WORKER_PORT'));
  }
  closing.push(() => Promise.all([...apis, ...workers].map((one) => one.stop())));
  await Promise.all([...apis, ...workers].map((one) => one.start()));
  simulator = new SimulatorClient(own);
  ({ tenant, owner } = await app.newTenant());
  account = await connectAccount({ app, simulator }, tenant, 'evolution');
  await app.sql`update accounts set pacing = ${app.sql.json({ account: { perSecond: 100, burst: 200 } })} where id = ${account.id}`;
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function supervised(name: 'api' | 'worker', variable: 'API_PORT' | 'WORKER_PORT'): Promise<SupervisedApp> {
  const port = await freePort();
  return new SupervisedApp(name, `http://127.0.0.1:${port}`, { ...variablesOf(app.env), [variable]: `${port}` });
}

/** Everything that anybody was answered; `undefined`: nobody listened, or the connection broke. */
const answers = {
  webhook: [] as (number | undefined)[],
  send: [] as (number | undefined)[],
  list: [] as (number | undefined)[],
};
let isOver = false;

/** One customer: the next message once the last was acked, and never the same twice. */
async function customer(chat: number): Promise<number> {
  const from = `+1202557${1000 + chat}`;
  let n = 0;
  for (; !isOver; n++) {
    const body = textCall(account, { id: `R${chat}-${n}`, from, text: `${chat}.${n}` });
    answers.webhook.push(await postAs({ app }, account, body, { url: entry }).catch(() => undefined));
    await pause(30);
  }
  return n;
}

/** One agent, who answers a chat and looks at the list, in turn. */
async function agent(conversationId: string, n: number): Promise<string[]> {
  const [me, texts] = [app.as(owner), [] as string[]];
  const status = (call: Promise<{ status: number }>) =>
    call.then(
      (answer) => answer.status,
      () => undefined,
    );
  for (let i = 0; !isOver; i++) {
    const text = `answer ${n}.${i}`;
    const body = { messageId: uuid7(), conversationId, content: { type: 'text' as const, text } };
    const taken = await status(me.call(sendMessage, { body }));
    answers.send.push(taken);
    if (taken === 202) texts.push(text);
    answers.list.push(await status(me.call(listConversations)));
    await pause(100);
  }
  return texts;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const wrong = (list: (number | undefined)[], good: number) => list.filter((status) => status !== good);

it('restarts every process, one after the other, and nobody notices', async () => {
  for (let chat = 0; chat < CHATS; chat++)
    await postAs(
      { app },
      account,
      textCall(account, { id: `F${chat}`, from: `+1202557${1000 + chat}`, text: 'first' }),
    );
  const chats = await waitFor('the chats', async () => {
    const found = await conversationsOf(app.as(owner));
    return found.length === CHATS && found;
  });
  const home = { tenant, owner, agent: owner, accounts: [account] };
  const watchers = await startWatchers({ app, entry, tenants: [home] }, { perTenant: CLIENTS });
  const customers = Array.from({ length: CHATS }, (_, chat) => customer(chat));
  const agents = chats.slice(0, 4).map(({ id }, n) => agent(id, n));

  const tookMs: number[] = [];
  const unforced: boolean[] = [];
  for (const one of [...apis, ...workers]) {
    const began = performance.now();
    await one.stop();
    tookMs.push(Math.round(performance.now() - began));
    unforced.push(!/could not finish|did not stop cleanly/.test(one.output()));
    await one.start();
  }
  await pause(1000);
  isOver = true;
  const written = (await Promise.all(customers)).reduce((sum, n) => sum + n, 0) + CHATS;
  const texts = (await Promise.all(agents)).flat();

  expect(wrong(answers.webhook, 200)).toEqual([]);
  expect(wrong(answers.send, 202)).toEqual([]);
  expect(wrong(answers.list, 200)).toEqual([]);
  const inbound = () => app.sql<
    { chat: string; text: string }[]
  >`select conversation_id chat, content->>'text' text from messages
    where tenant_id = ${tenant.id} and direction = 'inbound' order by conversation_id, position, id`;
  await waitFor('all webhooks to be applied', async () => (await inbound()).length >= written);
  const threads = [...Map.groupBy(await inbound(), ({ chat }) => chat).values()];
  const orders = threads.map((rows) => rows.slice(1).map(({ text }) => Number(text.split('.')[1])));
  expect(orders.flat()).toHaveLength(written - CHATS);
  for (const order of orders) expect(order).toEqual(order.map((_, i) => i));

  const sent = () => simulator.sent('evolution', account.ref);
  await waitFor('all answers to be sent', async () => (await sent()).length >= texts.length);
  expect((await sent()).map(({ text }) => text ?? '').sort()).toEqual(texts.sort());

  const head = Number((await app.sql`select max(seq) head from events where tenant_id = ${tenant.id}`)[0]?.head);
  await waitFor('every client to be told', () =>
    watchers.clients.every(({ frames }) => (frames.at(-1)?.seq ?? 0) >= head),
  );
  await watchers.stop();
  for (const { frames, from, resets } of watchers.clients) {
    const wanted = Array.from({ length: head - from }, (_, i) => from + 1 + i);
    expect(resets).toEqual([]);
    expect(frames.map(({ seq }) => seq).filter((seq) => seq <= head)).toEqual(wanted);
  }
  const cuts = watchers.clients.reduce((sum, { connects }) => sum + connects - 1, 0);
  expect(unforced).toEqual([true, true, true, true]);
  console.log(
    `rolling restart: stops took ${tookMs.join(', ')} ms; webhooks ${answers.webhook.length}, sends ${answers.send.length}, ` +
      `reads ${answers.list.length}: refused or failed 0; ${CLIENTS} clients told all ${head} events, reconnected ${cuts} times`,
  );
}, 120_000);
