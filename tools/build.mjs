import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { step } from './console.mjs';
import { inRoot, inState } from './paths.mjs';

const stamp = inState('built');
const outputs = [
  'apps/api/dist/main.js',
  'apps/worker/dist/main.js',
  'apps/api/dist-faults/main.js',
  'apps/worker/dist-faults/main.js',
  'apps/simulator/dist/main.js',
  'apps/web/.next/standalone/apps/web/server.js',
  'libs/client/dist/package.json',
];

/** Builds every app of the product, and the client's package, unless the last build was made from just these sources. */
export async function build() {
  const wanted = hashOfSources();
  const isBuilt = outputs.every((file) => fs.existsSync(inRoot(file)));
  if (isBuilt && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  const tools = '@parley/chaos,@parley/bench'; // built by who runs them: rig.mjs
  const args = ['run-many', '-t', 'build', `--exclude=${tools}`, '--parallel=2', '--outputStyle=static'];
  await step('Building', () => run('nx', args, { env: { NODE_ENV: 'production' } }));
  fs.writeFileSync(stamp, wanted);
}

/** Something else wrote to the outputs: the next `build()` looks again. */
export function forgetBuild() {
  fs.rmSync(stamp, { force: true });
}

const notSources = new Set([
  'node_modules',
  'dist',
  'dist-faults',
  '.next',
  'e2e',
  'test-results',
  'playwright-report',
]);

function hashOfSources() {
  const hash = createHash('sha256');
  const single = [
    'package-lock.json',
    'nx.json',
    'tsconfig.base.json',
    'drizzle/meta/_journal.json',
    'tools/rolldown.mjs',
    'tools/next-standalone.mjs',
  ];
  for (const file of [...single, ...sourcesIn('apps'), ...sourcesIn('libs')])
    hash
      .update(file)
      .update('\0')
      .update(fs.readFileSync(inRoot(file)))
      .update('\0');
  return hash.digest('hex');
}

function sourcesIn(folder) {
  const entries = fs.readdirSync(inRoot(folder), { withFileTypes: true });
  const wanted = entries.filter(({ name }) => !notSources.has(name) && !/\.test\.tsx?$|^next-env\.d\.ts$/.test(name));
  return wanted
    .map((entry) => ({ entry, place: path.posix.join(folder, entry.name) }))
    .flatMap(({ entry, place }) => (entry.isDirectory() ? sourcesIn(place) : [place]))
    .sort();
}
