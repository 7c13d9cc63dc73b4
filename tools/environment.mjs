import { Failure } from './console.mjs';
import { inRoot, inState } from './paths.mjs';

/** Where things listen by default, and the variable that moves each. Below 32768: outgoing connections live above. */
const defaults = {
  API_PORT: 3100,
  WEB_PORT: 3101,
  WORKER_PORT: 3102,
  SIMULATOR_PORT: 3110,
  POSTGRES_PORT: 15432,
  REDIS_PORT: 16379,
};

/** The ports of this run: the defaults, moved by the variables of the same names. */
export function choosePorts() {
  return Object.fromEntries(Object.entries(defaults).map(([name, port]) => [name, portFrom(name) ?? port]));
}

/** A row of ports from `first` on, for runs that must not meet another. */
export function portsFrom(first) {
  return Object.fromEntries(Object.keys(defaults).map((name, index) => [name, first + index]));
}

function portFrom(name) {
  const given = process.env[name];
  if (!given) return undefined;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Failure(`${name} is no port: ${given}`);
  return port;
}

/**
 * The environment of each app, as its own schema reads it: everybody gets what the shell has, the server's apps also
 * the databases and the secrets. `demo` runs on loopback with the simulator; without it `PUBLIC_URL` names the origin.
 */
export function environmentsOf({ ports, databaseUrl, redisUrl, secrets, demo, simulatorData, mode = 'production' }) {
  const on = (name) => `http://127.0.0.1:${ports[name]}`;
  const { POSTGRES_PASSWORD, REDIS_PASSWORD, ...appSecrets } = secrets;
  const everybody = {
    ...process.env,
    NODE_ENV: mode,
    NODE_COMPILE_CACHE: inRoot('node_modules/.cache/compiled'),
    NEXT_TELEMETRY_DISABLED: '1',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    API_HOST: process.env.API_HOST ?? '127.0.0.1',
    ...Object.fromEntries(
      ['API_PORT', 'WEB_PORT', 'WORKER_PORT', 'SIMULATOR_PORT'].map((name) => [name, `${ports[name]}`]),
    ),
    WEB_URL: on('WEB_PORT'),
    PARLEY_URL: on('API_PORT'),
    ...(demo && { PARLEY_DEMO: '1', SIMULATOR_URL: on('SIMULATOR_PORT') }),
  };
  const egress = [process.env.EGRESS_ALLOW, demo && `127.0.0.1:${ports.SIMULATOR_PORT}`].filter(Boolean).join(',');
  const server = { ...everybody, ...appSecrets, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, EGRESS_ALLOW: egress };
  const { CLOUD_API_APP_SECRET, CLOUD_API_VERIFY_TOKEN } = appSecrets; // Meta knows these two as well
  return {
    api: server,
    worker: server,
    simulator: {
      ...everybody,
      CLOUD_API_APP_SECRET,
      CLOUD_API_VERIFY_TOKEN,
      SIMULATOR_DATA: simulatorData ?? inState('simulator'),
    },
    web: { ...everybody, HOSTNAME: '127.0.0.1', PORT: `${ports.WEB_PORT}` },
  };
}
