import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { startProduct } from '../product';
import { checksOf } from './inbound';
import { loadInbound } from './inbound-load';

const accounts = 20;
const perSecond = 150;
const noisyShare = 0.9;

export const neighbourCase: BenchCase = {
  name: 'noisy-neighbour',
  title: 'One of 20 accounts has 90 % of 150 webhooks a second: what the others notice',
  minutes: 8,
  run,
};

const units: Record<string, Unit> = {
  'webhook to SSE p99 of the others, as one of equals': 'ms',
  'webhook to SSE p99 of the others, beside the noisy one': 'ms',
  'webhook to SSE p99 of the others, alone': 'ms',
  'ack p99 of the others, beside the noisy one': 'ms',
  'p99 beside the noisy one by p99 as one of equals': 'ratio',
  'p99 beside the noisy one by p99 alone': 'ratio',
};

/** Three loads of the product: all alike, the same in sum with one noisy account, and the others' part of that alone. */
async function run(bench: Bench): Promise<Outcome> {
  const others = Array.from({ length: accounts - 1 }, (_, i) => i + 1);
  const noisy = [noisyShare, ...others.map(() => (1 - noisyShare) / others.length)];
  const quiet = [0, ...others.map(() => 1)];
  const under = async (rate: number, shares?: number[]) => {
    const product = await startProduct(bench, { tenants: accounts, accounts });
    try {
      const more = { groups: { others }, ...(shares && { shares }) };
      const seconds = bench.quick ? 6 : 30;
      const loaded = await loadInbound(bench, product, { perSecond: rate, seconds, more });
      return { latencies: loaded.report.groups.others, checks: checksOf(loaded) };
    } finally {
      await product.close();
    }
  };
  const samples = await repeat(bench, async (): Promise<Sample> => {
    const [equal, beside, alone] = [
      await under(perSecond),
      await under(perSecond, noisy),
      await under(perSecond * (1 - noisyShare), quiet),
    ];
    const p99 = (one: typeof equal) => one.latencies?.arrival.p99 ?? NaN;
    return {
      values: {
        'webhook to SSE p99 of the others, as one of equals': p99(equal),
        'webhook to SSE p99 of the others, beside the noisy one': p99(beside),
        'webhook to SSE p99 of the others, alone': p99(alone),
        'ack p99 of the others, beside the noisy one': beside.latencies?.ack.p99 ?? NaN,
        'p99 beside the noisy one by p99 as one of equals': p99(beside) / p99(equal),
        'p99 beside the noisy one by p99 alone': p99(beside) / p99(alone),
      },
      checks: [...equal.checks, ...beside.checks, ...alone.checks],
    };
  });
  return { figures: compare(samples, units), checks: allChecks(samples) };
}
