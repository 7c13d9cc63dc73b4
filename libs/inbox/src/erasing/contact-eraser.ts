import { notFound } from '@parley/platform/app-error';
import { codeOf } from '@parley/platform/sql-state';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { TransactionSql } from 'postgres';
import type { MemberContext } from '../context';
import * as erase from './contact-eraser.queries';
import { ERASER } from './eraser';
import { seeOne } from './see-one';

/** What went. */
export interface Erased {
  conversations: number;
  messages: number;
  webhooks: number;
}

/** Somebody may write while they are removed: then it begins again. */
const MOST_PASSES = 5;

/** Removes a contact so that nothing of them remains: what was said, what providers brought, what was told of it. */
@Injectable()
export class ContactEraser {
  constructor(
    @Inject(ERASER) private readonly eraser: SteadyPool,
    private readonly db: TenantDb,
  ) {}

  /** In small steps, so that nobody waits for it; one that was interrupted is repeated as a whole. Throws `not_found`. */
  async erase(ctx: MemberContext, contactId: string): Promise<Erased> {
    const { tenantId } = ctx;
    const person = await this.step(tenantId, (sql) => erase.findPerson(sql, tenantId, contactId));
    if (!person) throw notFound('contact');
    const erased: Erased = { conversations: person.conversations.length, messages: 0, webhooks: 0 };
    for (let pass = 1; ; pass++) {
      erased.messages += await this.all(tenantId, (sql) => erase.removeMessages(sql, tenantId, person));
      for (const day of await this.step(tenantId, (sql) => erase.listDays(sql, tenantId)))
        erased.webhooks += await this.step(tenantId, (sql) => erase.removeWebhooks(sql, tenantId, day, person));
      if (await this.isGone(tenantId, person)) break;
      if (pass === MOST_PASSES) throw new Error('the contact goes on writing while it is removed');
    }
    await this.db.transaction(ctx, async (tx) => {
      for (const conversationId of person.conversations)
        tx.emit({ type: 'conversation.removed', audience: { to: 'tenant' }, conversationId });
      tx.audit({ action: 'contact.erased', target: { kind: 'contact', id: contactId }, after: { ...erased } });
    });
    return erased;
  }

  /** False: a message came meanwhile. */
  private async isGone(tenantId: string, person: erase.Person): Promise<boolean> {
    try {
      await this.step(tenantId, (sql) => erase.removePerson(sql, tenantId, person));
      return true;
    } catch (error) {
      if (codeOf(error) === '23503') return false;
      throw error;
    }
  }

  private async all(tenantId: string, batch: (sql: TransactionSql) => Promise<number>): Promise<number> {
    let total = 0;
    for (let removed = 1; removed > 0; total += removed) removed = await this.step(tenantId, batch);
    return total;
  }

  private step<T>(tenantId: string, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
    return this.eraser.begin({ begin: 'begin', scope: seeOne(tenantId) }, work);
  }
}
