import fs from 'node:fs';
import { Failure } from './console.mjs';
import { inState, stateDir } from './paths.mjs';
import { onShutdown } from './shutdown.mjs';
import { endLeftovers } from './services.mjs';
import { isAlive } from './stale.mjs';

const file = inState('running');

/** Keeps a second launcher out of this folder's data while this one lives. Ends what one that was killed left behind. */
export async function claimFolder() {
  if (isAlive(file, 'parley.mjs'))
    throw new Failure(`Parley is already running in this folder (process ${readLines()[0]}). Stop that one first.`);
  fs.mkdirSync(stateDir, { recursive: true });
  write({});
  await endLeftovers(stateDir);
  onShutdown(() => fs.rmSync(file, { force: true }));
}

/** Tells other commands where the services of this launcher are. */
export function announce({ databaseUrl, redisUrl, ports }) {
  write({ databaseUrl, redisUrl, ports });
}

/** What the launcher that runs in this folder announced, if one does. */
export function findRunning() {
  return isAlive(file, 'parley.mjs') ? JSON.parse(readLines()[1]) : undefined;
}

/** The first line is the process, the second what it announced; addresses hold passwords. */
function write(announcement) {
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, `${process.pid}\n${JSON.stringify(announcement)}\n`, { mode: 0o600 });
}

function readLines() {
  return fs.readFileSync(file, 'utf8').split('\n');
}
