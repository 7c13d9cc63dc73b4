import { hashKey } from '@parley/db/uuid';

/** Names the provider app of calls that come on the path without an app's key: the platform's own. */
export const PLATFORM_APP = 'platform';

/** Key of the account whose webhooks come on a path of their own. */
export function tokenRoutingKey(provider: string, token: string): string {
  return hashKey('token', provider, token);
}

/** Key of an account inside a provider app. The app is part of it: a tenant's own app cannot name another's number. */
export function appRoutingKey(provider: string, appKey: string, routingKey: string): string {
  return hashKey('app', provider, appKey, routingKey);
}

/** Key of all accounts of an app that share something, e.g. a WABA. */
export function appGroupKey(provider: string, appKey: string, groupKey: string): string {
  return hashKey('group', provider, appKey, groupKey);
}

/** Beside an account's secrets: what its calls must name (an instance), by the adapter's `routing`. */
export const ROUTING_KEY = 'routingKey';

/** What proves a call, as sealed in `accounts.webhookSecrets` and `apps.secrets`; newest first. */
export interface SealedSecrets {
  secrets: {
    values: Record<string, string>;
    /** Once replaced: ISO time until when it still counts. */ validUntil?: string;
  }[];
}
