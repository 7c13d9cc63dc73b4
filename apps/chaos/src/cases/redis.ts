import { percentile } from '@parley/testing/rig/verdict';
import { delaysOf } from '@parley/testing/rig/watchers';
import type { ChaosCase } from '../case';

export const redisCases: ChaosCase[] = [
  {
    name: 'F9',
    title: 'Redis started again with an empty memory',
    random: true,
    quick: true,
    async inject({ fleet }) {
      await fleet.redis.stop('kill');
      await fleet.redis.start();
    },
    clear: async () => {},
    async figures({ watchers, marks: { injectedAt, clearedAt } }) {
      const delay = percentile(delaysOf(watchers, injectedAt, clearedAt), 0.99);
      return [{ what: 'SSE delay p99', value: delay, unit: 'ms', gate: { atMost: 1_500 } }];
    },
  },
];
