import type { DeadLetter, InstallAccount } from '@parley/contracts/tenants';
import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

export type AccountRow = Omit<InstallAccount, 'stateAt'> & { stateAt: Date };

/** Those whose state changed last first. `beyond` is the last of the page before, exclusive; ms since 1970. */
export function listAccounts(
  sql: Sql,
  { tenant, troubled }: { tenant?: string | undefined; troubled?: boolean | undefined },
  page: { beyond: [number, string] | undefined; limit: number },
): Promise<AccountRow[]> {
  return run(
    sql,
    `select a.id, a.tenant_id "tenantId", t.name "tenantName", a.name, a.provider, a.channel, a.state, a.state_detail "stateDetail",
       a.state_at "stateAt", a.paused_at is not null paused
     from accounts a join tenants t on t.id = a.tenant_id
     where ($1::uuid is null or a.tenant_id = $1) and ($2::boolean is not true or a.state not in ('connected', 'deleted'))
       and ($3::float8 is null or (a.state_at, a.id) < (to_timestamp($3 / 1000), $4::uuid))
     order by a.state_at desc, a.id desc limit $5`,
    [tenant ?? null, troubled ?? null, page.beyond?.[0] ?? null, page.beyond?.[1] ?? null, page.limit],
  );
}

/** The newest days first. `beyond` is the last of the page before, exclusive. */
export function listDead(
  sql: Sql,
  tenant: string | undefined,
  page: { beyond: [string, string, string] | undefined; limit: number },
): Promise<DeadLetter[]> {
  return run(
    sql,
    `select p.tenant_id "tenantId", t.name "tenantName", p.account_id "accountId", p.key, p.received_on::text "receivedOn", p.dead why
     from pending p join tenants t on t.id = p.tenant_id
     where p.dead is not null and ($1::uuid is null or p.tenant_id = $1)
       and ($2::date is null or (p.received_on, p.tenant_id, p.key) < ($2, $3::uuid, $4::uuid))
     order by p.received_on desc, p.tenant_id desc, p.key desc limit $5`,
    [tenant ?? null, ...(page.beyond ?? [null, null, null]), page.limit],
  );
}

/** A dead letter that waits again. */
export interface Revived {
  tenantId: string;
  key: string;
  lane: number;
  /** Its place among what waits, as Postgres writes a bigint. */
  arrival: string;
}

const REVIVE = `update pending p set dead = null, due_at = null`;
const REVIVED = `returning p.tenant_id "tenantId", p.key, p.lane, p.arrival::text arrival`;

/** Lets these wait again. */
export function reviveKeys(sql: Sql, keys: string[]): Promise<Revived[]> {
  return run(sql, `${REVIVE} where p.dead is not null and p.key = any($1::uuid[]) ${REVIVED}`, [keys]);
}

/**
 * Lets the next of a tenant wait again, by arrival: what is applied between two steps came before what is not yet free. One
 * that dies anew stands before `beyond`, and is not met twice.
 */
export function reviveNext(
  sql: Sql,
  { tenant, beyond, limit }: { tenant: string; beyond: Revived | undefined; limit: number },
): Promise<Revived[]> {
  return run(
    sql,
    `${REVIVE} from (
       select received_on, key from pending
       where tenant_id = $1 and dead is not null and ($2::bigint is null or (arrival, key) > ($2, $3::uuid))
       order by arrival, key limit $4 for no key update) n
     where p.tenant_id = $1 and p.received_on = n.received_on and p.key = n.key ${REVIVED}`,
    [tenant, beyond?.arrival ?? null, beyond?.key ?? null, limit],
  );
}
