import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Services } from '../case';
import type { LoadPlan, LoadReport } from '../load/load-plan';
import { runLoad } from '../load/run-load';
import { startCounting, topStatements, type Costs } from '../measure/counters';
import type { Rows, Subject } from '../subject';

const IDLE_MS = 3000;

export interface InboundLoad {
  /** Calls per second; without one as many as go, 64 at a time. */
  perSecond?: number;
  /** Streams of each tenant; 0 where no worker runs. */
  streams?: number;
  seconds?: number;
  warmUpSeconds?: number;
  more?: Partial<LoadPlan>;
}

/** What a load came to, and what it cost from the end of its warm-up until every stream knew of everything. */
export interface Loaded {
  /** With a worker: to the event streams. Without: to the answer. */
  full: boolean;
  report: LoadReport;
  costs: Costs;
  /** Statements of the worker each second, whatever comes: it looks for what was forgotten. */
  idleStatements: number;
  lag: { api?: number; worker?: number };
  rows: Rows;
}

/** 1,000 chats, texts of 2 kB, 5 streams of each tenant, unless told otherwise: loads a running pipeline. */
export async function loadInbound(bench: Bench, subject: Subject, load: InboundLoad): Promise<Loaded> {
  const services = await bench.services();
  const full = subject.pids.worker !== undefined;
  const before = await subject.rows(); // an install may have been loaded before
  await subject.sql`checkpoint`; // or pages of the last round are written in this one
  const idle = full ? await idleStatements(services, subject) : 0;
  let counting: Promise<() => Promise<Costs>> | undefined;
  const report = await runLoad(planOf(bench, subject, load, full), () => {
    void subject.loopLag(); // forgets the warm-up
    counting = startCounting(services, subject);
  });
  if (!counting) throw new Error('the generator never was warm');
  const costs = await (await counting)();
  const lag = await subject.loopLag();
  if (bench.verbose) for (const line of await topStatements(services, subject)) bench.say(line);
  const { kept, messages, waiting } = await subject.rows();
  const rows = { kept: kept - before.kept, messages: messages - before.messages, waiting };
  return { full, report, costs, idleStatements: idle, lag, rows };
}

function planOf(bench: Bench, subject: Subject, load: InboundLoad, full: boolean): LoadPlan {
  const { doors, desks, appSecret, messageFrame } = subject;
  return {
    doors,
    desks,
    appSecret,
    messageFrame,
    chats: Math.ceil(1000 / doors.length),
    streams: full ? (load.streams ?? 5) : 0,
    ...(load.perSecond !== undefined && { perSecond: load.perSecond }),
    inFlight: 64,
    warmUpSeconds: load.warmUpSeconds ?? (bench.quick ? 2 : 8),
    seconds: load.seconds ?? (bench.quick ? 5 : 15),
    bytes: 2048,
    duplicates: 0,
    seed: bench.seed,
    ...load.more,
  };
}

async function idleStatements(services: Services, subject: Subject): Promise<number> {
  const end = await startCounting(services, subject);
  await delay(IDLE_MS);
  const costs = await end();
  return workerStatements(costs) / costs.seconds;
}

/** The bare pipeline has one role: what intake runs is in it. */
export function workerStatements({ statementsByRole, statements }: Costs): number {
  return statementsByRole.parley_worker ?? statements;
}
