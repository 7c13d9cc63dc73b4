import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';

const BATCH = 1000;
const TENANTS_AT_ONCE = 100;

/** Those of the tenants that have older events than they keep: 7 days' at most. */
const BEHIND = `select t.id, t.days from unnest($1::uuid[], $2::int[]) t(id, days) cross join lateral (
    select at from events where tenant_id = t.id order by seq limit 1) e
  where e.at < now() - make_interval(days => t.days)`;

/** Those events leave; who is further behind starts again, for the floor rises with it. The tenant's head is held meanwhile. */
const EVENTS = `with old as materialized (
    select e.seq from (select seq, at from events where tenant_id = $1 order by seq limit ${BATCH}) e
    where e.at < now() - make_interval(days => $2::int)),
  h as (update event_heads x set floor = greatest(x.floor, o.last) from (select max(seq) last from old) o
    where x.tenant_id = $1 and o.last is not null),
  d as (delete from events x using old where x.tenant_id = $1 and x.seq = old.seq returning 1)
  select count(*)::int removed from d`;

/** Ids that nobody ever brought a message for. */
const EXTERNALS = `with d as (delete from externals x using (
    select tenant_id, account_id, scope, external_id from externals
    where message_id is null and seen_at < now() - interval '8 days' order by seen_at limit ${BATCH}) o
    where (x.tenant_id, x.account_id, x.scope, x.external_id) = (o.tenant_id, o.account_id, o.scope, o.external_id) returning 1)
  select count(*)::int removed from d`;

/** A week back is looked at, to know what is usual. */
const ACCOUNT_HOURS = `with d as (delete from account_hours x using (
    select tenant_id, account_id, hour from account_hours where hour < now() - interval '8 days' order by hour limit ${BATCH}) o
    where (x.tenant_id, x.account_id, x.hour) = (o.tenant_id, o.account_id, o.hour) returning 1)
  select count(*)::int removed from d`;

const IDEMPOTENCY_KEYS = `with d as (delete from idempotency_keys x using (
    select tenant_id, member_id, key from idempotency_keys where created_at < now() - interval '24 hours' order by created_at limit ${BATCH}) o
    where (x.tenant_id, x.member_id, x.key) = (o.tenant_id, o.member_id, o.key) returning 1)
  select count(*)::int removed from d`;

/** Until then the list shows what became of them. */
const INVITATIONS = `with d as (delete from invitations x using (
    select tenant_id, id from invitations where coalesce(accepted_at, revoked_at, expires_at) < now() - interval '90 days' limit ${BATCH}) o
    where (x.tenant_id, x.id) = (o.tenant_id, o.id) returning 1)
  select count(*)::int removed from d`;

const SUPER_ADMIN_INVITATIONS = `with d as (delete from super_admin_invitations where id = any(array(
    select id from super_admin_invitations where coalesce(accepted_at, revoked_at, expires_at) < now() - interval '90 days' limit ${BATCH})) returning 1)
  select count(*)::int removed from d`;

const LOGIN_IDEMPOTENCY_KEYS = `with d as (delete from login_idempotency_keys x using (
    select user_id, key from login_idempotency_keys where created_at < now() - interval '24 hours' order by created_at limit ${BATCH}) o
    where (x.user_id, x.key) = (o.user_id, o.key) returning 1)
  select count(*)::int removed from d`;

/** Sessions that ended by themselves, and what was to be proven and never was. For a week one sees when somebody was last here. */
const LOGINS = (['sessions', 'verifications'] as const).map(
  (table) => `with d as (delete from ${table} where id = any(array(
      select id from ${table} where expires_at < now() - interval '7 days' order by expires_at limit ${BATCH})) returning 1)
    select count(*)::int removed from d`,
);

interface Tenant {
  id: string;
  /** For how many its events are kept. */
  days: number;
}

/** Removes what is past its time, in small batches, so that nobody waits for it. Several workers may do so at once. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly worker: SteadyPool,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(ENV) private readonly env: Pick<Env, 'WEBHOOK_RETENTION_DAYS'>,
  ) {}

  /** Partitions of webhooks: made a week ahead, dropped whole once nothing in them waits to be applied. */
  async maintainPartitions(): Promise<void> {
    await this.worker.query((sql) =>
      run(
        sql,
        `select maintain_webhook_partitions($1, array(
           select distinct received_on from pending where dead is null and received_on < now() at time zone 'utc' - interval '1 day'))`,
        [this.env.WEBHOOK_RETENTION_DAYS],
      ),
    );
  }

  async removeOld(): Promise<void> {
    for (const batch of [...LOGINS, SUPER_ADMIN_INVITATIONS, LOGIN_IDEMPOTENCY_KEYS])
      await untilFew(() => this.platform.query((sql) => run(sql, batch)));
    const tenants = await this.platform.query((sql) =>
      run<Tenant>(sql, 'select id, keep_event_days days from tenants order by id'),
    );
    for (let i = 0; i < tenants.length; i += TENANTS_AT_ONCE) {
      const some = tenants.slice(i, i + TENANTS_AT_ONCE);
      const [ids, kept] = [some.map((tenant) => tenant.id), some.map((tenant) => tenant.days)];
      const behind = await this.worker.transaction(ids, (tx) => run<Tenant>(tx, BEHIND, [ids, kept]));
      for (const { id, days } of behind) await this.removeAll([id], (tx) => run(tx, EVENTS, [id, days]));
      await this.removeAll(ids, (tx) => run(tx, EXTERNALS));
      await this.removeAll(ids, (tx) => run(tx, ACCOUNT_HOURS));
      await this.removeAll(ids, (tx) => run(tx, IDEMPOTENCY_KEYS));
      await this.removeAll(ids, (tx) => run(tx, INVITATIONS));
    }
  }

  /** Each batch is a transaction of its own. */
  private removeAll(tenantIds: string[], batch: (tx: Sql) => Promise<object[]>): Promise<void> {
    return untilFew(() => this.worker.transaction(tenantIds, batch));
  }
}

/** Again while there is a whole batch. */
async function untilFew(batch: () => Promise<object[]>): Promise<void> {
  for (let removed = BATCH; removed >= BATCH;) {
    const rows = await batch();
    removed = (rows[0] as { removed: number } | undefined)?.removed ?? 0;
  }
}
