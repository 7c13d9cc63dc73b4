import { Failure } from './console.mjs';
import { nodeOptions } from './node-options.mjs';
import { inRoot, inState } from './paths.mjs';

/** Where things listen by default, and the variable that moves each. Below 32768: outgoing connections live above. */
const defaults = {
  API_PORT: 3100,
  WEB_PORT: 3101,
  WORKER_PORT: 3102,
  SIMULATOR_PORT: 3110,
  POSTGRES_PORT: 15432,
  REDIS_PORT: 16379,
  OPENID_PORT: 3111, // a company's OpenID provider, for who tries it in the demo and for the browser tests
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
 * The environment of each app, as its own schema reads it. The shell's goes to everybody, except what only the server's
 * apps need: databases and secrets. `demo` runs on loopback with the simulator; else `PUBLIC_URL` names the origin.
 */
export function environmentsOf({
  ports,
  databaseUrl,
  redisUrl,
  secrets,
  demo,
  simulatorData,
  filesDir,
  mode = 'production',
}) {
  const on = (name) => `http://127.0.0.1:${ports[name]}`;
  const { POSTGRES_PASSWORD, REDIS_PASSWORD, ...appSecrets } = secrets;
  const everybody = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isServersOwn(name))),
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `${port}`])),
    NODE_ENV: mode,
    NODE_COMPILE_CACHE: inRoot('node_modules/.cache/compiled'),
    NEXT_TELEMETRY_DISABLED: '1',
    WEB_URL: on('WEB_PORT'),
    PARLEY_URL: on('API_PORT'),
    ...(demo && {
      PARLEY_DEMO: '1',
      SIMULATOR_URL: on('SIMULATOR_PORT'),
      SLACK_API_URL: `${on('SIMULATOR_PORT')}/slack/api`,
      SLACK_AUTHORIZE_URL: `${on('SIMULATOR_PORT')}/slack/oauth/v2/authorize`,
    }),
  };
  const inDemo = demo ? [ports.SIMULATOR_PORT, ports.OPENID_PORT].map((port) => `127.0.0.1:${port}`) : [];
  const egress = [process.env.EGRESS_ALLOW, ...inDemo].filter(Boolean).join(',');
  const databases = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
  const alone = { SHUTDOWN_DELAY_MS: '0', FILES_DIR: filesDir ?? inState('files') }; // no load balancer is in front
  const server = {
    ...alone,
    ...process.env,
    ...everybody,
    ...appSecrets,
    ...databases,
    EGRESS_ALLOW: egress,
    NODE_OPTIONS: [nodeOptions, process.env.NODE_OPTIONS].filter(Boolean).join(' '),
  };
  // The providers, played by the simulator, have these.
  const played = Object.fromEntries(Object.entries(appSecrets).filter(([name]) => /^(CLOUD_API|SLACK)_/.test(name)));
  return {
    api: server,
    worker: server,
    simulator: { ...everybody, ...played, SIMULATOR_DATA: simulatorData ?? inState('simulator') },
    web: { ...everybody, HOSTNAME: '127.0.0.1', PORT: `${ports.WEB_PORT}` },
  };
}

const isServersOwn = (name) => /^(DATABASE_URL|REDIS_URL|CREDENTIALS_|SMTP_URL)|_(SECRET|TOKEN)$/.test(name);
