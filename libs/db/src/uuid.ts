import { hash, randomBytes } from 'node:crypto';

const dashed = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

let random = '';
let used = 0;

/** UUIDv7: sorts by time, so that new rows meet at the end of an index. Randomness is drawn in blocks, for batches make hundreds. */
export function uuid7(now = Date.now()): string {
  if (used + 20 > random.length) {
    random = randomBytes(4000).toString('hex');
    used = 0;
  }
  const r = random.slice(used, (used += 20));
  const variant = '89ab'[Number.parseInt(r[3] ?? '0', 16) & 3];
  return dashed(`${now.toString(16).padStart(12, '0')}7${r.slice(0, 3)}${variant}${r.slice(4, 19)}`);
}

/** Sorts before every UUIDv7 of that millisecond and later. */
export function firstUuid7(ms: number): string {
  return dashed(`${Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')}70008000000000000000`);
}

/** A hash in the shape of a UUID, for keys of any length: 16 bytes of SHA-256. The parts cannot run into each other. */
export function hashKey(...parts: string[]): string {
  return dashed(hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'hex'));
}
