import type { AccountState } from '@parley/contracts/accounts';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { Sql } from '@parley/db/sql';
import type { AskedAccount } from '../accounts/asked-account';

/**
 * States that may have changed unheard. Others wait for a member: `needs_reauth`, `deleted`, and what stopped for a plan that
 * is used up, which no look can tell from one that is not.
 */
const WATCHED = ['connected', 'connecting', 'disconnected', 'needs_qr', 'restricted'] satisfies AccountState[];
const IS_WATCHED = `state = any($1::text[]) and (state <> 'restricted' or paused_at is null)`;

const selectWatched = `select tenant_id "tenantId", id, provider, state, config, credentials,
    extract(epoch from state_at)::float8 * 1000 "stateAtMs", extract(epoch from created_at)::float8 * 1000 "createdAtMs" from accounts`;

/** All that are asked in a round. */
export function listWatched(sql: Sql, providers: string[]): Promise<Pick<AskedAccount, 'tenantId' | 'id'>[]> {
  return run(sql, `select tenant_id "tenantId", id from accounts where ${IS_WATCHED} and provider = any($2::text[])`, [
    WATCHED,
    providers,
  ]);
}

/** An account as it was when it was looked at. */
export interface WatchedAccount extends AskedAccount {
  /** Since when it is in its state, and how old it is: ms. */
  stateAtMs: number;
  createdAtMs: number;
}

export async function findWatched(sql: Sql, tenantId: string, id: string): Promise<WatchedAccount | undefined> {
  const [row] = await run<WatchedAccount>(sql, `${selectWatched} where ${IS_WATCHED} and tenant_id = $2 and id = $3`, [
    WATCHED,
    tenantId,
    id,
  ]);
  return row;
}

/** Unless something else was said of it, or saved, since it was read. Answers whether it changed. */
export async function changeState(
  tx: TenantTx,
  { id, state, credentials }: AskedAccount,
  now: { state: AccountState; detail: string | null },
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update accounts set state = $3, state_detail = $4, state_at = now(), qr = case when $3 = 'connected' then null else qr end
     where tenant_id = $1 and id = $2 and state = $5 and credentials = $6 returning id`,
    [tx.tenantId, id, now.state, now.detail, state, credentials],
  );
  return rows.length > 0;
}
