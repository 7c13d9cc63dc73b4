import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { audienceOfConversation } from '../conversations/conversation.view';
import { ERASER } from './eraser';
import { seeOne } from './see-one';
import { KEEPING, lockOver, removeOver, removeWebhooks, type Keeping, type Key } from './tenant-retention.queries';

/** They are told of together, and removed one by one. */
const AT_ONCE = 50;
const FIRST: Key = { day: '0001-01-01', key: '00000000-0000-0000-0000-000000000000' };

/**
 * Removes what tenants keep no longer: resolved conversations with all that was said, and what providers brought. Contacts
 * stay. In small steps, each safe to be done again: several workers may do so at once, and die at any line.
 */
@Injectable()
export class TenantRetention {
  private readonly log = new Logger('retention of tenants');
  private stopped = false;

  constructor(
    @Inject(ERASER) private readonly eraser: SteadyPool,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly db: TenantDb,
  ) {}

  /** Called by a timer of every worker. A tenant of which something cannot be removed holds up no other. */
  async turn(): Promise<void> {
    const tenants = await this.platform.query((sql) => run<Keeping>(sql, KEEPING));
    for (const { id, resolvedDays, webhookDays } of tenants) {
      if (this.stopped) return;
      await this.remove(id, { resolvedDays, webhookDays }).catch((err: unknown) =>
        this.log.warn({ err, tenantId: id }, 'what a tenant keeps no longer is there still; the next turn tries again'),
      );
    }
  }

  /** Ends a turn after its step. */
  stop(): void {
    this.stopped = true;
  }

  private async remove(tenantId: string, { resolvedDays, webhookDays }: Omit<Keeping, 'id'>): Promise<void> {
    if (resolvedDays !== null) await this.removeConversations(tenantId, resolvedDays);
    if (webhookDays !== null) await this.removeWebhooks(tenantId, webhookDays);
  }

  private async removeWebhooks(tenantId: string, days: number): Promise<void> {
    for (let last: Key | undefined = FIRST; last && !this.stopped;) {
      const after: Key = last;
      last = await this.step(tenantId, (sql) => removeWebhooks(sql, tenantId, { days, after }));
    }
  }

  private async removeConversations(tenantId: string, days: number): Promise<void> {
    for (let found = AT_ONCE; found === AT_ONCE && !this.stopped;) {
      const ids = await this.tell(tenantId, days);
      for (const id of ids)
        while (!this.stopped && (await this.step(tenantId, (sql) => removeOver(sql, tenantId, { id, days }))));
      found = ids.length;
    }
  }

  /** Before they go: told twice does no harm, and one in which somebody writes meanwhile is told of with that. */
  private tell(tenantId: string, days: number): Promise<string[]> {
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      const over = await lockOver(tx.raw, tenantId, { days, limit: AT_ONCE });
      for (const one of over)
        tx.emit({ type: 'conversation.removed', audience: audienceOfConversation(one), conversationId: one.id });
      return over.map(({ id }) => id);
    });
  }

  private step<T>(tenantId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.eraser.begin({ begin: 'begin', scope: seeOne(tenantId) }, work);
  }
}
