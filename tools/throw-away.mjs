import fs from 'node:fs';
import path from 'node:path';
import { inState, stateDir } from './paths.mjs';
import { postgresDataDir } from './postgres.mjs';
import { endLeftovers, startServices } from './services.mjs';
import { programOf } from './stale.mjs';

/**
 * PostgreSQL and Redis for one test run, their data gone with it. Options as of `startServices`; `databaseUrl` and
 * `redisUrl` name ones to use instead. Returns `{ databaseUrl, redisUrl, folder, stop }`.
 */
export async function startThrowAwayServices(options) {
  await clearAbandoned();
  const folder = inState(`test-${process.pid}`);
  return { folder, ...(await startServices({ folder, logs: folder, throwAway: true, ...options })) };
}

/** What runs that were killed left behind, services included. */
async function clearAbandoned() {
  const names = fs.existsSync(stateDir) ? fs.readdirSync(stateDir) : [];
  const abandoned = names.filter((name) => /^test-\d+$/.test(name) && !programOf(Number(name.slice('test-'.length))));
  for (const folder of abandoned.map((name) => inState(name))) {
    await endLeftovers(folder);
    for (const place of [postgresDataDir(path.join(folder, 'postgres')), folder])
      fs.rmSync(place, { recursive: true, force: true });
  }
}
