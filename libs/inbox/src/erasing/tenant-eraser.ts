import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { AuditChain, SYSTEM, type AuditChange } from '@parley/platform/audit-chain';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { REMOVED_FILE } from '../files/removed-file';
import { seeOne } from './see-one';
import { ERASER } from './eraser';

const BATCH = 2000;

/**
 * Everything that a tenant has, children first. A table that is missing here fails a test. Files come before, people, the log
 * and the tenant itself after.
 */
export const erasedTables = [
  'account_hours',
  'attempts',
  'deliveries',
  'externals',
  'message_edits',
  'reactions',
  'messages',
  'reads',
  'conversation_labels',
  'participants',
  'chat_addresses',
  'chats',
  'merge_suggestions',
  'search_texts',
  'conversations',
  'identities',
  'contacts',
  'erasures',
  'labels',
  'teams',
  'idempotency_keys',
  'pending',
  'webhooks',
  'events',
  'event_heads',
  'accounts',
  'apps',
  'invitations',
  'tenant_storage',
  'api_keys',
  'issuer_logins',
  'issuers',
] as const;

/** What members refer to. */
export const erasedAfterPeople = ['roles'] as const;

const DUE = `select id from tenants where status = 'deleting' and deletes_at <= now() order by deletes_at, id limit 20`;

const CLOSE_DOORS = `with u as (update accounts set routing_key = null, group_key = null
    where tenant_id = $1 and (routing_key is not null or group_key is not null) returning 1)
  select count(*)::int removed from u`;

/** A worker takes their bytes away, and then the rows: until then the tenant is not gone. */
const REMOVE_FILES = `with f as (update attachments set ${REMOVED_FILE} where tenant_id = $1
    and ctid = any(array(select ctid from attachments where tenant_id = $1 and state <> 'removed' limit ${BATCH})) returning 1)
  select count(*)::int removed from f`;
const COUNT_FILES = `select count(*)::int removed from attachments where tenant_id = $1`;

/** Of who belongs to another tenant too. */
const LEAVE = `update sessions set active_tenant_id = null where active_tenant_id = $1`;

/** What who runs the install was answered of it, for as long as answers are kept. */
const REMOVE_ANSWERS = `delete from login_idempotency_keys where strpos(response::text, $1) > 0`;

/** Who belonged to this tenant alone loses their login with it; who runs the install keeps it. */
const PEOPLE = `with m as (delete from members where tenant_id = $1 returning user_id),
  u as (delete from users u using m where u.id = m.user_id and not u.super_admin
    and not exists (select from members o where o.user_id = u.id and o.tenant_id <> $1))
  select count(*)::int removed from m`;

/** Since when the doors are closed, by the install's log. */
const BEGUN = `select (extract(epoch from at) * 1000)::float8 "atMs" from audit_log
  where tenant_id = $1 and target_id = $2 and action = 'tenant.removal_begun' order by seq desc limit 1`;

/** Longer than any process remembers an open door, and than what was let in by it takes to be kept and applied. */
const QUIET_MS = 60_000;

/**
 * Removes tenants whose days of grace are over, so that nothing of them remains. Turns come from every worker, whenever
 * they like: the first closes the doors to what providers bring; those from a minute later on remove every row; and one
 * that finds nothing more the tenant itself.
 */
@Injectable()
export class TenantEraser {
  private readonly log = new Logger('end of tenants');

  constructor(
    @Inject(ERASER) private readonly eraser: SteadyPool,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Called by a timer of every worker. Safe to run twice at once. A tenant that cannot be removed holds up no other. */
  async turn(): Promise<void> {
    const due = await this.platform.query((sql) => run<{ id: string }>(sql, DUE));
    for (const { id } of due) {
      await this.step(id).catch((err: unknown) =>
        this.log.error({ err, tenantId: id }, 'a tenant could not be removed; the next turn tries again'),
      );
    }
  }

  private async step(tenantId: string): Promise<void> {
    await this.remove(tenantId, CLOSE_DOORS);
    if (!(await this.isQuiet(tenantId))) return;
    if ((await this.removeRows(tenantId)) === 0) await this.removeTenant(tenantId);
  }

  /** The doors are closed when this is asked. Who asks first writes it down. */
  private isQuiet(tenantId: string): Promise<boolean> {
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      const [tenant] = await run(sql, 'select 1 from tenants where id = $1 for no key update', [tenantId]);
      if (!tenant) return false;
      const nowMs = this.clock.now();
      const [begun] = await run<{ atMs: number }>(sql, BEGUN, [INSTALL_CHAIN, tenantId]);
      if (begun) return nowMs - begun.atMs >= QUIET_MS;
      await this.note(sql, { action: 'tenant.removal_begun', target: { kind: 'tenant', id: tenantId } }, nowMs);
      return false;
    });
  }

  private async removeRows(tenantId: string): Promise<number> {
    await this.removeAll(tenantId, REMOVE_FILES);
    let removed = await this.remove(tenantId, COUNT_FILES);
    for (const table of erasedTables) removed += await this.removeAll(tenantId, batchOf(table));
    for (const statement of [LEAVE, REMOVE_ANSWERS])
      await this.platform.query((sql) => run(sql, statement, [tenantId]));
    const [people] = await this.platform.query((sql) => run<{ removed: number }>(sql, PEOPLE, [tenantId]));
    for (const table of erasedAfterPeople) removed += await this.removeAll(tenantId, batchOf(table));
    return removed + (people?.removed ?? 0);
  }

  /** The log is kept to the last, and the install's own goes on to say that there was such a tenant. */
  private async removeTenant(tenantId: string): Promise<void> {
    for (const table of ['audit_log', 'audit_heads']) await this.removeAll(tenantId, batchOf(table));
    await this.platform.begin({ begin: 'begin' }, async (sql) => {
      const [gone] = await run<{ name: string; slug: string }>(
        sql,
        `delete from tenants where id = $1 and status = 'deleting' and deletes_at <= now() returning name, slug`,
        [tenantId],
      );
      if (!gone) return;
      const target = { kind: 'tenant', id: tenantId } as const;
      await this.note(sql, { action: 'tenant.deleted', target, before: { ...gone } }, this.clock.now());
    });
  }

  private note(sql: Sql, change: AuditChange, nowMs: number): Promise<void> {
    return this.chain.write(sql, INSTALL_CHAIN, [change], { actor: SYSTEM, correlationId: null, nowMs });
  }

  /** Each batch is a transaction of its own. */
  private async removeAll(tenantId: string, batch: string): Promise<number> {
    let total = 0;
    for (let removed = BATCH; removed >= BATCH;) {
      removed = await this.remove(tenantId, batch);
      total += removed;
    }
    return total;
  }

  private remove(tenantId: string, statement: string): Promise<number> {
    return this.eraser.begin({ begin: 'begin', scope: seeOne(tenantId) }, async (sql) => {
      const [row] = await run<{ removed: number }>(sql, statement, [tenantId]);
      return row?.removed ?? 0;
    });
  }
}

/** Webhooks are of many partitions, so their rows are named by their keys. */
function batchOf(table: string): string {
  const batch =
    table === 'webhooks'
      ? `delete from webhooks w using (select received_on, key from webhooks where tenant_id = $1 limit ${BATCH}) o
         where w.tenant_id = $1 and w.received_on = o.received_on and w.key = o.key`
      : `delete from ${table} where tenant_id = $1 and ctid = any(array(select ctid from ${table} where tenant_id = $1 limit ${BATCH}))`;
  return `with d as (${batch} returning 1) select count(*)::int removed from d`;
}
