import { createAccount, type ProviderName } from '@parley/contracts/accounts';
import { expect } from 'vitest';
import type { TestMember } from '../tenant';
import type { LiveAccount, System } from './system';

/**
 * A simulated account as an admin connects it: with an app of its own where the provider has apps, for below the platform's
 * own its address could not be the simulator's.
 */
export async function connectThroughApi(
  system: System,
  admin: TestMember,
  provider: ProviderName,
  { name = 'Sales', settings = {} }: { name?: string; settings?: Record<string, unknown> } = {},
): Promise<LiveAccount> {
  const { ref, config } = await system.simulator.newAccount(provider, { connected: true, app: 'own' });
  const answer = await system.app.as(admin).call(createAccount, { body: { provider, name, config } });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201, body: { state: 'connected' } });
  await system.simulator.setUp(provider, ref, settings);
  const { id, webhook } = answer.body;
  const webhookPath = new URL(webhook.url).pathname;
  return {
    id,
    tenantId: admin.tenantId,
    provider,
    config: { ...config, ...secretIn(webhook.headers) },
    webhookPath,
    ref,
  };
}

function secretIn(headers: Record<string, string>): { webhookSecret?: string; webhookUrlToken?: string } {
  const [secret, bearer] = [headers['X-Parley-Secret'], headers.Authorization];
  if (bearer !== undefined) return { webhookUrlToken: bearer.replace(/^Bearer /, '') };
  return secret === undefined ? {} : { webhookSecret: secret };
}
