import { startApp, type TestApp } from '@parley/testing/app';
import type { TestAccount } from '@parley/testing/account';
import { processPart, type AppProcess } from '@parley/testing/processes';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import type { Bench } from './case';
import type { Door, Rows, Subject } from './subject';

export interface ProductOptions {
  tenants: number;
  /** Cloud API accounts over all tenants, each in turn. */
  accounts: number;
  /** Without it only the api runs. */
  worker?: boolean;
  /** More variables for both. */
  env?: Record<string, string>;
  /** Fields of every account's config, e.g. where its provider listens. */
  config?: Record<string, unknown>;
}

export interface BenchTenant {
  tenant: TestTenant;
  owner: TestMember;
  accounts: TestAccount[];
}

/** The built product as `npm start` runs it: one api, one worker. */
export interface Product extends Subject {
  name: 'product';
  app: TestApp;
  tenants: BenchTenant[];
  processes: { api?: AppProcess; worker?: AppProcess };
}

/** As an operator sets it, except that everything is on this machine. */
export const environment = { NODE_ENV: 'production', PUBLIC_URL: 'http://127.0.0.1:3100', LOG_LEVEL: 'info' };

/** The product on a migrated, empty database, with these tenants and accounts. */
export async function startProduct(bench: Bench, options: ProductOptions): Promise<Product> {
  const app = await newInstall(bench, options.env);
  try {
    return { ...(await startOn(app, options)), close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** A migrated, empty database, and what its processes are told. Nothing runs yet. */
export async function newInstall(bench: Bench, env: Record<string, string> = {}): Promise<TestApp> {
  const { redis } = await bench.services();
  return startApp({ env: { REDIS_URL: redis.url, ...environment, ...env } });
}

/** The product on a database that is there, with these tenants and accounts besides its own. Closing it leaves the database. */
export async function startOn(app: TestApp, options: Omit<ProductOptions, 'env'>): Promise<Product> {
  const tenants = await makeTenants(app, options);
  const processes: Product['processes'] = {};
  const urls = { api: app.url, worker: '' };
  await app.start(
    processPart('api', (api) => (processes.api = api)),
    { API_PORT: String(app.env.API_PORT) },
  );
  if (options.worker ?? true) {
    const part = processPart('worker', (worker, env) => {
      processes.worker = worker;
      urls.worker = `http://127.0.0.1:${env.WORKER_PORT}`;
    });
    await app.start(part);
  }
  return { ...subjectOf(app, tenants, urls, processes), name: 'product', app, tenants, processes };
}

/** While another is measured: what it does without a load would be counted with that one's. */
export async function withFrozen<T>({ pids }: Pick<Product, 'pids'>, work: () => Promise<T>): Promise<T> {
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => Object.values(pids).forEach((pid) => process.kill(pid, name));
  signal('SIGSTOP');
  try {
    return await work();
  } finally {
    signal('SIGCONT');
  }
}

async function makeTenants(app: TestApp, options: Omit<ProductOptions, 'env'>): Promise<BenchTenant[]> {
  const tenants: BenchTenant[] = [];
  for (let i = 0; i < options.tenants; i++) tenants.push({ ...(await app.newTenant()), accounts: [] });
  for (let i = 0; i < options.accounts; i++) {
    const home = tenants[i % options.tenants];
    home?.accounts.push(await home.tenant.newAccount('cloud-api', options.config));
  }
  return tenants;
}

function subjectOf(
  app: TestApp,
  tenants: BenchTenant[],
  urls: { api: string; worker: string },
  processes: Product['processes'],
) {
  const doors = tenants.flatMap(({ accounts }, tenant) => accounts.map((account) => doorOf(app, account, tenant)));
  return {
    doors,
    desks: tenants.map(({ owner }) => ({
      eventsUrl: `${app.url}/api/inbox/events`,
      headers: { cookie: owner.cookie },
    })),
    appSecret: app.env.CLOUD_API_APP_SECRET ?? '',
    messageFrame: '"type":"message.created"',
    sql: app.sql,
    pids: pidsOf(processes),
    rows: () => rowsOf(app, tenants),
    loopLag: () => loopLag(app, urls),
    close: async () => {
      await Promise.all([processes.api?.close(), processes.worker?.close()]);
    },
  };
}

function doorOf(app: TestApp, { config, webhookPath }: TestAccount, tenant: number): Door {
  const { phoneNumberId, wabaId } = config;
  return { url: app.url + webhookPath, phoneNumberId: String(phoneNumberId), wabaId: String(wabaId), tenant };
}

function pidsOf({ api, worker }: Product['processes']): Subject['pids'] {
  return { ...(api && { api: api.pid }), ...(worker && { worker: worker.pid }) };
}

async function rowsOf({ sql }: TestApp, tenants: BenchTenant[]): Promise<Rows> {
  const ids = tenants.map(({ tenant }) => tenant.id);
  const [row] = await sql<Rows[]>`
    select (select count(*) from webhooks where tenant_id = any(${ids})) kept, (select count(*) from pending where tenant_id = any(${ids})) waiting,
      (select count(*) from messages where tenant_id = any(${ids}) and direction = 'inbound') messages`;
  return row ?? { kept: 0, waiting: 0, messages: 0 };
}

/** As each process tells it itself, since it was asked last. */
async function loopLag({ env }: TestApp, urls: { api: string; worker: string }) {
  const headers = { authorization: `Bearer ${env.METRICS_TOKEN}` };
  const of = async (url: string) => {
    const text = url ? await (await fetch(`${url}/metrics`, { headers })).text() : '';
    const seconds = /nodejs_eventloop_lag_p99_seconds\S* ([\d.e-]+)/.exec(text)?.[1];
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  };
  const [api, worker] = [await of(urls.api), await of(urls.worker)];
  return { ...(api !== undefined && { api }), ...(worker !== undefined && { worker }) };
}
