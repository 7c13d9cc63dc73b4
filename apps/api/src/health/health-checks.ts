import { IntakeService } from '@parley/inbox/intake/intake.service';
import { Departure } from '@parley/platform/departure';
import { within } from '@parley/platform/deadline';
import { ENV, type Env } from '@parley/platform/env';
import { isMigrated } from '@parley/platform/migrations';
import { PLATFORM, REDIS } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { StoreWatch } from '@parley/platform/store-watch';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';
import type { Redis } from 'ioredis';

const DEADLINE_MS = 2_000;

/** What this process needs, one question each. */
@Injectable()
export class HealthChecks implements BeforeApplicationShutdown {
  private migrated = false;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly departure: Departure,
    private readonly intakeService: IntakeService,
    private readonly store: StoreWatch,
    @Inject(ENV) private readonly env: Env,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(REDIS) private readonly redisClient: Redis,
  ) {}

  readonly serving = this.ask('serving', async () => (this.departure.hasBegun ? 'shutting down' : null));

  readonly database = this.ask('database', async () => {
    await this.platform.query((sql) => sql.unsafe('select 1'));
    return null;
  });

  readonly migrations = this.ask('migrations', async () => {
    this.migrated ||= await isMigrated(this.env.DATABASE_URL);
    return this.migrated ? null : 'the database is older than this program';
  });

  readonly intake = this.ask('intake', async () => {
    await this.intakeService.assertAnswered();
    return this.intakeService.full ? 'more comes in than Postgres takes' : null;
  });

  readonly worker = this.ask('worker', async () => {
    const response = await fetch(`http://${reachable(this.env.WORKER_HOST)}:${this.env.WORKER_PORT}/health/ready`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await response.body?.cancel();
    return response.ok ? null : 'the worker is not well';
  });

  /** Degraded, never down: losing Redis costs at most a second. */
  readonly redis: HealthIndicatorFunction = async () => {
    const indicator = this.indicators.check('redis');
    const answer = await inTime(this.redisClient.ping()).catch(() => null);
    return answer === 'PONG' ? indicator.up() : indicator.up({ degraded: true });
  };

  /** Degraded, never down: all else goes on, and files are fetched and taken up later. */
  readonly files: HealthIndicatorFunction = async () => {
    const indicator = this.indicators.check('files');
    return this.store.isReachable() ? indicator.up() : indicator.up({ degraded: true });
  };

  beforeApplicationShutdown(): void {
    this.departure.begin();
  }

  /** `question` answers what is wrong, in a few words, or null. Its errors are not told: they may name hosts. */
  private ask(name: string, question: () => Promise<string | null>): HealthIndicatorFunction {
    return async () => {
      const indicator = this.indicators.check(name);
      const wrong = await inTime(question()).catch(() => 'no answer');
      return wrong === null ? indicator.up() : indicator.down(wrong);
    };
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return within(DEADLINE_MS, work, () => new Error('no answer in time'));
}

/** Where something that listens everywhere is found. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
