import { build } from './build.mjs';
import { Failure, say, step } from './console.mjs';
import { migrate } from './database.mjs';
import { choosePorts, environmentsOf } from './environment.mjs';
import { inState, stateDir } from './paths.mjs';
import { assertFree } from './ports.mjs';
import { announce, claimFolder } from './running.mjs';
import { loadSecrets } from './secrets.mjs';
import { startServices } from './services.mjs';
import { startStack } from './stack.mjs';

export const logs = inState('logs');

/** `npm start`: everything, built, until Ctrl-C. */
export async function start() {
  const { ports, demo, environments } = await prepare({ mode: 'production' });
  await build();
  await startStack({ environments, demo, logs });
  welcome({ ports, demo });
}

/** What `start` and `dev` share: a claimed folder, free ports, secrets, and a migrated database. */
export async function prepare({ mode }) {
  const demo = isDemo();
  const ports = choosePorts();
  await claimFolder();
  await assertFree(portsInUse({ ports, demo }));
  const secrets = loadSecrets({ demo });
  const { databaseUrl, redisUrl } = await startOwnServices({ ports, secrets });
  announce({ databaseUrl, redisUrl, ports });
  await step('Migrating the database', () => migrate(databaseUrl));
  return { ports, demo, environments: environmentsOf({ ports, databaseUrl, redisUrl, secrets, demo, mode }) };
}

/** The services of this folder's own data, or the ones that DATABASE_URL and REDIS_URL name. */
export function startOwnServices({ ports, secrets }) {
  return step('Starting PostgreSQL and Redis', () =>
    startServices({
      folder: stateDir,
      logs,
      postgresPort: ports.POSTGRES_PORT,
      redisPort: ports.REDIS_PORT,
      secrets,
      databaseUrl: process.env.DATABASE_URL || undefined,
      redisUrl: process.env.REDIS_URL || undefined,
    }),
  );
}

/** A public origin and a demo with known passwords exclude each other. */
export function isDemo() {
  const { PUBLIC_URL, PARLEY_DEMO } = process.env;
  const wanted = PARLEY_DEMO ? ['1', 'true'].includes(PARLEY_DEMO) : !PUBLIC_URL;
  if (wanted && PUBLIC_URL)
    throw new Failure('PUBLIC_URL opens Parley to others, PARLEY_DEMO gives it well-known passwords: set only one.');
  return wanted;
}

function portsInUse({ ports, demo }) {
  const owners = {
    API_PORT: 'the api (the address you open)',
    WEB_PORT: 'the web server behind it',
    WORKER_PORT: 'the worker',
    ...(demo && { SIMULATOR_PORT: 'the simulator' }),
    ...(!process.env.DATABASE_URL && { POSTGRES_PORT: 'PostgreSQL' }),
    ...(!process.env.REDIS_URL && { REDIS_PORT: 'Redis' }),
  };
  return Object.entries(owners).map(([variable, owner]) => ({ port: ports[variable], owner, variable }));
}

/** Where to go, and as whom. */
export function welcome({ ports, demo }) {
  const inbox = process.env.PUBLIC_URL ?? `http://localhost:${ports.API_PORT}`;
  const people = `
  Simulator   http://localhost:${ports.SIMULATOR_PORT}   the customers' phones

  Sign in as  agent@acme.test, agent2@acme.test, manager@acme.test or admin@acme.test
              (the same at globex.test, a second tenant), or super@parley.test
  Password    parley-demo
`;
  say('ready');
  console.log(`
  Parley      ${inbox}${demo ? people : '\n'}
  Logs        ${logs}

  Ctrl-C stops everything.
`);
}
