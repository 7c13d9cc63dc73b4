import { isAscii } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { sameSecret } from '../constant-time';
import type { Secrets, WebhookCall } from '../provider';

/** Whether Meta signed these bytes, with the secret of the app whose path the call came on. */
export function isSigned({ headers, body }: WebhookCall, secrets: Secrets): boolean {
  const [, signature] = /^sha256=([0-9a-f]{64})$/.exec(headers['x-hub-signature-256'] ?? '') ?? [];
  if (signature === undefined) return false;
  const signs = (message: Uint8Array) =>
    secrets.some(({ appSecret }) => Boolean(appSecret) && sameSecret(signature, hmac(appSecret ?? '', message)));
  return signs(body) || (!isAscii(body) && signs(escapeNonAscii(body)));
}

const hmac = (key: string, message: Uint8Array) => createHmac('sha256', key).update(message).digest('hex');

/** Meta signs the form with every non-ASCII unit as `\uXXXX`; something on the way may have written it out again. */
function escapeNonAscii(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString('utf8');
  return Buffer.from(text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)); // no `u` flag: by UTF-16 unit
}

/** Meta's GET before it sends anything: the challenge to echo verbatim, or `null`. The query's names contain dots. */
export function handshake(query: URLSearchParams, secrets: Secrets): string | null {
  const token = query.get('hub.verify_token') ?? undefined;
  if (query.get('hub.mode') !== 'subscribe' || !secrets.some(({ verifyToken }) => sameSecret(token, verifyToken)))
    return null;
  return query.get('hub.challenge');
}
