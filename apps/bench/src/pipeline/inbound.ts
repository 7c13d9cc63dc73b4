import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Check, Services, Unit } from '../case';
import type { Sample } from '../alternate';
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

export const inboundUnits: Record<string, Unit> = {
  'events/s': 'per s',
  'CPU per event': 'µs',
  'CPU per event, api': 'µs',
  'CPU per event, worker': 'µs',
  'CPU per event, Postgres': 'µs',
  'CPU per event, Redis': 'µs',
  'ack p50': 'ms',
  'ack p95': 'ms',
  'ack p99': 'ms',
  'ack p99.9': 'ms',
  'webhook to SSE p50': 'ms',
  'webhook to SSE p95': 'ms',
  'webhook to SSE p99': 'ms',
  'webhook to SSE p99.9': 'ms',
  'SQL statements per event': 'per event',
  'SQL statements per batch': 'per batch',
  'events per batch': 'per batch',
  'Redis commands per event': 'per event',
  'WAL per event': 'kB',
  'RSS api': 'MB',
  'RSS worker': 'MB',
  'loop lag p99, api': 'ms',
  'loop lag p99, worker': 'ms',
};

/** 1,000 chats of 20 accounts, texts of 2 kB: loads a running pipeline and says what that came to. Closes it. */
export async function measureInbound(bench: Bench, subject: Subject, load: InboundLoad): Promise<Sample> {
  try {
    return await measure(bench, subject, load);
  } finally {
    await subject.close();
  }
}

async function measure(bench: Bench, subject: Subject, load: InboundLoad): Promise<Sample> {
  const services = await bench.services();
  const full = subject.pids.worker !== undefined;
  await subject.sql`checkpoint`; // or pages of the last round are written in this one
  const plan: LoadPlan = {
    doors: subject.doors,
    desks: subject.desks,
    appSecret: subject.appSecret,
    messageFrame: subject.messageFrame,
    chats: Math.ceil(1000 / subject.doors.length),
    streams: full ? (load.streams ?? 5) : 0,
    ...(load.perSecond !== undefined && { perSecond: load.perSecond }),
    inFlight: 64,
    warmUpSeconds: load.warmUpSeconds ?? (bench.quick ? 2 : 4),
    seconds: load.seconds ?? (bench.quick ? 5 : 15),
    bytes: 2048,
    duplicates: 0,
    seed: bench.seed,
    ...load.more,
  };
  const idle = full ? await idleStatements(services, subject) : 0;
  let counting: Promise<() => Promise<Costs>> | undefined;
  const report = await runLoad(plan, () => {
    void subject.loopLag(); // forgets the warm-up
    counting = startCounting(services, subject);
  });
  if (!counting) throw new Error('the generator never was warm');
  const costs = await (await counting)();
  const lag = await subject.loopLag();
  if (bench.verbose) for (const line of await topStatements(services, subject)) bench.say(line);
  return {
    values: { ...valuesOf(report, costs, { full, idle }), ...lagsOf(lag), ...memoryOf(costs, full) },
    checks: checksOf(report, await subject.rows(), full),
  };
}

/** What the worker runs each second with nothing to do: it looks for what was forgotten. */
async function idleStatements(services: Services, subject: Subject): Promise<number> {
  const end = await startCounting(services, subject);
  await delay(IDLE_MS);
  const costs = await end();
  return workerStatements(costs) / costs.seconds;
}

interface Beside {
  full: boolean;
  /** Statements of the worker each second, whatever comes. */
  idle: number;
}

function valuesOf(report: LoadReport, costs: Costs, { full, idle }: Beside): Record<string, number> {
  const events = full ? report.counted.arrived : report.counted.acked;
  const per = (value: number) => value / Math.max(1, events);
  const { api, worker, postgres, redis } = costs.cpuMs;
  const { ack, arrival } = report;
  const rate = events / (full ? report.seconds.toArrival : report.seconds.toAck);
  const cpu = { api, ...(full && { worker }), Postgres: postgres, Redis: redis };
  const each = Object.entries(cpu).map(([name, ms]) => [`CPU per event, ${name}`, per(ms * 1000)] as const);
  return {
    'events/s': rate,
    'CPU per event': per((api + worker + postgres + redis) * 1000),
    'ack p50': ack.p50,
    'ack p99': ack.p99,
    ...(full && { 'webhook to SSE p50': arrival.p50, 'webhook to SSE p99': arrival.p99 }),
    'ack p95': ack.p95,
    'ack p99.9': ack.p999,
    ...(full && { 'webhook to SSE p95': arrival.p95, 'webhook to SSE p99.9': arrival.p999 }),
    ...Object.fromEntries(each),
    'SQL statements per event': per(costs.statements),
    ...(full && {
      'SQL statements per batch': (workerStatements(costs) - idle * costs.seconds) / Math.max(1, costs.drains),
      'events per batch': events / Math.max(1, costs.drains),
    }),
    'Redis commands per event': per(costs.redisCommands),
    'WAL per event': per(costs.walBytes / 1000),
  };
}

/** The bare pipeline has one role: what intake runs is in it. */
function workerStatements({ statementsByRole, statements }: Costs): number {
  return statementsByRole.parley_worker ?? statements;
}

function lagsOf({ api, worker }: { api?: number; worker?: number }): Record<string, number> {
  return {
    ...(api !== undefined && { 'loop lag p99, api': api }),
    ...(worker !== undefined && { 'loop lag p99, worker': worker }),
  };
}

function memoryOf({ rssBytes }: Costs, full: boolean): Record<string, number> {
  return { 'RSS api': rssBytes.api / 2 ** 20, ...(full && { 'RSS worker': rssBytes.worker / 2 ** 20 }) };
}

function checksOf(report: LoadReport, rows: Rows, full: boolean): Check[] {
  const zero = (what: string, value: number): Check => ({ what, value, ok: value === 0 });
  const kept = [zero('acked and not kept', report.acked - rows.kept)];
  if (!full) return kept;
  return [
    ...kept,
    zero('kept and not applied', rows.kept - rows.messages),
    zero('left in the queue', rows.waiting),
    zero('frames missing', report.expected - report.delivered),
    zero('frames told twice', report.duplicated),
    zero('frames out of order', report.outOfOrder),
  ];
}
