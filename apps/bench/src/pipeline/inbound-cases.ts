import { allChecks, alternate, compare } from '../alternate';
import { startBare } from '../bare/bare';
import type { Bench, BenchCase, Outcome } from '../case';
import { startProduct } from '../product';
import { inboundUnits, measureInbound } from './inbound';
import type { InboundLoad } from './inbound-load';

/** 20 accounts of as many tenants. */
const size = { tenants: 20, accounts: 20 };

export const inboundCases: BenchCase[] = [
  {
    name: 'intake-max',
    title: 'Intake alone, as fast as it goes',
    minutes: 3,
    run: (bench) => against(bench, { worker: false }, {}),
  },
  {
    name: 'intake-150',
    title: 'Intake alone, 150 webhooks a second',
    minutes: 3,
    run: (bench) => against(bench, { worker: false }, { perSecond: 150 }),
  },
  {
    name: 'full-max',
    title: 'From the webhook to 100 event streams, as fast as it goes',
    minutes: 3,
    quick: true,
    run: (bench) => against(bench, {}, {}),
  },
  {
    name: 'full-150',
    title: 'From the webhook to 100 event streams, 150 webhooks a second',
    minutes: 4,
    quick: true,
    run: (bench) => against(bench, {}, { perSecond: 150, seconds: bench.quick ? 8 : 30 }),
  },
];

async function against(bench: Bench, options: { worker?: boolean }, load: InboundLoad): Promise<Outcome> {
  const samples = await alternate(bench, {
    bare: async () => measureInbound(bench, await startBare(bench, { ...size, ...options }), load),
    product: async () => measureInbound(bench, await startProduct(bench, { ...size, ...options }), load),
  });
  return { figures: compare(samples, inboundUnits), checks: allChecks(samples) };
}
