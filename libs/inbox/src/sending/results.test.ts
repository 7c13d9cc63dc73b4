import { createPool } from '@parley/db/pools';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { createRedis } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { startSending, type Desk, type SendingWorld } from '@parley/testing/sending';
import { tapPostgres, type StatementTap } from '@parley/testing/statement-tap';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimHeads } from './claim.queries';
import type { Finding } from './findings';
import { findingOf } from './look-up';
import { Results } from './results';

let world: SendingWorld;
let pool: SteadyPool;
let tap: StatementTap;
let redis: ReturnType<typeof createRedis>;
let results: Results;
beforeAll(async () => {
  world = await startSending();
  const { env, clock } = world.app;
  redis = createRedis(env.REDIS_URL);
  // Nothing is tried again by the pool itself: what becomes of the error is up to Results.
  tap = await tapPostgres(env.DATABASE_URL);
  const connect = (onClose: () => void) => createPool(tap.url, 'parley_worker', { max: 1, onClose });
  pool = new SteadyPool({ connect, max: 1 });
  results = new Results(pool, new RealtimeBus(redis), clock, () => {});
});
afterAll(async () => {
  await results?.close();
  await pool?.close();
  redis?.disconnect();
  await world?.close();
  await tap?.close();
});

/** Claims a delivery and makes no call: what its provider said is up to the test. */
async function claimed(desk: Desk, deliveryId: string): Promise<Omit<Finding, 'outcome'>> {
  const nowMs = world.app.clock.now();
  const claim = { tenantId: desk.tenant.id, deliveryId, attemptId: uuid7() };
  const [row] = await pool.transaction([desk.tenant.id], (tx) => claimHeads(tx, [claim], { nowMs, leaseMs: 30_000 }));
  if (!row) throw new Error('not claimed');
  return findingOf(row, nowMs);
}

it('stores what a provider said although its echo came in between, into a conversation that was not locked', async () => {
  const desk = await world.newDesk();
  const [chat, other] = [await desk.newChat(), await desk.newChat()];
  const id = await desk.write(chat, 'hello');
  const finding = await claimed(desk, id);
  const shown = await desk.tenant.newMessage(other, { direction: 'outbound', text: 'hello', externalId: null });
  const { sql } = world.app;
  let stored: Promise<boolean> | undefined;
  await sql.begin(async (echo) => {
    await echo`insert into externals (tenant_id, account_id, external_id, message_id)
      values (${desk.tenant.id}, ${desk.account.id}, 'SAME', ${shown.id})`;
    stored = results.store({ ...finding, outcome: { outcome: 'accepted', externalId: 'SAME' } });
    await waitFor('the result to wait for the echo', async () => {
      const [row] = await sql`select 1 from pg_stat_activity
        where datname = current_database() and usename is not null and wait_event_type = 'Lock' and query like 'insert into externals%'`;
      return row !== undefined;
    });
  });
  await stored;
  expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false });
  expect(await sql`select 1 from messages where id = ${shown.id}`).toHaveLength(0);
});

it.each([1, 20])('stores %i results of as many chats in 11 statements, BEGIN and COMMIT among them', async (count) => {
  const desk = await world.newDesk();
  const findings = [];
  for (let i = 0; i < count; i++) {
    const chat = await desk.newChat();
    findings.push(await claimed(desk, await desk.write(chat, 'hello')));
  }
  tap.take();
  const accepted = findings.map((f) => ({ ...f, outcome: { outcome: 'accepted' as const, externalId: uuid7() } }));
  await Promise.all(accepted.map((finding) => results.store(finding)));
  const said = tap.take().map(({ text }) => text.replaceAll(/\s+/g, ' ').slice(0, 60));
  expect(said, said.join('\n')).toHaveLength(11);
});
