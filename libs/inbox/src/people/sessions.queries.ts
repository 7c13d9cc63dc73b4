import type { Language } from '@parley/contracts/languages';
import type { SignInPlace } from '@parley/contracts/members';
import type { Permission } from '@parley/contracts/permissions';
import type { TenantSettings } from '@parley/contracts/tenant-settings';
import type { AgentsSee } from '@parley/contracts/visibility';
import type { Sql } from '@parley/db/sql';
import { agentsSeeOf } from '../conversations/agents-see';
import { keyCredential, type Credential } from './credential';
import type { RoleRow } from './grant';
import type { Origin } from './origin';

/** A session dies after 12 h without a request, and after 30 days whatever happens. */
export const IDLE = '12 hours';
export const ABSOLUTE = '30 days';

export interface SessionRow {
  token: string;
  session_id: string;
  user_id: string;
  user_name: string;
  email: string;
  super_admin: boolean;
  two_factor: boolean;
  /** Its life should be prolonged now. */
  stale: boolean;
  tenant_id: string | null;
  member_id: string | null;
  member_name: string | null;
  role: string | null;
  permissions: Permission[] | null;
  sees_all: boolean | null;
  account_ids: string[] | null;
  team_ids: string[] | null;
  rights_seq: number | null;
  /** The super-admin who acts as this user, and until when. */
  impersonator_id: string | null;
  impersonator_name: string | null;
  /** Whose OpenID provider opened it. */
  issuer_tenant_id: string | null;
  expires_at: Date;
}

/**
 * What a session shows of its person is enough for the tenant. One that a tenant's provider opened counts in that tenant alone,
 * whatever it once chose; and where that is the only way in, others count for the tenant's admins and for who acts as a member.
 */
const ENOUGH = `case when s.issuer_id is not null
    then t.id = s.issuer_tenant_id and (not t.require_two_factor or exists (
      select from issuers i where i.tenant_id = s.issuer_tenant_id and i.id = s.issuer_id and i.is_second_proof))
    else (not t.require_two_factor or (select p.two_factor_enabled from users p where p.id = s.user_id))
      and (not t.only_by_issuer or coalesce(m.role = 'tenant_admin', false) or s.impersonator_session_id is not null) end`;

/** The membership a session works in: the one it chose, or the only one there is. Never an inactive one. */
const MEMBERSHIP = `left join lateral (
    select m.tenant_id, m.id, m.name, coalesce(m.role, m.role_id::text) role, m.account_ids, m.team_ids, m.rights_seq, r.permissions, r.sees_all
    from members m join tenants t on t.id = m.tenant_id left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
    where m.user_id = s.user_id and m.active and t.status = 'active'
      and ${ENOUGH} and m.tenant_id = coalesce(s.issuer_tenant_id, s.active_tenant_id, (
      select case when count(*) = 1 then min(o.tenant_id::text)::uuid end from members o join tenants u on u.id = o.tenant_id
      where o.user_id = s.user_id and o.active and u.status = 'active'))) m on true`;

/** Who acts as somebody else does so no longer than they are super-admin and signed in themselves. */
const ALIVE = `s.expires_at > now() and s.created_at > now() - interval '${ABSOLUTE}' and (s.impersonator_session_id is null or exists (
    select from sessions x join users y on y.id = x.user_id
    where x.id = s.impersonator_session_id and x.expires_at > now() and y.super_admin))`;

/**
 * How the token of a session that a tenant's provider opened stands in its row. By its cookie alone neither the auth library
 * finds it, nor a version of before, to which every session would be somebody's own.
 */
const keptAs = (token: string) => `company:${token}`;

/** Those of these tokens that are of living sessions. */
export async function findSessions(sql: Sql, tokens: string[]): Promise<SessionRow[]> {
  const asked = new Map(tokens.flatMap((token) => [token, keptAs(token)].map((kept) => [kept, token] as const)));
  const rows = await sql.unsafe<SessionRow[]>(
    `select s.token, s.id session_id, s.user_id, u.name user_name, u.email, u.super_admin, u.two_factor_enabled two_factor,
       s.impersonator_session_id is null and s.expires_at < now() + interval '${IDLE}' - interval '5 minutes' stale, m.tenant_id, m.id member_id, m.name member_name, m.role,
       m.permissions, m.sees_all, m.account_ids, m.team_ids, m.rights_seq, s.issuer_tenant_id, s.expires_at, o.id impersonator_id, o.name impersonator_name
     from sessions s join users u on u.id = s.user_id left join sessions i on i.id = s.impersonator_session_id
     left join users o on o.id = i.user_id ${MEMBERSHIP} where s.token = any($1::text[]) and ${ALIVE}`,
    [[...asked.keys()]],
    { prepare: true },
  );
  return rows.map((row) => ({ ...row, token: asked.get(row.token) ?? row.token }));
}

export async function prolongSession(sql: Sql, sessionId: string): Promise<void> {
  await sql.unsafe(
    `update sessions set expires_at = least(now() + interval '${IDLE}', created_at + interval '${ABSOLUTE}'), updated_at = now() where id = $1`,
    [sessionId],
    { prepare: true },
  );
}

export async function endSession(sql: Sql, token: string): Promise<void> {
  await sql.unsafe('delete from sessions where token = any($1::text[])', [[token, keptAs(token)]], { prepare: true });
}

/** A session that a tenant's provider opened. False: the provider, the member or the tenant is gone. */
export async function openByIssuer(
  sql: Sql,
  { id, token, tenantId, issuerId, userId }: Record<'id' | 'token' | 'tenantId' | 'issuerId' | 'userId', string>,
  { address, userAgent }: Pick<Origin, 'address' | 'userAgent'>,
): Promise<boolean> {
  const { count } = await sql.unsafe(
    `insert into sessions (id, token, user_id, expires_at, active_tenant_id, issuer_tenant_id, issuer_id, ip_address, user_agent)
     select $1, $2, m.user_id, now() + interval '${IDLE}', m.tenant_id, i.tenant_id, i.id, $3, $4
     from members m join tenants t on t.id = m.tenant_id join issuers i on i.tenant_id = m.tenant_id
     where m.tenant_id = $5 and m.user_id = $6 and m.active and t.status = 'active' and i.id = $7`,
    [id, keptAs(token), address, userAgent, tenantId, userId, issuerId],
    { prepare: true },
  );
  return count === 1;
}

/** What a living session may do, and how far its tenant is. */
export interface Rights extends RoleRow {
  tenantId: string;
  /** Null: a key. */
  memberId: string | null;
  accountIds: string[] | null;
  /** None of a key. */
  teamIds: string[];
  /** The event that last changed what the member may see. */
  rightsSeq: number;
  /** The tenant's first event that is still kept follows this number, … */
  floor: number;
  /** … and this is its last. */
  head: number;
}

/** Of these sessions those that live and have a membership. */
export async function listRights(sql: Sql, sessionIds: string[]): Promise<(Rights & { credential: Credential })[]> {
  return sql.unsafe<(Rights & { credential: Credential })[]>(
    `with r as materialized (
       select s.id, m.tenant_id, m.id member_id, m.role, m.permissions, m.sees_all, m.account_ids, m.team_ids, m.rights_seq from sessions s ${MEMBERSHIP}
       where s.id = any($1::uuid[]) and ${ALIVE} and m.id is not null),
     h as (
       select h.tenant_id, h.floor, greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) head
       from event_heads h where h.tenant_id in (select tenant_id from r))
     select r.id credential, r.tenant_id "tenantId", r.member_id "memberId", r.role, r.permissions, r.sees_all "seesAll", r.account_ids "accountIds", r.team_ids "teamIds",
       r.rights_seq "rightsSeq", coalesce(h.floor, 0) floor,
       coalesce(h.head, 0) head
     from r left join h using (tenant_id)`,
    [sessionIds],
    { prepare: true },
  );
}

/** Of these keys those that live. */
export async function listKeyRights(
  sql: Sql,
  keys: readonly { tenantId: string; id: string }[],
): Promise<(Rights & { credential: Credential })[]> {
  const rows = await sql.unsafe<(Omit<Rights, 'memberId' | 'role' | 'seesAll' | 'teamIds'> & { keyId: string })[]>(
    `select k.id "keyId", k.tenant_id "tenantId", k.permissions, k.account_ids "accountIds", k.rights_seq "rightsSeq", h.floor,
       greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = k.tenant_id), 0)) head
     from unnest($1::uuid[], $2::uuid[]) u(t, i) join api_keys k on k.tenant_id = u.t and k.id = u.i
     join tenants t on t.id = k.tenant_id join event_heads h on h.tenant_id = k.tenant_id
     where k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) and t.status = 'active'`,
    [keys.map(({ tenantId }) => tenantId), keys.map(({ id }) => id)],
    { prepare: true },
  );
  return rows.map(({ keyId, ...row }) => ({
    ...row,
    memberId: null,
    role: 'key',
    seesAll: true,
    teamIds: [],
    credential: keyCredential(row.tenantId, keyId),
  }));
}

export interface MembershipRow {
  tenantId: string;
  memberId: string;
  name: string;
  slug: string;
  role: string;
  /** The tenant wants a second proof, and this person has none: set one up to come in. */
  needsTwoFactor: boolean;
  /** Its members come in by the tenant's own provider, and this is no session of that. */
  needsCompany: boolean;
}

/** `issuerTenantId`: of a session that this tenant's provider opened. It shows no other. */
export async function listMemberships(
  sql: Sql,
  userId: string,
  issuerTenantId: string | null = null,
): Promise<MembershipRow[]> {
  return sql.unsafe<MembershipRow[]>(
    `select m.tenant_id "tenantId", m.id "memberId", t.name, t.slug, coalesce(m.role, m.role_id::text) role,
       t.require_two_factor and case when $2::uuid is null then not u.two_factor_enabled
         else not exists (select from issuers i where i.tenant_id = t.id and i.is_second_proof) end "needsTwoFactor",
       $2::uuid is null and t.only_by_issuer and m.role is distinct from 'tenant_admin' "needsCompany"
     from members m join tenants t on t.id = m.tenant_id join users u on u.id = m.user_id
     where m.user_id = $1 and m.active and t.status = 'active' and ($2::uuid is null or m.tenant_id = $2)
     order by t.name, t.id limit 200`,
    [userId, issuerTenantId],
    { prepare: true },
  );
}

export async function getTenant(sql: Sql, tenantId: string) {
  const [row] = await sql.unsafe<
    (Pick<TenantSettings, 'hue' | 'logo' | 'timeZone' | 'language' | 'hours'> & {
      id: string;
      name: string;
      slug: string;
      agentsSee: AgentsSee;
      requireTwoFactor: boolean;
    })[]
  >(
    `select id, name, slug, hue, logo, time_zone "timeZone", language, hours, ${agentsSeeOf('t')} "agentsSee", require_two_factor "requireTwoFactor" from tenants t where id = $1`,
    [tenantId],
    { prepare: true },
  );
  return row;
}

/** What somebody chose; null: as their tenant has it. */
export async function languageOf(sql: Sql, userId: string): Promise<Language | null> {
  const [row] = await sql.unsafe<{ language: Language | null }[]>(
    'select language from users where id = $1',
    [userId],
    {
      prepare: true,
    },
  );
  return row?.language ?? null;
}

export async function setLanguage(sql: Sql, userId: string, language: Language | null): Promise<void> {
  await sql.unsafe('update users set language = $2, updated_at = now() where id = $1', [userId, language], {
    prepare: true,
  });
}

/** Number of the tenant's last event. */
export async function getHead(sql: Sql, tenantId: string): Promise<number> {
  const [row] = await sql.unsafe<{ head: number }[]>(
    `select greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) head
     from event_heads h where h.tenant_id = $1`,
    [tenantId],
    { prepare: true },
  );
  return row?.head ?? 0;
}

/** False when the person is no active member there. */
export async function setActiveTenant(sql: Sql, sessionId: string, tenantId: string): Promise<boolean> {
  const { count } = await sql.unsafe(
    `update sessions s set active_tenant_id = $2 from members m join tenants t on t.id = m.tenant_id
     where s.id = $1 and m.user_id = s.user_id and m.tenant_id = $2 and m.active and t.status = 'active'`,
    [sessionId, tenantId],
    { prepare: true },
  );
  return count === 1;
}

/** Living sessions of somebody, newest first; of one tenant, only those that work in it. */
export async function listSignIns(
  sql: Sql,
  userId: string,
  tenantId: string | null = null,
): Promise<Omit<SignInPlace, 'current'>[]> {
  const rows = await sql.unsafe<
    { id: string; createdAt: Date; updatedAt: Date; address: string | null; browser: string | null }[]
  >(
    `select s.id, s.created_at "createdAt", s.updated_at "updatedAt", s.ip_address address, s.user_agent browser
     from sessions s ${MEMBERSHIP} where s.user_id = $1 and ${ALIVE} and ($2::uuid is null or m.tenant_id = $2)
     order by s.created_at desc, s.id desc limit 100`,
    [userId, tenantId],
    { prepare: true },
  );
  return rows.map(({ id, createdAt, updatedAt, address, browser }) => ({
    id,
    createdAt: createdAt.toISOString(),
    lastSeenAt: updatedAt.toISOString(),
    address,
    browser,
  }));
}

/** One session of somebody, or all of them. Answers how many there were. */
export async function endSignIns(sql: Sql, userId: string, sessionId: string | null = null): Promise<number> {
  const { count } = await sql.unsafe(
    `delete from sessions where user_id = $1 and ($2::uuid is null or id = $2)`,
    [userId, sessionId],
    { prepare: true },
  );
  return count;
}

/** The sessions of somebody that work in a tenant. */
export async function endSignInsTo(sql: Sql, tenantId: string, userId: string): Promise<void> {
  await sql.unsafe(
    `delete from sessions where id in (select s.id from sessions s ${MEMBERSHIP} where s.user_id = $2 and m.tenant_id = $1)`,
    [tenantId, userId],
    { prepare: true },
  );
}

/** Of these logins the addresses, and when they last did something in a tenant: they themselves, not who acted as them. */
export function listAddresses(
  sql: Sql,
  tenantId: string,
  userIds: string[],
): Promise<{ userId: string; email: string; lastSeenAt: Date | null }[]> {
  return sql.unsafe<{ userId: string; email: string; lastSeenAt: Date | null }[]>(
    `select u.id "userId", u.email, (select max(s.updated_at) from sessions s ${MEMBERSHIP}
       where s.user_id = u.id and m.tenant_id = $1 and s.impersonator_session_id is null) "lastSeenAt"
     from users u where u.id = any($2::uuid[])`,
    [tenantId, userIds],
    { prepare: true },
  );
}
