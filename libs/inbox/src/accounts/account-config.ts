import type { AnyProvider } from '@parley/channels/provider';
import { AppError } from '@parley/platform/app-error';
import type { AuditFields } from '@parley/platform/audit-chain';
import { configSchema, consentFields, partConfig, secretFields } from './account-secrets';

type Config = Record<string, unknown>;

/** By the adapter's own schema. Throws `invalid` with one error for each field, under `config.`. */
export function parseConfig(provider: AnyProvider, given: Config): Config {
  const result = provider.config.safeParse(given);
  if (result.success) return result.data as Config; // every provider's config is an object
  throw invalidConfig(result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
}

/**
 * Below the operator's own provider app, whoever opens a number may have it: so the one who is asked must be the provider
 * itself. An address of the config must be the one it has by itself, or a host that the operator names in EGRESS_ALLOW.
 */
export function assertProvidersOwn(provider: AnyProvider, config: Config, egressAllow: string): void {
  const named = egressAllow.split(',').map((entry) => entry.trim());
  const foreign = addressFields(provider).filter(([name, field]) => {
    const value = config[name];
    if (typeof value !== 'string' || value === field.default) return false;
    const { host, hostname, port, protocol } = new URL(value);
    return !named.includes(port ? host : `${hostname}:${protocol === 'https:' ? 443 : 80}`);
  });
  const message = 'Only with an app of your own can this be another address.';
  if (foreign.length) throw invalidConfig(foreign.map(([field]) => ({ field, message })));
}

/** What somebody entered. Throws `invalid`, also for what only consent at the provider brings. */
export function parseForm(provider: AnyProvider, given: Config): Config {
  assertEntered(provider, given);
  return parseConfig(provider, given);
}

/** A changed form. What consent brought belongs to that access: with another, or an app of one's own, it goes. Throws `invalid`. */
export function changeForm(provider: AnyProvider, before: Config, change: Config): Config {
  assertEntered(provider, change);
  const isOther = secretFields(provider).some((name) => name in change && change[name] !== before[name]);
  const gone = isOther ? consentFields(provider).map((name) => [name, null]) : [];
  return changeConfig(provider, before, { ...change, ...Object.fromEntries(gone) });
}

function assertEntered(provider: AnyProvider, given: Config): void {
  const strange = consentFields(provider).filter((name) => given[name] != null);
  if (strange.length) throw invalidConfig(strange.map((field) => ({ field, message: 'Nobody enters this.' })));
}

/**
 * Fields that change replace the old ones; `null` takes an optional one away. Secrets are for the address that they were
 * entered for, or whoever names one of their own would read them there: with another address they are asked for again,
 * and those that we made are made anew. Throws `invalid`.
 */
function changeConfig(provider: AnyProvider, before: Config, change: Config): Config {
  const config = parseConfig(provider, merge(before, change));
  if (!hasMoved(provider, before, config)) return config;
  const kept = secretFields(provider).filter((name) => before[name] !== undefined && change[name] === undefined);
  const byConsent = consentFields(provider);
  const entered = kept.filter((name) => !isMade(provider, name) && !byConsent.includes(name));
  const message = 'The address is another one: enter this again for it.';
  if (entered.length) throw invalidConfig(entered.map((field) => ({ field, message })));
  return parseConfig(provider, merge(before, { ...change, ...Object.fromEntries(kept.map((name) => [name, null])) }));
}

/** What the audit log may know of a config: the open fields, and of the secret ones which are another than `before`. */
export function auditedConfig(provider: AnyProvider, config: Config, before: Config = {}): AuditFields {
  const { open, secret } = partConfig(provider, config);
  const fields = Object.entries(open).map(([name, value]) => [`config.${name}`, wordOf(value)] as const);
  const secrets = Object.keys(secret).filter((name) => secret[name] !== before[name]);
  return { ...Object.fromEntries(fields), ...(secrets.length ? { newSecrets: secrets.sort() } : {}) };
}

function wordOf(value: unknown): string | number | boolean | null {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : (value as string | number | boolean | null);
}

function merge(before: Config, change: Config): Config {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
}

/** By us, where nobody enters one. */
function isMade(provider: AnyProvider, name: string): boolean {
  const field = configSchema(provider).properties?.[name];
  return typeof field === 'object' && 'default' in field;
}

function hasMoved(provider: AnyProvider, before: Config, after: Config): boolean {
  return addressFields(provider).some(([name]) => before[name] !== after[name]);
}

/** Where calls go to. */
function addressFields(provider: AnyProvider) {
  return Object.entries(configSchema(provider).properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && field.format === 'uri' ? [[name, field] as const] : [],
  );
}

export function invalidConfig(fields: { field: string; message: string }[]): AppError {
  return new AppError('invalid', 'Some of the connection’s fields are not valid.', {
    errors: fields.map(({ field, message }) => ({ path: field ? `config.${field}` : 'config', message })),
  });
}
