import type { LiveAccount } from '@parley/testing/system/system';
import type { ChaosCase } from '../case';
import { accountsOf } from './accounts';

const DAY_MS = 86_400_000;
/** A day behind, the last word of every customer would be too old to be answered in a window of 24 h. */
const ALMOST_A_DAY_MS = DAY_MS - 3_600_000;

/** A third of the providers lives in yesterday, a third in tomorrow; all of them count in seconds. */
export function providerClocksAreWrong(): ChaosCase {
  const aheads = [0, -ALMOST_A_DAY_MS, DAY_MS];
  const aheadOf = new Map<string, number>();
  const clockAheadOf = ({ id }: LiveAccount) => {
    const known = aheadOf.get(id) ?? aheads[aheadOf.size % aheads.length] ?? 0;
    aheadOf.set(id, known);
    return known;
  };
  return {
    name: 'F30',
    title: 'providers whose clocks are a day ahead, or behind',
    load: { clockAheadOf },
    inject: async () => {},
    clear: async () => {},
    async figures({ fleet }) {
      const ids = accountsOf(fleet).map(({ id }) => id);
      const future = await fleet.sql`
        select from conversations where account_id = any(${ids}::uuid[]) and last_message_at > now() + interval '6 minutes'`;
      return [
        {
          what: 'accounts with wrong clocks',
          value: [...aheadOf.values()].filter(Boolean).length,
          gate: { atLeast: 4 },
        },
        { what: 'conversations pinned to the future', value: future.length, gate: { equal: 0 } },
      ];
    },
  };
}
