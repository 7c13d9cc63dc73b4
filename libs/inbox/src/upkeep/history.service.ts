import { randomUUID } from 'node:crypto';
import { providerOf } from '@parley/channels/registry';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { HTTP, REDIS } from '@parley/platform/platform.module';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { openConfig } from '../accounts/account-secrets';
import { IntakeService } from '../intake/intake.service';
import { withDeadline } from '../sending/call';
import type { WatchedAccount } from './watch.queries';

/** How far back is looked, and how long afterwards. */
const FURTHEST_MS = 24 * 3_600_000;
/** After a try that failed, or a worker that died in one. */
const AGAIN_MS = 600_000;
const PULL_MS = 25_000;

/**
 * Pulls what happened at a provider while an account was not connected there: no webhook tells of it later. It goes through
 * the intake as webhooks do, with its original times, and rings for nobody.
 */
@Injectable()
export class HistoryService {
  private readonly log = new Logger('history');

  constructor(
    private readonly intake: IntakeService,
    private readonly box: CredentialBox,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'REDIS_PREFIX'>,
  ) {}

  /** Of an account that is connected, once for each time that it became so. Never throws. */
  async catchUp(account: WatchedAccount): Promise<void> {
    const { history } = providerOf(account.provider);
    const nowMs = this.clock.now();
    const [fromMs, toMs] = [Math.max(account.createdAtMs, account.stateAtMs - FURTHEST_MS), account.stateAtMs];
    if (!history || fromMs >= toMs || nowMs - toMs > FURTHEST_MS) return;
    const claim = `${this.env.REDIS_PREFIX}:caught-up:${account.id}:${Math.floor(toMs)}`;
    try {
      if ((await this.redis.set(claim, '1', 'PX', AGAIN_MS, 'NX')) !== 'OK') return;
      const period = { from: new Date(fromMs), to: new Date(toMs), nowMs };
      const config = openConfig(this.box, account);
      const items = await withDeadline(this.http, (http) => history(period, config, http), PULL_MS);
      await this.intake.keep({ tenantId: account.tenantId, accountId: account.id }, items, randomUUID());
      await this.redis.set(claim, '1', 'PX', FURTHEST_MS);
    } catch (err) {
      this.log.warn({ err, accountId: account.id }, 'what happened meanwhile could not be asked for');
    }
  }
}
