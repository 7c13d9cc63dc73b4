import { rm } from 'node:fs/promises';
import type { ProviderName } from '@parley/contracts/accounts';
import postgres from 'postgres';
import { freePort, startApp, type TestApp } from '../app';
import { startProcess, variablesOf } from '../processes';
import { useServices } from '../services';
import { SimulatorClient } from '../simulator';
import { connectAccount, type LiveAccount } from '../system/system';
import type { TestMember, TestTenant } from '../tenant';
import { startDoor, type Door } from './door';
import { startEntry } from './entry';
import { cpuMsOf, SupervisedApp, type FleetProcess } from './fleet-process';
import { JournalFollower } from './journal';
import type { Launcher, Server } from './launcher';

export type { FleetProcess } from './fleet-process';

export interface FleetTenant {
  tenant: TestTenant;
  /** Watches the stream, and writes nothing. */
  owner: TestMember;
  /** Answers customers. */
  agent: TestMember;
  accounts: LiveAccount[];
}

export interface FleetOptions {
  /** 2 of each, unless said. */
  apis?: number;
  workers?: number;
  /** For every api and worker. */
  env?: Record<string, string>;
  /** 4, unless said. */
  tenants?: number;
  /** Over all tenants, each in turn: 20, unless said. */
  accounts?: number;
  /** Of the accounts, in turn: all there are, unless said. */
  providers?: ProviderName[];
  /** Lines of postgresql.conf and redis.conf. */
  postgres?: Record<string, string>;
  redis?: Record<string, string>;
}

/** The whole product as an operator runs it, on servers of its own, with a door that can be shut before each of them. */
export interface Fleet {
  /** Speaks through the entry. */
  app: TestApp;
  simulator: SimulatorClient;
  /** All that providers and Parley said to each other since the fleet began. */
  journal: JournalFollower;
  /** The owner's connection, past the door; a new one whenever Postgres was started again. */
  readonly sql: postgres.Sql;
  postgres: Server;
  redis: Server;
  /** In front of Postgres and Redis for every api and worker, and of the simulated providers for their calls. */
  doors: { postgres: Door; redis: Door; provider: Door };
  apis: FleetProcess[];
  workers: FleetProcess[];
  /** Origin of the operator's load balancer: what providers, agents and SSE clients call. It sends no request twice. */
  entry: string;
  /** Origin of the api that the load balancer would choose now: for what would only burden it. */
  nextApi(): string;
  tenants: FleetTenant[];
  /** What they have used so far; `rig` is the simulator and this process, and with it the load, the clients and the entry. */
  cpuMs(): { apis: number; workers: number; rig: number };
  close(): Promise<void>;
}

/** Evolution's own pace, a message a second, would hide every other delay; Cloud API's is fast as it is. */
const pacing = { account: { perSecond: 50, burst: 100 } };

/** Runs until it is closed. One at a time in a process: it names its servers to the rest of this library. */
export async function startFleet(launcher: Launcher, options: FleetOptions = {}): Promise<Fleet> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end().catch(() => {}); // what a fault left behind may not end in order
  };
  try {
    return Object.assign(await start(launcher, options, (end) => closing.push(end)), { close });
  } catch (error) {
    await close(); // nobody else would
    throw error;
  }
}

type OnClose = (end: () => Promise<unknown>) => unknown;

async function start(launcher: Launcher, options: FleetOptions, onClose: OnClose): Promise<Omit<Fleet, 'close'>> {
  const servers = await startServers(launcher, options, onClose);
  const simulatorPort = await freePort();
  const doors = {
    postgres: await startDoor({ host: '127.0.0.1', port: servers.postgres.port }),
    redis: await startDoor({ host: '127.0.0.1', port: servers.redis.port }),
    provider: await startDoor({ host: '127.0.0.1', port: simulatorPort }),
  };
  for (const door of Object.values(doors)) onClose(() => door.close());
  const apis: FleetProcess[] = [];
  const workers: FleetProcess[] = [];
  const entry = await startEntry(() => apis.map(({ url }) => url));
  onClose(() => entry.close());

  useServices({ databaseUrl: servers.postgres.url, redisUrl: servers.redis.url });
  const app = await startApp({
    env: {
      NODE_ENV: 'production',
      PUBLIC_URL: entry.url,
      API_PORT: String(entry.port),
      TRUST_PROXY: 'loopback',
      LOG_LEVEL: 'warn',
      SHUTDOWN_DELAY_MS: '1500', // the entry looks twice a second whether an api is ready
      EGRESS_ALLOW: `127.0.0.1:${doors.provider.port}`,
      ...options.env,
    },
  });
  onClose(() => app.sql.end({ timeout: 1 })); // its database goes with the server
  const { simulator, pid: simulatorPid } = await startSimulator(
    launcher,
    app,
    { port: simulatorPort, door: doors.provider },
    onClose,
  );
  for (const [name, list, count] of [
    ['api', apis, options.apis ?? 2],
    ['worker', workers, options.workers ?? 2],
  ] as const) {
    for (let i = 0; i < count; i++) list.push(await newProcess(name, app, doors));
  }
  onClose(() => Promise.all([...apis, ...workers].map((one) => one.stop())));
  await Promise.all([...apis, ...workers].map((one) => one.start()));

  const journal = new JournalFollower(simulator);
  journal.start();
  onClose(async () => journal.stop());
  const sql = freshSql(app.env.DATABASE_URL, servers.postgres);
  const world = { app: { ...app, get sql() { return sql() } }, simulator }; // prettier-ignore
  return {
    ...world,
    journal,
    get sql() {
      return sql();
    },
    ...servers,
    doors,
    apis,
    workers,
    entry: entry.url,
    nextApi: entry.next,
    cpuMs: () => {
      const sum = (list: FleetProcess[]) => list.reduce((total, one) => total + one.cpuMs(), 0);
      const { user, system } = process.cpuUsage();
      return { apis: sum(apis), workers: sum(workers), rig: cpuMsOf(simulatorPid) + (user + system) / 1000 };
    },
    tenants: await newTenants(world, options),
  };
}

async function startServers(launcher: Launcher, options: FleetOptions, onClose: OnClose) {
  const [database, redis] = await Promise.all([
    launcher.postgres({ settings: { max_connections: '300', ...options.postgres } }),
    launcher.redis({ settings: options.redis }),
  ]);
  onClose(() => Promise.all([database.remove(), redis.remove()]));
  return { postgres: database, redis };
}

async function startSimulator(
  launcher: Launcher,
  { env, url }: TestApp,
  { port, door }: { port: number; door: Door },
  onClose: OnClose,
) {
  const own = `http://127.0.0.1:${port}`;
  const folder = await launcher.folder('simulator');
  onClose(() => rm(folder, { recursive: true, force: true }));
  const variables = {
    SIMULATOR_PORT: String(port),
    SIMULATOR_DATA: folder,
    SIMULATOR_URL: `http://127.0.0.1:${door.port}`,
    PARLEY_URL: url,
    CLOUD_API_APP_SECRET: env.CLOUD_API_APP_SECRET ?? '',
    CLOUD_API_VERIFY_TOKEN: env.CLOUD_API_VERIFY_TOKEN ?? '',
  };
  const running = await startProcess('simulator', variables, `${own}/`);
  onClose(() => running.close());
  return { simulator: new SimulatorClient(own), pid: running.pid };
}

async function newProcess(
  name: 'api' | 'worker',
  { env }: TestApp,
  doors: Pick<Fleet['doors'], 'postgres' | 'redis'>,
): Promise<FleetProcess> {
  const port = await freePort();
  const variables = {
    ...variablesOf(env),
    DATABASE_URL: through(env.DATABASE_URL, doors.postgres),
    REDIS_URL: through(env.REDIS_URL, doors.redis),
    [name === 'api' ? 'API_PORT' : 'WORKER_PORT']: String(port),
  };
  return new SupervisedApp(name, `http://127.0.0.1:${port}`, variables);
}

function through(url: string, door: Door): string {
  const moved = new URL(url);
  moved.port = String(door.port);
  return moved.href;
}

/** postgres.js may leave a query unanswered for ever when its connection is lost: nobody asks on an old one. */
function freshSql(url: string, server: Server): () => postgres.Sql {
  let [pid, sql] = [0, undefined as postgres.Sql | undefined];
  return () => {
    if (sql && pid === server.pid()) return sql;
    void sql?.end({ timeout: 0 }).catch(() => {});
    pid = server.pid();
    return (sql = postgres(url, {
      max: 3,
      onnotice() {},
      types: { int8: { to: 20, from: [20], parse: Number, serialize: String } },
    }));
  };
}

async function newTenants(world: Pick<Fleet, 'app' | 'simulator'>, options: FleetOptions): Promise<FleetTenant[]> {
  const { tenants: count = 4, accounts = 20, providers = ['evolution', 'cloud-api'] } = options;
  const tenants: FleetTenant[] = [];
  for (let i = 0; i < count; i++) {
    const { tenant, owner } = await world.app.newTenant({ name: `Tenant ${i}` });
    tenants.push({ tenant, owner, agent: await tenant.newMember('manager'), accounts: [] });
  }
  for (let i = 0; i < accounts; i++) {
    // Every tenant has accounts of each provider, also where the two counts have a common divisor.
    const [home, provider] = [tenants[i % count], providers[Math.floor(i / count) % providers.length]];
    if (!home || !provider) throw new Error('a fleet has tenants and providers');
    const account = await connectAccount(world, home.tenant, provider);
    if (provider === 'evolution')
      await world.app.sql`update accounts set pacing = ${world.app.sql.json(pacing)} where id = ${account.id}`;
    home.accounts.push(account);
  }
  return tenants;
}
