import { sendMessage } from '@parley/contracts/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../app';
import { findGrownTenant, readingsOf, type Reading } from '../grown/readings';
import { findDangling, growInstall } from '../grown/grow';
import { explain } from '../plans/explain';
import { buffersOf, faultsOf, printPlan, type Plan } from '../plans/plan';
import { startPlanTap, type PlanTap } from '../plans/plan-tap';
import { processPart } from '../processes';
import { waitFor } from '../wait-for';
import { textCall } from './provider-calls';

/** Large enough that Postgres plans as in one of millions: the tenant has 4,000 conversations, one of them 3,000 messages. */
const SIZE = {
  messages: 120_000,
  conversations: 9_000,
  tenants: 30,
  large: 1,
  largeConversations: 6_000,
  longest: 3_000,
};

let app: TestApp;
let reads: PlanTap;
let works: PlanTap;
let readings: Reading[];
beforeAll(async () => {
  app = await startApp({});
  await growInstall(app.sql, SIZE);
  readings = await readingsOf(app, await findGrownTenant(app, 1));
  [reads, works] = [await startPlanTap(app.env.DATABASE_URL), await startPlanTap(app.env.DATABASE_URL)];
  await app.start(processPart('api'), { DATABASE_URL: reads.url, API_PORT: String(app.env.API_PORT) });
});
afterAll(async () => {
  await reads?.close();
  await works?.close();
  await app?.close();
});

it('has grown an install whose rows all belong together', async () => {
  expect(await findDangling(app.sql)).toEqual([]);
});

it('reads pages, threads, counts and searches by index, as much as is shown and no more', async () => {
  const wrong: string[] = [];
  for (const reading of readings) {
    const answers = await explain(reads, app.url, reading);
    console.log(`${String(Math.max(...answers.map(({ pages }) => pages))).padStart(6)} pages  ${reading.name}`);
    for (const { name, faults, plans } of answers)
      wrong.push(...faults.map((fault) => `${name}: ${fault}\n${plans.map(printPlan).join('\n')}`));
  }
  expect(wrong).toEqual([]);
});

describe('a worker', () => {
  const LIMITS = { sorted: 100, thrownAway: 200 };
  const told: Plan[] = [];
  const take = (text: RegExp) => {
    told.push(...works.take());
    return told.filter((plan) => text.test(plan.text));
  };

  it('sweeps, drains, claims and settles by index, however much there is', async () => {
    const tenant = app.tenant((await findGrownTenant(app, 1)).id);
    const [owner, account] = [await tenant.newMember('tenant_admin'), await tenant.newAccount('evolution')];
    await app.start(processPart('worker'), { DATABASE_URL: works.url });
    await waitFor(
      'both sweeps',
      () => take(/from lanes l where exists/).length > 1 && take(/with recursive r as/).length > 1,
    );
    const body = textCall(account, { id: 'NEW', text: 'Open today?' });
    const headers = { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) };
    const response = await fetch(app.url + account.webhookPath, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    const conversationId = await waitFor('the message', async () => {
      const [row] = await app.sql<
        { id: string }[]
      >`select id from conversations where tenant_id = ${tenant.id} and account_id = ${account.id}`;
      return row?.id;
    });
    const sent = await app
      .as(owner)
      .call(sendMessage, { body: { conversationId, content: { type: 'text', text: 'Until six.' } } });
    expect(sent.status).toBe(202);
    await waitFor('the refusal of a provider that is not there', async () => {
      const [row] = await app.sql<
        { tries: number }[]
      >`select tries from deliveries where tenant_id = ${tenant.id} and id = ${sent.body.messageId} and reason is not null`;
      return row?.tries;
    });
    for (const text of [
      /from lanes l where exists/,
      /with recursive r as/,
      /set status = 1, attempt_id/,
      /from unnest\(current_setting/,
    ]) {
      const plans = take(text);
      expect(plans.length, String(text)).toBeGreaterThan(0);
      console.log(
        `${String(Math.max(...plans.map(({ root }) => buffersOf(root)))).padStart(6)} pages  ${String(text)}`,
      );
    }
    const wrong = told.flatMap((plan) =>
      faultsOf([plan], LIMITS).map((fault) => `${fault}\n${plan.text}\n${printPlan(plan)}`),
    );
    expect(wrong).toEqual([]);
  });
});
