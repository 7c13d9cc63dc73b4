import { setTimeout as sleep } from 'node:timers/promises';
import { crashPoints, type CrashPoint } from '@parley/platform/crash-points';
import type { FleetProcess } from '@parley/testing/rig/fleet';
import { waitFor } from '@parley/testing/wait-for';
import type { ChaosCase, Scene } from '../case';
import { deadRows, untilApplied } from './backlog';
import { poisonOneMessage } from './poison';

/** Those of messages. The load has no files: crash-points.test.ts dies at theirs. */
const names = (Object.keys(crashPoints) as CrashPoint[]).filter((name) => !/^(media|upload)\./.test(name));
const isOfApi = (name: CrashPoint) => /^(intake|sse)\.|\.O1$/.test(name);

/** One death at one point. */
interface Death {
  point: CrashPoint;
  /** From the death until the process is ready again. */
  readyMs: number;
  /** From the death until all that was kept by then is applied. */
  resumedMs: number;
}

/** All of its points, one after the other, while the other api serves. */
export function apiKilledAtEveryPoint(): ChaosCase {
  const points = names.filter(isOfApi);
  let deaths: Death[] = [];
  return {
    name: 'F1',
    title: 'kill -9 of an api at each of its crash points',
    inject: async () => {},
    clear: async () => {},
    run: ({ perform }) =>
      perform({
        ...plan,
        async inject(scene) {
          deaths = [];
          for (const point of points) deaths.push(await dieAt(point, scene, scene.fleet.apis[0]));
        },
      }),
    async figures() {
      return [
        { what: 'points that killed', value: deaths.length, gate: { equal: points.length } },
        {
          what: 'restart to ready',
          value: Math.max(0, ...deaths.map((d) => d.readyMs)),
          unit: 'ms',
          gate: { atMost: 5_000 },
        },
      ];
    },
  };
}

/** The same with the only worker there is. */
export function workerKilledAtEveryPoint(): ChaosCase {
  const points = names.filter((name) => !isOfApi(name));
  let deaths: Death[] = [];
  return {
    name: 'F2',
    title: 'kill -9 of the only worker at each of its crash points',
    inject: async () => {},
    clear: async () => {},
    async run({ fleet, perform }) {
      const [worker, ...others] = fleet.workers;
      await Promise.all(others.map((other) => other.stop()));
      try {
        return await perform({
          ...plan,
          async inject(scene) {
            deaths = [];
            for (const point of points) deaths.push(await dieAt(point, scene, worker));
          },
        });
      } finally {
        await Promise.all(others.map((other) => other.start()));
      }
    },
    async figures({ fleet, marks }, { callsPerIntent }) {
      return [
        { what: 'points that killed', value: deaths.length, gate: { equal: points.length } },
        {
          what: 'lanes resume',
          value: Math.max(0, ...deaths.map((d) => d.resumedMs)),
          unit: 'ms',
          gate: { atMost: 6_000 },
        },
        {
          what: 'webhooks given up: the poisoned one',
          value: await deadRows(fleet.sql, marks.injectedAt),
          gate: { equal: 1 },
        },
        { what: 'calls per answer', value: callsPerIntent, gate: { atMost: 1 } },
      ];
    },
  };
}

/** As long as the points take, and a while beyond. */
const plan = {
  load: { seconds: 600 },
  injectAfter: 5,
  clearAfter: 6,
  async clear({ load }: Scene) {
    await sleep(10_000);
    await load.stop();
  },
};

async function dieAt(point: CrashPoint, scene: Scene, app: FleetProcess | undefined): Promise<Death> {
  if (!app) throw new Error('nobody is there to die');
  const { fleet, watchers, note } = scene;
  const before = app.deaths();
  const started = app.start({ FAULT: point }).catch(() => {}); // it may die before anybody saw it ready
  if (point === 'worker.W7') await poisonOneMessage(fleet);
  const cutting = point.startsWith('sse.') && setInterval(() => watchers.clients.forEach((one) => one.cut()), 1_000); // some come back to this api
  await waitFor(`a death at ${point}`, () => app.deaths() > before, { timeoutMs: 40_000, everyMs: 10 });
  if (cutting) clearInterval(cutting);
  const diedAt = performance.now();
  const resumed = untilApplied(fleet.sql);
  await app.start();
  await started;
  const readyMs = performance.now() - diedAt;
  const resumedMs = await resumed;
  note(
    `${point} (${crashPoints[point]}): ready after ${Math.round(readyMs)} ms, resumed after ${Math.round(resumedMs)} ms`,
  );
  return { point, readyMs, resumedMs };
}
