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
import { TimersService } from '../timers/timers.service';

const DEADLINE_MS = 2_000;
const LONGEST_SILENCE_MS = 15_000;

/** What this process needs, one question each. */
@Injectable()
export class HealthChecks implements BeforeApplicationShutdown {
  private migrated = false;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly departure: Departure,
    private readonly timers: TimersService,
    private readonly store: StoreWatch,
    @Inject(ENV) private readonly env: Env,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(REDIS) private readonly client: Redis,
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

  readonly sweeper = this.ask('sweeper', async () =>
    this.timers.silentMs > LONGEST_SILENCE_MS ? 'nothing was swept for a while' : null,
  );

  /** Degraded, never down: the sweeper finds what no bell told. */
  readonly redis: HealthIndicatorFunction = async () => {
    const indicator = this.indicators.check('redis');
    const answer = await inTime(this.client.ping()).catch(() => null);
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
