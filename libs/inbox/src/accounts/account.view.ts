import { providerOf } from '@parley/channels/registry';
import type { Account, AccountDoubt, AccountState, Channel, ProviderName } from '@parley/contracts/accounts';
import type { Sql } from '@parley/db/sql';

/** What every member may see of accounts: lists, events and answers all read it here. `source` yields `a`. */
export const selectAccounts = (
  source = 'accounts a',
) => `select a.tenant_id, a.id, a.name, a.provider, a.channel, a.state, a.state_detail,
    a.doubt, extract(epoch from a.doubt_at) * 1000 doubt_ms, a.paused_at is not null paused, a.address, a.unreadable, a.config
  from ${source}`;

export interface AccountRow {
  tenant_id: string;
  id: string;
  name: string;
  provider: ProviderName;
  channel: Channel;
  state: AccountState;
  state_detail: string | null;
  doubt: AccountDoubt | null;
  doubt_ms: string | null;
  paused: boolean;
  address: string | null;
  unreadable: number;
  config: Record<string, unknown>;
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    channel: row.channel,
    state: row.state,
    stateDetail: row.state_detail,
    doubt: doubtOf(row),
    paused: row.paused,
    address: row.address,
    unreadable: Number(row.unreadable),
    capabilities: providerOf(row.provider).capabilities(row.config),
  };
}

/** Of one that does not say that it is connected there is nothing to doubt. */
function doubtOf({ state, doubt, doubt_ms: ms }: AccountRow): Account['doubt'] {
  return state === 'connected' && doubt ? { kind: doubt, since: new Date(Number(ms)).toISOString() } : null;
}

const BY_KEYS = selectAccounts(
  'unnest($1::uuid[], $2::uuid[]) u(t, i) join accounts a on a.tenant_id = u.t and a.id = u.i',
);

/** Accounts as every member may see them, of one or several tenants, in no particular order. */
export async function loadAccounts(sql: Sql, keys: { tenantId: string; id: string }[]): Promise<Account[]> {
  if (!keys.length) return [];
  const rows = await sql.unsafe<AccountRow[]>(BY_KEYS, [keys.map((k) => k.tenantId), keys.map((k) => k.id)], {
    prepare: true,
  });
  return rows.map(toAccount);
}
