import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Check, Outcome, Unit } from '../case';
import { loadInbound } from '../pipeline/inbound-load';
import { startProduct, withFrozen, type Product } from '../product';

const FEW = 10;

export const tenantsCase: BenchCase = {
  name: 'tenants',
  title: '150 webhooks a second to 10 tenants, and the same to 5,000',
  minutes: 15,
  run,
};

const units: Record<string, Unit> = {
  'CPU per event': 'ratio',
  'CPU per event of 10 tenants': 'µs',
  'CPU per event of 5,000 tenants': 'µs',
  'ack p50 of 10 tenants': 'ms',
  'ack p50 of 5,000 tenants': 'ms',
};

/** As many chats in all, each with a message before the counting begins. */
async function run(bench: Bench): Promise<Outcome> {
  const many = bench.quick ? 500 : 5000;
  const few = await startProduct(bench, { tenants: FEW, accounts: FEW });
  const lots = await startProduct(bench, { tenants: many, accounts: many });
  try {
    const samples = await repeat(bench, async (): Promise<Sample> => {
      const less = await withFrozen(lots, () => load(bench, few, many / FEW));
      const more = await withFrozen(few, () => load(bench, lots, 1));
      return {
        values: {
          'CPU per event': more.cpu / less.cpu,
          'CPU per event of 10 tenants': less.cpu,
          'CPU per event of 5,000 tenants': more.cpu,
          'ack p50 of 10 tenants': less.ack,
          'ack p50 of 5,000 tenants': more.ack,
        },
        checks: [...less.checks, ...more.checks],
      };
    });
    return { figures: compare(samples, units), checks: allChecks(samples), notes: ['Nobody listens to the events.'] };
  } finally {
    await few.close();
    await lots.close();
  }
}

async function load(bench: Bench, product: Product, chats: number) {
  const perSecond = 150;
  const warmUpSeconds = Math.ceil((chats * product.doors.length) / perSecond) + 2;
  const loaded = await loadInbound(bench, product, {
    perSecond,
    streams: 0,
    warmUpSeconds,
    seconds: bench.quick ? 6 : 30,
    more: { chats },
  });
  const { api, worker, postgres, redis } = loaded.costs.cpuMs;
  const { acked } = loaded.report.counted;
  const lost = loaded.report.acked - loaded.rows.kept;
  const checks: Check[] = [{ what: 'acked and not kept', value: lost, ok: lost === 0 }];
  return { cpu: ((api + worker + postgres + redis) * 1000) / Math.max(1, acked), ack: loaded.report.ack.p50, checks };
}
