import assert from 'node:assert/strict';
import { z } from 'zod';
import type { ChannelEvent, WebhookCall } from '../provider';
import { Unreadable } from '../unreadable';
import type { Check } from './check';
import { hostileCalls } from './hostile';
import { withoutNetwork } from './quiet';
import { Random } from './random';
import { bodyOf, type Happening, type Sample } from './sample';

const SEED = 20_260_304;

const cut = ({ provider }: Sample, call: WebhookCall) => provider.split(call);
const read = ({ provider }: Sample, item: { body: Uint8Array }) => provider.parse(item);

const rules: Check[] = [
  {
    name: 'a call is believed with its proof, the old and the new one while they rotate, and not otherwise',
    holds({ sample, config }) {
      const { provider } = sample;
      const mine = provider.secrets(config);
      const other = Object.fromEntries(Object.entries(mine).map(([name, secret]) => [name, `${secret}x`]));
      const [, fixture] = sample.fixtures[0] ?? [];
      const body = fixture?.call.body ?? bodyOf({});
      const call = { headers: sample.prove(body, mine), body };
      const believes = (one: WebhookCall, ...secrets: Record<string, string>[]) =>
        provider.verify(one, secrets, Date.now());
      assert.ok(believes(call, mine), 'its own proof is refused');
      assert.ok(believes(call, other, mine), 'the old secret is refused while the new one begins');
      assert.ok(believes(call, mine, other), 'the new secret is refused while the old one ends');
      assert.ok(!believes(call, other), 'another secret is believed');
      assert.ok(!believes(call), 'it believes without knowing a secret');
      assert.ok(!believes({ headers: {}, body }, mine), 'it believes without a proof');
      const empty = Object.fromEntries(Object.keys(mine).map((name) => [name, '']));
      assert.ok(!believes({ headers: {}, body }, empty), 'no proof is equal to an empty secret');
      for (const [name, value] of Object.entries(call.headers))
        for (const wrong of ['', ' ', value.slice(0, -1), `${value}0`])
          assert.ok(
            !believes({ headers: { ...call.headers, [name]: wrong }, body }, mine),
            `it believes ${name} ${wrong}`,
          );
      for (const headers of Object.keys(call.headers).flatMap((name) => junk.map((value) => ({ [name]: value })))) {
        const wrong = { headers: { ...call.headers, ...headers }, body };
        assert.doesNotThrow(
          () => assert.equal(believes(wrong, mine), false),
          `it stumbles over ${JSON.stringify(headers)}`,
        );
      }
      const lives = sample.proofLivesMs ?? 0;
      const late = Date.now() + (lives || YEAR_MS) + 2_000;
      assert.equal(
        provider.verify(call, [mine], late),
        lives === 0,
        'a proof ends when it should not, or does not end',
      );
      if (sample.signsBody) {
        const changed = Buffer.concat([body, Buffer.from(' ')]);
        assert.ok(!believes({ ...call, body: changed }, mine), 'a proof of other bytes is believed');
      }
    },
  },
  {
    name: 'recorded calls are cut and read as recorded, twice the same, without the network',
    holds({ sample }) {
      for (const [name, { call, items, events }] of sample.fixtures) {
        const found = cut(sample, call);
        assert.ok(Array.isArray(found), `${name}: split is not synchronous`);
        assert.deepEqual(
          found.map(({ routingKey, groupKey, chat, at }) => defined({ routingKey, groupKey, chat, at })),
          items.map(defined),
          name,
        );
        const told = found.flatMap((item) => read(sample, item));
        assert.deepEqual(told, events, name);
        assert.deepEqual(
          found.flatMap((item) => read(sample, { body: Uint8Array.from(item.body) })),
          told,
          `${name}, again`,
        );
      }
    },
  },
  {
    name: 'an item says where it belongs as parse does, and its body alone is that item again',
    holds({ sample }) {
      for (const [name, { call }] of sample.fixtures) {
        for (const item of cut(sample, call)) {
          for (const chat of read(sample, item).flatMap(chatOf))
            if (item.chat !== undefined) assert.equal(item.chat, chat, name);
          const again = cut(sample, { ...call, body: item.body });
          assert.deepEqual(
            again.map(({ key }) => key),
            [item.key],
            `${name}: the item is another when it is cut again`,
          );
        }
      }
    },
  },
  {
    name: 'a key is the same for the same thing said again, and no other thing has it',
    holds({ sample }) {
      const random = new Random(SEED);
      const said = new Map<string, string>();
      for (let round = 0; round < 3_000; round++) {
        const happening = happen(random, sample.idsPerChat);
        const body = sample.tell(happening);
        if (!body) continue;
        const keys = cut(sample, { headers: {}, body }).map(({ key }) => key);
        assert.equal(keys.length, 1, 'one thing told is one item');
        if (!REPEATABLE.includes(happening.what)) {
          const again = cut(sample, { headers: {}, body: rewritten(body) }).map(({ key }) => key);
          assert.deepEqual(again, keys, 'the same thing in other bytes has another key');
        }
        const [key = ''] = keys;
        const meaning = JSON.stringify(happening);
        assert.equal(said.get(key) ?? meaning, meaning, 'two things have one key');
        said.set(key, meaning);
      }
      const meanings = new Set(said.values());
      assert.equal(said.size, meanings.size, 'one thing has two keys');
      assert.ok(tells(sample, 'message'), 'the sample tells of no message');
    },
  },
  {
    name: 'what an edit, a reaction, a deletion or a status is about is named as the message was, and as the send was',
    holds({ sample, config }) {
      const told = (what: Happening['what'], id: string) => {
        const body = sample.tell({ what, id, chat: 'first', second: 1_772_615_722 });
        return body && cut(sample, { headers: {}, body }).flatMap((item) => read(sample, item));
      };
      const named = (events: ChannelEvent[]) =>
        events.flatMap((event) => ('externalId' in event ? event.externalId : []));
      const [message] = named(told('message', 'ID123') ?? []);
      assert.ok(message !== undefined, 'the sample tells of no message');
      for (const what of WHATS.filter((one) => one !== 'message')) {
        const events = told(what, 'ID123');
        if (!events) continue;
        assert.ok(
          events.some((event) => isOf(what, event)),
          `${what} is not understood`,
        );
        for (const id of named(events)) assert.equal(id, message, what);
      }
      const { receipts } = sample.provider.capabilities(config);
      for (const what of [
        'sent',
        ...(receipts === 'none' ? [] : (['delivered'] as const)),
        ...(receipts === 'read' ? (['read'] as const) : []),
      ] as const) {
        const events = told(what, sample.taken.id);
        assert.ok(events !== null || receipts === 'none', `the sample tells of nothing ${what}`);
        for (const id of named(events ?? [])) assert.equal(id, sample.taken.externalId, `${what}, of a send`);
      }
    },
  },
  {
    name: 'hostile calls end in items or a typed rejection, and no error tells of people',
    holds({ sample }) {
      let count = 0;
      for (const { name, body, private: words } of hostileCalls(sample, new Random(SEED))) {
        count += 1;
        const items = attempt(name, words, () => cut(sample, { headers: {}, body }));
        for (const item of items) {
          for (const text of [item.routingKey, item.groupKey ?? '', item.chat ?? ''])
            assert.ok(text.isWellFormed() && !text.includes('\0'), `${name}: a name that no database holds`);
          const events = attempt(name, words, () => read(sample, item));
          assert.doesNotMatch(JSON.stringify(events), /\\u0000|\\ud[89a-f]/i, `${name}: text that no database holds`);
        }
      }
      assert.equal(({} as { polluted?: boolean }).polluted, undefined, 'a call reached Object.prototype');
      assert.ok(count > 0);
    },
  },
];

/** What comes in: proven, cut, read. */
export const callsIn: Check[] = rules.map(({ name, holds }) => ({
  name,
  holds: (stage) => withoutNetwork(() => holds(stage)),
}));

/** How many calls the hostile check makes of a sample. */
export function countHostile(sample: Sample): number {
  return [...hostileCalls(sample, new Random(SEED))].length;
}

const YEAR_MS = 365 * 86_400_000;
/** In the place of a proof. */
const junk = ['Bearer \0.é.%', 'sha256=zz', 'v0=', '\ud800', '{', '9'.repeat(400), 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'];

/** The same JSON with its keys the other way round and blanks between; what is no JSON as it is. */
function rewritten(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString();
  return text.startsWith('{') ? Buffer.from(JSON.stringify(reversed(JSON.parse(text)), null, 1)) : body;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, one]) => [name, reversed(one)]),
  );
}

/** It says just that. */
function isOf(what: Happening['what'], event: ChannelEvent): boolean {
  switch (what) {
    case 'message':
      return event.type === 'message.received';
    case 'edit':
      return event.type === 'message.edited';
    case 'deletion':
      return event.type === 'message.deleted';
    case 'reaction':
    case 'reaction taken back':
      return event.type === 'message.reacted' && (event.emoji === null) === (what === 'reaction taken back');
    default:
      return event.type === 'delivery.updated' && event.status === what;
  }
}

function attempt<Result>(name: string, words: string[], run: () => Result[]): Result[] {
  try {
    return run();
  } catch (error) {
    const typed = error instanceof Unreadable || error instanceof z.ZodError;
    assert.ok(typed, `${name}: threw ${error instanceof Error ? `${error.name}: ${error.message}` : typeof error}`);
    const said = String(error);
    for (const word of words) assert.ok(!said.includes(word), `${name}: the error tells "${word}"`);
    return [];
  }
}

const WHATS = ['message', 'edit', 'reaction', 'reaction taken back', 'deletion', 'sent', 'delivered', 'read'] as const;
/** These happen again and again to one message, so some providers tell them apart by their bytes alone; twice does no harm. */
const REPEATABLE: readonly Happening['what'][] = ['edit', 'reaction', 'reaction taken back', 'deletion'];
const IDS = ['A', 'B', 'A","B', '["A"]', 'A\0', 'A:B', 'A/B', 'A B', 'a'];

function happen(random: Random, idsPerChat: boolean): Happening {
  const what = random.pick(WHATS);
  return {
    what,
    id: random.below(3) === 0 ? String(random.below(1e6)) : random.pick(IDS),
    chat: idsPerChat ? random.pick(['first', 'second'] as const) : 'first',
    second: 1_772_615_722 + (REPEATABLE.includes(what) ? random.below(3) : 0),
  };
}

const tells = (sample: Sample, what: Happening['what']) =>
  sample.tell({ what, id: 'A', chat: 'first', second: 1_772_615_722 }) !== null;

function chatOf(event: ChannelEvent): string[] {
  if (!('chat' in event) || !event.chat) return [];
  return [event.chat.kind === 'group' ? event.chat.externalId : event.chat.addresses[0].address];
}

const defined = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
