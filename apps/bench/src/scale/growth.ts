import { findGrownTenant, readingsOf, type Reading } from '@parley/testing/grown/readings';
import type { TestApp } from '@parley/testing/app';
import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { quantile } from '../measure/spread';
import { checksOf } from '../pipeline/inbound';
import { loadInbound } from '../pipeline/inbound-load';
import { startOn, withFrozen, type Product } from '../product';
import { largeInstall, smallInstall } from './install';
import { requestsOf, timed } from './requests';

export const growthCase: BenchCase = {
  name: 'growth',
  title: 'What the same costs in an install of 10 k and of 10 M messages',
  minutes: 25,
  run,
};

const units: Record<string, Unit> = {
  list: 'ratio',
  history: 'ratio',
  'CPU per event': 'ratio',
  'WAL per event': 'ratio',
  'list p50 at 10 k': 'ms',
  'list p50 at 10 M': 'ms',
  'history p50 at 10 k': 'ms',
  'history p50 at 10 M': 'ms',
  'CPU per event at 10 k': 'µs',
  'CPU per event at 10 M': 'µs',
  'WAL per event at 10 k': 'kB',
  'WAL per event at 10 M': 'kB',
};

interface Side {
  product: Product;
  readings: Reading[];
}

async function run(bench: Bench): Promise<Outcome> {
  const [small, large] = [await start(await smallInstall(bench)), await start(await largeInstall(bench))];
  try {
    const samples = await repeat(bench, async () => {
      const at10k = await withFrozen(large.product, () => measure(bench, small));
      const at10M = await withFrozen(small.product, () => measure(bench, large));
      return together(at10k, at10M);
    });
    return {
      figures: compare(samples, units),
      checks: allChecks(samples),
      notes: [
        'Lists and threads are those of a tenant that is the same in both, over HTTP. Texts of 2 kB come at 150 a second, right after a checkpoint: the log then holds every page that is touched first, whole.',
      ],
    };
  } finally {
    await small.product.close();
    await large.product.close();
  }
}

async function start(app: TestApp): Promise<Side> {
  const readings = await readingsOf(app, await findGrownTenant(app, 0), 8);
  return { product: await startOn(app, { tenants: 20, accounts: 20 }), readings };
}

async function measure(bench: Bench, { product, readings }: Side) {
  const p50 = async (kind: Reading['kind']) => {
    const requests = requestsOf(product.app.url, readings, kind);
    await timed(requests, 100);
    return quantile(await timed(requests, bench.quick ? 100 : 400), 0.5);
  };
  const [list, history] = [await p50('list'), await p50('history')];
  const seconds = bench.quick ? 6 : 30;
  const loaded = await loadInbound(bench, product, { perSecond: 150, seconds });
  const { api, worker, postgres, redis } = loaded.costs.cpuMs;
  const events = Math.max(1, loaded.report.counted.arrived);
  const cpu = ((api + worker + postgres + redis) * 1000) / events;
  return { values: { list, history, cpu, wal: loaded.costs.walBytes / 1000 / events }, checks: checksOf(loaded) };
}

type Measured = Awaited<ReturnType<typeof measure>>;

function together(at10k: Measured, at10M: Measured): Sample {
  const [less, more] = [at10k.values, at10M.values];
  return {
    values: {
      list: more.list / less.list,
      history: more.history / less.history,
      'CPU per event': more.cpu / less.cpu,
      'WAL per event': more.wal / less.wal,
      'list p50 at 10 k': less.list,
      'list p50 at 10 M': more.list,
      'history p50 at 10 k': less.history,
      'history p50 at 10 M': more.history,
      'CPU per event at 10 k': less.cpu,
      'CPU per event at 10 M': more.cpu,
      'WAL per event at 10 k': less.wal,
      'WAL per event at 10 M': more.wal,
    },
    checks: [...at10k.checks, ...at10M.checks],
  };
}
