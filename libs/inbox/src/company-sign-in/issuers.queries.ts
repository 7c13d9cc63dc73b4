import type { Sql } from '@parley/db/sql';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

export interface IssuerRow {
  id: string;
  issuer: string;
  clientId: string;
  /** Sealed. */
  secret: string;
  domains: string[];
  role: string | null;
  isSecondProof: boolean;
  only: boolean;
}

/** The tenant's own, of a tenant at work. `lock`: it will be changed, or is not there yet and will be. */
export async function findIssuer(tx: TenantTx, { lock = false } = {}): Promise<IssuerRow | undefined> {
  if (lock) await run(tx.raw, 'select 1 from tenants where id = $1 for no key update', [tx.tenantId]);
  const [row] = await run<IssuerRow>(
    tx.raw,
    `select i.id, i.issuer, i.client_id "clientId", i.secret, i.domains, coalesce(i.role, i.role_id::text) role,
       i.is_second_proof "isSecondProof", t.only_by_issuer only
     from issuers i join tenants t on t.id = i.tenant_id where i.tenant_id = $1 and t.status = 'active'`,
    [tx.tenantId],
  );
  return row;
}

export interface NewIssuer extends Omit<IssuerRow, 'role'> {
  columns: { role: string | null; roleId: string | null };
}

export async function saveIssuer(tx: TenantTx, one: NewIssuer): Promise<void> {
  const { id, issuer, clientId, secret, domains, isSecondProof, only, columns } = one;
  await run(
    tx.raw,
    `insert into issuers (tenant_id, id, issuer, client_id, secret, domains, role, role_id, is_second_proof)
     values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9)
     on conflict (tenant_id, id) do update set secret = excluded.secret, domains = excluded.domains, role = excluded.role,
       role_id = excluded.role_id, is_second_proof = excluded.is_second_proof`,
    [tx.tenantId, id, issuer, clientId, secret, domains, columns.role, columns.roleId, isSecondProof],
  );
  await setOnly(tx, only);
}

/** With it go whom it knows, and the sessions that it opened. */
export async function deleteIssuer(tx: TenantTx, id: string): Promise<void> {
  await run(tx.raw, 'delete from issuers where tenant_id = $1 and id = $2', [tx.tenantId, id]);
  await setOnly(tx, false);
}

async function setOnly(tx: TenantTx, only: boolean): Promise<void> {
  await run(tx.raw, 'update tenants set only_by_issuer = $2 where id = $1 and only_by_issuer <> $2', [
    tx.tenantId,
    only,
  ]);
}

/** False: somebody else came as this subject, or they as another. */
export async function insertIssuerLogin(
  tx: TenantTx,
  { issuerId, subject, userId }: { issuerId: string; subject: string; userId: string },
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `insert into issuer_logins (tenant_id, issuer_id, subject, user_id) values ($1, $2, $3, $4) on conflict do nothing returning 1`,
    [tx.tenantId, issuerId, subject, userId],
  );
  return rows.length === 1;
}

export interface Company {
  tenantId: string;
  id: string;
  issuer: string;
  clientId: string;
}

const COMPANIES = `select i.tenant_id "tenantId", i.id, i.issuer, i.client_id "clientId"
  from issuers i join tenants t on t.id = i.tenant_id and t.status = 'active'`;

/** Where the domain `d.name` leads: to tenants that list it, and of which an admin has proven an address of it by mail. */
const LED = `${COMPANIES} where d.name = any(i.domains) and exists (
  select from members m join users u on u.id = m.user_id
  where m.tenant_id = i.tenant_id and m.active and m.role = 'tenant_admin' and u.email_verified
    and split_part(u.email, '@', 2) = d.name)`;

/** By its short name, which has no dot, or one of its domains; undefined also where two tenants could be meant. */
export async function findCompany(sql: Sql, name: string): Promise<Company | undefined> {
  const found = name.includes('.')
    ? `select l.* from (select $1::text) d(name) cross join lateral (${LED} limit 2) l`
    : `${COMPANIES} where t.slug = $1`;
  const rows = await run<Company>(sql, found, [name]);
  return rows.length === 1 ? rows[0] : undefined;
}

/** Of a tenant's domains those by which `findCompany` finds it. */
export async function listLeading(sql: Sql, tenantId: string): Promise<string[]> {
  const rows = await run<{ name: string }>(
    sql,
    `select d.name from issuers o cross join lateral unnest(o.domains) d(name)
     where o.tenant_id = $1 and (select array_agg(l."tenantId") from (${LED}) l) = array[$1::uuid] order by d.name`,
    [tenantId],
  );
  return rows.map(({ name }) => name);
}

/** Somebody who may be meant by what a provider says. */
export interface Person {
  userId: string;
  name: string;
  /** Null: no member of the tenant. */
  memberId: string | null;
  active: boolean;
}

/** Who came as this subject before. */
export async function findLinked(
  sql: Sql,
  { tenantId, issuerId, subject }: { tenantId: string; issuerId: string; subject: string },
): Promise<Person | undefined> {
  const [row] = await run<Person>(
    sql,
    `select l.user_id "userId", coalesce(m.name, u.name) name, m.id "memberId", coalesce(m.active, false) active
     from issuer_logins l join users u on u.id = l.user_id left join members m on m.tenant_id = l.tenant_id and m.user_id = l.user_id
     where l.tenant_id = $1 and l.issuer_id = $2 and l.subject = $3`,
    [tenantId, issuerId, subject],
  );
  return row;
}

/** By address. `isNobodys`: nobody has made it theirs yet, by a password, a passkey or a mail; companies alone open it. */
export async function findByAddress(
  sql: Sql,
  tenantId: string,
  email: string,
): Promise<(Person & { isNobodys: boolean }) | undefined> {
  const [row] = await run<Person & { isNobodys: boolean }>(
    sql,
    `select u.id "userId", coalesce(m.name, u.name) name, m.id "memberId", coalesce(m.active, false) active,
       not u.super_admin and not u.email_verified
         and not exists (select from credentials c where c.user_id = u.id)
         and not exists (select from passkeys p where p.user_id = u.id) "isNobodys"
     from users u left join members m on m.tenant_id = $1 and m.user_id = u.id where u.email = $2`,
    [tenantId, email],
  );
  return row;
}

/** A sign-in that was begun; only whoever holds the browser and what the provider gave back finds it again. */
export async function keepBegun(
  sql: Sql,
  { id, key, value, seconds }: { id: string; key: string; value: string; seconds: number },
): Promise<void> {
  await run(
    sql,
    'insert into verifications (id, identifier, value, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))',
    [id, key, value, seconds],
  );
}

/** Once. Undefined: none, or too late. */
export async function takeBegun(sql: Sql, key: string): Promise<string | undefined> {
  const [row] = await run<{ value: string; late: boolean }>(
    sql,
    'delete from verifications where identifier = $1 returning value, expires_at < now() late',
    [key],
  );
  return row && !row.late ? row.value : undefined;
}
