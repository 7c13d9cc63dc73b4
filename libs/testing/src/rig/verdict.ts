import { deliveryRank } from '@parley/db/delivery-rank';
import type { BacklogSample } from './backlog';
import type { Hook } from './journal';
import type { Intent, LoadChat, Written } from './said';
import type { Frame } from './watchers';

/** What a fault did to the promises. Counts, and milliseconds where the name says so. */
export interface Verdict {
  /** Messages that customers wrote. */
  sent: number;
  /** Of those, how many a provider got 2xx for. */
  acked: number;
  /** Calls of providers that were heard, or cut, and not answered with 2xx. What was answered too late for them was answered. */
  refused: number;
  /** Messages with exactly one row, where it belongs. */
  persistedOnce: number;
  /** Acked, and no row where it belongs. */
  lost: number;
  /** Rows beyond one a message, and conversations beyond one a chat. */
  duplicates: number;
  /** Messages of a thread that stand behind one that had to come later. */
  orderViolations: number;
  /** Answers of agents that the api took. */
  intents: number;
  /** Of those, how many have no row, or neither arrived nor are shown as failed or unknown. */
  intentsLost: number;
  /** Calls that providers got for each. */
  callsPerIntent: number;
  /** Answers that reached a customer more than once: the times beyond one. */
  doubleArrivals: number;
  /** Answers that arrived, and are shown as unknown. */
  unknownThatArrived: number;
  /** Answers that arrived, and are shown as failed. */
  failedThatArrived: number;
  /** Answers that arrived after a later one of their chat. */
  sentOutOfOrder: number;
  /** Over all clients: `missing` were never seen; a gap is an event that was not there when a later one came. */
  sse: { expected: number; delivered: number; duplicated: number; gaps: number; missing: number };
  /** Of the calls answered 2xx: in the 10 s before the fault, from its begin to its end, and after. NaN where there was none. */
  ackP99Ms: { before: number; during: number; after: number };
  /** From the end of the fault until nothing kept waits longer than a second, two seconds long. */
  drainMs: number;
  /** From the end of the fault until the clients of every tenant got an event; -1: some never did. */
  firstEventMs: number;
}

/** Epoch ms of the fault. */
export interface Marks {
  injectedAt: number;
  clearedAt: number;
}

export interface Row {
  id: string;
  tenantId: string;
  accountId: string;
  /** The chat's, E.164. */
  phone: string;
  conversationId: string;
  text: string;
  position: number;
  /** deliveryRank; null where it has none. */
  delivery: number | null;
}

/** All that everybody saw of one load. */
export interface Facts {
  chats: LoadChat[];
  written: Written[];
  intents: Intent[];
  /** Of providers: also those that tell of something else than these messages. */
  hooks: Hook[];
  /** Texts of the answers, once for each call that a provider got, and for each time that one reached a customer. */
  called: string[];
  arrived: { text: string; to: string }[];
  /** What the database has of the load, in the order of each thread. */
  inbound: Row[];
  outbound: Row[];
  tenants: {
    tenantId: string;
    /** Numbers that the clients are to see, in order, also those that no event has. */
    seqs: number[];
    /** Ids of the messages that events announce. */
    announced: Set<string>;
    clients: { from: number; frames: Pick<Frame, 'seq' | 'at'>[] }[];
  }[];
  backlog: BacklogSample[];
  marks: Marks;
}

export function verdictOf(facts: Facts): Verdict {
  const acks = acksOf(facts.hooks);
  const { written } = facts;
  const home = new Map(written.map(({ text, chat }) => [text, facts.chats[chat]]));
  const isHome = ({ text, accountId, phone }: Row) =>
    home.get(text)?.account.id === accountId && home.get(text)?.phone === phone;
  const rows = Map.groupBy(facts.inbound.filter(isHome), ({ text }) => text);
  const isAcked = ({ externalId }: Written) => acks.has(externalId);
  return {
    sent: written.length,
    acked: written.filter(isAcked).length,
    refused: facts.hooks.flatMap(({ attempts }) => attempts).filter(({ status, late = status }) => !isOk(late)).length,
    persistedOnce: written.filter(({ text }) => rows.get(text)?.length === 1).length,
    lost: written.filter((one) => isAcked(one) && !rows.has(one.text)).length,
    duplicates: facts.inbound.length - rows.size + conversationsTooMany(facts),
    orderViolations: orderViolations(facts, acks),
    ...outboundOf(facts),
    sse: sseOf(facts),
    ackP99Ms: ackTimes(facts),
    drainMs: drainMs(facts),
    firstEventMs: firstEventMs(facts),
  };
}

const isOk = (status: number | null) => status !== null && status >= 200 && status < 300;

/** When each message was first sent, and first acked, by the provider's id. */
function acksOf(hooks: Hook[]): Map<string, { sentAt: number; ackedAt: number }> {
  const acks = new Map<string, { sentAt: number; ackedAt: number }>();
  for (const { externalIds, sentAt, attempts } of hooks) {
    const ok = attempts.find(({ status }) => isOk(status));
    if (!ok) continue;
    for (const id of externalIds) {
      const known = acks.get(id) ?? { sentAt: Infinity, ackedAt: Infinity };
      acks.set(id, {
        sentAt: Math.min(known.sentAt, sentAt),
        ackedAt: Math.min(known.ackedAt, ok.at + ok.ms),
      });
    }
  }
  return acks;
}

function conversationsTooMany({ inbound, written }: Facts): number {
  const chatOf = new Map(written.map(({ text, chat }) => [text, chat]));
  const found = new Set(inbound.map(({ text, conversationId }) => `${chatOf.get(text)} ${conversationId}`));
  const chats = new Set(inbound.map(({ text }) => chatOf.get(text)));
  return found.size - chats.size;
}

/** Both times are rounded to milliseconds, and read off two clocks of one process. */
const CLOCK_MS = 3;

/** What was acked before the next was sent comes first. What was on its way at the same time may stand either way. */
function orderViolations({ inbound, written }: Facts, acks: ReturnType<typeof acksOf>): number {
  const idOf = new Map(written.map(({ text, externalId }) => [text, externalId]));
  let violations = 0;
  for (const thread of Map.groupBy(inbound, ({ conversationId }) => conversationId).values()) {
    let lastSent = -Infinity; // of those before it
    for (const { text } of thread.toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))) {
      const ack = acks.get(idOf.get(text) ?? '');
      if (!ack) continue;
      if (ack.ackedAt + CLOCK_MS < lastSent) violations++;
      lastSent = Math.max(lastSent, ack.sentAt);
    }
  }
  return violations;
}

function outboundOf({ intents, outbound, called, arrived, chats }: Facts) {
  const rows = new Map(outbound.map((row) => [row.text, row]));
  const wanted = new Map(intents.map((intent) => [intent.text, intent]));
  const arrivals = Map.groupBy(arrived, ({ text }) => text);
  const isShownAs = (state: 'unknown' | 'failed') => (text: string) => rows.get(text)?.delivery === deliveryRank[state];
  const isShownAsLost = (text: string) => isShownAs('unknown')(text) || isShownAs('failed')(text);
  const isRightly = (intent: Intent) => arrivals.get(intent.text)?.[0]?.to === chats[intent.chat]?.phone;
  return {
    intents: intents.length,
    intentsLost: intents.filter(
      (one) => !rows.has(one.text) || (!isRightly(one) && !(isShownAsLost(one.text) && !arrivals.has(one.text))),
    ).length,
    callsPerIntent: intents.length ? called.length / intents.length : 0,
    doubleArrivals: arrived.length - arrivals.size,
    unknownThatArrived: [...arrivals.keys()].filter(isShownAs('unknown')).length,
    failedThatArrived: [...arrivals.keys()].filter(isShownAs('failed')).length,
    sentOutOfOrder: outOfOrder(
      arrived.flatMap(({ text }) => wanted.get(text) ?? []),
      ({ chat }) => chat,
      ({ wantedAt }) => wantedAt,
    ),
  };
}

/** How many of a group come after one with a greater place. */
function outOfOrder<T>(all: T[], groupOf: (one: T) => unknown, placeOf: (one: T) => number): number {
  let count = 0;
  for (const group of Map.groupBy(all, groupOf).values()) {
    let greatest = -Infinity;
    for (const one of group) {
      if (placeOf(one) < greatest) count++;
      greatest = Math.max(greatest, placeOf(one));
    }
  }
  return count;
}

/** A message that no event announces is one that every client misses, and so is a number that no event has. */
function sseOf({ tenants, inbound, outbound }: Facts): Verdict['sse'] {
  const sum = { expected: 0, delivered: 0, duplicated: 0, gaps: 0, missing: 0 };
  const rows = Map.groupBy([...inbound, ...outbound], ({ tenantId }) => tenantId);
  for (const { tenantId, seqs, announced, clients } of tenants) {
    const silent = (rows.get(tenantId) ?? []).filter(({ id }) => !announced.has(id)).length;
    for (const { from, frames } of clients) {
      const wanted = seqs.filter((seq) => seq > from);
      const seen = new Set(frames.map(({ seq }) => seq));
      const missing = wanted.filter((seq) => !seen.has(seq)).length;
      sum.expected += wanted.length + silent;
      sum.delivered += wanted.length - missing;
      sum.duplicated += frames.length - seen.size;
      sum.missing += missing + silent;
      sum.gaps += gapsIn(wanted, frames);
    }
  }
  return sum;
}

/** Wanted ones that were not there when a later one came. */
function gapsIn(wanted: number[], frames: Pick<Frame, 'seq'>[]): number {
  let [gaps, at] = [0, 0];
  for (const { seq } of frames) {
    for (; at < wanted.length && (wanted[at] ?? 0) < seq; at++) gaps++;
    if (wanted[at] === seq) at++;
  }
  return gaps;
}

/** What is fresh from its start is slow: it is no measure of what comes later. */
export const WARM_MS = 10_000;

function ackTimes({ hooks, marks: { injectedAt, clearedAt } }: Facts): Verdict['ackP99Ms'] {
  const acked = hooks.flatMap(({ attempts }) => attempts).filter(({ status }) => isOk(status));
  const between = (from: number, to: number) =>
    percentile(
      acked.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms),
      0.99,
    );
  return {
    before: between(injectedAt - WARM_MS, injectedAt),
    during: between(injectedAt, clearedAt),
    after: between(clearedAt, Infinity),
  };
}

/** Of none there is none: NaN, which meets no gate. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

const CALM_MS = 2_000;

function drainMs({ backlog, marks: { clearedAt } }: Facts): number {
  let calmSince: number | undefined;
  for (const { at, oldestMs } of backlog.filter((sample) => sample.at >= clearedAt)) {
    const isCalm = oldestMs !== null && oldestMs < 1_000;
    calmSince = isCalm ? (calmSince ?? at) : undefined;
    if (calmSince !== undefined && at - calmSince >= CALM_MS) break;
  }
  const until = calmSince ?? backlog.at(-1)?.at ?? clearedAt;
  return Math.max(0, until - clearedAt);
}

function firstEventMs({ tenants, marks: { clearedAt } }: Facts): number {
  const first = tenants.map(({ clients }) =>
    Math.min(...clients.map(({ frames }) => frames.find(({ at }) => at >= clearedAt)?.at ?? Infinity)),
  );
  const latest = Math.max(...first);
  return Number.isFinite(latest) ? latest - clearedAt : -1;
}
