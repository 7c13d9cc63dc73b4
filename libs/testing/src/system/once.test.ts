import type { ProviderName } from '@parley/contracts/accounts';
import { sendMessage, type Message } from '@parley/contracts/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from '../account';
import type { TestMember, TestTenant } from '../tenant';
import { bubblesIn, Desk } from './desk';
import { cloudCall, postAs, statusCall, textCall, untilApplied } from './provider-calls';
import { bubblesOf, conversationsOf, threadOf, wordsOf } from './reading';
import { startSystem, type LiveAccount, type System } from './system';

const providers: ProviderName[] = ['evolution', 'cloud-api'];
const LONG = 90_000;
let system: System;
let phones = 0;
const report: string[] = [];

beforeAll(async () => {
  system = await startSystem({ apis: 2, workers: 2 });
}, 180_000);
afterAll(async () => {
  await system?.close();
  console.log(`once: ${report.sort().join('; ')}`);
});

const newPhone = () => `+1202558${String(1000 + phones++)}`;
const apiOf = (i: number) => system.urls[i % system.urls.length] ?? '';
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

interface Place {
  tenant: TestTenant;
  owner: TestMember;
  account: TestAccount;
}

async function open(provider: ProviderName): Promise<Place> {
  const { tenant, owner } = await system.app.newTenant();
  return { tenant, owner, account: await tenant.newAccount(provider) };
}

const caller = ({ owner }: Place) => system.app.as(owner);

async function created({ tenant }: Place): Promise<number> {
  return (await tenant.events()).filter(({ type }) => type === 'message.created').length;
}

describe.concurrent.each(providers)('%s', (provider) => {
  it('makes one message of five copies that reach two processes at once', async () => {
    const place = await open(provider);
    const body = textCall(place.account, { id: 'SAME', text: 'once' });
    const answers = await Promise.all(range(5).map((i) => postAs(system, place.account, body, { url: apiOf(i) })));
    expect(answers).toEqual([200, 200, 200, 200, 200]);
    await untilApplied(system, [place.account]);
    expect((await bubblesOf(caller(place))).map(wordsOf)).toEqual(['once']);
    expect(await created(place)).toBe(1);
    expect(await conversationsOf(caller(place))).toMatchObject([{ received: 1 }]);
  });

  it('makes one conversation and one contact of ten first messages at once', async () => {
    const place = await open(provider);
    const calls = range(10).map((i) => textCall(place.account, { id: `FIRST${i}`, text: `${i}`, name: 'Rita' }));
    await Promise.all(calls.map((body, i) => postAs(system, place.account, body, { url: apiOf(i) })));
    await untilApplied(system, [place.account]);
    expect(await conversationsOf(caller(place))).toMatchObject([{ received: 10, title: 'Rita' }]);
    expect((await bubblesOf(caller(place))).map(wordsOf).sort()).toEqual(range(10).map(String));
    expect(await system.app.sql`select 1 from contacts where tenant_id = ${place.tenant.id}`).toHaveLength(1);
  });

  it(
    'makes one message of each of 200 pairs, 0 to 20 ms apart',
    async () => {
      const place = await open(provider);
      const pair = async (i: number) => {
        const body = textCall(place.account, { id: `PAIR${i}`, from: `+1202559${1000 + (i % 20)}`, text: `${i}` });
        const first = postAs(system, place.account, body, { url: apiOf(i) });
        await new Promise((resolve) => setTimeout(resolve, (i * 7) % 21));
        const second = postAs(system, place.account, body, { url: apiOf(i + 1) });
        expect([await first, await second]).toEqual([200, 200]);
      };
      for (let i = 0; i < 200; i += 20) await Promise.all(range(20).map((n) => pair(i + n)));
      await untilApplied(system, [place.account]);
      const words = (await bubblesOf(caller(place))).map(wordsOf);
      report.push(`${provider}: 200 pairs made ${words.length} messages and ${await created(place)} events`);
      expect(words.map(Number).sort((a, b) => a - b)).toEqual(range(200));
      expect(await created(place)).toBe(200);
    },
    LONG,
  );

  it.each([
    ['after', false],
    ['before', true],
  ])(
    'ends in one state, whatever the order of statuses that come %s the answer of the send',
    async (_when, isBefore) => {
      const at = await sender(provider);
      const orders = [
        ...permutations(['sent', 'delivered', 'read', 'failed']),
        ...permutations(['sent', 'delivered', 'failed']),
        ...permutations(['sent', 'failed']),
      ];
      const chats = await Promise.all(orders.map(async (order) => ({ order, ...(await at.meet(newPhone())) })));
      // The simulator keeps its own statuses and echoes to itself: what comes, and when, is ours to say.
      await at.faults([{ kind: 'drop' }, ...(isBefore ? [{ kind: 'late', ms: 9000 }] : [{ kind: 'never-ack' }])]);
      const sent = await Promise.all(chats.map(({ id, phone }) => at.text(id, `to ${phone}`)));
      if (!isBefore) await Promise.all(chats.map(({ id }, i) => at.answered(id, sent[i] ?? '')));
      const ids = await at.externalIds(chats.length);
      await Promise.all(
        chats.map(async ({ phone, order }) => {
          for (const status of order)
            expect(await postAs(system, at.account, statusCall(at.account, ids.get(`to ${phone}`) ?? '', status))).toBe(
              200,
            );
        }),
      );
      await untilApplied(system, [at.account]);
      if (isBefore) expect(await at.answers()).toBe(0);
      await Promise.all(chats.map(({ id }, i) => at.answered(id, sent[i] ?? '')));
      const final = await Promise.all(
        chats.map(async ({ id }) => bubblesIn(await threadOf(at.caller, id)).map(stateOf)),
      );
      const wanted = orders.map((order) => [
        'inbound',
        order.includes('read') ? 'read' : order.includes('delivered') ? 'delivered' : 'failed',
      ]);
      expect(final).toEqual(wanted);
      report.push(
        `${provider}: ${orders.length} orders ${isBefore ? 'before' : 'after'} the answer, each in its one state`,
      );
    },
    LONG,
  );

  it('shows one bubble where the echo or the first status comes before the answer', async () => {
    const at = await sender(provider, { statusFirst: true, statusDelaysMs: { sent: 10, delivered: 20, read: 40 } });
    const chats = await Promise.all(range(8).map(() => at.meet(newPhone())));
    const sent = await Promise.all(chats.map(({ id, phone }) => at.text(id, `early ${phone}`)));
    await Promise.all(chats.map(({ id }, i) => at.answered(id, sent[i] ?? '', 'read')));
    for (const { id } of chats)
      expect(bubblesIn(await threadOf(at.caller, id)).map(stateOf)).toEqual(['inbound', 'read']);
    const events = await at.tenant.events();
    const bubbles = events.filter(
      (event) => event.type === 'message.created' && event.message.direction === 'outbound',
    );
    expect(bubbles).toHaveLength(chats.length);
    expect(events.filter(({ type }) => type === 'message.removed')).toEqual([]);
  });
});

it('shows what another program sent through the same account as sent elsewhere, once', async () => {
  const at = await sender('evolution');
  const { id, phone } = await at.meet(newPhone());
  const { baseUrl, instance, apiKey } = at.account.config;
  const answer = await fetch(`${baseUrl}/message/sendText/${instance}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', apikey: String(apiKey) },
    body: JSON.stringify({ number: phone.slice(1), text: 'from a robot' }),
  });
  expect(answer.status).toBe(201);
  const shown = await at.until('its bubble', async () =>
    bubblesIn(await threadOf(at.caller, id)).find(
      (m) => wordsOf(m) === 'from a robot' && m.delivery?.status === 'read',
    ),
  );
  expect(shown).toMatchObject({ direction: 'outbound', origin: 'elsewhere', sender: { memberId: null, name: null } });
  expect(bubblesIn(await threadOf(at.caller, id))).toHaveLength(2);
});

it('gives each of 200 items of one call of two tenants to its own', async () => {
  const [mine, theirs] = [await open('cloud-api'), await open('cloud-api')];
  const calls = range(200).map(
    (i) =>
      JSON.parse(
        textCall((i % 2 ? theirs : mine).account, {
          id: `ITEM${i}`,
          text: `${i}`,
          at: new Date(1767261600_000 + i * 1000),
        }),
      ) as { entry: unknown[] },
  );
  const call = { ...(JSON.parse(cloudCall(mine.account, {})) as object), entry: calls.flatMap(({ entry }) => entry) };
  expect(await postAs(system, mine.account, JSON.stringify(call))).toBe(200);
  await untilApplied(system, [mine.account, theirs.account]);
  expect((await bubblesOf(caller(mine))).map(wordsOf)).toEqual(range(100).map((i) => String(2 * i)));
  expect((await bubblesOf(caller(theirs))).map(wordsOf)).toEqual(range(100).map((i) => String(2 * i + 1)));
});

/** `inbound`, or how far an outbound one came. */
const stateOf = ({ direction, delivery }: Message) => (direction === 'inbound' ? direction : delivery?.status);

type Status = Parameters<typeof statusCall>[2];

function permutations(list: Status[]): Status[][] {
  if (list.length < 2) return [list];
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((rest) => [one, ...rest]));
}

async function sender(provider: ProviderName, settings: Record<string, unknown> = {}): Promise<Sender> {
  const { tenant, owner } = await system.app.newTenant();
  const account = await system.connect(tenant, provider, settings);
  const pacing = { account: { perSecond: 1000, burst: 1000 } }; // a test of order, not of pace
  await system.app.sql`update accounts set pacing = ${system.app.sql.json(pacing)} where id = ${account.id}`;
  return new Sender(system, owner, account, tenant);
}

class Sender extends Desk {
  constructor(
    system: System,
    owner: TestMember,
    account: LiveAccount,
    readonly tenant: TestTenant,
  ) {
    super(system, owner, account);
  }

  async meet(phone: string): Promise<{ id: string; phone: string }> {
    await this.receive({ from: phone, text: 'hello' });
    return { id: (await this.conversation(phone)).id, phone };
  }

  async text(conversationId: string, text: string): Promise<string> {
    const answer = await this.caller.call(sendMessage, { body: { conversationId, content: { type: 'text', text } } });
    expect(answer.status).toBe(202);
    return answer.body.messageId;
  }

  /** The send is no longer on its way: it has its answer. */
  answered(conversationId: string, messageId: string, status?: string): Promise<Message> {
    return this.until('the answer of a send', async () => {
      const message = (await threadOf(this.caller, conversationId)).find(({ id }) => id === messageId);
      const now = message?.delivery?.status;
      const attempt = await system.app
        .sql`select 1 from attempts where tenant_id = ${this.tenant.id} and delivery_id = ${messageId} and external_id is not null`;
      return attempt.length && (status === undefined || now === status) ? message : undefined;
    });
  }

  /** How many sends know their ids by now. */
  async answers(): Promise<number> {
    const rows = await system.app
      .sql`select 1 from attempts where tenant_id = ${this.tenant.id} and external_id is not null`;
    return rows.length;
  }

  /** Of everything that reached customers, by its text. */
  externalIds(count: number): Promise<Map<string, string>> {
    return this.until(`${count} sends at the provider`, async () => {
      const sent = await system.simulator.sent(this.account.provider, this.account.ref);
      return sent.length === count ? new Map(sent.map(({ text = '', externalId }) => [text, externalId])) : undefined;
    });
  }

  faults(faults: Record<string, unknown>[]): Promise<unknown> {
    return system.simulator.faults(this.account.provider, this.account.ref, faults);
  }
}
