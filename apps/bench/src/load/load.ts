import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Door } from '../subject';
import { cloudCall, signed } from './cloud-call';
import { Ledger } from './ledger';
import { listen } from './listener';
import type { LoadPlan, LoadWord } from './load-plan';
import '../with-parent';

/**
 * The load, in a process of its own: signed calls and the streams that hear of them. A chat's next call is made once the
 * one before was answered, as a provider that keeps order does; so what is out of order is ours.
 */
const plan = await new Promise<LoadPlan>((resolve) => process.once('message', resolve)); // from run-load.ts
/** What is still missing then never comes. */
const PATIENCE_MS = 20_000;
const MOST_TRIES = 30;

const run = plan.seed.toString(36) + Date.now().toString(36);
const ledger = new Ledger(plan, plan.doors);
const pools = new Map<string, Pool>();
/** The last call of each chat. */
const before = new Map<number, Promise<void>>();
let made = 0;
const madeAt = plan.doors.map(() => 0);

await openStreams();
tell({ word: 'ready' });
setTimeout(() => {
  ledger.warm();
  tell({ word: 'warm' });
}, plan.warmUpSeconds * 1000);
const end = performance.now() + (plan.warmUpSeconds + plan.seconds) * 1000;
await (plan.perSecond ? openLoop(plan.perSecond) : closedLoop());
const deadline = performance.now() + PATIENCE_MS;
while (!ledger.isComplete && performance.now() < deadline) await delay(5);
await delay(200); // what comes twice comes late
tell({ word: 'done', report: ledger.report() });
process.channel?.ref(); // the parent ends us once it has heard

async function openStreams(): Promise<void> {
  const sought = { frame: plan.messageFrame, mark: `"text":"${markOf('')}` };
  const desks = plan.desks.flatMap((desk) => Array.from({ length: plan.streams }, () => desk));
  for (const [stream, desk] of desks.entries()) await listen(desk, sought, (call) => ledger.heard(stream, call));
}

/** Every call has its moment, whatever became of those before. */
async function openLoop(perSecond: number): Promise<void> {
  const began = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let i = 0; performance.now() < end; await delay(1)) {
    for (; i < ((performance.now() - began) / 1000) * perSecond; i++) {
      const job = one(began + (i / perSecond) * 1000).finally(() => underWay.delete(job));
      underWay.add(job);
    }
  }
  await Promise.all(underWay);
}

async function closedLoop(): Promise<void> {
  const line = async () => {
    while (performance.now() < end) await one();
  };
  await Promise.all(Array.from({ length: plan.inFlight }, line));
}

async function one(intendedAt?: number): Promise<void> {
  const { door, chat } = next();
  const call = ledger.open(door, chat, intendedAt ?? performance.now());
  const chatKey = door * plan.chats + chat;
  const previous = before.get(chatKey);
  const job = (async () => {
    await previous;
    if (intendedAt === undefined) ledger.begin(call);
    const at = plan.doors[door];
    if (!at) throw new Error(`there is no door ${door}`);
    const body = cloudCall(at, { chat, id: `wamid.${run}.${call}`, mark: markOf(`${call}~ `), bytes: plan.bytes });
    await post(at, body);
    ledger.acked(call);
    if (call % 100 < plan.duplicates) await post(at, body);
  })();
  before.set(chatKey, job);
  await job;
}

/** Doors in turn or by their share, and of each door its chats in turn. */
function next(): { door: number; chat: number } {
  const n = made++;
  const door = plan.shares ? byShare(plan.shares, n) : n % plan.doors.length;
  const nth = madeAt[door] ?? 0;
  madeAt[door] = nth + 1;
  return { door, chat: nth % plan.chats };
}

/** Spreads the shares evenly over time: the golden ratio's multiples never bunch up. */
function byShare(shares: number[], n: number): number {
  let place = ((n * 0.618_033_988_75) % 1) * shares.reduce((sum, share) => sum + share, 0);
  const door = shares.findIndex((share) => (place -= share) < 0);
  return Math.max(0, door);
}

/** Until it is taken: what is refused comes again, as from a provider. */
async function post({ url }: Door, body: string): Promise<void> {
  const { origin, pathname } = new URL(url);
  const headers = signed(plan.appSecret, body);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    try {
      const answer = await poolOf(origin).request({ path: pathname, method: 'POST', headers, body });
      await answer.body.dump();
      if (answer.statusCode < 300) return;
    } catch {
      // The connection broke: the same as a refusal.
    }
    ledger.refused++;
    await delay(100 * 2 ** Math.min(tries, 4));
  }
  throw new Error(`${url} took nothing for ${MOST_TRIES} tries`);
}

function poolOf(origin: string): Pool {
  const known = pools.get(origin);
  if (known) return known;
  const pool = new Pool(origin, { connections: plan.inFlight, pipelining: 1 });
  pools.set(origin, pool);
  return pool;
}

function markOf(rest: string): string {
  return `~${run}.${rest}`;
}

function tell(word: LoadWord): void {
  process.send?.(word);
}
