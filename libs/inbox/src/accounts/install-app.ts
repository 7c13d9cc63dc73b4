import type { AnyProvider, InstallApp } from '@parley/channels/provider';
import type { Env } from '@parley/platform/env';

/** The install's own app at a provider whose accounts are made by consent. Null: the operator has entered none. */
export function installAppOf({ installApp }: AnyProvider, env: Env): InstallApp | null {
  if (!installApp) return null;
  const value = (name: keyof InstallApp) => env[installApp[name] as keyof Env];
  const [clientId, clientSecret, authorizeUrl, apiUrl] = [
    value('clientId'),
    value('clientSecret'),
    value('authorizeUrl'),
    value('apiUrl'),
  ].map((one) => (typeof one === 'string' ? one : undefined));
  if (!clientId || !clientSecret || !authorizeUrl || !apiUrl) return null;
  return { clientId, clientSecret, authorizeUrl, apiUrl };
}
