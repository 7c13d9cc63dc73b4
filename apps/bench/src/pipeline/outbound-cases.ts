import { allChecks, alternate, compare, repeat, type Sample } from '../alternate';
import { startBareSends } from '../bare/bare-sends';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { quantile } from '../measure/spread';
import { startProductSends, type ProductSendsOptions } from '../product-sends';
import { runProvider, type FakeProvider } from '../provider/run-provider';
import type { SendSubject } from '../subject';
import { outboundUnits, sampleSends, sendAll } from './outbound';
import { joinSends, mostWithin } from './sends';

const accounts = 8;
const chats = 100;

export const outboundCases: BenchCase[] = [
  {
    name: 'send-320',
    title: 'Answers of 8 accounts, 40 a second each, in order',
    minutes: 6,
    quick: true,
    run: (bench) => against(bench, 40 * accounts),
  },
  {
    name: 'send-max',
    title: 'Answers of 8 accounts that nothing paces, as fast as they go',
    minutes: 5,
    run: (bench) => against(bench),
  },
  {
    name: 'send-80',
    title: 'One account at the pace of its provider, 80 a second',
    minutes: 6,
    run: paced,
  },
];

/** The pace of an account that sends 40 a second is its provider's 80; where speed is measured, nothing paces. */
async function against(bench: Bench, perSecond?: number): Promise<Outcome> {
  const free = { perSecond: 100_000, burst: 100_000 };
  const pacing = perSecond === undefined ? { pacing: { account: free } } : {};
  const plan = {
    ...(perSecond !== undefined && { perSecond }),
    warmUpSeconds: bench.quick ? 2 : 15, // in 5 s a process that has just started leaves hundreds of answers behind
    seconds: bench.quick ? 5 : 20,
  };
  const run = async (start: (provider: FakeProvider) => Promise<SendSubject>) =>
    withProvider(start, async (subject, provider) =>
      sampleSends(subject, await sendAll(bench, subject, provider, plan)),
    );
  const samples = await alternate(bench, {
    bare: () => run(({ url }) => startBareSends(bench, { accounts, chats, providerUrl: url })),
    product: () => run((provider) => startProductSends(bench, { accounts, chats, provider, ...pacing })),
  });
  return { figures: compare(samples, outboundUnits), checks: allChecks(samples) };
}

/** What provider and subject a round has end with it. */
export async function withProvider<S extends SendSubject, T>(
  start: (provider: FakeProvider) => Promise<S>,
  work: (subject: S, provider: FakeProvider) => Promise<T>,
): Promise<T> {
  const provider = await runProvider({ answerMs: 20 });
  try {
    const subject = await start(provider);
    try {
      return await work(subject, provider);
    } finally {
      await subject.close();
    }
  } finally {
    await provider.close();
  }
}

const pacedUnits: Record<string, Unit> = {
  'sends/s over the window': 'per s',
  'off the pace': '%',
  'most within 100 ms': 'count',
  'accept p99': 'ms',
};

/** More is written than may go, so that the pace alone decides; what it starts with, its burst, is over before we look. */
async function paced(bench: Bench): Promise<Outcome> {
  const [pace, before, window] = bench.quick ? [80, 8, 10] : [80, 10, 60];
  const options: Omit<ProductSendsOptions, 'provider'> = { accounts: 1, chats: 500 };
  const samples = await repeat(bench, () =>
    withProvider(
      (provider) => startProductSends(bench, { ...options, provider }),
      async (subject, provider): Promise<Sample> => {
        const plan = { perSecond: pace * 1.25, warmUpSeconds: before, seconds: window };
        const { report, calls } = await sendAll(bench, subject, provider, plan);
        const end = report.warmAt + window * 1000;
        const within = calls.filter(({ at }) => at >= report.warmAt && at < end);
        const seen = joinSends(report, calls);
        const rate = within.length / window;
        return {
          values: {
            'sends/s over the window': rate,
            'off the pace': Math.abs(rate / pace - 1) * 100,
            'most within 100 ms': mostWithin(within, 100),
            'accept p99': quantile(seen.accept, 0.99),
          },
          checks: seen.checks,
        };
      },
    ),
  );
  return { figures: compare(samples, pacedUnits), checks: allChecks(samples) };
}
