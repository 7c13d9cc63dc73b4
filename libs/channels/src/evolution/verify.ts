import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { sameSecret } from '../constant-time';
import { peek, readJson } from '../json-body';
import type { Secrets, WebhookCall } from '../provider';

/** The header that we have the server send with each call. */
export const SECRET_HEADER = 'X-Parley-Secret';

/** A server that retries reuses its token, whose ten minutes are over long before the last attempt (contract §2.1). */
const LEEWAY_S = 40 * 60;

/**
 * Whether a call is from the account's server. Evolution signs nothing: it proves itself with the secret header, or with a
 * token made from `jwtKey`, and neither covers the body. A key that it sends along must be the instance's own.
 */
export function isAuthentic(call: WebhookCall, secrets: Secrets, nowMs: number): boolean {
  const knows = secrets.some(
    ({ webhookSecret, jwtKey }) =>
      sameSecret(call.headers[SECRET_HEADER.toLowerCase()], webhookSecret) ||
      (jwtKey !== undefined && isTokenOf(call.headers.authorization, jwtKey, nowMs)),
  );
  return knows && bearsOwnKey(call.body, secrets);
}

const Claims = z.looseObject({
  iat: z.number(),
  exp: z.number(),
  app: z.literal('evolution'),
  action: z.literal('webhook'),
});

function isTokenOf(authorization: string | undefined, key: string, nowMs: number): boolean {
  const [, header, payload, signature] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? '') ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return false;
  const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url');
  if (!sameSecret(signature, expected) || peek(decoded(header), 'alg') !== 'HS256') return false;
  const claims = Claims.safeParse(decoded(payload)).data;
  const now = nowMs / 1000;
  return claims !== undefined && now <= claims.exp + LEEWAY_S && now >= claims.iat - LEEWAY_S;
}

function decoded(part: string): unknown {
  try {
    return readJson(Buffer.from(part, 'base64url'));
  } catch {
    return undefined;
  }
}

/**
 * `apikey` is null unless the server exposes tokens. With the server's key in the config the instance's token is not
 * known here, and with the integration WHATSAPP-BUSINESS, which sends no `sender`, it is Meta's.
 */
function bearsOwnKey(body: Uint8Array, secrets: Secrets): boolean {
  const known = secrets.flatMap(({ instanceKey }) => (instanceKey === undefined ? [] : [instanceKey]));
  if (known.length === 0) return true;
  const call = readable(body);
  const key = peek(call, 'apikey');
  if (typeof key !== 'string' || typeof peek(call, 'sender') !== 'string') return true;
  return known.some((one) => sameSecret(key, one));
}

/** A call that cannot be read is kept as such: what proves it is the header. */
function readable(body: Uint8Array): unknown {
  try {
    return readJson(body);
  } catch {
    return undefined;
  }
}
