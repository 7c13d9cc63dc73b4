import { createAccount, getAccount, updateAccount } from '@parley/contracts/accounts';
import { sendMessage, type Message } from '@parley/contracts/messages';
import { UpkeepModule } from '@parley/inbox/upkeep/upkeep.module';
import { WatchService } from '@parley/inbox/upkeep/watch.service';
import { PlatformModule } from '@parley/platform/platform.module';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import { bubblesIn, Desk } from './desk';
import { greenCall, postAs, textCall, untilApplied } from './provider-calls';
import { startSystem, type System } from './system';
import { waitFor } from '../wait-for';

let system: System;
let tenant: TestTenant;
let admin: TestMember;
let phones = 0;

beforeAll(async () => {
  system = await startSystem();
  ({ tenant, owner: admin } = await system.app.newTenant());
}, 120_000);
afterAll(() => system?.close());

/** Far from the magic numbers. */
const newPhone = () => `+1202557${String(1000 + phones++)}`;
const quick = { statusDelaysMs: { sent: 20, delivered: 40, read: 80 } };
const open = async () => new Desk(system, admin, await system.connect(tenant, 'green-api', quick));

/** A customer has written, so that there is somebody to answer. */
async function met(phone = newPhone()) {
  const at = await open();
  const asked = await at.receive({ from: phone, name: 'Rita', text: 'Open today?' });
  return { at, phone, asked, conversation: await at.conversation(phone) };
}

async function answer(at: Desk, conversationId: string, text: string, replyTo?: string): Promise<string> {
  const content = { type: 'text', text } as const;
  const { status, body } = await at.caller.call(sendMessage, {
    body: { conversationId, content, ...(replyTo && { replyTo }) },
  });
  expect(status).toBe(202);
  return body.messageId;
}

const shows = (id: string, status: string) => (thread: Message[]) =>
  thread.some((message) => message.id === id && message.delivery?.status === status);
const stateOf = async (at: Desk) => (await at.caller.call(getAccount, { params: { id: at.account.id } })).body;

// Each change of its settings takes the instance away for minutes, and ends a login that has begun.
it('is told once where to post: another save does not restart it', async () => {
  const { ref, config } = await system.simulator.newAccount('green-api', { connected: true });
  await system.simulator.setUp('green-api', ref, { restartMs: 300, limits: false });
  const caller = system.app.as(admin);
  const { apiUrl, idInstance, apiTokenInstance } = config as Record<string, string>;
  const states = async () => {
    const answer = await fetch(`${apiUrl}/waInstance${idInstance}/getStateInstanceHistory/${apiTokenInstance}`);
    return ((await answer.json()) as { stateInstance: string }[]).map(({ stateInstance }) => stateInstance);
  };
  const { body } = await caller.call(createAccount, { body: { provider: 'green-api', name: 'Restarts', config } });
  await waitFor('the restart', async () => (await states()).join() === 'starting,authorized' || undefined);
  for (const change of [{}, { mediaUrl: apiUrl }])
    expect(await caller.call(updateAccount, { params: { id: body.id }, body: { config: change } })).toMatchObject({
      status: 200,
      body: { state: 'connected' },
    });
  expect(await states()).toEqual(['starting', 'authorized']);
});

it('pulls what happened while no phone was linked: at its own time, once, and what nobody saw waits', async () => {
  const { at, phone, conversation } = await met();
  const stranger = newPhone();
  await at.receive({ kind: 'connection', state: 'notAuthorized' });
  await at.until('the state', async () => (await stateOf(at)).state === 'needs_qr');
  const before = Date.now();
  await at.receive({ from: phone, text: 'Anybody there?' });
  await at.receive({ from: stranger, kind: 'image', text: 'blue' });
  await at.receive({ from: phone, text: 'From the phone', fromMe: true });
  const after = Date.now();
  await at.receive({ kind: 'connection', state: 'open' });
  await at.until('the state', async () => (await stateOf(at)).state === 'connected');
  expect(bubblesIn(await at.threadById(conversation.id))).toHaveLength(1);
  const worker = await NestFactory.createApplicationContext(
    { module: UpkeepModule, imports: [PlatformModule.forRoot(system.app.env)] },
    { logger: false },
  );
  try {
    const key = { tenantId: tenant.id, id: at.account.id };
    for (let look = 0; look < 2; look++) await worker.get(WatchService).look(key);
    await untilApplied(system, [at.account]);
  } finally {
    await worker.close();
  }
  const thread = bubblesIn(await at.thread(phone, (all) => bubblesIn(all).length >= 3));
  expect(thread.map(({ content, direction }) => [direction, 'text' in content && content.text])).toEqual([
    ['inbound', 'Open today?'],
    ['inbound', 'Anybody there?'],
    ['outbound', 'From the phone'],
  ]);
  const sentAt = Date.parse(thread[1]?.sentAt ?? '');
  expect(sentAt).toBeGreaterThanOrEqual(before - 1_000);
  expect(sentAt).toBeLessThanOrEqual(after);
  expect((await at.bubble(stranger)).content).toMatchObject({ type: 'media', kind: 'image', caption: 'blue' });
  expect(thread.map(({ late }) => late)).toEqual([false, true, true]); // for nobody a reason to ring
  expect(await at.conversation(stranger)).toMatchObject({ status: 'open', received: 1, answered: 0 });
  expect(await at.conversation(phone)).toMatchObject({ received: 2, answered: 2, waitingSince: null });
});

describe.concurrent('in', () => {
  it.each<[kind: string, event: Record<string, unknown>, shown: object]>([
    ['image', { text: 'blue' }, { type: 'media', kind: 'image', mimeType: 'image/jpeg', caption: 'blue' }],
    ['video', {}, { type: 'media', kind: 'video' }],
    ['voice', {}, { type: 'media', kind: 'voice' }],
    ['audio', {}, { type: 'media', kind: 'audio' }],
    ['document', { fileName: 'quote.pdf' }, { type: 'media', kind: 'document', fileName: 'quote.pdf' }],
    ['sticker', {}, { type: 'media', kind: 'sticker' }],
    ['location', { title: 'Depot' }, { type: 'location', name: 'Depot', latitude: 38.7139 }],
    ['contacts', { contacts: [{ name: 'Ted Orr', phone: '+15550203311' }, { name: 'Ana' }] }, { type: 'contacts' }],
    ['poll', {}, { type: 'poll', question: 'Lunch?', options: ['Soup', 'Rice'] }],
    ['choice', { style: 'list', text: 'Morning', id: 'am' }, { type: 'choice', text: 'Morning', id: 'am' }],
    ['call', {}, { type: 'call', outcome: 'ringing' }],
    ['unsupported', { type: 'event' }, { type: 'unsupported', kind: 'event' }],
  ])('shows what it is: %s', async (kind, event, shown) => {
    const [at, from] = [await open(), newPhone()];
    await at.receive({ from, kind, ...event });
    expect((await at.bubble(from)).content).toMatchObject(shown);
  });

  it('changes a message by its chat’s edit, reaction and deletion, and quotes it', async () => {
    const { at, phone, asked } = await met();
    await at.receive({ from: phone, kind: 'edit', target: asked, text: 'Open tomorrow?' });
    await at.receive({ from: phone, kind: 'reaction', target: asked, emoji: '👍' });
    await at.receive({ from: phone, text: 'I mean this', replyTo: asked });
    const [first, second] = bubblesIn(await at.thread(phone, (all) => bubblesIn(all).length === 2));
    expect(first).toMatchObject({
      content: { text: 'Open tomorrow?' },
      editedAt: expect.any(String),
      reactions: [{ emoji: '👍' }],
    });
    expect(second?.quote).toMatchObject({ messageId: first?.id });
    await at.receive({ from: phone, kind: 'delete', target: asked });
    await at.thread(phone, ([message]) => message?.deletedAt !== null);
  });

  it('keeps two messages of one id apart that stand in two chats, statuses too', async () => {
    const [at, one, other] = [await open(), newPhone(), newPhone()];
    const id = '3A5F0C2277B1D9E4A610';
    for (const from of [one, other])
      await postAs(system, at.account, textCall(at.account, { id, from, text: `from ${from}` }));
    expect((await at.bubble(one)).content).toMatchObject({ text: `from ${one}` });
    expect((await at.bubble(other)).content).toMatchObject({ text: `from ${other}` });
    const sent = '3A00C0FFEE0011223344';
    for (const from of [one, other])
      await postAs(system, at.account, textCall(at.account, { id: sent, from, text: 'to all', own: true }));
    const chatId = `${one.slice(1)}@c.us`;
    await postAs(
      system,
      at.account,
      greenCall(at.account, 'outgoingMessageStatus', { chatId, idMessage: sent, status: 'read' }),
    );
    await untilApplied(system, [at.account]);
    expect((await at.bubble(one, 2)).delivery?.status).toBe('read');
    expect((await at.bubble(other, 2)).delivery?.status).toBe('sent');
  });

  it('takes a group by its subject, and each message by its writer', async () => {
    const [at, from] = [await open(), newPhone()];
    await at.receive({ from, name: 'Ted', group: 'Depot crew', text: 'truck is late' });
    expect(await at.only()).toMatchObject({ title: 'Depot crew', kind: 'group' });
    const [message] = bubblesIn(await at.threadById((await at.only()).id));
    expect(message).toMatchObject({ sender: { name: 'Ted' }, content: { text: 'truck is late' } });
    // Nothing tells who is in it: the instance is asked.
    const members = await at.until('its members', async () => {
      const { participants } = await at.details('Depot crew');
      return participants.length > 0 && participants;
    });
    const { contactId } = message?.sender ?? {};
    expect(members).toContainEqual({ contactId, name: 'Ted', address: from, admin: true }); // who began it
  });
});

describe.concurrent('out', () => {
  it('quotes, and ticks to the end, once, whatever the echo', async () => {
    const { at, phone, conversation, asked } = await met();
    const [question] = bubblesIn(await at.threadById(conversation.id));
    const id = await answer(at, conversation.id, 'Until six.', question?.id);
    const thread = await at.thread(phone, shows(id, 'read'));
    expect(bubblesIn(thread)).toHaveLength(2);
    expect(await system.simulator.sent('green-api', at.account.ref)).toMatchObject([
      { to: phone, text: 'Until six.', replyTo: asked },
    ]);
  });

  it('hears a status that names no chat', async () => {
    const { at, phone, conversation } = await met('+15550100411');
    const id = await answer(at, conversation.id, 'Until six.');
    await at.thread(phone, shows(id, 'sent'));
    const [sent] = await system.simulator.sent('green-api', at.account.ref);
    await postAs(
      system,
      at.account,
      greenCall(at.account, 'outgoingMessageStatus', { idMessage: sent?.externalId, status: 'delivered' }),
    );
    await at.thread(phone, shows(id, 'delivered'));
  });

  it('says that a plan is used up, beside no other trouble', async () => {
    const { at } = await met();
    await at.receive({ kind: 'account-event' });
    const used = await at.until('the note', async () => {
      const found = await stateOf(at);
      return found.stateDetail === null ? undefined : found;
    });
    expect(used).toMatchObject({
      state: 'connected',
      stateDetail: expect.stringMatching(/plan allows no more/) as string,
    });
    await at.receive({ kind: 'connection', state: 'notAuthorized' });
    await at.until('the state', async () => (await stateOf(at)).state === 'needs_qr');
    await at.receive({ kind: 'account-event' });
    await at.receive({ from: newPhone(), text: 'still here' });
    await untilApplied(system, [at.account]);
    expect(await stateOf(at)).toMatchObject({
      state: 'needs_qr',
      stateDetail: expect.stringMatching(/linked/) as string,
    });
  });

  it('says that no phone is linked, and what waited goes out when one is', async () => {
    const { at, phone, conversation } = await met();
    await at.receive({ kind: 'connection', state: 'notAuthorized' });
    await at.until('the state', async () => (await stateOf(at)).state === 'needs_qr');
    const id = await answer(at, conversation.id, 'Later');
    await at.thread(phone, shows(id, 'accepted'));
    expect(await system.simulator.sent('green-api', at.account.ref)).toEqual([]);
    await at.receive({ kind: 'connection', state: 'open' });
    await at.thread(phone, shows(id, 'read'));
    expect(await stateOf(at)).toMatchObject({ state: 'connected', stateDetail: null });
  });

  it('finds out by the echo what became of a call without an answer', async () => {
    const { at, phone, conversation } = await met('+15550100408');
    const id = await answer(at, conversation.id, 'Did it arrive?');
    expect(bubblesIn(await at.thread(phone, shows(id, 'read')))).toHaveLength(2);
    expect(await system.simulator.sent('green-api', at.account.ref)).toHaveLength(1);
  });

  it.each([
    ['+15550100404', 'recipient'],
    ['+15550100410', null],
    ['+15550100466', 'plan'],
  ])('tells why nothing reached %s', async (number, reason) => {
    const { at, phone, conversation } = await met(number);
    const id = await answer(at, conversation.id, 'Hello');
    const thread = await at.thread(phone, shows(id, 'failed'));
    expect(thread.find((message) => message.id === id)?.delivery).toMatchObject({ status: 'failed', reason });
    expect(await stateOf(at)).toMatchObject({ state: 'connected', paused: false });
  });

  it.each([
    ['+15550100401', 'needs_reauth', /refused the access/],
    ['+15550101466', 'restricted', /plan of .* is used up/],
  ])('stops the account over %s, until somebody acts', async (number, state, why) => {
    const { at, phone, conversation } = await met(number);
    const id = await answer(at, conversation.id, 'Hello');
    await at.thread(phone, shows(id, 'failed'));
    expect(await stateOf(at)).toMatchObject({ state, paused: true, stateDetail: expect.stringMatching(why) as string });
    const mended = await at.caller.call(updateAccount, { params: { id: at.account.id }, body: { config: {} } });
    expect(mended.body).toMatchObject({ state: 'connected', stateDetail: null, paused: false });
  });

  it('sends once the vendor’s limit is over', async () => {
    const { at, phone, conversation } = await met();
    await system.simulator.faults('green-api', at.account.ref, [{ kind: '429', times: 1, ms: 1000 }]);
    const id = await answer(at, conversation.id, 'Hello');
    await at.thread(phone, shows(id, 'read'));
    expect(await system.simulator.sent('green-api', at.account.ref)).toHaveLength(1);
  });

  it('refuses a reaction, which it has no way to send', async () => {
    const { at, conversation } = await met();
    const [question] = bubblesIn(await at.threadById(conversation.id));
    const content = { type: 'reaction', messageId: question?.id ?? '', emoji: '👍' } as const;
    const refused = await at.caller.call(sendMessage, { body: { conversationId: conversation.id, content } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'channel_cannot' } });
  });
});
