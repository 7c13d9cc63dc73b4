import type { ChannelEvent } from '@parley/channels/provider';
import { fixtures } from '@parley/channels/testing/fixtures';
import { getAccount, type ProviderName } from '@parley/contracts/accounts';
import { getConversation, listConversations, type ConversationDetails } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import { CURSOR_HEADER, EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStream } from '../event-stream';
import { Screen } from '../screen';
import { waitFor } from '../wait-for';
import { FixtureStage } from './fixture-stage';
import { conversationsOf, threadOf } from './reading';
import { startSystem, type System } from './system';

const providers: ProviderName[] = ['evolution', 'cloud-api', 'green-api', 'slack'];
const counts = { fixtures: 0, items: 0, messages: 0, events: 0, ephemeral: 0 };

let system: System;

beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(async () => {
  await system?.close();
  console.log(
    `fixtures: ${counts.fixtures} calls of ${counts.items} items made ${counts.messages} messages and lines, ${counts.events} events on the streams and ${counts.ephemeral} ephemeral ones`,
  );
});

/** What stands on a message that cannot be told before it: Slack's own in a direct message, and its further files. */
const withoutScene = ['own-echo-in-direct-message', 'delete-with-files'];

describe.concurrent.each(providers)('%s', (provider) => {
  const told = fixtures(provider).filter(([name]) => !withoutScene.includes(name));
  it.each(told)('shows what %s tells, and on the stream alike', async (_name, recorded) => {
    const stage = await FixtureStage.open(system, provider, recorded);
    const fixture = { ...recorded, events: stage.events };
    const scene = await stage.setTheScene();
    const isSilent = fixture.events.every(({ type }) => type === 'templates.changed');
    const before = isSilent ? await shownTo(stage) : null;
    const watching = await Promise.all(stage.places.map((place) => watch(place)));

    const { status, body } = await stage.play();
    expect(status).toBe(200);
    await expectKept(stage, fixture.items.length, body);

    await Promise.all(watching.map((one) => one.caughtUp()));
    if (fixture.events.some(({ type }) => type === 'typing.changed'))
      await waitFor('the word that somebody types', () => watching.some(({ stream }) => stream.ephemeral.length));
    const after = await shownTo(stage);
    const received = fixture.events.filter(({ type }) => type === 'message.received');
    expect(bubbles(after)).toHaveLength(scene + received.length);
    for (const event of fixture.events) expectShown(event, fixture.events, after, watching);
    if (isSilent) expect(after).toEqual(before);

    for (const one of watching) await one.expectTrue();
    counts.fixtures++;
    counts.items += fixture.items.length;
    counts.messages += after.threads.flat().length;
  });
});

interface Shown {
  conversations: ConversationDetails[];
  threads: Message[][];
  accounts: object[];
}

/** Everything of the stage, as its admins read it. */
async function shownTo({ places }: FixtureStage): Promise<Shown> {
  const parts = await Promise.all(
    places.map(async ({ admin, account }) => {
      const caller = system.app.as(admin);
      const ids = (await conversationsOf(caller)).map(({ id }) => id);
      const details = await Promise.all(ids.map((id) => caller.call(getConversation, { params: { id } })));
      const threads = await Promise.all(ids.map((id) => threadOf(caller, id)));
      const open = await caller.call(getAccount, { params: { id: account.id } });
      return { conversations: details.map((one) => one.body), threads, accounts: [open.body] };
    }),
  );
  return {
    conversations: parts.flatMap((part) => part.conversations),
    threads: parts.flatMap((part) => part.threads),
    accounts: parts.flatMap((part) => part.accounts),
  };
}

const bubbles = ({ threads }: Shown) => threads.flat().filter(({ direction }) => direction !== 'system');
const lines = ({ threads }: Shown) =>
  threads.flat().flatMap(({ content }) => (content.type === 'system' ? [content.event] : []));

/** Rows hold the call as it came; nothing waits, nothing is buried. */
async function expectKept({ places }: FixtureStage, items: number, body: string): Promise<void> {
  const ids = places.map(({ account }) => account.id);
  const pending = await system.app.sql`select dead from pending where account_id = any(${ids}::uuid[])`;
  expect(pending).toEqual([]);
  if (items !== 1) return;
  const rows = await system.app.sql<
    { body: Buffer }[]
  >`select body from webhooks where account_id = any(${ids}::uuid[])`;
  const kept = rows.map((row) => withoutCredential(row.body.toString()));
  expect(kept).toContain(withoutCredential(body));
}

const withoutCredential = (body: string) => body.replace(/"apikey":"[^"]*"/, '"apikey":"…"');

/** Every file was asked for once: it is here, gone, or waits for another try, and shows nothing new by itself. */
async function filesAsked({ id }: { id: string }) {
  await waitFor('files to be asked for', async () => {
    const rows = await system.app
      .sql`select 1 from attachments where account_id = ${id} and state = 'pending' and (tries = 0 or due_at > now() + interval '30 seconds')`;
    return rows.length === 0;
  });
}

/** A stream and a screen that follows it, from now on. */
async function watch({ admin, account }: FixtureStage['places'][number]) {
  const caller = system.app.as(admin);
  const screen = await Screen.fetch(caller, admin.id);
  const stream = await TestStream.open({ url: system.app.url, cookie: admin.cookie, after: screen.seq });
  const head = async () => Number((await caller.call(listConversations)).headers.get(CURSOR_HEADER));
  return {
    stream,
    caughtUp: async () => {
      await filesAsked(account);
      const last = await head();
      await waitFor('the stream to be at the head', () => stream.lastId >= last || last === screen.seq);
    },
    /** Every event is as the contract has it, and together they lead to what a fresh look shows. */
    expectTrue: async () => {
      stream.cut();
      for (const event of stream.events) {
        expect(RealtimeEvent.parse(event)).toEqual(event);
        screen.apply(event);
      }
      for (const event of stream.ephemeral) expect(EphemeralEvent.parse(event)).toEqual(event);
      expect(screen.shown()).toEqual((await Screen.fetch(caller, admin.id)).shown(screen));
      counts.events += stream.events.length;
      counts.ephemeral += stream.ephemeral.length;
    },
  };
}

function expectShown(event: ChannelEvent, all: ChannelEvent[], after: Shown, watching: { stream: TestStream }[]): void {
  switch (event.type) {
    case 'message.received':
      return expect(bubbles(after)).toContainEqual(expect.objectContaining(bubbleOf(event, all)));
    case 'message.edited': {
      const { content } = event;
      const edited = content.type === 'media' ? { ...fileOf(after), caption: content.caption } : content;
      const editedAt = ['call', 'poll'].includes(content.type) ? null : event.at.toISOString();
      return expect(bubbles(after)).toContainEqual(expect.objectContaining({ content: edited, editedAt }));
    }
    case 'message.deleted': {
      const deletedAt = event.at?.toISOString() ?? expect.any(String);
      return expect(bubbles(after)).toContainEqual(expect.objectContaining({ deletedAt }));
    }
    case 'message.reacted': {
      const by = event.own ? null : (event.from.name ?? null);
      const reactions = event.emoji === null ? [] : [{ emoji: event.emoji, by, own: event.own }];
      return expect(bubbles(after)).toContainEqual(expect.objectContaining({ reactions }));
    }
    case 'delivery.updated':
      return expect(bubbles(after)).toContainEqual(
        expect.objectContaining({ delivery: expect.objectContaining(deliveryOf(event, all)) }),
      );
    case 'participants.changed':
      return expectMembers(event, after);
    case 'chat.renamed':
      return expect(after.conversations.map(({ title }) => title)).toContain(event.title);
    case 'contact.named':
      return expect(after.conversations).toContainEqual(
        expect.objectContaining({ title: event.name, contact: expect.objectContaining({ name: event.name }) }),
      );
    case 'contact.linked': {
      const identities = after.conversations.flatMap(({ contact }) => contact?.identities ?? []);
      expect(identities).toEqual(expect.arrayContaining(event.now));
      return expect(lines(after)).toContain('number_changed');
    }
    case 'account.changed': {
      const qr = event.qr ? { qr: { ...event.qr, at: expect.any(String), leftMs: expect.any(Number) } } : {};
      const account = { state: event.state, stateDetail: event.detail ?? null, ...qr };
      return expect(after.accounts).toContainEqual(expect.objectContaining(account));
    }
    case 'account.noted':
      return expect(after.accounts).toContainEqual(
        expect.objectContaining({ state: 'connected', stateDetail: event.detail }),
      );
    case 'typing.changed':
      return expect(watching.flatMap(({ stream }) => stream.ephemeral)).toContainEqual(
        expect.objectContaining({ conversationId: after.conversations[0]?.id, typing: event.typing }),
      );
    case 'templates.changed':
      return; // the next look at the templates asks the provider again
  }
}

type EventOf<T extends ChannelEvent['type']> = Extract<ChannelEvent, { type: T }>;

function bubbleOf(event: EventOf<'message.received'>, all: ChannelEvent[]) {
  const outcome = all.find((one) => one.type === 'message.edited' && one.externalId === event.externalId);
  const content = outcome?.type === 'message.edited' ? outcome.content : event.content;
  const { own, quote, from } = event;
  const name = own ? null : (from.name ?? from.addresses[0]?.address ?? null);
  return {
    content: event.file ? expect.objectContaining(toldOf(content)) : content,
    direction: own ? 'outbound' : 'inbound',
    origin: own ? (own === 'device' ? 'phone' : 'elsewhere') : null,
    forwarded: event.forwarded === true,
    sentAt: event.sentAt.toISOString(),
    sender: { memberId: null, name, contactId: own || !from.addresses.length ? null : expect.any(String) },
    quote: quote
      ? expect.objectContaining({ messageId: expect.any(String), text: quote.text ?? expect.any(String) })
      : null,
  };
}

/** Of a file its size, which is the sender's word until it was fetched, does not count. */
function toldOf({ sizeBytes: _size, ...content }: Record<string, unknown>) {
  return content;
}

/** The greatest word wins; of what was typed on the phone it is known that it left. */
function deliveryOf({ externalId }: EventOf<'delivery.updated'>, all: ChannelEvent[]) {
  const order = ['sent', 'failed', 'delivered', 'read'];
  const words = all.flatMap((one) =>
    one.type === 'delivery.updated' && one.externalId === externalId ? [one.status] : [],
  );
  const status = order[Math.max(...words.map((word) => order.indexOf(word)), 0)];
  const said = status === 'failed' ? { detail: expect.stringMatching(/^.+\./) } : { detail: null };
  return { status, ...said, canRetry: false, canCheck: false };
}

function expectMembers({ action, members }: EventOf<'participants.changed'>, { conversations, ...shown }: Shown): void {
  const seated = conversations.flatMap(({ participants }) =>
    participants.map(({ address, admin }) => ({ address, admin })),
  );
  for (const { addresses, admin } of members) {
    const seat = { address: addresses[0]?.address, admin: action === 'promote' || admin === true };
    if (action === 'remove') expect(seated.map(({ address }) => address)).not.toContain(seat.address);
    else expect(seated).toContainEqual(seat);
  }
  const said = { add: 'added', remove: 'removed', promote: 'promoted', demote: 'demoted', replace: null }[action];
  if (said) expect(lines({ conversations, ...shown })).toContain(`participants_${said}`);
}

/** The one picture of the thread. */
function fileOf(after: Shown) {
  const content = bubbles(after).find((message) => message.content.type === 'media')?.content;
  expect(content).toMatchObject({ kind: 'image', mimeType: 'image/jpeg' });
  return content;
}
