import { providerOf } from '@parley/channels/registry';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProviderName } from '@parley/contracts/accounts';
import { Redis } from 'ioredis';
import type { TestAccount } from '../account';
import { freePort, startApp, type TestApp } from '../app';
import { processPart, startProcess, type AppProcess } from '../processes';
import { redisUrl } from '../services';
import { SimulatorClient } from '../simulator';
import { startDoor, type Door } from '../rig/door';
import type { TestTenant } from '../tenant';

/** An account that the simulator plays the other end of. */
export interface LiveAccount extends TestAccount {
  ref: string;
}

/** The built product with the simulator, each in a process of its own, and Redis behind a door that can be shut. */
export interface System {
  app: TestApp;
  simulator: SimulatorClient;
  redis: Door;
  /** Origins of the apis. */
  urls: string[];
  workers: AppProcess[];
  apis: AppProcess[];
  /** Origins of the workers' health and metrics. */
  workerUrls: string[];
  /** Removes everything that this install keeps in Redis. */
  emptyRedis(): Promise<void>;
  /** Starts one more worker. */
  startWorker(): Promise<AppProcess>;
  connect(tenant: TestTenant, provider: ProviderName, settings?: Record<string, unknown>): Promise<LiveAccount>;
  close(): Promise<void>;
}

export async function startSystem({
  apis = 1,
  workers = 1,
  env = {},
}: { apis?: number; workers?: number; env?: Record<string, string> } = {}): Promise<System> {
  const shared = new URL(redisUrl());
  const proxy = await startDoor({ host: shared.hostname, port: Number(shared.port) });
  const simulatorPort = await freePort();
  const through = new URL(shared);
  through.port = String(proxy.port);
  const app = await startApp({
    env: {
      REDIS_URL: through.href,
      EGRESS_ALLOW: `127.0.0.1:${simulatorPort}`,
      SLACK_API_URL: `http://127.0.0.1:${simulatorPort}/slack/api`,
      SLACK_AUTHORIZE_URL: `http://127.0.0.1:${simulatorPort}/slack/oauth/v2/authorize`,
      LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-simulator-'));
  const running: AppProcess[] = [];
  const workerProcesses: AppProcess[] = [];
  const apiProcesses: AppProcess[] = [];
  const workerUrls: string[] = [];
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const startWorker = async () => {
    await app.start(
      processPart('worker', (worker, { WORKER_PORT }) => {
        workerProcesses.push(worker);
        workerUrls.push(`http://127.0.0.1:${WORKER_PORT}`);
      }),
    );
    const worker = workerProcesses.at(-1);
    if (!worker) throw new Error('the worker did not start');
    return worker;
  };
  const variables = {
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_DATA: folder,
    SIMULATOR_URL: simulatorUrl,
    PARLEY_URL: app.url,
    CLOUD_API_APP_SECRET: app.env.CLOUD_API_APP_SECRET ?? '',
    CLOUD_API_VERIFY_TOKEN: app.env.CLOUD_API_VERIFY_TOKEN ?? '',
    SLACK_CLIENT_ID: app.env.SLACK_CLIENT_ID ?? '',
    SLACK_CLIENT_SECRET: app.env.SLACK_CLIENT_SECRET ?? '',
    SLACK_SIGNING_SECRET: app.env.SLACK_SIGNING_SECRET ?? '',
  };
  const close = async () => {
    await app.close();
    await Promise.allSettled(running.map((one) => one.close()));
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  };
  const urls = [app.url];
  try {
    running.push(await startProcess('simulator', variables, `${simulatorUrl}/`));
    const api = processPart('api', (one) => apiProcesses.push(one));
    await app.start(api, { API_PORT: String(app.env.API_PORT) });
    for (let i = 1; i < apis; i++) urls.push((await app.start(api)).url);
    for (let i = 0; i < workers; i++) await startWorker();
  } catch (error) {
    await close(); // nobody else would
    throw error;
  }

  const simulator = new SimulatorClient(simulatorUrl);
  return {
    app,
    simulator,
    redis: proxy,
    urls,
    workers: workerProcesses,
    apis: apiProcesses,
    workerUrls,
    startWorker,
    emptyRedis: () => emptyRedis(app.env.REDIS_PREFIX),
    connect: (tenant, provider, settings) => connectAccount({ app, simulator }, tenant, provider, settings),
    close,
  };
}

/** Made at the simulated provider, connected in the tenant, and told of to the api of `app`. */
export async function connectAccount(
  { app, simulator }: { app: TestApp; simulator: SimulatorClient },
  tenant: TestTenant,
  provider: ProviderName,
  settings?: Record<string, unknown>,
): Promise<LiveAccount> {
  const simulated = await simulator.newAccount(provider, { connected: true });
  const account = await tenant.newAccount(provider, simulated.config);
  const headers = providerOf(provider).webhookHeaders(account.config);
  const platforms = provider === 'slack' ? app.env.SLACK_SIGNING_SECRET : app.env.CLOUD_API_APP_SECRET;
  const secret = Object.keys(headers).length > 0 ? undefined : platforms;
  await simulator.setWebhook(provider, simulated.ref, { url: app.url + account.webhookPath, headers, secret });
  if (settings) await simulator.setUp(provider, simulated.ref, settings);
  return { ...account, ref: simulated.ref };
}

async function emptyRedis(prefix: string): Promise<void> {
  const redis = new Redis(redisUrl());
  try {
    const keys = await redis.keys(`*${prefix}*`);
    if (keys.length) await redis.unlink(...keys);
  } finally {
    redis.disconnect();
  }
}
