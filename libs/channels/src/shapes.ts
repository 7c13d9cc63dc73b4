import { z } from 'zod';
import { MAX_NAME } from './json-body';

/** Pieces that the payloads of several providers share. */

/** An id of the provider's: opaque, never parsed. */
export const ExternalId = z.string().min(1).max(MAX_NAME);

/** Text that may be absent; empty counts as absent. */
export const OptionalText = z
  .string()
  .nullish()
  .transform((text) => (text === '' ? null : (text ?? null)));

const Long = z.looseObject({ low: z.int(), high: z.int() });

/** A number as JSON writers put it: itself, a numeric string, or protobuf's 64-bit `Long`. */
export const Numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,18}(\.\d+)?$/)
    .transform(Number),
  Long.transform(({ low, high }) => high * 2 ** 32 + (low >>> 0)),
]);

/** The same where it only describes: what cannot be read is not known. */
export const OptionalNumber = Numeric.nullish()
  .catch(null)
  .transform((value) => value ?? null);

const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000; // what ISO 8601 and Postgres both write with four digits

export const UnixSeconds = Numeric.refine((seconds) => seconds >= 0 && seconds <= LAST_SECOND, 'not a time').transform(
  (seconds) => new Date(Math.floor(seconds * 1000)),
);
export const UnixMs = Numeric.refine((ms) => ms >= 0 && ms <= LAST_SECOND * 1000, 'not a time').transform(
  (ms) => new Date(Math.floor(ms)),
);

/** A time in seconds, read from what was not checked yet. */
export function peekSeconds(value: unknown): Date | undefined {
  return UnixSeconds.safeParse(value).data;
}

/**
 * Where a provider's server answers, without a slash at its end: calls append their path to it, and bring their own login.
 * A field of this kind says "uri" in the schema: secrets are bound to what is entered there.
 */
export const ServerAddress = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine(
    (url) => !/^\w+:[\\/]*[^\\/?#]*@/.test(url),
    'The address goes without a login: enter only the server and its path.',
  )
  .refine((url) => !/[?#]/.test(url), 'The address goes without a question mark or # and what follows them.')
  .overwrite((url) => url.replace(/\/+$/, ''));
