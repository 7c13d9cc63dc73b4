import type { Launcher } from '@parley/testing/rig/launcher';
import type { ChaosCase, RunScene, Scene } from './case';
import { inTime } from './deadline';
import { assertInOrder, type Fleets } from './fleets';
import { missed } from './gates';
import { commonPlan, perform, quickPlan, type Stage } from './perform';
import type { Result } from './result';

const LONGEST_MS = 15 * 60_000;

export interface Run {
  launcher: Launcher;
  fleets: Fleets;
  random: () => number;
  quick: boolean;
  /** Messages of customers a second instead of the plan's; 0: the plan's. */
  rate: number;
}

/** One row of the matrix. What goes wrong is its result. */
export async function runCase(one: ChaosCase, run: Run): Promise<Result> {
  const { name, title } = one;
  const result: Result = { name, title, status: 'passed', reasons: [], figures: [], notes: [], seconds: 0 };
  const obstacle = await one.obstacle?.(run.launcher);
  if (obstacle !== undefined) return { ...result, status: 'skipped', reasons: [obstacle] };
  try {
    await inTime(LONGEST_MS, name, play(one, run, result));
  } catch (error) {
    result.reasons.push(error instanceof Error ? inFull(error) : String(error));
  }
  if (result.reasons.length) fail(result, run.fleets);
  if (result.reasons.length || one.spoils) await run.fleets.drop();
  await one.after?.();
  return result;
}

/** Marks it as failed, and says where to look. */
export function fail(result: Result, fleets: Fleets): void {
  result.status = 'failed';
  const logs = fleets.keepLogs(result.name);
  if (logs) result.notes.push(`what its processes printed: ${logs}`);
}

async function play(one: ChaosCase, { launcher, fleets, random, quick, rate }: Run, result: Result): Promise<void> {
  const fleet = await fleets.take(one.fleet);
  const began = Date.now();
  const note = (text: string) => void result.notes.push(text);
  const plan = quick ? quickPlan : commonPlan;
  const stage: Stage = {
    launcher,
    fleet,
    random,
    note,
    load: { ...plan.load, ...(rate && { perSecond: rate }), ...one.load },
  };
  let last: Scene | undefined;
  const performed: RunScene['perform'] = async (wanted) => {
    const { scene, verdict } = await perform(stage, { ...plan, load: {}, ...wanted }); // the stage has the plan's own
    last = scene;
    return verdict;
  };
  const marks = { injectedAt: 0, clearedAt: 0 };
  const { inject, clear } = one;
  result.verdict = one.run
    ? await one.run({ launcher, fleet, random, note, marks, perform: performed })
    : await performed({ inject: (scene) => inject.call(one, scene), clear: (scene) => clear.call(one, scene) });
  if (one.figures) result.figures = await one.figures(last ?? bare(stage, marks), result.verdict);
  result.seconds = (Date.now() - began) / 1000;
  result.reasons.push(...missed(result.verdict, result.figures, { timed: !quick }));
  if (!one.spoils) await assertInOrder(fleet);
}

/** The scene of a case that made its own load. */
function bare({ load: _load, ...stage }: Stage, marks: Scene['marks']): Scene {
  const absent = (what: string): never => {
    throw new Error(`this case has no ${what} of the common kind`);
  };
  return { ...stage, marks, get load() { return absent('load') }, get watchers() { return absent('watchers') } }; // prettier-ignore
}

function inFull(error: Error): string {
  const cause = error.cause instanceof Error ? `\n${inFull(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
