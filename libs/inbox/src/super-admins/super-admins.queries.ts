import { INVITATION_HOURS } from '@parley/contracts/invitations';
import type { Language } from '@parley/contracts/languages';
import type { SuperAdminInvitation } from '@parley/contracts/super-admins';
import type { Sql } from '@parley/db/sql';
import { run } from '@parley/platform/statements';

export interface SuperAdminRow {
  id: string;
  name: string;
  email: string;
  since: Date;
  lastSeenAt: Date | null;
  twoFactor: boolean;
}

/** By name. `after` is the last of the page before, exclusive. */
export function listSuperAdmins(
  sql: Sql,
  { after, limit }: { after: [name: string, id: string] | undefined; limit: number },
): Promise<SuperAdminRow[]> {
  return run<SuperAdminRow>(
    sql,
    `select u.id, u.name, u.email, coalesce(u.super_admin_since, u.created_at) since, u.two_factor_enabled "twoFactor",
       (select max(s.updated_at) from sessions s
        where s.user_id = u.id and s.impersonator_session_id is null and s.issuer_id is null) "lastSeenAt"
     from users u where u.super_admin and ($1::text is null or (u.name, u.id) > ($1, $2::uuid)) order by u.name, u.id limit $3`,
    [after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function isSuperAdmin(sql: Sql, userId: string): Promise<boolean> {
  const rows = await run(sql, 'select 1 from users where id = $1 and super_admin', [userId]);
  return rows.length > 0;
}

export async function isSuperAdminsAddress(sql: Sql, email: string): Promise<boolean> {
  const rows = await run(sql, 'select 1 from users where email = $1 and super_admin', [email]);
  return rows.length > 0;
}

export async function isAnotherLeft(sql: Sql, userId: string): Promise<boolean> {
  const rows = await run(sql, 'select 1 from users where super_admin and id <> $1 limit 1', [userId]);
  return rows.length > 0;
}

/** False: they are one, or their login is gone. */
export async function giveRight(sql: Sql, userId: string): Promise<boolean> {
  const rows = await run(
    sql,
    `update users set super_admin = true, super_admin_since = now(), updated_at = now()
     where id = $1 and not super_admin returning 1`,
    [userId],
  );
  return rows.length > 0;
}

/** With the sessions in which they act as somebody else, also one that is begun meanwhile. Answers who they are. */
export async function takeRight(sql: Sql, userId: string): Promise<{ name: string; email: string } | undefined> {
  const [row] = await run<{ name: string; email: string }>(
    sql,
    `update users set super_admin = false, super_admin_since = null, updated_at = now()
     where id = $1 and super_admin returning name, email`,
    [userId],
  );
  // Behind it, with a snapshot of its own: the update waits for whoever begins one just now.
  await run(sql, 'delete from sessions where impersonator_session_id in (select id from sessions where user_id = $1)', [
    userId,
  ]);
  return row;
}

export interface InvitationRow {
  id: string;
  email: string;
  via: SuperAdminInvitation['via'];
  state: SuperAdminInvitation['state'];
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  tokenHash: string;
}

const INVITATIONS = `select i.id, i.email, i.via, u.name "invitedBy",
    case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
      when i.expires_at < now() then 'expired' else 'open' end state,
    i.created_at "createdAt", i.expires_at "expiresAt", i.token_hash "tokenHash"
  from super_admin_invitations i left join users u on u.id = i.invited_by`;

/** Newest first: ids grow with time. `after` is the last of the page before, exclusive. */
export function listInvitations(
  sql: Sql,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<InvitationRow[]> {
  return run<InvitationRow>(sql, `${INVITATIONS} where $1::uuid is null or i.id < $1 order by i.id desc limit $2`, [
    after ?? null,
    limit,
  ]);
}

export async function findInvitation(sql: Sql, id: string): Promise<InvitationRow | undefined> {
  const [row] = await run<InvitationRow>(sql, `${INVITATIONS} where i.id = $1`, [id]);
  return row;
}

export async function insertInvitation(
  sql: Sql,
  one: { id: string; email: string; via: SuperAdminInvitation['via']; tokenHash: string; invitedBy: string },
): Promise<void> {
  await run(
    sql,
    `insert into super_admin_invitations (id, email, via, token_hash, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, now() + interval '${INVITATION_HOURS} hours')`,
    [one.id, one.email, one.via, one.tokenHash, one.invitedBy],
  );
}

export async function closeInvitation(sql: Sql, id: string, how: 'accepted' | 'revoked'): Promise<void> {
  await run(sql, `update super_admin_invitations set ${how}_at = now() where id = $1`, [id]);
}

/** Takes back what is open for an address, or what somebody made. Answers the ids. */
export async function closeInvitationsOf(
  sql: Sql,
  { email, invitedBy }: { email: string; invitedBy?: string },
): Promise<string[]> {
  const rows = await run<{ id: string }>(
    sql,
    `update super_admin_invitations set revoked_at = now()
     where (email = $1 or invited_by = $2::uuid) and accepted_at is null and revoked_at is null returning id`,
    [email, invitedBy ?? null],
  );
  return rows.map(({ id }) => id);
}

/** In which to write to an address: its owner's, else that of who invites, else English. */
export async function languageFor(sql: Sql, email: string, inviterId: string): Promise<Language> {
  const [row] = await run<{ language: Language }>(
    sql,
    `select coalesce((select language from users where email = $1), (select language from users where id = $2), 'en') language`,
    [email, inviterId],
  );
  return row?.language ?? 'en';
}
