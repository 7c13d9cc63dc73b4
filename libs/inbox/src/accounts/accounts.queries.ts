import type { AccountState, Channel, ProviderName } from '@parley/contracts/accounts';
import type { AgentsSee } from '@parley/contracts/visibility';
import { codeOf } from '@parley/platform/sql-state';
import { type TenantTx } from '@parley/platform/tenant-db';
import { run } from '@parley/platform/statements';
import { agentsSeeColumns, agentsSeeOf } from '../conversations/agents-see';
import type { AccountRow } from './account.view';
import { selectAccounts } from './account.view';

/** An account's row with all that its admin's page and its saving need. */
export interface WholeAccount {
  tenantId: string;
  id: string;
  name: string;
  provider: ProviderName;
  channel: Channel;
  state: AccountState;
  stateDetail: string | null;
  paused: boolean;
  config: Record<string, unknown>;
  credentials: string;
  webhookSecrets: string;
  routingKey: string | null;
  groupKey: string | null;
  appId: string | null;
  appKey: string | null;
  agentsSee: AgentsSee | null;
  qr: { image: string; pairingCode: string | null; at: string } | null;
}

/** By name. `after` is the last of the page before, exclusive. */
export function listAccounts(
  tx: TenantTx,
  { after, limit, within }: { after: [string, string] | undefined; limit: number; within: string[] | null },
): Promise<(AccountRow & { name_key: string })[]> {
  return run(
    tx.raw,
    `select *, lower(name) name_key from (${selectAccounts()} where tenant_id = $1) a
     where ($2::text is null or (lower(name), id) > ($2, $3::uuid)) and ($5::uuid[] is null or id = any($5::uuid[]))
     order by lower(name), id limit $4`,
    [tx.tenantId, after?.[0] ?? null, after?.[1] ?? null, limit, within],
  );
}

const selectWhole = `select a.tenant_id "tenantId", a.id, a.name, a.provider, a.channel, a.state, a.state_detail "stateDetail",
    a.paused_at is not null paused, a.config, a.credentials, a.webhook_secrets "webhookSecrets", a.routing_key "routingKey",
    a.group_key "groupKey", a.app_id "appId", p.key "appKey", ${agentsSeeOf('a')} "agentsSee", a.qr
  from accounts a left join apps p on p.tenant_id = a.tenant_id and p.id = a.app_id`;

/** `lock`: it will be changed. */
export async function findAccount(tx: TenantTx, id: string, { lock = false } = {}): Promise<WholeAccount | undefined> {
  const [row] = await run<WholeAccount>(
    tx.raw,
    `${selectWhole} where a.tenant_id = $1 and a.id = $2 ${lock ? 'for no key update of a' : ''}`,
    [tx.tenantId, id],
  );
  return row;
}

/** The tenant's own account of that key. */
export async function findByRoutingKey(tx: TenantTx, routingKey: string): Promise<WholeAccount | undefined> {
  const [row] = await run<WholeAccount>(tx.raw, `${selectWhole} where a.tenant_id = $1 and a.routing_key = $2`, [
    tx.tenantId,
    routingKey,
  ]);
  return row;
}

/** What is stored of an account, secrets sealed. */
export interface StoredConfig {
  config: Record<string, unknown>;
  credentials: string;
  webhookSecrets: string;
  routingKey: string | null;
  groupKey: string | null;
  appId: string | null;
}

/** How the connection stands, as it was found. */
export interface Standing {
  state: AccountState;
  detail: string | null;
  address: string | null;
  qr: { image: string; pairingCode: string | null; at: string } | null;
}

/** What stood in the way of writing: another account's name, or another account's number. */
export type Taken = 'name' | 'number';

export async function insertAccount(
  tx: TenantTx,
  account: { id: string; name: string; provider: ProviderName; channel: Channel },
  stored: StoredConfig,
  standing: Standing,
): Promise<Taken | null> {
  return unlessTaken(
    run(
      tx.raw,
      `insert into accounts (tenant_id, id, name, provider, channel, config, credentials, webhook_secrets, routing_key, group_key, app_id,
         state, state_detail, address, qr)
       values ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15::text::jsonb)`,
      [
        tx.tenantId,
        account.id,
        account.name,
        account.provider,
        account.channel,
        ...valuesOf(stored),
        ...wordsOf(standing),
      ],
    ),
  );
}

/** Replaces the config, and says how the connection stands with it, as of now: what is older does not count against it. */
export async function updateConfig(
  tx: TenantTx,
  id: string,
  stored: StoredConfig,
  standing: Standing,
): Promise<Taken | null> {
  return unlessTaken(
    run(
      tx.raw,
      `update accounts set config = $3::text::jsonb, credentials = $4, webhook_secrets = $5, routing_key = $6, group_key = $7, app_id = $8,
         state_at = now(), state = $9, state_detail = $10, address = coalesce($11, address),
         qr = $12::text::jsonb where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, ...valuesOf(stored), ...wordsOf(standing)],
    ),
  );
}

export interface Settings {
  name: string;
  paused: boolean;
  agentsSee: AgentsSee | null;
}

export async function updateSettings(
  tx: TenantTx,
  id: string,
  { name, paused, agentsSee }: Settings,
): Promise<Taken | null> {
  return unlessTaken(
    run(
      tx.raw,
      `update accounts set name = $3, paused_at = case when $4 then coalesce(paused_at, now()) end, agents_see_unassigned = $5,
         agents_see_team = $6, agents_see_all = $7 where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, name, paused, ...agentsSeeColumns(agentsSee)],
    ),
  );
}

export async function setTrouble(tx: TenantTx, id: string, state: AccountState, detail: string): Promise<void> {
  await run(
    tx.raw,
    `update accounts set state_at = case when state = $3 then state_at else now() end, state = $3, state_detail = $4
     where tenant_id = $1 and id = $2 and state <> 'deleted'`,
    [tx.tenantId, id, state, detail],
  );
}

/** Its number and name are free again; what was sealed is replaced. Its conversations stay. */
export async function markDeleted(
  tx: TenantTx,
  id: string,
  sealed: Pick<StoredConfig, 'credentials' | 'webhookSecrets'>,
): Promise<void> {
  await run(
    tx.raw,
    `update accounts set state = 'deleted', state_detail = null, state_at = now(), routing_key = null, group_key = null, app_id = null, qr = null,
       credentials = $3, webhook_secrets = $4, name = name || ' (disconnected ' || right(id::text, 4) || ')' where tenant_id = $1 and id = $2`,
    [tx.tenantId, id, sealed.credentials, sealed.webhookSecrets],
  );
}

export interface AppRow {
  id: string;
  key: string;
  secrets: string;
}

/** The tenant's own apps of a provider. Locked: their secrets may change, or they may go. */
export function lockApps(tx: TenantTx, provider: ProviderName): Promise<AppRow[]> {
  return run<AppRow>(
    tx.raw,
    `select id, key, secrets from apps where tenant_id = $1 and provider = $2 order by id limit 200 for no key update`,
    [tx.tenantId, provider],
  );
}

export async function insertApp(tx: TenantTx, provider: ProviderName, { id, key, secrets }: AppRow): Promise<void> {
  await run(tx.raw, `insert into apps (tenant_id, id, provider, key, secrets) values ($1, $2, $3, $4, $5)`, [
    tx.tenantId,
    id,
    provider,
    key,
    secrets,
  ]);
}

export async function updateAppSecrets(tx: TenantTx, id: string, secrets: string): Promise<void> {
  await run(tx.raw, `update apps set secrets = $3 where tenant_id = $1 and id = $2`, [tx.tenantId, id, secrets]);
}

/** Whether an account of another group stands under this one's app. */
export async function isSharedApp(tx: TenantTx, { id, appId, groupKey }: WholeAccount): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `select 1 from accounts where tenant_id = $1 and app_id = $2 and id <> $3 and group_key is distinct from $4 limit 1`,
    [tx.tenantId, appId, id, groupKey],
  );
  return rows.length > 0;
}

/** Apps that no account stands under any more. */
export async function dropUnusedApps(tx: TenantTx): Promise<void> {
  await run(
    tx.raw,
    `delete from apps p where tenant_id = $1 and not exists (select from accounts a where a.tenant_id = $1 and a.app_id = p.id)`,
    [tx.tenantId],
  );
}

function valuesOf(stored: StoredConfig) {
  return [
    JSON.stringify(stored.config),
    stored.credentials,
    stored.webhookSecrets,
    stored.routingKey,
    stored.groupKey,
    stored.appId,
  ];
}

function wordsOf({ state, detail, address, qr }: Standing) {
  return [state, detail, address, qr && JSON.stringify(qr)];
}

/** The unique keys speak: a look before the write could be overtaken. */
async function unlessTaken(write: Promise<unknown>): Promise<Taken | null> {
  try {
    await write;
    return null;
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    return error instanceof Error && 'constraint_name' in error && error.constraint_name === 'accounts_routing_key'
      ? 'number'
      : 'name';
  }
}
