import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const UUID_BYTES = 16;
const SECRET_BYTES = 32;

/** A secret that names the row it opens, so that nothing has to be looked for by it. Only its hash is kept. */
export interface PlaceToken {
  tenantId: string;
  id: string;
  hash: string;
}

/** `text` is shown once. */
export function mintToken(tenantId: string, id: string, prefix = ''): { text: string; hash: string } {
  const bytes = Buffer.concat([bytesOf(tenantId), bytesOf(id), randomBytes(SECRET_BYTES)]);
  const text = prefix + bytes.toString('base64url');
  return { text, hash: hashOf(text) };
}

/** Null: no token of ours. */
export function readPlaceToken(text: string, prefix = ''): PlaceToken | null {
  if (!text.startsWith(prefix) || !/^[\w-]{86}$/.test(text.slice(prefix.length))) return null;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url');
  const tenantId = uuidOf(bytes.subarray(0, UUID_BYTES));
  return { tenantId, id: uuidOf(bytes.subarray(UUID_BYTES, 2 * UUID_BYTES)), hash: hashOf(text) };
}

/** Takes as long for a wrong one. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

export function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
