import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Env } from '@parley/platform/env';
import { keyCredential, keyOf, type Credential } from '../people/credential';

/** What a link opens, for whom, and until when. */
export interface FileGrant {
  tenantId: string;
  fileId: string;
  credential: Credential;
  expiresMs: number;
}

/** Where its bytes lie. */
export const storageKey = ({ tenantId, id }: { tenantId: string; id: string }) => `${tenantId}/${id}`;

/** Of a picture: where a small one of it lies, where there is one. */
export const smallKey = (file: { tenantId: string; id: string }) => `${storageKey(file)}-small`;

/** Three ids, a time, and whose credential the third is. */
const LENGTH = 57;
const [SESSION, KEY] = [0, 1];

type Keys = Pick<Env, 'CREDENTIALS_KEYS' | 'CREDENTIALS_KEY_ID'>;

/** One part of a path: who holds it needs no cookie. Signed with a key drawn from the credentials' keys, so it rotates with them. */
export function signGrant({ tenantId, fileId, credential, expiresMs }: FileGrant, keys: Keys): string {
  const key = keyOf(credential);
  const ids = [tenantId, fileId, key?.id ?? credential].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'));
  const until = Buffer.alloc(8);
  until.writeBigUInt64BE(BigInt(expiresMs));
  const payload = Buffer.concat([...ids, until, Buffer.of(key ? KEY : SESSION)]);
  return `${keys.CREDENTIALS_KEY_ID}.${payload.toString('base64url')}.${macOf(payload, keys, keys.CREDENTIALS_KEY_ID).toString('base64url')}`;
}

/** Null: not signed by us, changed, or over. */
export function readGrant(token: string, keys: Keys, nowMs: number): FileGrant | null {
  const [keyId = '', body = '', mac = '', ...rest] = token.split('.');
  if (rest.length || !Object.hasOwn(keys.CREDENTIALS_KEYS, keyId)) return null;
  const [payload, given] = [Buffer.from(body, 'base64url'), Buffer.from(mac, 'base64url')];
  const expected = macOf(payload, keys, keyId);
  if (payload.length !== LENGTH || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const expiresMs = Number(payload.readBigUInt64BE(48));
  if (expiresMs <= nowMs) return null;
  const [tenantId, fileId, holder] = [idAt(payload, 0), idAt(payload, 16), idAt(payload, 32)];
  const credential = payload[LENGTH - 1] === KEY ? keyCredential(tenantId, holder) : holder;
  return { tenantId, fileId, credential, expiresMs };
}

function macOf(payload: Buffer, { CREDENTIALS_KEYS }: Keys, keyId: string): Buffer {
  const root = Buffer.from(CREDENTIALS_KEYS[keyId] ?? '', 'base64');
  const key = Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), 'parley file links', 32));
  return createHmac('sha256', key).update(payload).digest();
}

function idAt(payload: Buffer, start: number): string {
  const hex = payload.subarray(start, start + 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
