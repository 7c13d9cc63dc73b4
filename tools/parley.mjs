#!/usr/bin/env node
// The commands of package.json. Begins on any Node from 20 on and with no package installed: what it imports at the top
// is plain JavaScript of our own; the modes are loaded once packages and the right Node are there.
import fs from 'node:fs';
import { Failure } from './console.mjs';
import { installPackages, useInstalledNode } from './install.mjs';
import { inRoot } from './paths.mjs';
import { isShuttingDown, shutDown, shutDownInOrder } from './shutdown.mjs';

const modes = {
  start: async () => (await import('./start.mjs')).start(),
  dev: async () => (await import('./dev.mjs')).dev(),
  test: async () => (await import('./test.mjs')).test(),
  check: async () => (await import('./test.mjs')).check(),
  chaos: async () => (await import('./rig.mjs')).runOnRig('chaos'),
  bench: async () => (await import('./rig.mjs')).runOnRig('bench'),
  'db:migrate': async () => (await import('./database-commands.mjs')).migrateDatabase(),
  'db:seed': async () => (await import('./database-commands.mjs')).seedDatabase(),
  'audit:verify': async () => (await import('./database-commands.mjs')).verifyAudit(),
};

/** They bring their own, whatever `.env` names. */
const ownServices = ['test', 'chaos', 'bench'];

const mode = modes[process.argv[2] ?? 'start'];

// npm's shell passes no signal on: when npm is told to end, all we see is that our parent is gone.
if (process.env.npm_lifecycle_event) await import('./follow-parent.mjs');

try {
  if (!mode) throw new Failure(`Usage: node tools/parley.mjs ${Object.keys(modes).join(' | ')}`);
  await installPackages();
  await useInstalledNode();
  shutDownInOrder(['start', 'dev'].includes(process.argv[2]) ? 0 : 130);
  if (!ownServices.includes(process.argv[2]) && fs.existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
  await mode();
} catch (error) {
  if (!isShuttingDown()) console.error(error instanceof Failure ? `\n${error.message}` : error);
  await shutDown(1);
}
