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

const busy = (headers: Record<string, string> = {}): Reply => ({
  status: 429,
  body: { message: 'slow down' },
  headers,
});
const closed: Reply = { status: 400, body: { response: { message: ['Error: Connection Closed'] } } };
const notOnWhatsApp: Reply = { status: 400, body: { response: { message: [{ exists: false, number: '1' }] } } };
const badKey: Reply = { status: 401, body: { status: 401, error: 'Unauthorized' } };
const broken: Reply = { status: 500, body: { error: 'Internal Server Error' } };

const eventsOf = async (desk: Desk) => (await desk.tenant.events()).map((event) => event.type);

/** Lets so much time pass, then does what is due. */
async function after(ms: number, desk: Desk) {
  world.app.clock.advance(ms);
  await world.send(desk);
}

describe('order', () => {
  it('sends a chat’s messages one after another, the next as soon as one is taken', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const texts = ['one', 'two', 'three', 'four'];
    const ids = [];
    for (const text of texts) ids.push(await desk.write(chat, text));
    await world.send(desk);
    expect(world.provider.textsTo(chat.phone)).toEqual(texts);
    for (const id of ids)
      expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false, shown: rank.accepted });
  });

  it('lets nothing overtake a message that is being tried again', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    world.provider.script(chat.phone, (call, nth) => (nth <= 3 ? closed : world.provider.accept(call)));
    const first = await desk.write(chat, 'first');
    await desk.write(chat, 'second');
    let since = world.app.clock.now();
    await world.send(desk);
    const waiting = await world.stateOf(first);
    expect(waiting).toMatchObject({
      status: rank.queued,
      head: true,
      tries: 1,
      reason: 'disconnected',
      shown: rank.queued,
    });
    expect(waiting.shown_detail).toMatch(/waits and goes out/);
    for (const wait of [2000, 4000, 8000]) {
      expect((await world.stateOf(first)).due_ms - since).toBeGreaterThanOrEqual(wait - 1); // in ms
      const before = world.provider.textsTo(chat.phone).length;
      since = world.app.clock.now() + wait;
      await after(wait, desk);
      expect(world.provider.textsTo(chat.phone).length).toBeGreaterThan(before);
    }
    expect(world.provider.textsTo(chat.phone)).toEqual(['first', 'first', 'first', 'first', 'second']);
  });

  it('goes on behind a message that is refused for good, and says why', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    world.provider.script(chat.phone, (call, nth) => (nth === 1 ? notOnWhatsApp : world.provider.accept(call)));
    const [first, second] = [await desk.write(chat, 'first'), await desk.write(chat, 'second')];
    await world.send(desk);
    expect(await world.stateOf(first)).toMatchObject({ status: rank.failed, reason: 'recipient', shown: rank.failed });
    expect((await world.stateOf(first)).shown_detail).toMatch(/cannot reach this number/);
    expect(await world.stateOf(second)).toMatchObject({ status: rank.accepted });
  });

  it('gives up a day after the send', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    world.provider.script(chat.phone, () => closed);
    const id = await desk.write(chat, 'never');
    await world.send(desk);
    await after(24 * 3_600_000, desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.failed, reason: 'expired', head: false });
  });
});

describe('strangers', () => {
  it('does not wait for a chat whose provider hangs', async () => {
    const desk = await world.newDesk();
    const [slow, ...others] = await Promise.all(Array.from({ length: 6 }, () => desk.newChat()));
    if (!slow) throw new Error('no chat');
    const release = Promise.withResolvers<Reply>();
    world.provider.script(slow.phone, () => release.promise);
    const held = await desk.write(slow, 'held');
    for (const chat of others) for (const text of ['a', 'b', 'c']) await desk.write(chat, text);
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the other chats', () => others.every((chat) => world.provider.textsTo(chat.phone).length === 3));
    expect(await world.stateOf(held)).toMatchObject({ status: rank.sending, shown: rank.queued });
    release.resolve('reset');
    await world.sender.settled();
    expect(await world.stateOf(held)).toMatchObject({ status: rank.unknown, head: true, shown: rank.unknown });
  });

  // More of them than are looked at at once: the text stands behind them all.
  it('does not wait for files, however many and slow, and sends all of those in the end', async () => {
    const desk = await world.newDesk();
    const chats = await Promise.all(Array.from({ length: 64 }, () => desk.newChat()));
    const release = Promise.withResolvers<void>();
    const names = () => chats.flatMap((chat) => world.provider.textsTo(chat.phone));
    for (const chat of chats)
      world.provider.script(chat.phone, (call) => release.promise.then(() => world.provider.accept(call)));
    await Promise.all(chats.map((chat) => desk.writeFile(chat, 'slow.txt')));
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the first files', () => names().length === 3);
    const other = await desk.newChat();
    const text = await desk.write(other, 'meanwhile');
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the text', async () => (await world.stateOf(text)).status === rank.accepted);
    expect(names()).toHaveLength(3);
    release.resolve();
    await world.sender.settled();
    expect(names()).toHaveLength(chats.length);
  });

  it('does not wait for a chat that its pace holds', async () => {
    const pacing = { account: { perSecond: 1000, burst: 1000 }, chat: { perSecond: 0.2, burst: 4 } };
    const desk = await world.newDesk({ pacing });
    const [pair, other] = [await desk.newChat(), await desk.newChat()];
    const ids = [];
    for (const text of ['1', '2', '3', '4', '5']) ids.push(await desk.write(pair, text));
    await world.send(desk);
    // Half a burst at first: nobody knows what went out before.
    expect(world.provider.textsTo(pair.phone)).toEqual(['1', '2']);
    const [, , third = ''] = ids;
    const waiting = await world.stateOf(third);
    expect(waiting).toMatchObject({ status: rank.queued, head: true, tries: 0 });
    expect(waiting.due_ms - world.app.clock.now()).toBeGreaterThan(1000);
    await desk.write(other, 'now');
    await world.send(desk);
    expect(world.provider.textsTo(other.phone)).toEqual(['now']);
  });

  it('paces the account, and keeps no row busy with it', async () => {
    const desk = await world.newDesk({ pacing: { account: { perSecond: 10, burst: 4 } } });
    const chats = await Promise.all(Array.from({ length: 8 }, () => desk.newChat()));
    for (const chat of chats) await desk.write(chat, 'hi');
    const began = performance.now();
    await world.send(desk);
    const sent = () => chats.filter((chat) => world.provider.textsTo(chat.phone).length);
    await waitFor('the rest', () => sent().length === 8);
    const times = world.provider.calls
      .filter((call) => chats.some((chat) => chat.phone === `+${call.number}`))
      .map((call) => call.at);
    expect(Math.max(...times) - began).toBeGreaterThan(500); // 8 − half a burst, 100 ms each
    await world.sender.settled();
    const attempts = await world.app.sql`select 1 from attempts where tenant_id = ${desk.tenant.id}`;
    expect(attempts).toHaveLength(8);
  });
});

describe('refusals', () => {
  it('rests the account for as long as its provider asks, and sends no burst after it', async () => {
    const desk = await world.newDesk({ pacing: { account: { perSecond: 10, burst: 40 } } });
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => desk.newChat()));
    if (!first) throw new Error('no chat');
    world.provider.script(first.phone, (call, nth) =>
      nth === 1 ? busy({ 'retry-after': '1' }) : world.provider.accept(call),
    );
    await desk.write(first, 'too fast');
    await world.send(desk);
    const refusedAt = world.provider.calls.at(-1)?.at ?? NaN;
    for (const chat of others) await desk.write(chat, 'me too');
    await world.send(desk);
    expect(others.flatMap((chat) => world.provider.textsTo(chat.phone))).toEqual([]);
    world.app.clock.advance(1000);
    await waitFor('all', async () => {
      await world.sender.sweep();
      return (
        others.every((chat) => world.provider.textsTo(chat.phone).length) &&
        world.provider.textsTo(first.phone).length === 2
      );
    });
    const times = world.provider.calls.filter((call) => call.at > refusedAt).map((call) => call.at - refusedAt);
    const tooSoon = times.toSorted((a, b) => a - b).filter((at, i) => at < 900 + i * 100); // later than that they may be
    expect(tooSoon, times.join(', ')).toEqual([]);
  });

  it('stops the account at the first refusal of its credentials, and tries nothing against a dead token', async () => {
    const desk = await world.newDesk();
    const chats = await Promise.all(Array.from({ length: 4 }, () => desk.newChat()));
    const [first, ...others] = chats;
    if (!first) throw new Error('no chat');
    world.provider.script(first.phone, () => badKey);
    const id = await desk.write(first, 'refused');
    await world.send(desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.failed, reason: 'auth', head: false });
    expect(await world.accountState(desk)).toEqual({ state: 'needs_reauth', paused: true });
    expect(await eventsOf(desk)).toContain('account.updated');
    for (const chat of others) await desk.write(chat, 'waits');
    await world.send(desk);
    await after(60_000, desk);
    expect(others.flatMap((chat) => world.provider.textsTo(chat.phone))).toEqual([]);

    await desk.inTransaction(async (tx) => {
      const resume = `update accounts set state = 'connected', paused_at = null where tenant_id = $1`;
      await tx.raw.unsafe(resume, [desk.tenant.id]);
      await world.deliveries.wake(tx, desk.account.id);
    });
    await world.send(desk);
    expect(others.map((chat) => world.provider.textsTo(chat.phone))).toEqual([['waits'], ['waits'], ['waits']]);
  });

  it('takes credentials that do not open for refused ones: nothing was sent, and nothing is unknown', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    await world.app.sql`update accounts set credentials = 'v1.gone.AAAA.AAAA.AAAA' where id = ${desk.account.id}`;
    const id = await desk.write(chat, 'sealed');
    await world.send(desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.failed, reason: 'auth', head: false });
    expect(await world.accountState(desk)).toEqual({ state: 'needs_reauth', paused: true });
    expect(world.provider.textsTo(chat.phone)).toEqual([]);
  });

  it('does not count the time of a pause towards giving up', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    await world.app.sql`update accounts set paused_at = now() where id = ${desk.account.id}`;
    const id = await desk.write(chat, 'later');
    const before = await world.stateOf(id);
    for (let i = 0; i < 3; i++) await after(3_600_000, desk);
    const held = await world.stateOf(id);
    expect(held.expires_ms - before.expires_ms).toBeGreaterThan(3 * 3_500_000);
    expect(world.provider.textsTo(chat.phone)).toEqual([]);
  });

  it('spares a provider that fails, lets one call through, and goes on once that is answered', async () => {
    const desk = await world.newDesk();
    const chats = await Promise.all(Array.from({ length: 14 }, () => desk.newChat()));
    let healthy = false;
    for (const chat of chats)
      world.provider.script(chat.phone, (call) => (healthy ? world.provider.accept(call) : broken));
    const calls = () => chats.flatMap((chat) => world.provider.textsTo(chat.phone)).length;
    for (const chat of chats.slice(0, 10)) await desk.write(chat, 'fails');
    await world.send(desk);
    expect(calls()).toBe(10);
    const ids = [];
    for (const chat of chats.slice(10)) ids.push(await desk.write(chat, 'spared'));
    const before = await world.stateOf(ids[0] ?? '');
    await world.send(desk);
    expect(calls()).toBe(10);
    const held = await world.stateOf(ids[0] ?? '');
    expect(held.due_ms - world.app.clock.now()).toBeGreaterThan(20_000);
    expect(held.expires_ms - before.expires_ms).toBeGreaterThan(20_000);
    await after(30_000, desk);
    expect(calls()).toBe(11);
    healthy = true;
    await after(60_000, desk);
    await waitFor('the spared', async () => calls() >= 14);
    await world.sender.settled();
  });

  it('does not try by a file whether a provider is well again', async () => {
    const desk = await world.newDesk();
    const chats = await Promise.all(Array.from({ length: 10 }, () => desk.newChat()));
    for (const chat of chats) {
      world.provider.script(chat.phone, () => broken);
      await desk.write(chat, 'fails');
    }
    await world.send(desk);
    await world.app.sql`update deliveries set head = false where tenant_id = ${desk.tenant.id}`; // these wait no more
    const [slow, other] = [await desk.newChat(), await desk.newChat()];
    const release = Promise.withResolvers<Reply>();
    world.provider.script(slow.phone, () => release.promise);
    await desk.writeFile(slow, 'slow.txt');
    world.app.clock.advance(30_000);
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the file', () => world.provider.textsTo(slow.phone).length === 1);
    const text = await desk.write(other, 'probe');
    await world.sender.sendHeads(desk.account.id);
    await waitFor('the text', async () => (await world.stateOf(text)).status === rank.accepted);
    release.resolve(world.provider.accept({ number: slow.phone, operation: '' }));
    await world.sender.settled();
  });

  it('says that nothing was sent when no connection was made, and tries again', async () => {
    const desk = await world.newDesk();
    await world.app
      .sql`update accounts set config = jsonb_set(config, '{baseUrl}', '"http://10.255.255.1:9"') where id = ${desk.account.id}`;
    const chat = await desk.newChat();
    const id = await desk.write(chat, 'nowhere');
    await world.send(desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.queued, head: true, reason: 'provider' });
  });
});

describe('a worker that has to stop', () => {
  it('cuts off what still runs: what showed nothing is queued again, all else is unknown at once', async () => {
    const [meta, evolution] = [await world.newDesk({ provider: 'cloud-api' }), await world.newDesk()];
    const worker = world.newSender();
    const [held, other] = [await meta.newChat(), await evolution.newChat()];
    const never = new Promise<Reply>(() => {});
    world.provider.script('upload', () => never);
    world.provider.script(other.phone, () => never);
    const [upload, sent] = [await meta.writeFile(held, 'a.txt'), await evolution.writeFile(other, 'b.txt')];
    for (const { account } of [meta, evolution]) await worker.sendHeads(account.id);
    const reached = () => world.provider.calls.filter(({ text, number }) => text === 'b.txt' || !number).length;
    await waitFor('both calls', () => reached() === 2);
    worker.endIn(0);
    await worker.beforeApplicationShutdown();
    expect(await world.stateOf(upload)).toMatchObject({ status: rank.queued, head: true, reason: 'provider' });
    expect(await world.stateOf(sent)).toMatchObject({ status: rank.unknown, head: true });
    world.provider.script('upload', (call) => world.provider.accept(call));
    await after(2_000, meta);
    expect(await world.stateOf(upload)).toMatchObject({ status: rank.accepted });
  });
});

describe('an account that was removed', () => {
  it('fails what was queued, in words of its own', async () => {
    const desk = await world.newDesk();
    const id = await desk.write(await desk.newChat(), 'too late');
    await world.app.sql`update accounts set state = 'deleted' where id = ${desk.account.id}`;
    await world.send(desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.failed });
    expect((await world.stateOf(id)).shown_detail).toMatch(/no longer connected/);
  });
});

describe('without Redis', () => {
  it('goes on at a careful pace of its own', async () => {
    const desk = await world.newDesk({ pacing: { account: { perSecond: 1, burst: 8 } } });
    const chats = await Promise.all(Array.from({ length: 5 }, () => desk.newChat()));
    for (const chat of chats) await desk.write(chat, 'hello');
    const alone = world.newSender({ redisUrl: 'redis://127.0.0.1:9' });
    await alone.sendHeads(desk.account.id);
    await alone.settled();
    expect(chats.filter((chat) => world.provider.textsTo(chat.phone).length)).toHaveLength(2); // a quarter of the burst
  });
});

describe('reactions', () => {
  /** What the server tells of a reaction of ours, dated after the call. */
  const reaction = (desk: Desk, chat: TestConversation, id: string, emoji: string) => {
    world.app.clock.advance(1000);
    const [remoteJid, at] = [`${chat.phone.slice(1)}@s.whatsapp.net`, world.app.clock.now()];
    return {
      event: 'messages.upsert',
      instance: desk.account.config.instance,
      data: {
        key: { remoteJid, fromMe: true, id: `R${id}${at}` },
        messageType: 'reactionMessage',
        messageTimestamp: Math.floor(at / 1000),
        message: {
          reactionMessage: { key: { remoteJid, fromMe: true, id }, text: emoji, senderTimestampMs: String(at) },
        },
      },
    };
  };

  const externalIdOf = async (messageId: string) => {
    const [row] = await world.app.sql<{ id: string }[]>`
      select external_id id from externals where message_id = ${messageId}`;
    if (!row) throw new Error('the provider gave it no id');
    return row.id;
  };

  const standing = async (messageId: string) => {
    const [row] = await world.app.sql`
      select emoji, name is not null "ofMember" from reactions where message_id = ${messageId} and actor = 'us'`;
    return row;
  };

  it('stand once the provider took them, and tell the thread', async () => {
    const desk = await world.newDesk();
    const chat = await desk.newChat();
    const { id: target } = await desk.tenant.newMessage(chat, { text: 'thanks' });
    const id = await desk.react(chat, target, '👍');
    await world.send(desk);
    expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted, head: false });
    const reactions = await world.app.sql`select actor, emoji from reactions where message_id = ${target}`;
    expect([...reactions]).toEqual([{ actor: 'us', emoji: '👍' }]);
    expect(await eventsOf(desk)).toContain('message.updated');
  });

  it('keep the name of who reacted, whichever of our answer and the echo comes first', async () => {
    for (const echoFirst of [true, false]) {
      const desk = await world.newDesk();
      const chat = await desk.newChat();
      const target = await desk.write(chat, 'thanks');
      await world.send(desk);
      const id = await desk.react(chat, target, '👍');
      const told = async (emoji: string) =>
        world.receive(desk, reaction(desk, chat, await externalIdOf(target), emoji));
      if (echoFirst) await told('👍');
      await world.send(desk);
      if (!echoFirst) await told('👍');
      expect(await world.stateOf(id)).toMatchObject({ status: rank.accepted });
      expect(await standing(target), `echo first: ${echoFirst}`).toEqual({ emoji: '👍', ofMember: true });
      await told('❤️'); // from the phone: of no member
      expect(await standing(target)).toEqual({ emoji: '❤️', ofMember: false });
    }
  });
});
