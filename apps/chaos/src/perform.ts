import { judge } from '@parley/testing/rig/checker';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { Launcher } from '@parley/testing/rig/launcher';
import { startLoad, type LoadOptions } from '@parley/testing/rig/load';
import type { Verdict } from '@parley/testing/rig/verdict';
import { startWatchers } from '@parley/testing/rig/watchers';
import type { Plan, Scene } from './case';

/** The fault of the full run; the short one has less of everything. */
export const commonPlan = { load: { seconds: 60, perSecond: 150 }, injectAfter: 15, clearAfter: 30 };
export const quickPlan = { load: { seconds: 20, perSecond: 60 }, injectAfter: 5, clearAfter: 10 };

export interface Stage {
  launcher: Launcher;
  fleet: Fleet;
  random(): number;
  note(text: string): void;
  /** What a case says of its load, and a short run of all. */
  load: Partial<LoadOptions>;
}

/** A load with clients that watch, a fault in it, and what came of it; with the scene, for figures of one's own. */
export async function perform(stage: Stage, plan: Plan): Promise<{ scene: Scene; verdict: Verdict }> {
  const { load: change, ...common } = stage;
  const watchers = await startWatchers(stage.fleet);
  const load = startLoad(stage.fleet, { random: stage.random, ...change, ...plan.load });
  const scene: Scene = { ...common, load, watchers, marks: { injectedAt: 0, clearedAt: 0 } };
  const before = stage.fleet.cpuMs();
  try {
    const { injectAfter = commonPlan.injectAfter, clearAfter = commonPlan.clearAfter } = plan;
    await until(load.startedAt + injectAfter * 1000);
    scene.marks.injectedAt = Date.now();
    await plan.inject?.(scene);
    await until(load.startedAt + clearAfter * 1000);
    await plan.clear?.(scene);
    scene.marks.clearedAt = Date.now();
    const verdict = await judge(scene);
    stage.note(cpuUsed(before, stage.fleet.cpuMs()));
    return { scene, verdict };
  } catch (error) {
    await Promise.allSettled([load.stop(), watchers.stop()]);
    load.backlog.stop();
    throw error;
  }
}

/** What the load itself takes of the machine is taken from the product. A process that died took its count with it. */
function cpuUsed(before: ReturnType<Fleet['cpuMs']>, after: ReturnType<Fleet['cpuMs']>): string {
  const used = (['apis', 'workers', 'rig'] as const).map((who) => {
    return `${who} ${Math.max(0, (after[who] - before[who]) / 1000).toFixed(1)} s`;
  });
  return `CPU: ${used.join(', ')}`;
}

/** Resolves at that moment, or at once when it is past; epoch ms. */
export function until(moment: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - Date.now())));
}
