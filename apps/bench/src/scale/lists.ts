import type { TestApp } from '@parley/testing/app';
import { findGrownTenant, readingsOf, type Reading } from '@parley/testing/grown/readings';
import { allChecks, alternate, compare, type Sample } from '../alternate';
import type { Bench, BenchCase, Check, Outcome, Unit } from '../case';
import { quantile } from '../measure/spread';
import { startOn, type Product } from '../product';
import { startControls, type Controls } from './controls';
import { largeInstall } from './install';
import { checkPlans } from './plan-checks';
import { requestsOf, timed } from './requests';
import { startSweeps } from './sweeps';

/** The one that is the same everywhere, large ones, and some of the many. */
const TENANTS = [0, 1, 2, 3, 20, 100, 300, 700];
const QUICK_TENANTS = [0, 1, 10, 30];
const VARIETY = 8;
const KINDS = ['list', 'history', 'search', 'counts'] as const;

export const listsCase: BenchCase = {
  name: 'lists',
  title:
    '10 M messages, 200 k conversations, 1,000 tenants: lists, history, search and counts, over HTTP and as SQL alone',
  minutes: 20,
  run,
};

const units: Record<string, Unit> = Object.fromEntries(
  [...KINDS, 'sweep'].flatMap((kind) => ['p50', 'p95', 'p99'].map((share) => [`${kind} ${share}`, 'ms' as const])),
);

async function run(bench: Bench): Promise<Outcome> {
  const app = await largeInstall(bench);
  const tenants = await Promise.all((bench.quick ? QUICK_TENANTS : TENANTS).map((n) => findGrownTenant(app, n)));
  const checks = await checkPlans(bench, app, tenants);
  const readings: Reading[] = [];
  for (const tenant of tenants) readings.push(...(await readingsOf(app, tenant, VARIETY)));
  const product = await startOn(app, { tenants: 0, accounts: 0, worker: false });
  const controls = await startControls(
    app,
    tenants.map(({ id }) => id),
  );
  try {
    return await measure(bench, { app, product, readings, controls, checks });
  } finally {
    await controls.close();
    await product.close();
  }
}

interface Scene {
  app: TestApp;
  product: Product;
  readings: Reading[];
  controls: Controls;
  checks: Check[];
}

async function measure(bench: Bench, { app, product, readings, controls, checks }: Scene): Promise<Outcome> {
  const count = bench.quick ? 100 : 600;
  const sweep = await startSweeps(app);
  const samples = await alternate(bench, {
    bare: () => sample((kind) => controls[kind](count)),
    product: async () => {
      const { values } = await sample((kind) => timed(requestsOf(product.app.url, readings, kind), count));
      return { values: { ...values, ...sharesOf('sweep', await sweep.timed(count)) }, checks: [] };
    },
  });
  await sweep.close();
  return {
    figures: compare(samples, units),
    checks: [...checks, ...allChecks(samples)],
    notes: [
      'Requests come one after the other, of a tenant’s admin and of its busiest agent, in tenants of 100 to 10,000 conversations: lists with every filter and at any depth, threads from their end, around a message and before one of more than a year ago, one of them 100,000 messages long. Beside them stands the SQL that a page cannot do without, prepared, without row-level security, on a connection of its own. The checks are of the plans that PostgreSQL told of the same requests while they ran.',
    ],
  };
}

async function sample(times: (kind: (typeof KINDS)[number]) => Promise<number[]>): Promise<Sample> {
  const values: Record<string, number> = {};
  for (const kind of KINDS) {
    await times(kind).then((warm) => warm.length); // caches and compiled code
    Object.assign(values, sharesOf(kind, await times(kind)));
  }
  return { values, checks: [] };
}

function sharesOf(kind: string, times: number[]): Record<string, number> {
  return {
    [`${kind} p50`]: quantile(times, 0.5),
    [`${kind} p95`]: quantile(times, 0.95),
    [`${kind} p99`]: quantile(times, 0.99),
  };
}
