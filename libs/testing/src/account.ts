import { randomBytes } from 'node:crypto';
import { providerOf } from '@parley/channels/registry';
import type { ProviderName } from '@parley/contracts/accounts';
import { uuid7 } from '@parley/db/uuid';
import {
  credentialsPlace,
  newPathToken,
  partConfig,
  webhookSecretsOf,
  webhookSecretsPlace,
} from '@parley/inbox/accounts/account-secrets';
import { appGroupKey, appRoutingKey, PLATFORM_APP, tokenRoutingKey } from '@parley/inbox/intake/ingress';
import type { World } from './tenant';

export interface TestAccount {
  id: string;
  tenantId: string;
  provider: ProviderName;
  /** Whole, secrets included. */
  config: Record<string, unknown>;
  /** Path that the provider posts to; the last segment is its token where it has one. */
  webhookPath: string;
}

const digits = () => String(Math.floor(1e14 + Math.random() * 9e14));

/** What a tenant would enter, with ids of its own. Nobody listens at the address. */
const configs: Record<ProviderName, () => Record<string, unknown>> = {
  evolution: () => ({
    baseUrl: 'http://127.0.0.1:9',
    instance: `i-${digits()}`,
    apiKey: randomBytes(16).toString('hex'),
  }),
  'cloud-api': () => ({
    phoneNumberId: digits(),
    wabaId: digits(),
    accessToken: randomBytes(32).toString('hex'),
    baseUrl: 'http://127.0.0.1:9',
  }),
  'green-api': () => ({
    apiUrl: 'http://127.0.0.1:9',
    mediaUrl: 'http://127.0.0.1:9',
    idInstance: digits(),
    apiTokenInstance: randomBytes(25).toString('hex'),
  }),
  slack: () => ({
    teamId: `T${digits()}`,
    botToken: `xoxb-${randomBytes(24).toString('hex')}`,
    apiUrl: 'http://127.0.0.1:9',
  }),
};

interface Options {
  config: Record<string, unknown>;
  name?: string;
  agentsSeeUnassigned?: boolean | null;
}

/** Below an app it stands under the platform's own. */
export async function insertAccount(
  { sql, box }: World,
  tenantId: string,
  name: ProviderName,
  options: Options,
): Promise<TestAccount> {
  const provider = providerOf(name);
  const [id, token] = [uuid7(), provider.ingress.by === 'token' ? newPathToken() : null];
  const config = provider.config.parse({ ...configs[name](), ...options.config }) as Record<string, unknown>; // a config is an object
  const { open, secret } = partConfig(provider, config);
  const { routingKey, groupKey } = provider.routing(config);
  await sql`insert into accounts ${sql({
    tenant_id: tenantId,
    id,
    provider: name,
    channel: provider.channel,
    name: options.name ?? `${name} ${id.slice(-6)}`,
    state: 'connected',
    config: sql.json(open as never),
    credentials: box.seal({ config: secret, pathToken: token }, credentialsPlace(tenantId, id)),
    webhook_secrets: box.seal(
      { secrets: [{ values: webhookSecretsOf(provider, config) }] },
      webhookSecretsPlace(tenantId, id),
    ),
    routing_key: token ? tokenRoutingKey(name, token) : appRoutingKey(name, PLATFORM_APP, routingKey),
    group_key: groupKey && !token ? appGroupKey(name, PLATFORM_APP, groupKey) : null,
    agents_see_unassigned: options.agentsSeeUnassigned ?? null,
  })}`;
  return {
    id,
    tenantId,
    provider: name,
    config,
    webhookPath: ['/api/webhooks', provider.ingress.path, provider.ingress.doors?.[0], token].filter(Boolean).join('/'),
  };
}
