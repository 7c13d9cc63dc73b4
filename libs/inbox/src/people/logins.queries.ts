import { uuid7 } from '@parley/db/uuid';
import type { Sql } from '@parley/db/sql';

export interface Login {
  id: string;
  name: string;
  emailVerified: boolean;
}

/** By address, in small letters. */
export async function findLogin(sql: Sql, email: string): Promise<Login | undefined> {
  const [row] = await sql.unsafe<Login[]>(
    `select id, name, email_verified "emailVerified" from users where email = $1`,
    [email],
    { prepare: true },
  );
  return row;
}

/** Whether somebody with this address is an active member. */
export async function isMember(sql: Sql, tenantId: string, email: string): Promise<boolean> {
  const rows = await sql.unsafe(
    `select 1 from users u join members m on m.user_id = u.id where u.email = $1 and m.tenant_id = $2 and m.active`,
    [email, tenantId],
    { prepare: true },
  );
  return rows.length > 0;
}

/** A login, with a password unless `hash` is null. Null: somebody has this address. */
export async function insertLogin(
  sql: Sql,
  { email, name, hash, verified }: { email: string; name: string; hash: string | null; verified: boolean },
): Promise<Login | null> {
  const [row] = await sql.unsafe<{ id: string }[]>(
    `with u as (
       insert into users (id, name, email, email_verified) values ($1, $2, $3, $4) on conflict (email) do nothing returning id),
     c as (insert into credentials (id, user_id, account_id, provider_id, password)
       select $5, id, id::text, 'credential', $6 from u where $6::text is not null)
     select id from u`,
    [uuid7(), name, email, verified, uuid7(), hash],
    { prepare: true },
  );
  return row ? { id: row.id, name, emailVerified: verified } : null;
}

/** Mail to the address reached its owner. */
export async function verifyAddress(sql: Sql, userId: string): Promise<void> {
  await sql.unsafe(`update users set email_verified = true, updated_at = now() where id = $1`, [userId], {
    prepare: true,
  });
}

/**
 * The same, for who chose a new password by it. Whoever made the login before its address was proven may have been somebody
 * else: what they set up as a second proof or a passkey goes.
 */
export async function provenByMail(sql: Sql, userId: string): Promise<void> {
  await sql.unsafe(
    `with u as (update users set email_verified = true, two_factor_enabled = false, updated_at = now() where id = $1 and not email_verified returning id),
     p as (delete from passkeys where user_id in (select id from u))
     delete from two_factors where user_id in (select id from u)`,
    [userId],
    { prepare: true },
  );
}

/** Whether a session stands on two proofs of who somebody is: their own, or those that the tenant's provider asks for. */
export async function hasSecondProof(sql: Sql, sessionId: string): Promise<boolean> {
  const [row] = await sql.unsafe<{ has: boolean }[]>(
    `select case when s.issuer_id is null then u.two_factor_enabled else exists (
       select from issuers i where i.tenant_id = s.issuer_tenant_id and i.id = s.issuer_id and i.is_second_proof) end has
     from sessions s join users u on u.id = s.user_id where s.id = $1`,
    [sessionId],
    { prepare: true },
  );
  return row?.has ?? false;
}
