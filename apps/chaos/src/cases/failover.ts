import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '@parley/testing/rig/launcher';
import { startDoor } from '@parley/testing/rig/door';
import type { ChaosCase, Figure, RunScene } from '../case';
import { attemptsOf } from './attempts';
import { Knocks } from './knocks';
import { Address, Standby } from './standby';

/** How one takeover went. Moments are epoch ms. */
interface Takeover {
  lostAt: number;
  /** Of the last commit that the standby knew of. */
  lastCommitAt: number;
  tookMs: number;
  knocks: Knocks;
}

const PLAN = { load: { seconds: 40 }, injectAfter: 10, clearAfter: 20 };
const BEHIND_MS = 1_000;

/** What a cluster manager does: the primary is fenced, and its standby takes over behind the same address. */
export function postgresFailsOver(): ChaosCase {
  let figures: Figure[] = [];
  const brought: (() => Promise<void>)[] = [];
  return {
    name: 'F7',
    title: 'Postgres lost for good: its standby promoted, first one that was in step, then one that was behind',
    spoils: true,
    inject: async () => {},
    clear: async () => {},
    async run(scene) {
      const { fleet } = scene;
      const address = new Address(fleet.postgres.port);
      brought.push(() => address.close());
      const standby = await Standby.of(fleet.postgres, { ...scene, sql: fleet.sql });
      brought.push(() => standby.server.remove());
      await standby.keepInStep(fleet.sql);
      const inStep = await failOver(scene, fleet.postgres, standby, address);
      const behind = await failOverBehind(scene, standby.server, { address, brought });
      figures = [
        { what: 'takeover', value: inStep.takeover.tookMs, unit: 'ms', gate: {} },
        {
          what: 'time without an ack beyond it',
          value: Math.max(0, inStep.takeover.knocks.silenceMs - inStep.takeover.tookMs),
          unit: 'ms',
          gate: { atMost: 3_000 },
        },
        ...behind,
      ];
      return inStep.verdict;
    },
    figures: async () => figures,
    async after() {
      for (const remove of brought.splice(0).reverse()) await remove();
    },
  };
}

async function failOver(
  { fleet, perform }: RunScene,
  primary: Server,
  standby: Standby,
  address: Address,
  fence = async () => {},
) {
  const knocks = new Knocks(fleet);
  let takeover: Takeover = { lostAt: 0, lastCommitAt: 0, tookMs: 0, knocks };
  const verdict = await perform({
    ...PLAN,
    async inject() {
      knocks.begin();
      await fence();
      const [lostAt, started] = [Date.now(), performance.now()];
      await primary.stop('kill');
      const lastCommitAt = await standby.promote();
      await address.leadTo(standby.server.port);
      takeover = { ...takeover, lostAt, lastCommitAt, tookMs: performance.now() - started };
    },
    clear: () => knocks.stop(),
  });
  return { verdict, takeover };
}

/** Without waiting for its standby, Postgres loses what that did not have yet, and nothing else. */
async function failOverBehind(
  scene: RunScene,
  primary: Server,
  { address, brought }: { address: Address; brought: (() => Promise<void>)[] },
): Promise<Figure[]> {
  const { fleet } = scene;
  const road = await startDoor({ host: '127.0.0.1', port: primary.port });
  const standby = await Standby.of(primary, { ...scene, sql: fleet.sql, port: road.port });
  brought.push(() => standby.server.remove());
  const { verdict, takeover } = await failOver(scene, primary, standby, address, async () => {
    road.blackhole();
    await sleep(BEHIND_MS);
    road.shut();
  });
  await road.close();
  const { lostAt, lastCommitAt } = takeover;
  const answered = attemptsOf(fleet, lastCommitAt - 60_000).filter(({ status }) => status === 200);
  const acked = answered.filter(({ at, ms }) => at + ms >= lastCommitAt && at <= lostAt).length;
  return [
    { what: 'lag of the one that was behind', value: lostAt - lastCommitAt, unit: 'ms', gate: {} },
    { what: 'webhooks acked within it', value: acked, gate: { atLeast: 1 } },
    { what: 'webhooks lost with it', value: verdict.lost, gate: { atMost: acked } },
  ];
}
