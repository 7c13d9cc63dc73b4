import type { Launcher } from '@parley/testing/rig/launcher';
import type { ChaosCase } from './case';
import { cases } from './cases/cases';
import { Fleets } from './fleets';
import { parseOptions, type Options } from './options';
import { drawSchedule, inWords, runRandomly } from './random-run';
import { closingLine, detailsOf, keepResults, printTable, type Result } from './result';
import { runCase, type Run } from './run-case';
import { seeded } from './seeded';

/** `npm run chaos`. Answers the exit code: 0 when every case that could run kept every promise. */
export async function main({ launcher, args }: { launcher: Launcher; args: string[] }): Promise<number> {
  const options = parseOptions(args);
  const startedAt = new Date();
  const { seed } = options;
  console.log(`Seed ${seed}`);
  const strays: unknown[] = [];
  process.on('unhandledRejection', (error) => strays.push(error)); // of one case: the others go on
  const run: Run = {
    launcher,
    fleets: new Fleets(launcher),
    random: seeded(seed),
    quick: options.quick,
    rate: options.rate,
  };
  const results = options.minutes ? [await random(run, options)] : await oneByOne(run, choose(options));
  printTable(results);
  keepResults(results, { seed, args, startedAt });
  for (const stray of strays) console.log('An error that no case took:', stray);
  console.log(`\n${closingLine(results)}`);
  return strays.length || results.some(({ status }) => status === 'failed') ? 1 : 0;
}

/** Those named, or all there are. Throws on a name that the matrix does not have. */
function choose({ cases: wanted, quick }: Options): ChaosCase[] {
  const all = cases.toSorted((a, b) => rowOf(a) - rowOf(b));
  const unknown = wanted.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length)
    throw new Error(`There is no case ${unknown.join(', ')}: there are ${all.map(({ name }) => name).join(', ')}.`);
  if (wanted.length) return all.filter(({ name }) => wanted.includes(name));
  return quick ? cases.filter((one) => one.quick) : all;
}

const rowOf = ({ name }: { name: string }) => Number(name.slice(1));

/** Those that want the same fleet follow each other; the results stand in the order of the matrix. */
async function oneByOne(run: Run, chosen: ChaosCase[]): Promise<Result[]> {
  const fleetOf = ({ fleet }: ChaosCase) => JSON.stringify(fleet ?? {});
  const order = chosen.toSorted((a, b) => (fleetOf(a) < fleetOf(b) ? -1 : fleetOf(a) > fleetOf(b) ? 1 : 0));
  const results: Result[] = [];
  try {
    for (const one of order) {
      console.log(`\n${one.name}: ${one.title} …`);
      const result = await runCase(one, run);
      results.push(result);
      console.log(`${one.name} ${result.status} (${Math.round(result.seconds)} s)`);
      for (const text of detailsOf(result).slice(1)) console.log(`      ${text}`);
    }
  } finally {
    await run.fleets.drop();
  }
  return results.sort((a, b) => rowOf(a) - rowOf(b));
}

/** The schedule first: who wants to see it again needs the seed and the same cases. */
async function random(run: Run, { minutes }: Options): Promise<Result> {
  const able: ChaosCase[] = [];
  for (const one of cases.filter((each) => each.random)) {
    const obstacle = await one.obstacle?.(run.launcher);
    if (obstacle === undefined) able.push(one);
    else console.log(`${one.name} cannot run here: ${obstacle}`);
  }
  const draws = drawSchedule(
    able.map(({ name }) => name),
    minutes,
    run.random,
  );
  for (const draw of draws) console.log(inWords(draw));
  console.log();
  return runRandomly(run, { draws, cases: able, minutes });
}
