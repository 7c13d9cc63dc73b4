import { setTimeout as pause } from 'node:timers/promises';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { SenderService } from '@parley/inbox/sending/sender.service';
import { accountBellsKey, BellListener, laneBellsKey } from '@parley/platform/bell-listener';
import { ENV, type Env } from '@parley/platform/env';
import { LANES } from '@parley/platform/lane-of';
import { Metrics } from '@parley/platform/metrics';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const AWAY_MS = 200;
/** Accounts taken at once. */
const MOST_ACCOUNTS = 64;
/** From one taking of accounts to the next, where it took all: what rings meanwhile is looked up and claimed together. */
const PAUSE_MS = 20;

/**
 * Hears which lanes and accounts have something waiting. A bell only says so: the row is the truth, and whoever takes a bell
 * and dies, or hears it twice, does no harm.
 */
@Injectable()
export class Listener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly laneBells: BellListener;
  private readonly accountBells: BellListener;
  private closing = false;
  private listening: Promise<unknown> | undefined;

  constructor(
    private readonly lanes: LanesService,
    private readonly sender: SenderService,
    private readonly metrics: Metrics,
    @Inject(ENV) { REDIS_URL, REDIS_PREFIX }: Env,
  ) {
    this.laneBells = new BellListener(REDIS_URL, laneBellsKey(REDIS_PREFIX), LANES);
    this.accountBells = new BellListener(REDIS_URL, accountBellsKey(REDIS_PREFIX), MOST_ACCOUNTS);
  }

  onApplicationBootstrap(): void {
    this.listening = Promise.all([this.hearLanes(), this.hearAccounts()]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    for (const bells of [this.laneBells, this.accountBells]) bells.close();
    await this.listening;
  }

  private async hearLanes(): Promise<void> {
    while (!this.closing) {
      await this.lanes.free();
      for (const lane of await this.take(this.laneBells)) this.lanes.ring(Number(lane));
    }
  }

  /** Waits for none of them: what is asked for several accounts at a time is asked together. */
  private async hearAccounts(): Promise<void> {
    while (!this.closing) {
      const rung = await this.take(this.accountBells);
      for (const accountId of rung) this.sender.ring(accountId);
      if (rung.length > 0 && rung.length < MOST_ACCOUNTS) await pause(PAUSE_MS);
    }
  }

  private async take(bells: BellListener): Promise<string[]> {
    try {
      return await bells.take();
    } catch {
      // Redis is away: told by the health check. Meanwhile the sweeper finds what nobody rings for.
      if (this.closing) return [];
      this.metrics.redisErrors.inc({ client: 'bells' });
      await pause(AWAY_MS);
      return [];
    }
  }
}
