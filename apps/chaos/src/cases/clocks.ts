import { setTimeout as sleep } from 'node:timers/promises';
import { getMe } from '@parley/contracts/me';
import { deliveryRank } from '@parley/db/delivery-rank';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { ChaosCase, Figure } from '../case';
import { Clockwork } from './faketime';

const STEP_MS = 5_000;
/** Of the apis and of the workers, one step after the other: never the same, ahead, behind, and jumping both ways. */
const STEPS = [
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;

/** Clocks of machines that are wrong, and that somebody sets while they run. Postgres' own is right. */
export function clocksAreWrong(): ChaosCase {
  let [refused, asked, retried] = [0, 0, 0];
  return {
    name: 'F29',
    title: 'clocks of apis and workers an hour wrong, each its own way, jumping while they run',
    inject: async () => {},
    clear: async () => {},
    async obstacle(launcher) {
      return (await Clockwork.of(launcher)) ? undefined : 'there is no libfaketime, and no apt-get to fetch it with';
    },
    async run({ launcher, fleet, perform }) {
      const [ofApis, ofWorkers] = [await Clockwork.of(launcher), await Clockwork.of(launcher)];
      if (!ofApis || !ofWorkers) throw new Error('no libfaketime');
      for (const api of fleet.apis) await api.start(ofApis.env);
      for (const worker of fleet.workers) await worker.start(ofWorkers.env);
      try {
        return await perform({
          clearAfter: 15 + (STEPS.length * STEP_MS) / 1000,
          async inject() {
            [refused, asked, retried] = [0, 0, await refuseSomeSends(fleet)];
            for (const [api, worker] of STEPS) {
              ofApis.moveTo(api);
              ofWorkers.moveTo(worker);
              for (const until = performance.now() + STEP_MS; performance.now() < until; await sleep(250)) {
                const answers = await askAll(fleet);
                asked += answers.length;
                refused += answers.filter((status) => status !== 200).length;
              }
            }
          },
          async clear() {
            ofApis.moveTo(0);
            ofWorkers.moveTo(0);
          },
        });
      } finally {
        for (const one of [...fleet.apis, ...fleet.workers]) await one.start();
      }
    },
    async figures({ fleet }): Promise<Figure[]> {
      return [
        { what: 'sessions asked about', value: asked, gate: { atLeast: 1 } },
        { what: 'of those not believed', value: refused, gate: { equal: 0 } },
        { what: 'sends that the provider refused at first', value: retried, gate: { atLeast: 1 } },
        { what: 'sends still waiting', value: await waitingSends(fleet), gate: { equal: 0 } },
      ];
    },
  };
}

async function askAll({ app, tenants }: Fleet): Promise<number[]> {
  return Promise.all(tenants.map(async (one) => (await app.as(one.owner).call(getMe, {})).status));
}

/** The next sends of each account are refused for a while: their retries are timed while the clocks jump. */
async function refuseSomeSends({ simulator, tenants }: Fleet): Promise<number> {
  const accounts = tenants.flatMap((one) => one.accounts);
  await Promise.all(
    accounts.map(({ provider, ref }) => simulator.faults(provider, ref, [{ kind: '429', ms: 2_000, times: 2 }])),
  );
  return 2 * accounts.length;
}

async function waitingSends({ sql }: Fleet): Promise<number> {
  const [row] = await sql<
    { n: number }[]
  >`select count(*)::int n from deliveries where status in (${deliveryRank.queued}, ${deliveryRank.sending})`;
  return row?.n ?? 0;
}
