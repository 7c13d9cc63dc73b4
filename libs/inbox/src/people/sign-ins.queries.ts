import type { SignInPlace } from '@parley/contracts/members';
import type { TransactionSql } from 'postgres';
import { ALIVE, MEMBERSHIP } from './sessions.queries';

/** Of these logins the addresses, and when they last did something. */
export function listAddresses(
  sql: TransactionSql,
  userIds: string[],
): Promise<{ userId: string; email: string; lastSeenAt: Date | null }[]> {
  return sql.unsafe<{ userId: string; email: string; lastSeenAt: Date | null }[]>(
    `select u.id "userId", u.email, (select max(s.updated_at) from sessions s where s.user_id = u.id) "lastSeenAt"
     from users u where u.id = any($1::uuid[])`,
    [userIds],
    { prepare: true },
  );
}

/** Living sessions of somebody, newest first; of one tenant, only those that work in it. */
export async function listSignIns(
  sql: TransactionSql,
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
export async function endSignIns(
  sql: TransactionSql,
  userId: string,
  sessionId: string | null = null,
): Promise<number> {
  const { count } = await sql.unsafe(
    `delete from sessions where user_id = $1 and ($2::uuid is null or id = $2)`,
    [userId, sessionId],
    { prepare: true },
  );
  return count;
}
