import { createPool, type Pool } from '@parley/db/pools';
import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Sql } from '@parley/db/sql';
import { AuditChain } from './audit-chain';
import { Bells } from './bells';
import { CLOCK, type Clock } from './clock';
import { CredentialBox } from './credentials';
import { Departure } from './departure';
import { createEgress, FILE_MS } from './egress';
import { InstallClock } from './install-clock';
import { ENV, type Env } from './env';
import { Mail } from './mail';
import { Metrics } from './metrics';
import { openFiles } from './open-files';
import { REDIS_SILENCE_MS } from './redis-silence';
import { RateLimits } from './rate-limits';
import { RealtimeBus } from './realtime-bus';
import { run } from './statements';
import { steadyPool, type SteadyPool } from './steady-pool';
import { TenantDb } from './tenant-db';
import { startTracing, Tracing } from './tracing';
import { countPostgres, countRedis } from './trouble';

/** The platform's role: who is who, and where tenants' events stand. A `SteadyPool`; `parley_app` is behind TenantDb. */
export const PLATFORM = Symbol('Platform');
/** For commands that run once: connections that do not outlive trouble. */
export const WORKER_POOL = Symbol('WorkerPool');
export const PLATFORM_POOL = Symbol('PlatformPool');
/** For commands of our own, fails fast; never for content that must not be lost. */
export const REDIS = Symbol('Redis');
/** `fetch` for everything that leaves the install: refuses private addresses that the operator did not allow. */
export const HTTP = Symbol('Http');
/** The same for the bytes of files, both ways: larger answers, and more time. Who uses it sets an end of its own. */
export const FILE_HTTP = Symbol('FileHttp');
/** A `FileStore`. */
export const FILES = Symbol('Files');

/** The largest file that is fetched, and what is around it where it comes inside of JSON, as base64. */
export const MAX_FILE_BYTES = 100 * 2 ** 20;
const FILE_CALLS = {
  maxBytes: Math.ceil((MAX_FILE_BYTES * 4) / 3) + 2 ** 20,
  totalMs: FILE_MS,
  headersMs: FILE_MS, // some hand a file on before they answer: how long that may take, only who calls knows
};

/** What api and worker both stand on. Connections are opened when first used and closed at shutdown. */
@Global()
@Module({})
export class PlatformModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly db: TenantDb,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(WORKER_POOL) private readonly workerPool: Pool,
    @Inject(PLATFORM_POOL) private readonly platformPool: Pool,
    @Inject(REDIS) private readonly redis: Redis,
    private readonly bells: Bells,
    private readonly tracing: Tracing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `service` names the process in traces; `clock` is moved by tests, else it is Postgres'. */
  static forRoot(
    env: Env,
    { service = 'tool', clock }: { service?: 'api' | 'worker' | 'tool'; clock?: Clock } = {},
  ): DynamicModule {
    const pool = (role: Parameters<typeof createPool>[1], max: number, url?: string) => () =>
      createPool(env.DATABASE_URL, role, { max, ...(url ? { url } : {}) });
    const providers = [
      { provide: ENV, useValue: env },
      {
        provide: CLOCK,
        inject: [PLATFORM],
        useFactory: (platform: SteadyPool) => clock ?? new InstallClock(() => platform.query(timeOf)),
      },
      { provide: WORKER_POOL, useFactory: pool('parley_worker', 4, env.DATABASE_URL_WORKER) },
      { provide: PLATFORM_POOL, useFactory: pool('parley_platform', 4, env.DATABASE_URL_PLATFORM) },
      {
        provide: PLATFORM,
        inject: [Metrics],
        useFactory: (metrics: Metrics) => {
          const { DATABASE_URL, DATABASE_URL_PLATFORM: url } = env;
          const failed = countPostgres(metrics, 'platform');
          return steadyPool(DATABASE_URL, 'parley_platform', { max: 4, failed, ...(url ? { url } : {}) });
        },
      },
      {
        provide: REDIS,
        inject: [Metrics],
        useFactory: (metrics: Metrics) => countRedis(metrics, 'commands', createRedis(env.REDIS_URL)),
      },
      { provide: CredentialBox, useFactory: () => new CredentialBox(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID) },
      { provide: AuditChain, useFactory: () => new AuditChain(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID) },
      {
        provide: Bells,
        inject: [Metrics],
        useFactory: (metrics: Metrics) =>
          new Bells(env.REDIS_URL, env.REDIS_PREFIX, () => metrics.redisErrors.inc({ client: 'bells' })),
      },
      {
        provide: RealtimeBus,
        inject: [REDIS, Metrics, Tracing],
        useFactory: (redis: Redis, metrics: Metrics, tracing: Tracing) =>
          new RealtimeBus(redis, { failed: () => metrics.redisErrors.inc({ client: 'bus' }), tracing }),
      },
      {
        provide: RateLimits,
        inject: [REDIS],
        useFactory: (redis: Redis) => new RateLimits(redis, env.REDIS_PREFIX),
      },
      { provide: Mail, useFactory: () => new Mail(env) },
      { provide: Departure, useFactory: () => new Departure() },
      { provide: Metrics, useFactory: () => new Metrics() },
      { provide: Tracing, inject: [Metrics], useFactory: (metrics: Metrics) => startTracing(env, service, metrics) },
      {
        provide: TenantDb,
        inject: [RealtimeBus, CLOCK, Metrics, AuditChain],
        useFactory: (bus: RealtimeBus, c: Clock, metrics: Metrics, chain: AuditChain) => {
          const { DATABASE_URL, DATABASE_POOL_MAX: max, DATABASE_URL_APP: url } = env;
          const failed = countPostgres(metrics, 'app');
          const app = steadyPool(DATABASE_URL, 'parley_app', { max, failed, ...(url ? { url } : {}) });
          metrics.databaseMax.set({ pool: 'app' }, env.DATABASE_POOL_MAX);
          return new TenantDb(app, bus, c, metrics, chain);
        },
      },
      { provide: HTTP, useFactory: () => createEgress({ allow: env.EGRESS_ALLOW }) },
      { provide: FILE_HTTP, useFactory: () => createEgress({ allow: env.EGRESS_ALLOW, ...FILE_CALLS }) },
      { provide: FILES, useFactory: () => openFiles(env) },
    ];
    return { module: PlatformModule, providers, exports: providers.map(({ provide }) => provide) };
  }

  async onModuleInit(): Promise<void> {
    if (this.clock instanceof InstallClock) await this.clock.start();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.clock instanceof InstallClock) this.clock.stop();
    await this.bells.close();
    await this.tracing.close();
    this.redis.disconnect();
    await Promise.allSettled([
      ...[this.db, this.platform].map((pool) => pool.close()),
      ...[this.workerPool, this.platformPool].map((pool) => pool.end({ timeout: 2 })),
    ]);
  }
}

async function timeOf(sql: Sql): Promise<number> {
  const [row] = await run<{ ms: number }>(sql, `select (extract(epoch from clock_timestamp()) * 1e3)::float8 ms`);
  if (!row) throw new Error('Postgres does not know the time');
  return row.ms;
}

/** Fails fast while Redis is away, and comes back by itself. */
export function createRedis(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    socketTimeout: REDIS_SILENCE_MS,
    retryStrategy: (times) => Math.min(1000, 100 * times),
  });
  redis.on('error', () => {}); // told by the health check
  return redis;
}
