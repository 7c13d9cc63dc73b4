import {
  allFeatures,
  noQuotas,
  type createTenant,
  type Tenant,
  type TenantStatus,
  type updateTenant as updateRoute,
} from '@parley/contracts/tenants';
import type { InputOf } from '@parley/contracts/route';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { AuditChain, isChanged, type AuditChange, type AuditFields } from '@parley/platform/audit-chain';
import { Bells } from '@parley/platform/bells';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { z } from 'zod';
import type { PlatformContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { InvitationsService } from '../invitations/invitations.service';
import { DeliveriesService } from '../sending/deliveries.service';
import {
  findTenant,
  insertTenant,
  listTenants,
  lockTenant,
  setStatus,
  updateTenant,
  type TenantRow,
} from './tenants.queries';

type New = InputOf<typeof createTenant>['body'];
type Admin = NonNullable<New['admin']>;
type Change = InputOf<typeof updateRoute>['body'];
const Place = z.tuple([CursorName, z.uuid()]);

/** The tenants of the install, for who runs it. Every change stands in the install's audit log and in the tenant's own. */
@Injectable()
export class TenantsService {
  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly db: TenantDb,
    private readonly chain: AuditChain,
    private readonly deliveries: DeliveriesService,
    private readonly bells: Bells,
    private readonly invitations: InvitationsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** By name. */
  async list({
    cursor,
    limit,
    ...filter
  }: {
    cursor?: string | undefined;
    limit: number;
    q?: string | undefined;
    status?: TenantStatus | undefined;
  }): Promise<{ items: Tenant[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    const found = await this.platform.query((sql) => listTenants(sql, filter, { after, limit: limit + 1 }));
    const { rows, nextCursor } = cutPage(found, limit, (last) => [last.nameKey, last.id]);
    return { items: rows.map(toTenant), nextCursor };
  }

  /** Throws `not_found`. */
  get(id: string): Promise<Tenant> {
    return this.platform.query(async (sql) => toTenant(await getTenant(sql, id)));
  }

  /** The link is known this once; null where the invitation goes by mail, or nobody is invited. Throws `conflict`. */
  async create(
    ctx: PlatformContext,
    { admin, ...given }: New,
  ): Promise<{ tenant: Tenant; invitationLink: string | null }> {
    const id = uuid7();
    const tenant = await this.change(ctx, id, async (sql) => {
      if (!(await insertTenant(sql, { id, ...given }))) throw slugTaken();
      await this.chain.begin(sql, id);
      return { action: 'tenant.created', after: { ...given } };
    });
    return { tenant, invitationLink: admin ? await this.issue(ctx, id, admin) : null };
  }

  /** Also for who lost the first invitation. The link is known this once. Throws `not_found`, `conflict` of a member. */
  async invite(ctx: PlatformContext, id: string, admin: Admin): Promise<{ invitationLink: string | null }> {
    await this.get(id);
    return { invitationLink: await this.issue(ctx, id, admin) };
  }

  /** Null: it goes by mail. */
  private async issue({ actor, correlationId }: PlatformContext, tenantId: string, admin: Admin) {
    const wanted = { ...admin, role: 'tenant_admin', accountIds: null };
    const { link } = await this.invitations.issue({ tenantId, correlationId, actor }, wanted);
    return admin.via === 'link' ? link : null;
  }

  /** Throws `not_found`, `conflict`. */
  update(ctx: PlatformContext, id: string, { quotas, features, ...change }: Change): Promise<Tenant> {
    return this.change(ctx, id, async (sql) => {
      const before = await getLocked(sql, id);
      const after = {
        ...before,
        ...definedOf(change),
        quotas: { ...before.quotas, ...definedOf(quotas ?? {}) },
        features: { ...before.features, ...definedOf(features ?? {}) },
      };
      if (!(await updateTenant(sql, after))) throw slugTaken();
      const [from, to] = [auditedOf(before), auditedOf(after)];
      return isChanged(from, to) ? { action: 'tenant.updated', before: from, after: to } : null;
    });
  }

  /** Throws `not_found`, and `conflict` while it is being deleted. */
  suspend(ctx: PlatformContext, id: string): Promise<Tenant> {
    return this.change(ctx, id, async (sql) => {
      const { status } = await getLocked(sql, id);
      if (status === 'deleting')
        throw new AppError('conflict', 'This tenant is being deleted: it is suspended already.');
      if (status === 'suspended') return null;
      await setStatus(sql, id, 'suspended');
      return { action: 'tenant.suspended' };
    });
  }

  /** What waited goes out. Throws `not_found`, `conflict`. */
  async restore(ctx: PlatformContext, id: string): Promise<Tenant> {
    const tenant = await this.change(ctx, id, async (sql) => {
      const { status } = await getLocked(sql, id);
      if (status === 'active') return null;
      await setStatus(sql, id, 'active');
      return { action: 'tenant.restored', before: { status } };
    });
    const { correlationId } = ctx;
    const ids = await this.db.transaction({ tenantId: id, correlationId }, async (tx) => {
      const accounts = await run<{ id: string }>(tx.raw, 'select id from accounts where tenant_id = $1 order by id', [
        id,
      ]);
      for (const account of accounts) await this.deliveries.wake(tx, account.id);
      return accounts.map((account) => account.id);
    });
    this.bells.ringAccounts(ids);
    return tenant;
  }

  /** Everything of it is gone some minutes after the days of grace. Until then it can be restored. Throws `not_found`. */
  delete(ctx: PlatformContext, id: string, graceDays: number): Promise<Tenant> {
    return this.change(ctx, id, async (sql) => {
      await getLocked(sql, id);
      await setStatus(sql, id, 'deleting', graceDays);
      return { action: 'tenant.deletion_planned', after: { graceDays } };
    });
  }

  /** `work` answers what is to be in the audit logs; null: nothing changed. */
  private change(
    { actor, correlationId }: PlatformContext,
    id: string,
    work: (sql: Sql) => Promise<Omit<AuditChange, 'target'> | null>,
  ): Promise<Tenant> {
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      const change = await work(sql);
      const by = { actor, correlationId, nowMs: this.clock.now() };
      const changes: AuditChange[] = change ? [{ ...change, target: { kind: 'tenant', id } }] : [];
      for (const chain of [INSTALL_CHAIN, id]) await this.chain.write(sql, chain, changes, by);
      return toTenant(await getTenant(sql, id));
    });
  }
}

async function getTenant(sql: Sql, id: string): Promise<TenantRow> {
  const row = await findTenant(sql, id);
  if (!row) throw notFound('tenant');
  return row;
}

/** Throws `conflict` once the days of grace are over: what is being removed does not come back. */
async function getLocked(sql: Sql, id: string): Promise<TenantRow> {
  const locked = await lockTenant(sql, id);
  if (!locked) throw notFound('tenant');
  if (locked.isOver) throw new AppError('conflict', 'The days of grace are over: this tenant is being removed.');
  return getTenant(sql, id);
}

function slugTaken(): AppError {
  return new AppError('conflict', 'There is a tenant of this slug already.', {
    errors: [{ path: 'slug', message: 'is taken' }],
  });
}

function definedOf<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never; // what is left
}

function auditedOf({ name, slug, timeZone, language, quotas, features }: TenantRow): AuditFields {
  const named = (prefix: string, values: object) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value as number | boolean | null]),
    );
  const all = { ...named('quotas', { ...noQuotas, ...quotas }), ...named('features', { ...allFeatures, ...features }) };
  return { name, slug, timeZone, language, ...all };
}

function toTenant({ deletesAt, createdAt, lastActivityAt, quotas, features, ...row }: TenantRow): Tenant {
  const { id, name, slug, logo, timeZone, language, status, usage, health } = row;
  return {
    ...{ id, name, slug, logo, timeZone, language, status, usage, health },
    deletesAt: deletesAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    lastActivityAt: lastActivityAt?.toISOString() ?? null,
    quotas: { ...noQuotas, ...quotas },
    features: { ...allFeatures, ...features },
  };
}
