import { build } from './build.mjs';
import { run } from './command.mjs';
import { say } from './console.mjs';
import { migrate } from './database.mjs';
import { choosePorts, environmentsOf } from './environment.mjs';
import { inRoot } from './paths.mjs';
import { claimFolder, findRunning } from './running.mjs';
import { loadSecrets } from './secrets.mjs';
import { shutDown } from './shutdown.mjs';
import { seed, startApp } from './stack.mjs';
import { isDemo, logs, startOwnServices } from './start.mjs';

/** `npm run db:migrate`: on the running services, or on ones started for the moment. */
export async function migrateDatabase() {
  const { databaseUrl } = await services();
  await migrate(databaseUrl);
  say('the database is up to date');
  await shutDown(0);
}

/** `npm run db:seed`: the demo's tenants, people and conversations, as `npm start` makes them. */
export async function seedDatabase() {
  const { databaseUrl, redisUrl, ports, isRunning } = await services();
  const environments = environmentsOf({
    ports,
    databaseUrl,
    redisUrl,
    secrets: loadSecrets({ demo: true }),
    demo: true,
  });
  await migrate(databaseUrl);
  await build();
  if (!isRunning) await startApp('simulator', environments, logs);
  await seed(environments);
  await shutDown(0);
}

/** `npm run audit:verify`: names each row of the audit log that is not as it was written. */
export async function verifyAudit() {
  const demo = isDemo();
  const { databaseUrl, redisUrl, ports } = await services();
  const environments = environmentsOf({ ports, databaseUrl, redisUrl, secrets: loadSecrets({ demo }), demo });
  await build();
  await run('node', [inRoot('apps/worker/dist/audit-verify.js')], { env: environments.worker });
  await shutDown(0);
}

async function services() {
  const running = findRunning();
  if (running?.databaseUrl) return { ...running, isRunning: true };
  await claimFolder();
  const ports = choosePorts();
  return { ...(await startOwnServices({ ports, secrets: loadSecrets({ demo: false }) })), ports, isRunning: false };
}
