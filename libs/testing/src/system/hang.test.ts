import type { ProviderName } from '@parley/contracts/accounts';
import { listConversations } from '@parley/contracts/conversations';
import { sendMessage } from '@parley/contracts/messages';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { startSystem, type LiveAccount, type System } from './system';

let system: System;
let tenant: TestTenant;
let manager: TestMember;

beforeAll(async () => {
  system = await startSystem();
  ({ tenant } = await system.app.newTenant());
  manager = await tenant.newMember('manager');
}, 60_000);
afterAll(() => system?.close());

async function open(account: LiveAccount, phone: string): Promise<string> {
  await system.simulator.receive(account.provider as ProviderName, account.ref, {
    from: phone,
    name: phone,
    kind: 'text',
    text: 'hello',
  });
  const found = await waitFor(`the conversation of ${phone}`, async () => {
    const { body } = await system.app
      .as(manager)
      .call(listConversations, { query: { q: phone.slice(1), account: account.id } });
    return body.items[0];
  });
  return found.id;
}

async function send(conversationId: string, text: string): Promise<void> {
  const answer = await system.app
    .as(manager)
    .call(sendMessage, { body: { conversationId, content: { type: 'text', text } } });
  expect(answer.status).toBe(202);
}

const sentBy = (account: LiveAccount) => system.simulator.sent(account.provider as ProviderName, account.ref);

const textsTo = async (account: LiveAccount, phone: string) =>
  (await sentBy(account)).filter((s) => s.to === phone).map((s) => s.text);

it.concurrent.each<ProviderName>(['evolution', 'cloud-api'])(
  '%s: a call that hangs for 30 s holds its own chat alone',
  async (provider) => {
    const account = await system.connect(tenant, provider);
    const [stuck, ...others] = Array.from(
      { length: 9 },
      (_, i) => `+12025553${provider === 'evolution' ? '1' : '2'}${i}0`,
    );
    if (!stuck) throw new Error('no phone');
    const stuckId = await open(account, stuck);
    const ids = await Promise.all(others.map((phone) => open(account, phone)));
    await system.simulator.faults(provider, account.ref, [{ kind: 'timeout', to: stuck, times: 1, ms: 30_000 }]);
    await send(stuckId, 'stuck');
    await send(stuckId, 'behind it');
    const started = performance.now();
    await Promise.all(ids.map((id) => send(id, 'free')));
    await waitFor(
      'the other chats',
      async () => {
        const sent = await sentBy(account);
        return others.every((phone) => sent.filter(({ to }) => to === phone).length === 1);
      },
      { timeoutMs: 9_000 }, // less than the call's own timeout
    );
    console.log(
      `${provider}: 8 chats were served in ${Math.round(performance.now() - started)} ms beside one that hangs`,
    );
    expect(await textsTo(account, stuck)).toEqual([]);
    // Its outcome is not known: the chat is held for a minute at most, then goes on.
    await waitFor('the held chat', async () => (await textsTo(account, stuck)).includes('behind it'), {
      timeoutMs: 90_000,
      everyMs: 250,
    });
  },
  150_000,
);

it.concurrent(
  'a pair that must wait for its pace holds none of the account’s other chats',
  async () => {
    const account = await system.connect(tenant, 'cloud-api');
    const busy = '+12025554001';
    const busyId = await open(account, busy);
    const otherId = await open(account, '+12025554002');
    for (let n = 0; n < 50; n++) await send(busyId, String(n)); // a new pair's burst is 22, then one in 6 s
    await waitFor('the burst', async () => (await textsTo(account, busy)).length >= 22, { timeoutMs: 30_000 });
    await send(otherId, 'quick');
    await waitFor('the other chat', async () => (await textsTo(account, '+12025554002')).length === 1, {
      timeoutMs: 5_000, // its next is due every 6 s
    });
    const texts = await textsTo(account, busy);
    expect(texts.length).toBeLessThan(50);
    expect(texts).toEqual(texts.map((_, n) => String(n)));
  },
  90_000,
);
