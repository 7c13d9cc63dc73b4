import type { AnyProvider } from '@parley/channels/provider';
import { AppError } from '@parley/platform/app-error';
import { configSchema } from './account-secrets';

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
  const foreign = Object.entries(configSchema(provider).properties ?? {}).filter(([name, field]) => {
    const value = config[name];
    if (typeof field !== 'object' || field.format !== 'uri' || typeof value !== 'string' || value === field.default)
      return false;
    const { host, hostname, port, protocol } = new URL(value);
    return !named.includes(port ? host : `${hostname}:${protocol === 'https:' ? 443 : 80}`);
  });
  const message = 'Only with an app of your own can this be another address.';
  if (foreign.length) throw invalidConfig(foreign.map(([field]) => ({ field, message })));
}

/** Fields that change replace the old ones; `null` takes an optional one away. */
export function mergeConfig(before: Config, change: Config): Config {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
}

export function invalidConfig(fields: { field: string; message: string }[]): AppError {
  return new AppError('invalid', 'Some of the connection’s fields are not valid.', {
    errors: fields.map(({ field, message }) => ({ path: field ? `config.${field}` : 'config', message })),
  });
}
