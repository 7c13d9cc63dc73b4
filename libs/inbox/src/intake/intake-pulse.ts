import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { REDIS } from '@parley/platform/platform.module';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { IntakeService } from './intake.service';

/** After so long some providers may have given up on a call; for less than this all of them come again. */
const GAP_MS = 60_000;
/** Two gaps with less between them are one: not everybody was asked for the first yet. */
const JOIN_MS = 600_000;
const KEPT_MS = 7 * 24 * 3_600_000;

/** A time in which nobody took providers' calls: the processes were not there, or refused them all. */
const Gap = z.object({ fromMs: z.number(), toMs: z.number() });
export type Gap = z.infer<typeof Gap>;

/**
 * Knows when calls were not taken, by a mark in Redis that whoever takes them renews. An emptied Redis knows of no gap, and
 * nothing that was taken hangs on it.
 */
@Injectable()
export class IntakePulse {
  constructor(
    private readonly intake: IntakeService,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'REDIS_PREFIX'>,
  ) {}

  /** Every some seconds, by each process that takes calls: silent while it refuses them. Throws when Redis is away. */
  async beat(): Promise<void> {
    if (!(await this.intake.takes())) return;
    const nowMs = this.clock.now();
    const before = Number(await this.redis.getset(this.key('taken'), String(nowMs)));
    await this.redis.pexpire(this.key('taken'), KEPT_MS);
    if (before > 0 && nowMs - before > GAP_MS) await this.remember({ fromMs: before, toMs: nowMs });
  }

  /** The last one, until a week after it. */
  async lastGap(): Promise<Gap | null> {
    const kept = await this.redis.get(this.key('gap'));
    return kept === null ? null : Gap.parse(JSON.parse(kept));
  }

  private async remember({ fromMs, toMs }: Gap): Promise<void> {
    const last = await this.lastGap();
    const gap: Gap = { fromMs: last && fromMs - last.toMs < JOIN_MS ? last.fromMs : fromMs, toMs };
    await this.redis.set(this.key('gap'), JSON.stringify(gap), 'PX', KEPT_MS);
  }

  private key(name: string): string {
    return `${this.env.REDIS_PREFIX}:intake:${name}`;
  }
}
