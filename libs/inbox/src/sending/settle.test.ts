import { deliveryRank as rank } from '@parley/db/delivery-rank';
import type { TestConversation } from '@parley/testing/conversation';
import type { Reply } from '@parley/testing/scripted-provider';
import { startSending, type Desk, type SendingWorld } from '@parley/testing/sending';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: SendingWorld;
beforeAll(async () => {
  world = await startSending();
});
afterAll(() => world?.close());

const jid = (chat: TestConversation) => `${chat.phone.slice(1)}@s.whatsapp.net`;

/** What the server tells of a message that went out through its API. */
const echo = (desk: Desk, chat: TestConversation, id: string, text: string) => ({
  event: 'send.message',
  instance: desk.account.config.instance,
  data: {
    key: { remoteJid: jid(chat), fromMe: true, id },
    message: { conversation: text },
    messageType: 'conversation',
    messageTimestamp: Math.floor(world.app.clock.now() / 1000),
    status: 'PENDING',
  },
});

const status = (
  desk: Desk,
  chat: TestConversation,
  id: string,
  word: 'SERVER_ACK' | 'DELIVERY_ACK' | 'READ' | 'ERROR',
) => ({
  event: 'messages.update',
  instance: desk.account.config.instance,
  data: { keyId: id, remoteJid: jid(chat), fromMe: true, status: word },
});

const cloudStatus = (desk: Desk, id: string, word: string, reference?: string) => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: desk.account.config.wabaId,
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '1', phone_number_id: desk.account.config.phoneNumberId },
            statuses: [
              {
                id,
                status: word,
                timestamp: String(Math.floor(world.app.clock.now() / 1000)),
                recipient_id: '1',
                ...(reference && { biz_opaque_callback_data: reference }),
                ...(word === 'failed' && { errors: [{ code: 131047, title: 'Re-engagement message' }] }),
              },
            ],
          },
        },
      ],
    },
  ],
});

/** Bubbles of ours in the chat, in order. */
async function bubbles(chat: TestConversation) {
  const rows = await world.app.sql<{ id: string; text: string; origin: string; delivery: number }[]>`
    select id, content->>'text' as text, origin, delivery from messages
    where conversation_id = ${chat.id} and direction = 'outbound' order by position`;
  return [...rows];
}

async function after(ms: number, desk: Desk) {
  world.app.clock.advance(ms);
  await world.send(desk);
}

/** Sends one message whose connection breaks: nobody knows whether it arrived. */
async function sendIntoSilence(desk: Desk, chat: TestConversation, text: string): Promise<string> {
  world.provider.script(chat.phone, () => 'reset');
  const id = await desk.write(chat, text);
  await world.send(desk);
  world.provider.script(chat.phone, (call) => world.provider.accept(call));
  expect(await world.stateOf(id)).toMatchObject({ status: rank.unknown, head: true });
  return id;
}

describe('an outcome that nobody knows', () => {
  it('holds its chat for a minute, is never sent again by us, and is then passed', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const lost = await sendIntoSilence(desk, chat, 'lost');
    const next = await desk.write(chat, 'next');
    for (const wait of [5000, 10_000, 30_000]) await after(wait, desk);
    expect(world.provider.textsTo(chat.phone)).toEqual(['lost']);
    await after(15_000, desk);
    expect(await world.stateOf(lost)).toMatchObject({ status: rank.unknown, head: false, shown: rank.unknown });
    expect((await world.stateOf(lost)).shown_detail).toMatch(/do not know if this arrived/);
    expect(await world.stateOf(next)).toMatchObject({ status: rank.accepted });
    expect(world.provider.textsTo(chat.phone)).toEqual(['lost', 'next']);
  });

  it('is found by asking the provider', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const id = await sendIntoSilence(desk, chat, 'it did arrive');
    const external = world.provider.newId();
    world.provider.stored.set(chat.phone.slice(1), [
      { id: external, text: 'it did arrive', at: new Date(world.app.clock.now()) },
    ]);
    await after(5000, desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false, shown: rank.accepted });
    await world.receive(desk, status(desk, chat, external, 'READ'));
    expect(await world.stateOf(id)).toMatchObject({ status: rank.read });
  });

  it('is not taken for an older message that says the same', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const known = world.provider.newId();
    world.provider.script(chat.phone, (call) => world.provider.accept(call, known));
    const first = await desk.write(chat, 'ok');
    await world.send(desk);
    const second = await sendIntoSilence(desk, chat, 'ok');
    world.provider.stored.set(chat.phone.slice(1), [{ id: known, text: 'ok', at: new Date(world.app.clock.now()) }]);
    await after(5000, desk);
    expect(await world.stateOf(first)).toMatchObject({ status: rank.accepted });
    expect(await world.stateOf(second)).toMatchObject({ status: rank.unknown });
  });

  it('is looked up at once when a member asks', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const id = await sendIntoSilence(desk, chat, 'check me');
    await after(60_000, desk);
    expect(await world.deliveries.checkNow(desk.member, id)).toBe('unknown');
    const record = { id: world.provider.newId(), text: 'check me', at: new Date(world.app.clock.now()) };
    world.provider.stored.set(chat.phone.slice(1), [record]);
    expect(await world.deliveries.checkNow(desk.member, id)).toBe('accepted');
    expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false });
  });

  it('comes of a worker that died: its lease lapses, and nothing is sent twice', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const hang = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, () => hang.promise);
    const id = await desk.write(chat, 'in flight');
    const dying = world.newSender();
    await dying.sendHeads(desk.account.id);
    await waitFor('the call', () => world.provider.textsTo(chat.phone).length === 1);
    await after(15_000, desk); // of 30 s, which the test itself must not use up
    expect(await world.stateOf(id)).toMatchObject({ status: rank.sending });
    await after(20_000, desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.unknown, head: true });
    hang.resolve(world.provider.accept({ number: chat.phone.slice(1), operation: 'message/sendText' }));
    await dying.settled();
    expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false });
    expect(world.provider.textsTo(chat.phone)).toEqual(['in flight']);
  });

  it('turns out to be refused after its chat went on: it failed, and the chat is not held', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const hang = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, (call, nth) => (nth === 1 ? hang.promise : world.provider.accept(call)));
    const id = await desk.write(chat, 'slow refusal');
    const slow = world.newSender();
    await slow.sendHeads(desk.account.id);
    await waitFor('the call', () => world.provider.textsTo(chat.phone).length === 1);
    await after(31_000, desk);
    await after(61_000, desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.unknown, head: false });
    hang.resolve({ status: 429 });
    await slow.settled();
    expect(await world.stateOf(id)).toMatchObject({ status: rank.failed, reason: 'throttled', head: false });
  });
});

describe('statuses', () => {
  it('end in one state, whether they come before or after the answer, and in any order', async () => {
    const words = ['SERVER_ACK', 'DELIVERY_ACK', 'READ'] as const;
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      for (const early of [0, 1, 2, 3]) {
        const desk = await world.newDesk();
        const chat = await desk.newChat();
        const external = world.provider.newId();
        const answer = Promise.withResolvers<Reply>();
        world.provider.script(chat.phone, () => answer.promise);
        const id = await desk.write(chat, 'hello');
        await world.sender.sendHeads(desk.account.id);
        const list = order.map((i) => status(desk, chat, external, words[i] ?? 'READ'));
        for (const one of list.slice(0, early)) await world.receive(desk, one);
        answer.resolve(world.provider.accept({ number: chat.phone.slice(1), operation: 'message/sendText' }, external));
        await world.sender.settled();
        for (const one of list.slice(early)) await world.receive(desk, one);
        expect(await world.stateOf(id)).toMatchObject({ status: rank.read, head: false, shown: rank.read });
      }
    }
  }, 60_000);

  it('that carry our reference end the waiting before the answer comes, and the next goes out', async () => {
    const desk = await world.newDesk({ provider: 'cloud-api' });
    const chat = await desk.newChat();
    const answer = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, (call, nth) => (nth === 1 ? answer.promise : world.provider.accept(call)));
    const [first, second] = [await desk.write(chat, 'first'), await desk.write(chat, 'second')];
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the call', () => world.provider.textsTo(chat.phone).length === 1);
    const reference = world.provider.calls.at(-1)?.body.biz_opaque_callback_data;
    await world.receive(desk, cloudStatus(desk, 'wamid.A', 'delivered', reference));
    expect(await world.stateOf(first)).toMatchObject({ status: rank.delivered, head: false });
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the second', () => world.provider.textsTo(chat.phone).length === 2);
    answer.resolve(world.provider.accept({ number: '', operation: 'messages' }, 'wamid.A'));
    await world.sender.settled();
    expect(await world.stateOf(first)).toMatchObject({ status: rank.delivered });
    expect(await world.stateOf(second)).toMatchObject({ status: rank.accepted });
  });

  it('resolve what nobody knew, by reference', async () => {
    const desk = await world.newDesk({ provider: 'cloud-api' });
    const chat = await desk.newChat();
    world.provider.script(chat.phone, () => 'reset');
    const id = await desk.write(chat, 'silent');
    await world.send(desk);
    const reference = world.provider.calls.at(-1)?.body.biz_opaque_callback_data;
    await world.receive(desk, cloudStatus(desk, 'wamid.B', 'sent', reference));
    expect(await world.stateOf(id)).toMatchObject({ status: rank.sent, head: false, shown: rank.sent });
  });

  it('say later why it failed, in plain words', async () => {
    const desk = await world.newDesk({ provider: 'cloud-api' });
    const chat = await desk.newChat();
    const id = await desk.write(chat, 'too late');
    world.provider.script(chat.phone, (call) => world.provider.accept(call, 'wamid.C'));
    await world.send(desk);
    await world.receive(desk, cloudStatus(desk, 'wamid.C', 'failed'));
    const state = await world.stateOf(id);
    expect(state).toMatchObject({ status: rank.failed, reason: 'window' });
    expect(state.shown_detail).toMatch(/Send a template/);
  });

  it('of a failure that came before the answer keep its reason', async () => {
    const desk = await world.newDesk({ provider: 'cloud-api' });
    const chat = await desk.newChat();
    const answer = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, () => answer.promise);
    const id = await desk.write(chat, 'refused');
    await world.sender.sendHeads(desk.account.id);
    await world.receive(desk, cloudStatus(desk, 'wamid.D', 'failed'));
    answer.resolve(world.provider.accept({ number: '', operation: 'messages' }, 'wamid.D'));
    await world.sender.settled();
    expect(await world.stateOf(id)).toMatchObject({ status: rank.failed, reason: 'window' });
  });
});

describe('echoes', () => {
  it('that come before the answer wait for it: one bubble', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const external = world.provider.newId();
    const answer = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, () => answer.promise);
    const id = await desk.write(chat, 'once');
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the call', () => world.provider.textsTo(chat.phone).length === 1);
    await world.receive(desk, echo(desk, chat, external, 'once'));
    expect(await bubbles(chat)).toHaveLength(1);
    answer.resolve(world.provider.accept({ number: chat.phone.slice(1), operation: 'message/sendText' }, external));
    await world.sender.settled();
    await world.applyWaiting(desk);
    expect(await bubbles(chat)).toMatchObject([{ id, origin: 'agent' }]);
  });

  it('prove that a send of unknown outcome went out, once each', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const first = await sendIntoSilence(desk, chat, 'same words');
    await after(61_000, desk);
    const second = await sendIntoSilence(desk, chat, 'same words');
    await world.receive(desk, echo(desk, chat, world.provider.newId(), ' same  words '));
    expect(await world.stateOf(first)).toMatchObject({ status: rank.accepted });
    expect(await world.stateOf(second)).toMatchObject({ status: rank.unknown });
    await world.receive(desk, echo(desk, chat, world.provider.newId(), 'same words'));
    expect(await world.stateOf(second)).toMatchObject({ status: rank.accepted, head: false });
    await world.receive(desk, echo(desk, chat, world.provider.newId(), 'same words'));
    expect((await bubbles(chat)).map((b) => b.origin)).toEqual(['agent', 'agent', 'elsewhere']);
  });

  it('of other words were sent elsewhere', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const id = await sendIntoSilence(desk, chat, 'mine');
    await world.receive(desk, echo(desk, chat, world.provider.newId(), 'not mine'));
    expect(await bubbles(chat)).toMatchObject([{ id, delivery: rank.unknown }, { origin: 'elsewhere' }]);
  });

  it('shown as sent elsewhere leave again when the answer ties their id to ours', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const external = world.provider.newId();
    const answer = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, () => answer.promise);
    const id = await desk.write(chat, 'as I wrote it');
    const slow = world.newSender();
    await slow.sendHeads(desk.account.id);
    await waitFor('the call', () => world.provider.textsTo(chat.phone).length === 1);
    await after(31_000, desk);
    // Changed on its way: nothing says that these are the same.
    await world.receive(desk, echo(desk, chat, external, 'as the server changed it'));
    await world.receive(desk, status(desk, chat, external, 'DELIVERY_ACK'));
    expect(await bubbles(chat)).toHaveLength(2);
    answer.resolve(world.provider.accept({ number: chat.phone.slice(1), operation: 'message/sendText' }, external));
    await slow.settled();
    expect(await bubbles(chat)).toMatchObject([{ id, delivery: rank.delivered }]);
    const types = (await desk.tenant.events()).map((event) => event.type);
    expect(types).toContain('message.removed');
    const [conversation] = await world.app
      .sql`select last_message_id, preview from conversations where id = ${chat.id}`;
    expect(conversation).toMatchObject({ last_message_id: id, preview: 'as I wrote it' });
  });

  it('bring no second file: ours stays, under the words that were changed there', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const external = world.provider.newId();
    const answer = Promise.withResolvers<Reply>();
    world.provider.script(chat.phone, () => answer.promise);
    const id = await desk.writeFile(chat, 'offer.txt');
    const slow = world.newSender();
    await slow.sendHeads(desk.account.id);
    await waitFor('the call', () => world.provider.textsTo(chat.phone).length === 1);
    await after(90_000, desk);
    const told = echo(desk, chat, external, '');
    const documentMessage = { fileName: 'renamed.txt', mimetype: 'text/plain', fileLength: 29, caption: 'an offer' };
    const message = { message: { documentMessage }, messageType: 'documentMessage' };
    await world.receive(desk, { ...told, data: { ...told.data, ...message } });
    const editedMessage = { documentMessage: { caption: 'the offer' } };
    const edit = { key: told.data.key, type: 14, editedMessage, timestampMs: String(world.app.clock.now()) };
    await world.receive(desk, { ...told, event: 'messages.edited', data: edit });
    const files = () => world.app.sql`
      select state, message_id from attachments where tenant_id = ${desk.tenant.id} order by created_at`;
    expect(await files()).toMatchObject([{ message_id: id }, { state: 'pending' }]);
    answer.resolve(world.provider.accept({ number: chat.phone.slice(1), operation: 'message/sendMedia' }, external));
    await slow.settled();
    const [ours] = await world.app.sql`select content from messages where id = ${id}`;
    const shown = { fileName: 'offer.txt', sizeBytes: 29, caption: 'the offer', file: { state: 'ready' } };
    expect(ours?.content).toMatchObject(shown);
    expect(await files()).toEqual([
      { state: 'ready', message_id: id },
      { state: 'removed', message_id: null },
    ]);
  });
});

describe('trying again', () => {
  it('takes what failed, and what nobody knows once it was passed; nothing else', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const again = (id: string) => desk.inTransaction((tx) => world.deliveries.requeue(tx, id));
    world.provider.script(chat.phone, () => ({ status: 400, body: { response: { message: ['bad'] } } }));
    const failed = await desk.write(chat, 'bad words');
    await world.send(desk);
    const unknown = await sendIntoSilence(desk, chat, 'lost');
    await expect(again(unknown)).rejects.toMatchObject({ code: 'conflict' });
    await again(failed);
    expect(await world.stateOf(failed)).toMatchObject({
      status: rank.queued,
      head: false,
      shown: rank.queued,
      tries: 0,
    });
    await after(61_000, desk);
    expect(await world.stateOf(failed)).toMatchObject({ status: rank.accepted });
    await expect(again(failed)).rejects.toMatchObject({ code: 'conflict' });
    await again(unknown);
    await world.send(desk);
    expect(await world.stateOf(unknown)).toMatchObject({ status: rank.accepted });
    expect(world.provider.textsTo(chat.phone)).toEqual(['bad words', 'lost', 'bad words', 'lost']);
  });

  it('ends when the first try proves to have arrived', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const id = await sendIntoSilence(desk, chat, 'twice?');
    await after(61_000, desk);
    await world.app.sql`update accounts set paused_at = now() where id = ${desk.account.id}`;
    await desk.inTransaction((tx) => world.deliveries.requeue(tx, id));
    const external = world.provider.newId();
    await world.receive(desk, echo(desk, chat, external, 'twice?'));
    expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false, shown: rank.accepted });
    await world.receive(desk, status(desk, chat, external, 'READ'));
    expect(await world.stateOf(id)).toMatchObject({ status: rank.read });
    await world.app.sql`update accounts set paused_at = null where id = ${desk.account.id}`;
    await world.send(desk);
    expect(world.provider.textsTo(chat.phone)).toEqual(['twice?']);
  });
});

it('two workers never send the same message', async () => {
  const desk = await world.newDesk();
  const chats = await Promise.all(Array.from({ length: 20 }, () => desk.newChat()));
  for (const chat of chats) for (const text of ['1', '2', '3']) await desk.write(chat, text);
  const senders = [world.sender, world.newSender(), world.newSender()];
  await waitFor('all', async () => {
    await Promise.all(senders.map((sender) => sender.sweep().then(() => sender.sendHeads(desk.account.id))));
    return chats.every((chat) => world.provider.textsTo(chat.phone).length >= 3);
  });
  await Promise.all(senders.map((sender) => sender.settled()));
  expect(chats.map((chat) => world.provider.textsTo(chat.phone))).toEqual(chats.map(() => ['1', '2', '3']));
});
