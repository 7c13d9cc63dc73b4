import type { Fleet } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';
import { deadRows } from './backlog';

const SMALL = { NODE_OPTIONS: '--max-old-space-size=64' };
/** As long as WhatsApp lets a text be. */
const LENGTH = 65_536;
const GIANTS = 600;

/** What waits is larger than a worker's memory. */
export function batchIsGiant(): ChaosCase {
  let [stored, deaths] = [0, 0];
  return {
    name: 'F36',
    title: `workers of 64 MB come back to ${GIANTS} texts of ${LENGTH / 1024} kB that wait`,
    inject: async () => {},
    clear: async () => {},
    async run({ fleet, perform }) {
      const { workers } = fleet;
      const before = workers.reduce((sum, worker) => sum + worker.deaths(), 0);
      try {
        return await perform({
          async inject() {
            await Promise.all(workers.map((worker) => worker.stop()));
            await writeGiants(fleet);
          },
          async clear() {
            await Promise.all(workers.map((worker) => worker.start(SMALL)));
          },
        });
      } finally {
        stored = await storedGiants(fleet);
        deaths = workers.reduce((sum, worker) => sum + worker.deaths(), 0) - before;
        await Promise.all(workers.map((worker) => worker.start()));
      }
    },
    async figures({ fleet, marks }, { drainMs }) {
      return [
        { what: 'giants stored', value: stored, gate: { equal: GIANTS } },
        { what: 'workers that ran out of memory', value: deaths, gate: { equal: 0 } },
        { what: 'drained after', value: drainMs, unit: 'ms', gate: { atMost: 60_000 } },
        { what: 'webhooks given up', value: await deadRows(fleet.sql, marks.injectedAt), gate: { equal: 0 } },
      ];
    },
  };
}

/** All to one account, so that they wait in one lane. */
async function writeGiants({ simulator, tenants }: Fleet): Promise<void> {
  const account = tenants[0]?.accounts.find(({ provider }) => provider === 'evolution');
  if (!account) throw new Error('no account to write to');
  for (let i = 0; i < GIANTS; i += 20)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        simulator.receive(account.provider, account.ref, {
          from: `+1202556${String(1000 + n)}`,
          kind: 'text',
          text: `giant ${i + n} `.padEnd(LENGTH, 'x'),
        }),
      ),
    );
}

async function storedGiants({ sql }: Fleet): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int n from messages where content->>'text' like 'giant %'`;
  return row?.n ?? 0;
}
