import { randomBytes } from 'node:crypto';
import type { AnyProvider } from '@parley/channels/provider';
import type { CredentialBox, Place } from '@parley/platform/credentials';
import { z } from 'zod';
import { ROUTING_KEY, type SealedSecrets } from '../intake/ingress';

/** What `accounts.credentials` holds, sealed. */
export interface SealedCredentials {
  /** The config's secret fields. */
  config: Record<string, unknown>;
  /** Last segment of the webhook's path, of an account that has a path of its own. */
  pathToken: string | null;
}

/** The parts of an account's row that its config is in. */
export interface ConfigRow {
  tenantId: string;
  id: string;
  config: Record<string, unknown>;
  credentials: string;
}

/** How long a replaced secret still proves a call. */
export const OLD_SECRET_MS = 24 * 3_600_000;

/** The whole config of an account, as its adapter takes it. It was parsed when it was saved. */
export function openConfig(box: CredentialBox, row: ConfigRow): unknown {
  return { ...row.config, ...openCredentials(box, row).config };
}

export function openCredentials(box: CredentialBox, { tenantId, id, credentials }: ConfigRow): SealedCredentials {
  return box.open(credentials, credentialsPlace(tenantId, id)) as SealedCredentials; // sealed by us, bound to its row
}

export function credentialsPlace(tenantId: string, accountId: string): Place {
  return { tenantId, table: 'accounts', column: 'credentials', row: accountId };
}

export function webhookSecretsPlace(tenantId: string, accountId: string): Place {
  return { tenantId, table: 'accounts', column: 'webhook_secrets', row: accountId };
}

export function appSecretsPlace(tenantId: string, appId: string): Place {
  return { tenantId, table: 'apps', column: 'secrets', row: appId };
}

/** 192 bits that nobody guesses, for the path of a webhook. */
export function newPathToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Parts a parsed config into what may stand open and what is sealed. */
export function partConfig(provider: AnyProvider, config: Record<string, unknown>) {
  const secret = new Set(secretFields(provider));
  const part = (wanted: boolean) =>
    Object.fromEntries(Object.entries(config).filter(([name]) => secret.has(name) === wanted));
  return { open: part(false), secret: part(true) };
}

/** Names of the config's fields that are write-only. */
export const secretFields = (provider: AnyProvider) => fieldsMarked(provider, 'secret');

/** Names of those that nobody enters: consent at the provider brings them. */
export const consentFields = (provider: AnyProvider) => fieldsMarked(provider, 'consent');

function fieldsMarked(provider: AnyProvider, mark: 'secret' | 'consent'): string[] {
  return Object.entries(configSchema(provider).properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && field[mark] === true ? [name] : [],
  );
}

/** What of the config people enter, as JSON Schema: draws the connect form. */
export function formSchema(provider: AnyProvider) {
  const { properties, ...schema } = configSchema(provider);
  const byConsent = new Set(consentFields(provider));
  const entered = Object.entries(properties ?? {}).filter(([name]) => !byConsent.has(name));
  return { ...schema, properties: Object.fromEntries(entered) };
}

/** JSON Schema of a provider's config. */
export function configSchema(provider: AnyProvider) {
  return z.toJSONSchema(provider.config, { io: 'input', unrepresentable: 'any' });
}

/** What proves a call: the config's own, and for a path of its own, whose calls may come there. */
export function webhookSecretsOf(provider: AnyProvider, config: unknown): Record<string, string> {
  const own = provider.secrets(config);
  return provider.ingress.by === 'token' ? { ...own, [ROUTING_KEY]: provider.routing(config).routingKey } : own;
}

/** Puts new secrets first; what they replace goes on for a day, what was over is dropped. */
export function rotate(before: SealedSecrets, values: Record<string, string>, now: number): SealedSecrets {
  const [newest, ...older] = before.secrets;
  if (newest && !newest.validUntil && isSame(newest.values, values)) return before;
  const validUntil = new Date(now + OLD_SECRET_MS).toISOString();
  const replaced = newest ? [{ values: newest.values, validUntil: newest.validUntil ?? validUntil }] : [];
  const old = [...replaced, ...older].filter(
    (secret) => secret.validUntil !== undefined && Date.parse(secret.validUntil) > now,
  );
  return { secrets: [{ values }, ...old.slice(0, 4)] };
}

function isSame(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
