import { providerOf } from '@parley/channels/registry';
import type { MessageRef } from '@parley/channels/provider';
import { deliveryStatus, deliveryRank as rank } from '@parley/db/delivery-rank';
import type { DeliveryStatus } from '@parley/contracts/messages';
import { AppError, notFound } from '@parley/platform/app-error';
import { Bells } from '@parley/platform/bells';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import { HTTP } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import type { TenantContext, TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { openConfig } from '../accounts/account-secrets';
import type { MemberContext } from '../context';
import { withDeadline } from './call';
import { findUnknown } from './claim.queries';
import {
  findDelivery,
  findRoad,
  insertDelivery,
  queueAgain,
  wakeHeads,
  type Queued,
  type RoadRow,
} from './deliveries.queries';
import { findingOf, lookUp } from './look-up';
import { recipientOf } from './outbound';
import { Results } from './results';

/** Marks of one call to the provider at most. */
const MOST_MARKS = 50;

/** What the rest of the inbox asks of sending. The worker's `SenderService` does the sending. */
@Injectable()
export class DeliveriesService {
  private readonly log = new Logger('sending');

  constructor(
    private readonly pool: SteadyPool,
    private readonly results: Results,
    private readonly bells: Bells,
    private readonly box: CredentialBox,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Queues behind what its chat still waits to send. The conversation is locked; ring the account after the commit. */
  async queue(tx: TenantTx<MemberContext>, input: Queued): Promise<void> {
    await insertDelivery(tx, input, this.clock.now());
  }

  /**
   * Queues a failed message anew, or one of unknown outcome that its chat has passed. The conversation is locked, and the
   * caller moves the message to the end of the thread. Throws `not_found`, `conflict`.
   */
  async requeue(tx: TenantTx<MemberContext>, messageId: string): Promise<void> {
    const delivery = await findDelivery(tx, messageId);
    if (!delivery) throw notFound('message');
    const given = delivery.status === rank.failed || (delivery.status === rank.unknown && !delivery.head);
    if (!given) throw new AppError('conflict', 'This message is still on its way, or has gone out.');
    await queueAgain(tx, messageId, this.clock.now());
  }

  /** There is something to send. After the commit. */
  ring(accountIds: Iterable<string>): void {
    this.bells.ringAccounts(accountIds);
  }

  /** What waits for a pause or for a next try goes out at once: an account was resumed or has new credentials. Ring after the commit. */
  async wake(tx: TenantTx, accountId: string): Promise<void> {
    await wakeHeads(tx, accountId, this.clock.now());
  }

  /** Asks the provider now what became of a message of unknown outcome. Answers what is known then. Throws `not_found`. */
  async checkNow(ctx: TenantContext, messageId: string): Promise<DeliveryStatus> {
    const row = await this.pool.transaction([ctx.tenantId], (sql) => findUnknown(sql, ctx.tenantId, messageId));
    if (row) {
      const outcome = await lookUp(row, this.http, this.box);
      const finding = findingOf(row, this.clock.now());
      const goesOn = outcome.outcome === 'found' && (await this.results.store({ ...finding, outcome }));
      if (goesOn) this.ring([row.account_id]);
    }
    const after = await this.pool.transaction([ctx.tenantId], (sql) =>
      findDelivery({ raw: sql, tenantId: ctx.tenantId }, messageId),
    );
    if (!after) throw notFound('message');
    return deliveryStatus(after.status);
  }

  /** Shows the customer that somebody types, where the channel can. Resolves once it is on its way. */
  async typing(ctx: TenantContext, conversationId: string): Promise<void> {
    const road = await this.road(ctx, conversationId, 1);
    const provider = road && providerOf(road.provider);
    const to = road && recipientOf(road);
    if (!to || !provider?.typing) return;
    this.send('typing', road, (config, http) => provider.typing?.(to, refsOf(road).at(-1) ?? null, config, http));
  }

  /** Tells the provider that the newest inbound messages were read, 50 at most. Resolves once it is on its way. */
  async markReadAtProvider(ctx: TenantContext, conversationId: string, count: number = MOST_MARKS): Promise<void> {
    const road = await this.road(ctx, conversationId, Math.min(count, MOST_MARKS));
    const provider = road && providerOf(road.provider);
    const to = road && recipientOf(road);
    const messages = road ? refsOf(road) : [];
    if (!to || !provider?.markRead || !messages.length) return;
    this.send('mark-read', road, (config, http) => provider.markRead?.(to, messages, config, http));
  }

  private road(ctx: TenantContext, conversationId: string, messages: number): Promise<RoadRow | undefined> {
    return this.pool.transaction([ctx.tenantId], (sql) =>
      findRoad(sql, { tenantId: ctx.tenantId, conversationId }, messages),
    );
  }

  /** Nobody waits for it, and nothing hangs on it: one call, no second try. */
  private send(
    what: string,
    road: RoadRow,
    call: (config: unknown, http: typeof fetch) => Promise<void> | undefined,
  ): void {
    const { tenant_id: tenantId, account_id: id, config, credentials } = road;
    const work = async (http: typeof fetch) => call(openConfig(this.box, { tenantId, id, config, credentials }), http);
    withDeadline(this.http, work).catch((error: unknown) => {
      this.log.debug({ err: error, what, accountId: id }, 'a provider did not take it');
    });
  }
}

/** Oldest first. */
function refsOf(road: RoadRow): MessageRef[] {
  return (road.inbound ?? []).map(({ externalId, author }) => ({ externalId, own: false, ...(author && { author }) }));
}
