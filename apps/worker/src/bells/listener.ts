import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { ENV, type Env } from '@parley/platform/env';
import { LaneBells } from '@parley/platform/lane-bells';
import { Metrics } from '@parley/platform/metrics';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const AWAY_MS = 200;

/** Hears which lanes have something waiting. A bell only says so: a drain takes every such lane, and the row is the truth. */
@Injectable()
export class LaneListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly bells: LaneBells;
  private closing = false;
  private listening: Promise<void> | undefined;

  constructor(
    private readonly lanes: LanesService,
    private readonly metrics: Metrics,
    @Inject(ENV) { REDIS_URL, REDIS_PREFIX }: Env,
  ) {
    this.bells = new LaneBells(REDIS_URL, REDIS_PREFIX);
  }

  onApplicationBootstrap(): void {
    this.listening = this.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.bells.close();
    await this.listening;
  }

  private async listen(): Promise<void> {
    while (!this.closing) {
      await this.lanes.free();
      try {
        for (const lane of await this.bells.take()) this.lanes.ring(lane);
      } catch {
        // Redis is away: told by the health check. Meanwhile the sweeper finds what nobody rings for.
        if (this.closing) return;
        this.metrics.redisErrors.inc({ client: 'bells' });
        await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      }
    }
  }
}
