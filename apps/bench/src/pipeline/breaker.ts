import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { quantile } from '../measure/spread';
import { startProductSends } from '../product-sends';
import { sendAll } from './outbound';
import { withProvider } from './outbound-cases';
import { joinSends } from './sends';

const accounts = 8;
const perSecond = 10 * accounts;

export const breakerCase: BenchCase = {
  name: 'breaker',
  title: 'Answers of 8 accounts, 10 a second each, while one of them has a dead provider',
  minutes: 4,
  run,
};

const units: Record<string, Unit> = {
  'answer to provider p99 of the others, all alive': 'ms',
  'answer to provider p99 of the others, one dead': 'ms',
  'p99 with one dead by p99 with all alive': 'ratio',
  'calls of the dead account before it was spared': 'count',
};

/** The same load twice in one life of the product: first all providers answer, then the first account's does not. */
async function run(bench: Bench): Promise<Outcome> {
  const plan = { perSecond, warmUpSeconds: bench.quick ? 2 : 5, seconds: bench.quick ? 6 : 20 };
  const samples = await repeat(bench, () =>
    withProvider(
      (provider) => startProductSends(bench, { accounts, chats: 100, provider }),
      async (subject, provider): Promise<Sample> => {
        const before = await sendAll(bench, subject, provider, plan);
        await provider.kill(subject.numbers.slice(0, 1));
        const after = await sendAll(bench, subject, provider, { ...plan, dead: [0] });
        const [well, ill] = [joinSends(before.report, before.calls), joinSends(after.report, after.calls, [0])];
        const p99 = ({ arrival }: typeof well) =>
          quantile(
            arrival.filter(({ account }) => account > 0).map(({ ms }) => ms),
            0.99,
          );
        return {
          values: {
            'answer to provider p99 of the others, all alive': p99(well),
            'answer to provider p99 of the others, one dead': p99(ill),
            'p99 with one dead by p99 with all alive': p99(ill) / p99(well),
            'calls of the dead account before it was spared': after.calls.filter((call) => !call.answered).length,
          },
          checks: [...well.checks, ...ill.checks],
        };
      },
    ),
  );
  return { figures: compare(samples, units), checks: allChecks(samples) };
}
