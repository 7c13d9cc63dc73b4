import { randomUUID } from 'node:crypto';
import type { AnyProvider } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { HTTP, REDIS } from '@parley/platform/platform.module';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { openConfig } from '../accounts/account-secrets';
import { IntakePulse } from '../intake/intake-pulse';
import { IntakeService } from '../intake/intake.service';
import { withDeadline } from '../sending/call';
import type { WatchedAccount } from './watch.queries';

/** How far back is looked, and how long afterwards. */
const FURTHEST_MS = 24 * 3_600_000;
/** After a try that failed, or a worker that died in one. */
const AGAIN_MS = 600_000;
const PULL_MS = 25_000;
/** Around a time in which nobody took calls: the mark of it is renewed now and then, and clocks differ. */
const MARGIN_MS = 30_000;

type Pull = NonNullable<AnyProvider['history']>;

interface Period {
  fromMs: number;
  toMs: number;
}

/**
 * Pulls what happened at a provider while an account was not connected there, for no webhook tells of it later, and while we
 * took no calls for so long that it may have given up telling. It goes through the intake as webhooks do, with its original
 * times, and rings for nobody.
 */
@Injectable()
export class HistoryService {
  private readonly log = new Logger('history');

  constructor(
    private readonly intake: IntakeService,
    private readonly pulse: IntakePulse,
    private readonly box: CredentialBox,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'REDIS_PREFIX'>,
  ) {}

  /** Of an account that is connected, once for each time that it became so, and for each in which we were away. Never throws. */
  async catchUp(account: WatchedAccount): Promise<void> {
    const { history } = providerOf(account.provider);
    if (!history) return;
    const gap = await this.pulse.lastGap().catch(() => null);
    const { stateAtMs } = account;
    await this.pull(account, history, { fromMs: stateAtMs - FURTHEST_MS, toMs: stateAtMs });
    if (gap) await this.pull(account, history, { fromMs: gap.fromMs - MARGIN_MS, toMs: gap.toMs + MARGIN_MS });
  }

  private async pull(account: WatchedAccount, history: Pull, period: Period): Promise<void> {
    const nowMs = this.clock.now();
    const { toMs } = period;
    const fromMs = Math.max(account.createdAtMs, period.fromMs, toMs - FURTHEST_MS);
    if (fromMs >= toMs || nowMs < toMs || nowMs - toMs > FURTHEST_MS) return;
    const claim = `${this.env.REDIS_PREFIX}:caught-up:${account.id}:${Math.floor(toMs)}`;
    try {
      if ((await this.redis.set(claim, '1', 'PX', AGAIN_MS, 'NX')) !== 'OK') return;
      const config = openConfig(this.box, account);
      const asked = { from: new Date(fromMs), to: new Date(toMs), nowMs };
      const items = await withDeadline(this.http, (http) => history(asked, config, http), { ms: PULL_MS });
      await this.intake.keep({ tenantId: account.tenantId, accountId: account.id }, items, randomUUID());
      await this.redis.set(claim, '1', 'PX', FURTHEST_MS);
    } catch (err) {
      this.log.warn({ err, accountId: account.id }, 'what happened meanwhile could not be asked for');
    }
  }
}
