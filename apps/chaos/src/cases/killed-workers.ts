import type { Scene } from '../case';
import type { ChaosCase, Figure } from '../case';
import { deadRows, longestWaitMs } from './backlog';
import { Samples } from './samples';

const KILL_EVERY_MS = 2_000;

/** Kills the workers in turn: each lives for twice as long as the time between two kills. */
export function workersKilled(): ChaosCase {
  let timer: NodeJS.Timeout | undefined;
  let kills = 0;
  let applied: Samples | undefined;
  const inject = async ({ fleet }: Pick<Scene, 'fleet'>) => {
    kills = 0;
    applied = new Samples(10_000, async () => {
      const [row] = await fleet.sql<{ n: number }[]>`select count(*)::int n from messages where direction = 'inbound'`;
      return row?.n ?? 0;
    });
    timer = setInterval(() => fleet.workers[kills++ % fleet.workers.length]?.kill('SIGKILL'), KILL_EVERY_MS);
  };
  const clear = async ({ fleet }: Pick<Scene, 'fleet'>) => {
    clearInterval(timer);
    await applied?.stop();
    await Promise.all(fleet.workers.map((worker) => worker.ready()));
  };
  return {
    name: 'F3',
    title: 'kill -9 of a worker every 2 s for 60 s',
    inject,
    clear,
    random: true,
    run: ({ perform }) => perform({ load: { seconds: 85 }, injectAfter: 10, clearAfter: 70, inject, clear }),
    async figures({ fleet, marks }, { drainMs }): Promise<Figure[]> {
      const counts = applied?.all ?? [];
      return [
        { what: 'kills', value: kills, gate: { atLeast: 25 } },
        { what: 'drained after', value: drainMs, unit: 'ms', gate: { atMost: 30_000 } },
        {
          what: 'spans of 10 s without progress',
          value: counts.filter((n, i) => i > 0 && n <= (counts[i - 1] ?? 0)).length,
          gate: { equal: 0 },
        },
        { what: 'webhooks given up', value: await deadRows(fleet.sql, marks.injectedAt), gate: { equal: 0 } },
      ];
    },
  };
}

/** A worker that is frozen keeps its locks and connections until Postgres takes them away, and wakes up a zombie. */
export function workerFrozen(): ChaosCase {
  const inject = async ({ fleet }: Pick<Scene, 'fleet'>) => fleet.workers[0]?.kill('SIGSTOP');
  const clear = async ({ fleet }: Pick<Scene, 'fleet'>) => fleet.workers[0]?.kill('SIGCONT');
  return {
    name: 'F4',
    title: 'a worker frozen for 20 s, then woken',
    inject,
    clear,
    random: true,
    run: ({ perform }) => perform({ clearAfter: 35, inject, clear }),
    async figures(scene, { callsPerIntent }) {
      return [
        {
          what: 'longest wait of a webhook meanwhile',
          value: longestWaitMs(scene),
          unit: 'ms',
          gate: { atMost: 6_000 },
        },
        { what: 'calls per answer', value: callsPerIntent, gate: { atMost: 1 } },
      ];
    },
  };
}
