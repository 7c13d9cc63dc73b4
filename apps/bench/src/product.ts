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
  const { redis } = await bench.services();
  const app = await startApp({ env: { REDIS_URL: redis.url, ...environment, ...options.env } });
  try {
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
    return { ...subjectOf(app, tenants, urls), name: 'product', app, tenants, processes, pids: pidsOf(processes) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function makeTenants(app: TestApp, options: ProductOptions): Promise<BenchTenant[]> {
  const tenants: BenchTenant[] = [];
  for (let i = 0; i < options.tenants; i++) tenants.push({ ...(await app.newTenant()), accounts: [] });
  for (let i = 0; i < options.accounts; i++) {
    const home = tenants[i % options.tenants];
    home?.accounts.push(await home.tenant.newAccount('cloud-api', options.config));
  }
  return tenants;
}

function subjectOf(app: TestApp, tenants: BenchTenant[], urls: { api: string; worker: string }) {
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
    rows: () => rowsOf(app),
    loopLag: () => loopLag(app, urls),
    close: () => app.close(),
  };
}

function doorOf(app: TestApp, { config, webhookPath }: TestAccount, tenant: number): Door {
  const { phoneNumberId, wabaId } = config;
  return { url: app.url + webhookPath, phoneNumberId: String(phoneNumberId), wabaId: String(wabaId), tenant };
}

function pidsOf({ api, worker }: Product['processes']): Subject['pids'] {
  return { ...(api && { api: api.pid }), ...(worker && { worker: worker.pid }) };
}

async function rowsOf({ sql }: TestApp): Promise<Rows> {
  const [row] = await sql<Rows[]>`
    select (select count(*) from webhooks) kept, (select count(*) from pending) waiting,
      (select count(*) from messages where direction = 'inbound') messages`;
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
