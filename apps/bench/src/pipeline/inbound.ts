import type { Sample } from '../alternate';
import type { Bench, Check, Unit } from '../case';
import type { Costs } from '../measure/counters';
import type { Subject } from '../subject';
import { loadInbound, workerStatements, type InboundLoad, type Loaded } from './inbound-load';

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

/** Loads a running pipeline, says what that came to, and closes it. */
export async function measureInbound(bench: Bench, subject: Subject, load: InboundLoad): Promise<Sample> {
  try {
    const loaded = await loadInbound(bench, subject, load);
    return { values: valuesOf(loaded), checks: checksOf(loaded) };
  } finally {
    await subject.close();
  }
}

function valuesOf({ full, report, costs, idleStatements, lag }: Loaded): Record<string, number> {
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
      'SQL statements per batch':
        (workerStatements(costs) - idleStatements * costs.seconds) / Math.max(1, costs.drains),
      'events per batch': events / Math.max(1, costs.drains),
    }),
    'Redis commands per event': per(costs.redisCommands),
    'WAL per event': per(costs.walBytes / 1000),
    ...lagsOf(lag),
    ...memoryOf(costs, full),
  };
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

/** What must hold whatever the machine. */
export function checksOf({ full, report, rows }: Loaded): Check[] {
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
