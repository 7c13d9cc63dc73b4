import { setTimeout as delay } from 'node:timers/promises';
import type { Sample } from '../alternate';
import type { Bench, Unit } from '../case';
import { runSends } from '../load/run-sends';
import type { SendPlan, SendReport } from '../load/send-plan';
import { startCounting, topStatements, type Costs } from '../measure/counters';
import { quantile } from '../measure/spread';
import type { FakeProvider, ProviderCall } from '../provider/run-provider';
import type { SendSubject } from '../subject';
import { joinSends, type SendsSeen } from './sends';

export const outboundUnits: Record<string, Unit> = {
  'sends/s': 'per s',
  'CPU per send': 'µs',
  'CPU per send, api': 'µs',
  'CPU per send, worker': 'µs',
  'CPU per send, Postgres': 'µs',
  'CPU per send, Redis': 'µs',
  'accept p50': 'ms',
  'accept p99': 'ms',
  'answer to provider p50': 'ms',
  'answer to provider p99': 'ms',
  'SQL statements per send': 'per event',
  'Redis commands per send': 'per event',
  'WAL per send': 'kB',
  'RSS api': 'MB',
  'RSS worker': 'MB',
  'loop lag p99, api': 'ms',
  'loop lag p99, worker': 'ms',
};

export interface Sent {
  report: SendReport;
  calls: ProviderCall[];
  costs: Costs;
}

/**
 * Agents answer in all chats of a running pipeline until `seconds` are over; then waits for the last call, of accounts
 * whose provider is not dead.
 */
export async function sendAll(
  bench: Bench,
  subject: SendSubject,
  provider: FakeProvider,
  { dead = [], ...plan }: Omit<SendPlan, 'chats' | 'inFlight' | 'ahead'> & { dead?: number[] },
): Promise<Sent> {
  const services = await bench.services();
  let counting: Promise<() => Promise<Costs>> | undefined;
  const before = await provider.count();
  const report = await runSends(
    { ...plan, chats: subject.chats, inFlight: 64, ahead: 256 },
    {
      warm() {
        void subject.loopLag();
        counting = startCounting(services, subject);
      },
      called: async () => (await provider.count()) - before,
    },
  );
  await allCalled(provider, report.accepted.filter(({ account }) => !dead.includes(account)).length);
  if (!counting) throw new Error('the agents never were warm');
  const costs = await (await counting)();
  if (bench.verbose) for (const line of await topStatements(services, subject)) bench.say(line);
  return { report, calls: await provider.calls(), costs };
}

/** Until the provider has seen as many calls, or sees no more of them for 10 s. */
async function allCalled(provider: FakeProvider, wanted: number): Promise<void> {
  let seen = 0;
  let changedAt = performance.now();
  while (performance.now() - changedAt < 10_000) {
    const count = await provider.count();
    if (count >= wanted) break;
    if (count > seen) [seen, changedAt] = [count, performance.now()];
    await delay(20);
  }
  await delay(500); // what is called for twice is called for late
}

/** One loaded round as figures. */
export async function sampleSends(subject: SendSubject, { report, calls, costs }: Sent): Promise<Sample> {
  const seen = joinSends(report, calls);
  const lag = await subject.loopLag();
  return {
    values: {
      ...valuesOf(seen, costs),
      'RSS api': costs.rssBytes.api / 2 ** 20,
      'RSS worker': costs.rssBytes.worker / 2 ** 20,
      ...(lag.api !== undefined && { 'loop lag p99, api': lag.api }),
      ...(lag.worker !== undefined && { 'loop lag p99, worker': lag.worker }),
    },
    checks: seen.checks,
  };
}

function valuesOf(seen: SendsSeen, costs: Costs): Record<string, number> {
  const per = (value: number) => value / Math.max(1, seen.calls);
  const { api, worker, postgres, redis } = costs.cpuMs;
  const arrival = seen.arrival.map((one) => one.ms);
  return {
    'sends/s': seen.calls / seen.seconds,
    'CPU per send': per((api + worker + postgres + redis) * 1000),
    'accept p50': quantile(seen.accept, 0.5),
    'accept p99': quantile(seen.accept, 0.99),
    'answer to provider p50': quantile(arrival, 0.5),
    'answer to provider p99': quantile(arrival, 0.99),
    'CPU per send, api': per(api * 1000),
    'CPU per send, worker': per(worker * 1000),
    'CPU per send, Postgres': per(postgres * 1000),
    'CPU per send, Redis': per(redis * 1000),
    'SQL statements per send': per(costs.statements),
    'Redis commands per send': per(costs.redisCommands),
    'WAL per send': per(costs.walBytes / 1000),
  };
}
