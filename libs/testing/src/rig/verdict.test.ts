import { deliveryRank } from '@parley/db/delivery-rank';
import { expect, it } from 'vitest';
import type { LiveAccount } from '../system/system';
import type { Hook } from './journal';
import { percentile, verdictOf, type Facts, type Row, type Verdict } from './verdict';

const CHATS = 4;
const EACH = 5;
const START = 1_000_000;
const EVERY = 1_000;
const marks = { injectedAt: START + 5_500, clearedAt: START + 10_500 };

const phoneOf = (chat: number) => `+1212200000${chat}`;
const accountOf = (chat: number) => ({ id: `account-${chat % 2}`, tenantId: `tenant-${chat % 2}` }) as LiveAccount;
const textOf = (chat: number, k: number) => `in 0 ${chat}.${k} hello`;

function rowOf(chat: number, text: string, position: number, delivery: number | null = null): Row {
  const { id: accountId, tenantId } = accountOf(chat);
  const conversationId = `conversation-${chat}`;
  return { id: `id of ${text}`, tenantId, accountId, phone: phoneOf(chat), conversationId, text, position, delivery };
}

/** A message a second, each acked at once, told to two clients of its tenant, and one answer in each chat. */
function allWell(): Facts {
  const numbers = Array.from({ length: CHATS * EACH }, (_, n) => n);
  const written = numbers.map((n) => {
    const [chat, k] = [n % CHATS, Math.floor(n / CHATS)];
    return { chat, k, text: textOf(chat, k), externalId: `X${n}` };
  });
  const hooks: Hook[] = numbers.map((n) => {
    const at = START + n * EVERY;
    return { externalIds: [`X${n}`], sentAt: at, attempts: [{ at, ms: 10 + n, status: 200 }], outcome: 'acked' };
  });
  const intents = Array.from({ length: CHATS }, (_, chat) => {
    return {
      messageId: `M${chat}`,
      chat,
      text: `out 0 ${chat} bye`,
      wantedAt: START + chat,
      acceptedAt: START + chat + 5,
      tries: 1,
    };
  });
  const inbound = written.map(({ chat, text }, n) => rowOf(chat, text, n));
  const outbound = intents.map(({ chat, text }) => rowOf(chat, text, 1000, deliveryRank.read));
  return {
    chats: Array.from({ length: CHATS }, (_, chat) => ({ account: accountOf(chat), phone: phoneOf(chat) })),
    written,
    intents,
    hooks,
    called: intents.map(({ text }) => text),
    arrived: intents.map(({ text, chat }) => ({ text, to: phoneOf(chat) })),
    inbound,
    outbound,
    tenants: ['tenant-0', 'tenant-1'].map((tenantId) => {
      const mine = [...inbound, ...outbound].filter((row) => row.tenantId === tenantId);
      const seqs = mine.map((_, i) => 101 + i);
      const frames = () => seqs.map((seq, i) => ({ seq, at: START + i * EVERY }));
      return {
        tenantId,
        seqs,
        announced: new Set(mine.map(({ id }) => id)),
        clients: [0, 1].map(() => ({ from: 100, frames: frames() })),
      };
    }),
    backlog: Array.from({ length: 80 }, (_, i) => ({ at: START + i * 250, rows: 1, oldestMs: 40 })),
    marks,
  };
}

const well: Verdict = {
  sent: 20,
  acked: 20,
  refused: 0,
  persistedOnce: 20,
  lost: 0,
  duplicates: 0,
  orderViolations: 0,
  intents: 4,
  intentsLost: 0,
  callsPerIntent: 1,
  doubleArrivals: 0,
  unknownThatArrived: 0,
  failedThatArrived: 0,
  sentOutOfOrder: 0,
  sse: { expected: 48, delivered: 48, duplicated: 0, gaps: 0, missing: 0 },
  ackP99Ms: { before: 15, during: 20, after: 29 },
  drainMs: 0,
  firstEventMs: 500,
};

it('finds nothing where nothing is wrong', () => {
  expect(verdictOf(allWell())).toEqual(well);
});

/** What a tampering with the facts must change in the verdict, and nothing else. */
function expectAfter(tamper: (facts: Facts) => void, changed: Partial<Verdict>) {
  const facts = allWell();
  tamper(facts);
  expect(verdictOf(facts)).toEqual({ ...well, ...changed });
}

/** Takes these fields from one and gives them to the other. */
function swap<T, K extends keyof T>(one: T | undefined, other: T | undefined, ...fields: K[]) {
  if (!one || !other) throw new Error('two are needed');
  for (const field of fields) [one[field], other[field]] = [other[field], one[field]];
}

function change<T>(one: T | undefined, fields: Partial<T>) {
  if (!one) throw new Error('nothing is there to change');
  Object.assign(one, fields);
}

it('names a lost row', () => {
  expectAfter(({ inbound }) => void inbound.splice(7, 1), { lost: 1, persistedOnce: 19 });
});

it('does not miss the row of what nobody acked', () => {
  expectAfter(
    ({ inbound, hooks }) => {
      inbound.splice(7, 1);
      change(hooks[7], { attempts: [{ at: START, ms: 3, status: 503 }], outcome: 'pending' });
    },
    { acked: 19, refused: 1, persistedOnce: 19 },
  );
});

it('names a row that stands under another number', () => {
  expectAfter(({ inbound }) => change(inbound[7], { phone: phoneOf(0) }), {
    lost: 1,
    persistedOnce: 19,
    duplicates: 1,
  });
  const other = { accountId: 'account-0' };
  expectAfter(({ inbound }) => change(inbound[7], other), { lost: 1, persistedOnce: 19, duplicates: 1 });
});

it('names a doubled message', () => {
  expectAfter(
    ({ inbound, tenants }) => {
      const twin = { ...rowOf(3, textOf(3, 1), 7), id: 'twin' };
      inbound.splice(8, 0, twin);
      tenants[1]?.announced.add('twin');
    },
    { duplicates: 1, persistedOnce: 19 },
  );
});

it('names a second conversation of one chat', () => {
  expectAfter(({ inbound }) => change(inbound[7], { conversationId: 'another' }), { duplicates: 1 });
});

it('names a swapped pair', () => {
  expectAfter(({ inbound }) => swap(inbound[4], inbound[8], 'position'), { orderViolations: 1 });
});

it('lets stand either way what was on its way at the same time', () => {
  expectAfter(
    ({ inbound, hooks }) => {
      swap(inbound[4], inbound[8], 'position');
      const sentAt = START + 4 * EVERY;
      change(hooks[4], {
        attempts: [
          { at: sentAt, ms: 5, status: 503 },
          { at: START + 8 * EVERY, ms: 14, status: 200 },
        ],
      });
    },
    { refused: 1 },
  );
});

it('takes a repeated webhook as acked when its first copy was', () => {
  expectAfter(
    ({ hooks }) => {
      const at = START + 7 * EVERY;
      hooks.push({ externalIds: ['X7'], sentAt: at, attempts: [{ at, ms: 4_000, status: null }], outcome: 'pending' });
    },
    { refused: 1 },
  );
});

it('names an event that one client never saw', () => {
  expectAfter(({ tenants }) => void tenants[0]?.clients[0]?.frames.splice(5, 1), {
    sse: { ...well.sse, delivered: 47, gaps: 1, missing: 1 },
  });
});

it('names an event that came after a later one, and one that came twice', () => {
  expectAfter(({ tenants }) => swap(tenants[0]?.clients[0]?.frames[5], tenants[0]?.clients[0]?.frames[6], 'seq'), {
    sse: { ...well.sse, gaps: 1 },
  });
  expectAfter(({ tenants }) => void tenants[0]?.clients[1]?.frames.push({ seq: 103, at: START + 60_000 }), {
    sse: { ...well.sse, duplicated: 1 },
  });
});

it('names a message that no event announces: every client misses it', () => {
  expectAfter(({ tenants, inbound }) => void tenants[1]?.announced.delete(inbound[7]?.id ?? ''), {
    sse: { ...well.sse, expected: 50, missing: 2 },
  });
});

it('names an answer that the provider was asked for twice, and one that arrived twice', () => {
  expectAfter(({ called }) => void called.push(called[0] ?? ''), { callsPerIntent: 1.25 });
  expectAfter(({ arrived }) => void arrived.push({ ...(arrived[0] ?? { text: '', to: '' }) }), { doubleArrivals: 1 });
});

it('names an answer that never arrived and is shown as sent', () => {
  expectAfter(({ arrived }) => void arrived.splice(2, 1), { intentsLost: 1 });
  expectAfter(({ outbound }) => void outbound.splice(2, 1), { intentsLost: 1 });
});

it('lets pass an answer that never arrived when the agent is told so', () => {
  expectAfter(({ arrived, outbound }) => {
    arrived.splice(2, 1);
    change(outbound[2], { delivery: deliveryRank.failed });
  }, {});
});

it('names an answer that reached somebody else', () => {
  expectAfter(({ arrived }) => change(arrived[2], { to: phoneOf(0) }), { intentsLost: 1 });
});

it('names an answer that arrived and is shown as unknown', () => {
  expectAfter(({ outbound }) => change(outbound[2], { delivery: deliveryRank.unknown }), { unknownThatArrived: 1 });
});

it('names an answer that arrived and is shown as failed', () => {
  expectAfter(({ outbound }) => change(outbound[2], { delivery: deliveryRank.failed }), { failedThatArrived: 1 });
});

it('names answers of one chat that changed places', () => {
  const facts = allWell();
  const later = {
    messageId: 'M9',
    chat: 0,
    text: 'out 0 0 later',
    wantedAt: START + 90,
    acceptedAt: START + 95,
    tries: 1,
  };
  facts.intents.push(later);
  facts.outbound.push(rowOf(0, later.text, 1001, deliveryRank.read));
  facts.arrived.unshift({ text: later.text, to: phoneOf(0) });
  expect(verdictOf(facts)).toMatchObject({ intents: 5, intentsLost: 0, sentOutOfOrder: 1 });
});

it('measures the drain: the last moment at which something kept waited longer than a second', () => {
  expectAfter(({ backlog }) => change(backlog[50], { oldestMs: 1_200 }), { drainMs: 2_250 });
  expectAfter(({ backlog }) => change(backlog[42], { oldestMs: null }), { drainMs: 250 }); // nobody could tell
});

it('measures the first event after the fault, and says when none came', () => {
  expectAfter(({ tenants }) => tenants[1]?.clients.forEach((client) => client.frames.forEach((frame) => frame.at -= 9_000)), { firstEventMs: -1 }); // prettier-ignore
});

it('takes the greatest of few as their 99th percentile', () => {
  expect([percentile([], 0.99), percentile([5, 1, 9], 0.99), percentile([5, 1, 9], 0.5)]).toEqual([NaN, 9, 5]);
});
