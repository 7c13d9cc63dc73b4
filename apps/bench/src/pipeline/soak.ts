import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchCase, Outcome } from '../case';
import { rssOf } from '../measure/process-stat';
import { slopeOf } from '../measure/slope';
import { spreadOf } from '../measure/spread';
import { startProduct } from '../product';
import { checksOf } from './inbound';
import { loadInbound } from './inbound-load';

const MB = 2 ** 20;
const EVERY_MS = 1000;

export const soakCase: BenchCase = {
  name: 'memory',
  title: 'Memory after 20 minutes with 100 webhooks a second and 100 event streams',
  minutes: 22,
  run,
};

/** Garbage comes and goes: what counts is the least of each minute, from the middle of the soak on. */
async function run(bench: Bench): Promise<Outcome> {
  const empty = await emptyNest();
  const seconds = bench.quick ? 30 : 20 * 60;
  const product = await startProduct(bench, { tenants: 20, accounts: 20 });
  const seen: { at: number; api: number; worker: number }[] = [];
  const { api = 0, worker = 0 } = product.pids;
  const watch = setInterval(
    () => seen.push({ at: performance.now(), api: rssOf(api) / MB, worker: rssOf(worker) / MB }),
    EVERY_MS,
  );
  try {
    const loaded = await loadInbound(bench, product, { perSecond: 100, seconds });
    const after = seen.slice(seen.length / 2);
    const figures = (['api', 'worker'] as const).flatMap((name) => {
      const points = after.map((one) => ({ at: one.at, value: one[name] }));
      const most = Math.max(...seen.slice(-60).map((one) => one[name]));
      return [
        { name: `RSS ${name}`, unit: 'MB' as const, product: spreadOf([most]) },
        { name: `RSS ${name} above an empty Nest app`, unit: 'MB' as const, product: spreadOf([most - empty]) },
        {
          name: `growth ${name} in 10 min`,
          unit: 'MB' as const,
          product: spreadOf([slopeOf(points, 60_000) * 600_000]),
        },
      ];
    });
    return {
      figures: [...figures, { name: 'RSS of an empty Nest app', unit: 'MB', product: spreadOf([empty]) }],
      checks: checksOf(loaded).map((check) => ({ ...check, what: `product: ${check.what}` })),
      notes: [`${loaded.report.acked.toLocaleString('en-US')} webhooks.`],
    };
  } finally {
    clearInterval(watch);
    await product.close();
  }
}

async function emptyNest(): Promise<number> {
  const child = fork(path.join(import.meta.dirname, 'empty-nest.js'));
  try {
    await once(child, 'message');
    await delay(5000);
    return rssOf(child.pid ?? 0) / MB;
  } finally {
    child.kill('SIGKILL');
  }
}
