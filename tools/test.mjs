import fs from 'node:fs';
import { build } from './build.mjs';
import { run } from './command.mjs';
import { Failure, say, step } from './console.mjs';
import { migrate } from './database.mjs';
import { environmentsOf, portsFrom } from './environment.mjs';
import { inRoot } from './paths.mjs';
import { findFreeRow } from './ports.mjs';
import { countChaos, countPlaywright, countVitest, summarize, tellFailures } from './report.mjs';
import { makeSecrets } from './secrets.mjs';
import { shutDown } from './shutdown.mjs';
import { startStack } from './stack.mjs';
import { startThrowAwayServices } from './throw-away.mjs';

const results = inRoot('test-results');
const failures = [];

/** `npm test`: every test there is, on services and ports of its own. Goes on after a failure, to tell of every one. */
export async function test() {
  fs.rmSync(results, { recursive: true, force: true });
  const ports = portsFrom(await findFreeRow(10));
  const services = await step('Starting PostgreSQL and Redis', () =>
    startThrowAwayServices({
      postgresPort: ports.POSTGRES_PORT,
      redisPort: ports.REDIS_PORT,
      logs: `${results}/logs`,
    }),
  );
  await buildAll(); // the tests that kill processes run the built ones
  const tests = await vitest([], { TEST_DATABASE_URL: services.databaseUrl, TEST_REDIS_URL: services.redisUrl });
  const demo = await startDemo({ ports, ...services });
  // Each waits for most of its time; chaos looks for ports that are free once the demo has its own.
  const others = await Promise.all([someChaos(), demo && browserTests(demo)]);
  await conclude([tests, ...others]);
}

/** `npm run check`: what needs no service, for the time before a commit. */
export async function check() {
  await lintAndTypes();
  await conclude([await vitest(['--project', 'unit'])]);
}

async function lintAndTypes() {
  await attempt('Format', 'prettier', ['--check', '--log-level', 'warn', '.']);
  await attempt('Lock file', 'node', ['tools/check-lock.mjs']);
  await attempt('Lint of the tools', 'eslint', ['tools', '*.mjs', '*.ts']);
  await attempt('Lint and types', 'nx', [
    'run-many',
    '-t',
    'lint',
    'typecheck',
    '--parallel=2',
    '--outputStyle=static',
  ]);
}

async function vitest(args, env) {
  const report = `${results}/vitest.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  await attempt('Tests', 'vitest', ['run', ...reporters, ...args], { env });
  return fs.existsSync(report) ? countVitest(report) : undefined;
}

async function buildAll() {
  try {
    await build();
  } catch (error) {
    note('build', error);
  }
}

/** Two minutes of the fault matrix, on servers of its own. */
async function someChaos() {
  if (failures.includes('build')) return undefined;
  const report = `${results}/chaos.json`;
  await attempt('Chaos', 'node', ['tools/parley.mjs', 'chaos', '--quick']);
  return fs.existsSync(report) ? countChaos(report) : undefined;
}

/** The built product, with the demo in it; answers where it is. */
async function startDemo({ ports, folder, databaseUrl, redisUrl }) {
  if (failures.includes('build')) return undefined;
  delete process.env.PUBLIC_URL;
  const options = {
    ports,
    databaseUrl,
    redisUrl,
    secrets: makeSecrets({ demo: true }),
    simulatorData: `${folder}/simulator`,
    filesDir: `${folder}/files`,
    demo: true,
  };
  try {
    await migrate(databaseUrl);
    await startStack({ environments: environmentsOf(options), demo: true, logs: `${results}/logs` });
  } catch (error) {
    note('start of the built product', error);
    return undefined;
  }
  return {
    BASE_URL: `http://localhost:${ports.API_PORT}`,
    SIMULATOR_URL: `http://127.0.0.1:${ports.SIMULATOR_PORT}`,
    OPENID_URL: `http://127.0.0.1:${ports.OPENID_PORT}`,
  };
}

/** It, driven by a real browser. */
async function browserTests(env) {
  const report = `${results}/browser.json`;
  await attempt('Browser tests', 'playwright', ['test'], { cwd: inRoot('apps/web'), env });
  return fs.existsSync(report) ? countPlaywright(report) : undefined;
}

async function attempt(title, command, args, options) {
  try {
    await step(title, () => run(command, args, options));
  } catch (error) {
    note(title.toLowerCase(), error);
  }
}

function note(what, error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`\n${error.message}\n`);
  failures.push(what);
}

/** A runner that left no report has failed, but has nothing to count. */
async function conclude(counts) {
  const reports = counts.filter(Boolean);
  if (counts.includes(undefined) && failures.length === 0) failures.push('a test report is missing');
  if (failures.length) say(`failed: ${failures.join(', ')}`);
  await shutDown(failures.length ? 1 : 0, [...tellFailures(reports), summarize(reports)].join('\n'));
}
