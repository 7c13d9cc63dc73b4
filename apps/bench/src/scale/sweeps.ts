import type { TestApp } from '@parley/testing/app';
import { startPlanTap } from '@parley/testing/plans/plan-tap';
import { processPart, type AppProcess } from '@parley/testing/processes';
import { waitFor } from '@parley/testing/wait-for';
import { createPool } from '@parley/db/pools';

/** What a worker's sweeper asks twice a second, told apart by how it begins. */
const SWEEPS = [/from lanes l where exists/, /with recursive r as/];

/** The sweeper's own statements, taken from a worker that runs, to be timed one by one. */
export async function startSweeps(app: TestApp) {
  const texts = await listen(app);
  const pool = createPool(app.env.DATABASE_URL, 'parley_worker', { max: 1 });
  return {
    /** ms of both together. */
    async timed(count: number): Promise<number[]> {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const began = performance.now();
        for (const text of texts)
          await pool.unsafe(text, text.includes('$1') ? [Date.now() - 500] : [], { prepare: true });
        times.push(performance.now() - began);
      }
      return times;
    },
    close: () => pool.end({ timeout: 1 }),
  };
}

async function listen(app: TestApp): Promise<string[]> {
  const tap = await startPlanTap(app.env.DATABASE_URL);
  const workers: AppProcess[] = [];
  try {
    await app.start(
      processPart('worker', (one) => workers.push(one)),
      { DATABASE_URL: tap.url },
    );
    const told: string[] = [];
    const found = () => SWEEPS.map((sweep) => told.find((text) => sweep.test(text)) ?? '');
    return await waitFor('both sweeps', () => {
      told.push(...tap.take().map(({ text }) => text));
      return found().every(Boolean) && found();
    });
  } finally {
    for (const worker of workers) await worker.close();
    await tap.close();
  }
}
