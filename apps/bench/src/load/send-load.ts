import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Accepted, SendPlan, SendProgress, SendReport, SendWord } from './send-plan';
import '../with-parent';

/** Agents who answer, in a process of its own. In a chat the next answer is typed once the one before was accepted. */
const plan = await new Promise<SendPlan>((resolve) => process.once('message', resolve)); // too long for an argument

const run = randomUUID().slice(0, 8);
const now = () => performance.timeOrigin + performance.now();
const report: SendReport = { warmAt: now() + plan.warmUpSeconds * 1000, accepted: [], refused: 0, firstRefusal: '' };
const places = new Map<number, number>();
const before = new Map<number, Promise<void>>();
const pools = new Map<string, Pool>();
let [made, called] = [0, 0];
process.on('message', (progress: SendProgress) => (called = progress.called));

setTimeout(() => tell({ word: 'warm' }), plan.warmUpSeconds * 1000);
const end = now() + (plan.warmUpSeconds + plan.seconds) * 1000;
await (plan.perSecond ? openLoop(plan.perSecond) : closedLoop());
tell({ word: 'done', report });
process.channel?.ref(); // the parent ends us once it has heard

async function openLoop(perSecond: number): Promise<void> {
  const began = now();
  const underWay = new Set<Promise<void>>();
  for (let i = 0; now() < end; await delay(1)) {
    for (; i < ((now() - began) / 1000) * perSecond; i++) {
      const job = one(began + (i / perSecond) * 1000).finally(() => underWay.delete(job));
      underWay.add(job);
    }
  }
  await Promise.all(underWay);
}

async function closedLoop(): Promise<void> {
  const line = async () => {
    while (now() < end) {
      if (made - report.refused - called < plan.ahead) await one();
      else await delay(1);
    }
  };
  await Promise.all(Array.from({ length: plan.inFlight }, line));
}

async function one(meantFor?: number): Promise<void> {
  const chat = made++ % plan.chats.length;
  const place = (places.get(chat) ?? -1) + 1;
  places.set(chat, place);
  const previous = before.get(chat);
  const job = (async () => {
    await previous;
    await post({ chat, place, intendedAt: meantFor ?? now() });
  })();
  before.set(chat, job);
  await job;
}

async function post(answer: Pick<Accepted, 'chat' | 'place' | 'intendedAt'>): Promise<void> {
  const to = plan.chats[answer.chat];
  if (!to) throw new Error(`there is no chat ${answer.chat}`);
  const { origin, pathname } = new URL(to.url);
  const text = `${run} ${answer.chat} ${answer.place}: it left this morning, and should be with you tomorrow before noon.`;
  const headers = { ...to.headers, 'content-type': 'application/json' };
  const response = await poolOf(origin).request({
    path: pathname,
    method: 'POST',
    headers,
    body: to.body.replace('$TEXT', text),
  });
  const words = await response.body.text();
  if (response.statusCode < 300) report.accepted.push({ ...answer, text, account: to.account, acceptedAt: now() });
  else if (report.refused++ === 0) report.firstRefusal = `${response.statusCode} ${words}`.slice(0, 300);
}

function poolOf(origin: string): Pool {
  const known = pools.get(origin);
  if (known) return known;
  const pool = new Pool(origin, { connections: plan.inFlight, pipelining: 1 });
  pools.set(origin, pool);
  return pool;
}

function tell(word: SendWord): void {
  process.send?.(word);
}
