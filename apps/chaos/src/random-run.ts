import type { ChaosCase, Plan, Scene } from './case';
import { inTime } from './deadline';
import { assertInOrder } from './fleets';
import { missed } from './gates';
import { commonPlan, perform, until } from './perform';
import type { Result } from './result';
import { fail, type Run } from './run-case';

/** A fault that is drawn: when it begins, and how long it lasts, in seconds of the run. */
export interface Draw {
  at: number;
  name: string;
  holds: number;
}

const FIRST_AT = 10;
const EVERY = 10;
/** Without faults at the end: what recovers must show it. */
const CALM = 10;
const PATIENCE_MS = 90_000;

/** The same for the same seed and cases. */
export function drawSchedule(names: string[], minutes: number, random: () => number): Draw[] {
  const draws: Draw[] = [];
  for (let at = FIRST_AT; at < minutes * 60 - CALM; at += EVERY) {
    const name = names[Math.floor(random() * names.length)];
    if (name !== undefined) draws.push({ at, name, holds: 2 + Math.round(random() * 40) / 10 });
  }
  return draws;
}

export const inWords = ({ at, name, holds }: Draw) => `${String(at).padStart(4)} s  ${name} for ${holds} s`;

/** One load, with one fault after the other in it. */
export async function runRandomly(
  { launcher, fleets, random, rate }: Run,
  { draws, cases, minutes }: { draws: Draw[]; cases: ChaosCase[]; minutes: number },
): Promise<Result> {
  const perSecond = rate || commonPlan.load.perSecond;
  const title = `${minutes} min at ${perSecond}/s, ${draws.length} faults`;
  const result: Result = { name: 'random', title, status: 'passed', reasons: [], figures: [], notes: [], seconds: 0 };
  try {
    const fleet = await fleets.take();
    const began = Date.now();
    const stage = { launcher, fleet, random, note: (text: string) => void result.notes.push(text), load: {} };
    const plan: Plan = {
      load: { seconds: minutes * 60, perSecond },
      injectAfter: FIRST_AT,
      clearAfter: 0,
      inject: (scene) => playAll(scene, draws, cases),
      clear: (scene) => assertInOrder(scene.fleet),
    };
    result.verdict = (await perform(stage, plan)).verdict;
    result.seconds = (Date.now() - began) / 1000;
    result.reasons.push(...missed(result.verdict, [], { timed: true }));
  } catch (error) {
    result.reasons.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  if (result.reasons.length) fail(result, fleets);
  await fleets.drop();
  return result;
}

/** A fault that takes its time puts off the next one; when the load is over no other begins. */
async function playAll(scene: Scene, draws: Draw[], cases: ChaosCase[]): Promise<void> {
  const { startedAt, options } = scene.load;
  for (const draw of draws) {
    await until(startedAt + draw.at * 1000);
    const lateMs = Date.now() - startedAt - draw.at * 1000;
    const one = cases.find(({ name }) => name === draw.name);
    if (!one || Date.now() > startedAt + (options.seconds - CALM) * 1000) {
      scene.note(`${draw.name} at ${draw.at} s was left out: the ones before took too long`);
      continue;
    }
    console.log(`${inWords(draw)}${lateMs > 1000 ? `, ${Math.round(lateMs / 1000)} s late` : ''}`);
    await inTime(PATIENCE_MS, `the begin of ${draw.name}`, one.inject(scene));
    await until(Date.now() + draw.holds * 1000);
    await inTime(PATIENCE_MS, `the end of ${draw.name}`, one.clear(scene));
  }
}
