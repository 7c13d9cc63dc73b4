import type { Language } from '@parley/contracts/languages';
import type { Features, Quotas, Tenant, TenantStatus } from '@parley/contracts/tenants';
import { codeOf } from '@parley/platform/sql-state';
import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

/** As the platform's role reads it. */
export interface TenantRow {
  id: string;
  name: string;
  slug: string;
  logo: string | null;
  timeZone: string;
  language: Language;
  status: TenantStatus;
  deletesAt: Date | null;
  createdAt: Date;
  lastActivityAt: Date | null;
  quotas: Partial<Quotas>;
  features: Partial<Features>;
  usage: Tenant['usage'];
  health: Tenant['health'];
}

const SELECT = `select t.id, t.name, t.slug, t.logo, t.time_zone "timeZone", t.language, t.status, t.deletes_at "deletesAt", t.created_at "createdAt",
    (select at from events e where e.tenant_id = t.id order by seq desc limit 1) "lastActivityAt", t.quotas, t.features,
    json_build_object('members', (select count(*) from members m where m.tenant_id = t.id and m.active),
      'accounts', (select count(*) from accounts a where a.tenant_id = t.id and a.state <> 'deleted'),
      'storedBytes', coalesce((select bytes from tenant_storage s where s.tenant_id = t.id), 0)) usage,
    json_build_object('troubledAccounts', (select count(*) from accounts a where a.tenant_id = t.id and a.state not in ('connected', 'deleted')),
      'deadLetters', (select count(*) from pending p where p.tenant_id = t.id and p.dead is not null)) health
  from tenants t`;

/** By name. `after` is the last of the page before, exclusive. */
export function listTenants(
  sql: Sql,
  { q, status }: { q?: string | undefined; status?: TenantStatus | undefined },
  page: { after: [string, string] | undefined; limit: number },
): Promise<(TenantRow & { nameKey: string })[]> {
  return run(
    sql,
    `select *, lower(name) "nameKey" from (${SELECT}
       where ($1::text is null or position(lower($1) in lower(name)) > 0 or position(lower($1) in slug) > 0) and ($2::text is null or status = $2)
         and ($3::text is null or (lower(name), id) > ($3, $4::uuid)) order by lower(name), id limit $5) t order by lower(name), id`,
    [q || null, status ?? null, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
}

export async function findTenant(sql: Sql, id: string): Promise<TenantRow | undefined> {
  const [row] = await run<TenantRow>(sql, `${SELECT} where t.id = $1`, [id]);
  return row;
}

/** Holds it until the end of the transaction. `isOver`: its days of grace are, so it is being removed. */
export async function lockTenant(sql: Sql, id: string): Promise<{ isOver: boolean } | undefined> {
  const [row] = await run<{ isOver: boolean }>(
    sql,
    `select coalesce(deletes_at <= now(), false) "isOver" from tenants where id = $1 for no key update`,
    [id],
  );
  return row;
}

/** With the head of its events. False: the slug is taken. */
export async function insertTenant(
  sql: Sql,
  { id, name, slug, timeZone, language }: Pick<Tenant, 'id' | 'name' | 'slug' | 'timeZone' | 'language'>,
): Promise<boolean> {
  const rows = await run(
    sql,
    `insert into tenants (id, name, slug, time_zone, language) values ($1, $2, $3, $4, $5) on conflict (slug) do nothing returning 1`,
    [id, name, slug, timeZone, language],
  );
  if (rows.length) await run(sql, 'insert into event_heads (tenant_id) values ($1)', [id]);
  return rows.length > 0;
}

/** False: the slug is taken. */
export async function updateTenant(
  sql: Sql,
  { id, name, slug, timeZone, language, quotas, features }: TenantRow,
): Promise<boolean> {
  try {
    await run(
      sql,
      `update tenants set name = $2, slug = $3, time_zone = $4, language = $5, quotas = $6::text::jsonb, features = $7::text::jsonb where id = $1`,
      [id, name, slug, timeZone, language, JSON.stringify(quotas), JSON.stringify(features)],
    );
    return true;
  } catch (error) {
    if (codeOf(error) === '23505') return false;
    throw error;
  }
}

/** `graceDays`: of one that is being deleted; by Postgres' clock. */
export async function setStatus(
  sql: Sql,
  id: string,
  status: TenantStatus,
  graceDays: number | null = null,
): Promise<void> {
  await run(sql, `update tenants set status = $2, deletes_at = now() + make_interval(days => $3) where id = $1`, [
    id,
    status,
    graceDays,
  ]);
}
