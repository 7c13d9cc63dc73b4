import type { ProviderName } from '@parley/contracts/accounts';
import { sendMessage } from '@parley/contracts/messages';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { startSystem, type LiveAccount, type System } from './system';

const CHATS = 20;
const EACH = 5;

let system: System;
let tenant: TestTenant;
let agent: TestMember;

beforeAll(async () => {
  system = await startSystem();
  ({ tenant } = await system.app.newTenant());
  agent = await tenant.newMember('manager');
});
afterAll(() => system?.close());

/** An account that answers each call late, so that many are in flight when the worker dies. */
async function connect(provider: ProviderName): Promise<LiveAccount> {
  const account = await system.connect(tenant, provider, { statusDelaysMs: { sent: 50, delivered: 100, read: 200 } });
  const pacing = { account: { perSecond: 1000, burst: 1000 } };
  await system.app.sql`update accounts set pacing = ${system.app.sql.json(pacing)} where id = ${account.id}`;
  await system.simulator.faults(provider, account.ref, [{ kind: 'late', ms: 400 }]);
  return account;
}

/** Chats whose customers have just written, by phone: the window of each is open. */
async function meetCustomers(account: LiveAccount, area: string): Promise<Map<string, string>> {
  const phones = Array.from({ length: CHATS }, (_, c) => `+1${area}555${String(1000 + c)}`);
  for (const from of phones)
    await system.simulator.receive(account.provider, account.ref, { from, kind: 'text', text: 'Hello?' });
  return waitFor('the customers', async () => {
    const rows = await system.app.sql<{ id: string; external_id: string }[]>`
      select conversation_id id, external_id from chats where account_id = ${account.id}`;
    return rows.length === CHATS && new Map(rows.map((row) => [row.external_id, row.id]));
  });
}

/** Queues messages into the chats; each text is there once. Answers the texts of each chat, in order, by phone. */
async function queue(account: LiveAccount, chats: Map<string, string>): Promise<Map<string, string[]>> {
  const wanted = new Map<string, string[]>();
  for (const [phone, conversationId] of chats) {
    const texts = Array.from({ length: EACH }, (_, i) => `${account.provider} ${phone} ${i}`);
    wanted.set(phone, texts);
    for (const text of texts) {
      const body = { conversationId, content: { type: 'text' as const, text } };
      expect(await system.app.as(agent).call(sendMessage, { body })).toMatchObject({ status: 202 });
    }
  }
  return wanted;
}

const sentOf = (account: LiveAccount) => system.simulator.sent(account.provider, account.ref);

async function countByStatus(): Promise<Record<string, number>> {
  const rows = await system.app.sql<{ delivery: number; n: number }[]>`
    select delivery, count(*)::int n from messages where tenant_id = ${tenant.id} and direction = 'outbound' group by 1 order by 1`;
  const words = Object.entries(rank);
  return Object.fromEntries(rows.map((row) => [words.find(([, r]) => r === row.delivery)?.[0] ?? row.delivery, row.n]));
}

it(
  'kill -9 in the middle of 200 sends, Redis emptied and away for 15 s: at most once, in order, what is not proven is unknown',
  { timeout: 240_000 },
  async () => {
    const accounts = [await connect('evolution'), await connect('cloud-api')];
    const chats = await Promise.all(accounts.map((account, i) => meetCustomers(account, i ? '203' : '202')));
    const [worker] = system.workers;
    const queued = Promise.all(accounts.map((account, i) => queue(account, chats[i] ?? new Map<string, string>())));
    await waitFor('a third to be out', async () => (await Promise.all(accounts.map(sentOf))).flat().length >= 66, {
      timeoutMs: 60_000,
    });
    await worker?.kill('SIGKILL');
    const wanted = (await queued).flatMap((each) => [...each]);
    const atKill = await countByStatus();
    const inFlight = await system.app
      .sql`select 1 from deliveries where tenant_id = ${tenant.id} and status = ${rank.sending}`;

    for (const account of accounts) await system.simulator.faults(account.provider, account.ref, []);
    await system.emptyRedis();
    system.redis.shut();
    const away = performance.now();
    await system.startWorker();
    const waiting = () => system.app.sql`
    select 1 from deliveries where tenant_id = ${tenant.id} and (status < ${rank.unknown} or (status = ${rank.unknown} and head))`;
    const unsettled = (await waiting()).length;
    await waitFor(
      'sends without Redis, away for 15 s',
      async () => {
        return performance.now() - away > 15_000 && (await waiting()).length < unsettled;
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
    const settledWithoutRedis = unsettled - (await waiting()).length;
    system.redis.open();
    await waitFor('everything to be settled', async () => (await waiting()).length === 0, {
      timeoutMs: 150_000,
      everyMs: 500,
    });
    await waitFor('the receipts', async () => (await system.app.sql`select 1 from pending`).length === 0);

    const messages = await system.app.sql<{ id: string; text: string; delivery: number }[]>`
    select id, content->>'text' as text, delivery from messages where tenant_id = ${tenant.id} and direction = 'outbound'`;
    const arrived = (await Promise.all(accounts.map(sentOf))).flat();
    const arrivals = Map.groupBy(arrived, (one) => one.text ?? '');
    const twice = [...arrivals.values()].filter((list) => list.length > 1);
    const lostButShown = messages.filter(
      (m) => !arrivals.has(m.text) && m.delivery !== rank.unknown && m.delivery !== rank.failed,
    );
    const arrivedButUnknown = messages.filter(
      (m) => arrivals.has(m.text) && (m.delivery === rank.unknown || m.delivery === rank.failed),
    );
    const disordered = wanted.filter(([phone, texts]) => {
      const got = arrived.filter((one) => one.to === phone).map((one) => one.text ?? '');
      return got.some((text, i) => i > 0 && texts.indexOf(text) < texts.indexOf(got[i - 1] ?? ''));
    });
    const bubbles = messages.length;
    console.log('kill -9 in the middle of 200 sends:', {
      atKill,
      inFlightAtKill: inFlight.length,
      settledWithoutRedis,
      bubbles,
      arrived: arrivals.size,
      twice: twice.length,
      disordered: disordered.length,
      arrivedButUnknown: arrivedButUnknown.length,
      lostButShown: lostButShown.length,
      end: await countByStatus(),
    });
    expect({ bubbles, twice, disordered, arrivedButUnknown, lostButShown }).toEqual({
      bubbles: 2 * CHATS * EACH,
      twice: [],
      disordered: [],
      arrivedButUnknown: [],
      lostButShown: [],
    });
    expect(inFlight.length).toBeGreaterThan(0);
  },
);
