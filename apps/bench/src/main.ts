import type { Launcher } from '@parley/testing/rig/launcher';
import type { Bench, BenchCase, Result, Services } from './case';
import { cases } from './cases';
import { failsRun, judge, split, type Judged } from './judge';
import { describeMachine, idleShare, loadAverage } from './measure/machine';
import { parseOptions, type Options } from './options';
import { number, printOutcome } from './print';
import { readChaos } from './report/chaos-result';
import { writeReport } from './report/report';
import { text } from './report/targets-table';
import { keepResult } from './results';
import { startServices } from './services';
import { targets } from './targets';

/** Below that share of idle time nothing that is measured could be believed. */
const IDLE_ENOUGH = 0.9;
/** Two seconds each. */
const SETTLE_TRIES = 5;

/** `npm run bench`. Answers the exit code: 0 when all was measured, nothing is wrong and every gate is met. */
export async function main({ launcher, args }: { launcher: Launcher; args: string[] }): Promise<number> {
  const trouble = await measure(launcher, args);
  for (const line of trouble) console.log(`FAILED ${line}`);
  return trouble.length ? 1 : 0;
}

/** Answers what stands in the way of a good exit. */
async function measure(launcher: Launcher, args: string[]): Promise<string[]> {
  const options = parseOptions(args);
  if (options.list) return list();
  const chosen = choose(options);
  const services = startServices(launcher);
  const trouble: string[] = [];
  for (const one of chosen) {
    const result = await run(one, benchOf(launcher, services, options), options).catch((error: unknown) => {
      console.error(error);
      return `${one.name}: ${String(error)}`; // the others are measured all the same
    });
    if (typeof result === 'string') trouble.push(result);
    else trouble.push(...(await tell(one, result, options)));
  }
  if (options.chaos.length) await keepChaos(options, await services());
  if (options.report) await writeReport();
  return trouble;
}

function list(): string[] {
  for (const { name, minutes, title } of cases)
    console.log(`${name.padEnd(20)} ${`${minutes} min`.padStart(7)}  ${title}`);
  return [];
}

/** With `--report` or `--chaos` alone nothing is measured. */
function choose({ cases: wanted, quick, report, chaos }: Options): BenchCase[] {
  const unknown = wanted.filter((name) => !cases.some((one) => one.name === name));
  if (unknown.length)
    throw new Error(`There is no case ${unknown.join(', ')}. \`npm run bench -- --list\` tells which there are.`);
  if (wanted.length) return cases.filter(({ name }) => wanted.includes(name));
  if (report || chaos.length) return [];
  return quick ? cases.filter((one) => one.quick) : cases;
}

function benchOf(
  launcher: Launcher,
  services: () => Promise<Services>,
  { quick, seed, verbose, only }: Options,
): Bench {
  const side = only === undefined ? {} : { only };
  const say = (line: string) => console.log(`  ${line}`);
  return { launcher, services, quick, seed, verbose, ...side, rounds: quick ? 1 : 3, say };
}

async function run(one: BenchCase, bench: Bench, { evenIfBusy }: Options): Promise<Result | string> {
  const services = await bench.services();
  const idleBefore = await settledIdle();
  const before = loadAverage();
  console.log(`\n${one.name}: ${one.title} (about ${one.minutes} min)`);
  console.log(`  ${percent(idleBefore)} idle before, load average ${before.toFixed(2)}, seed ${bench.seed}`);
  if (idleBefore < IDLE_ENOUGH && !evenIfBusy)
    return `${one.name}: not measured, the machine is busy (${percent(idleBefore)} idle, ${percent(IDLE_ENOUGH)} needed). --even-if-busy measures all the same.`;
  const outcome = await one.run(bench);
  const load = { before, after: loadAverage(), idleBefore };
  return { case: one.name, title: one.title, ...(await circumstances(bench, services)), load, ...outcome };
}

async function circumstances({ seed, rounds }: Pick<Bench, 'seed' | 'rounds'>, services: Services) {
  return { at: new Date().toISOString(), seed, rounds, machine: await describeMachine(services) };
}

async function keepChaos({ chaos, seed }: Options, services: Services): Promise<void> {
  const outcome = readChaos(chaos);
  const title = 'Through faults: `npm run chaos`';
  await keepResult({ case: 'chaos', title, ...(await circumstances({ seed, rounds: 1 }, services)), ...outcome });
}

/** What the case before left behind may have to end first. */
async function settledIdle(): Promise<number> {
  let idle = await idleShare();
  for (let tries = 0; idle < IDLE_ENOUGH && tries < SETTLE_TRIES; tries++) idle = await idleShare();
  return idle;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Prints and keeps a result; answers what of it is wrong, or misses its gate. */
async function tell(one: BenchCase, result: Result, { quick, only }: Options): Promise<string[]> {
  printOutcome(result);
  const wrong = result.checks.filter((check) => !check.ok).map(({ what, value }) => `${one.name}: ${what}: ${value}`);
  if (only) return wrong;
  const mine = targets.filter(({ figure }) => split(figure).case === one.name);
  const judged = mine.map((target) => judge(target, new Map([[one.name, result]])));
  for (const verdict of judged) console.log(`  ${lineOf(verdict)}`);
  if (quick) return wrong; // a look, nothing to judge by
  await keepResult(result);
  return [...wrong, ...judged.filter(failsRun).map(lineOf)];
}

function lineOf({ target, measured, own, verdict }: Judged): string {
  const { figure, of, gate, goal, cap } = target;
  const bounds = [gate && `gate ${text(gate)}`, goal && `goal ${text(goal)}`, cap && `cap ${text(cap)}`].filter(
    Boolean,
  );
  const values = [measured, own].filter((value) => value !== undefined).map(number);
  return `${verdict.padEnd(8)} ${figure} (${of}): ${values.join(', of its own ') || '-'}; ${bounds.join(', ')}`;
}
