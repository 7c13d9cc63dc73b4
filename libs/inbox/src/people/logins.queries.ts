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

/** A login with a password. Null: somebody has this address. */
export async function insertLogin(
  sql: Sql,
  { email, name, hash, verified }: { email: string; name: string; hash: string; verified: boolean },
): Promise<Login | null> {
  const [row] = await sql.unsafe<{ id: string }[]>(
    `with u as (
       insert into users (id, name, email, email_verified) values ($1, $2, $3, $4) on conflict (email) do nothing returning id)
     insert into credentials (id, user_id, account_id, provider_id, password) select $5, id, id::text, 'credential', $6 from u
     returning user_id id`,
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

/** Whether a member has set up a second proof of who they are. */
export async function hasSecondProof(sql: Sql, tenantId: string, memberId: string): Promise<boolean> {
  const [row] = await sql.unsafe<{ has: boolean }[]>(
    `select u.two_factor_enabled has from members m join users u on u.id = m.user_id where m.tenant_id = $1 and m.id = $2`,
    [tenantId, memberId],
    { prepare: true },
  );
  return row?.has ?? false;
}
