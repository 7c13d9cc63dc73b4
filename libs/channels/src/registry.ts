import type { ProviderName } from '@parley/contracts/accounts';
import { cloudApi } from './cloud-api/cloud-api';
import { evolution } from './evolution/evolution';
import { greenApi } from './green-api/green-api';
import type { AnyProvider } from './provider';
import { slack } from './slack/slack';

/** Every provider there is. A new one is a folder and a line here. */
export const registry: Record<ProviderName, AnyProvider> = {
  evolution,
  'cloud-api': cloudApi,
  'green-api': greenApi,
  slack,
};

/** By the name in an account's row. Throws for a name that no provider has. */
export function providerOf(name: string): AnyProvider {
  const provider = Object.hasOwn(registry, name) ? registry[name as ProviderName] : undefined; // its own key
  if (!provider) throw new Error(`There is no provider ${name}`);
  return provider;
}
