import type { AnyProvider } from '@parley/channels/provider';
import { AppError } from '@parley/platform/app-error';

type Config = Record<string, unknown>;

/** By the adapter's own schema. Throws `invalid` with one error for each field, under `config.`. */
export function parseConfig(provider: AnyProvider, given: Config): Config {
  const result = provider.config.safeParse(given);
  if (result.success) return result.data as Config; // every provider's config is an object
  throw invalidConfig(result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
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
