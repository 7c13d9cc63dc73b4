import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { bytesOf, uuidOf, type PlaceToken } from './place-token';

/** What a key is exchanged for. It is believed by its seal; whether the key behind it still lives is looked up each time. */
export const ACCESS_TOKEN_PREFIX = 'parley_at_';
export const ACCESS_TOKEN_SECONDS = 3600;

const [UUID_BYTES, HASH_BYTES, TIME_BYTES, SEAL_BYTES] = [16, 32, 4, 32];
const SEALED_BYTES = 2 * UUID_BYTES + HASH_BYTES + TIME_BYTES;

/** Mints and reads access tokens: whose they are, which of the key's secrets they came from, and until when they count. */
export class AccessTokens {
  private readonly secret: Buffer;

  constructor(authSecret: string) {
    this.secret = Buffer.from(hkdfSync('sha256', authSecret, '', 'parley access tokens', 32));
  }

  mint({ tenantId, id, hash }: PlaceToken, nowMs: number): string {
    const until = Buffer.alloc(TIME_BYTES);
    until.writeUInt32BE(Math.floor(nowMs / 1000) + ACCESS_TOKEN_SECONDS);
    const sealed = Buffer.concat([bytesOf(tenantId), bytesOf(id), Buffer.from(hash, 'base64url'), until]);
    return ACCESS_TOKEN_PREFIX + Buffer.concat([sealed, this.sealOf(sealed)]).toString('base64url');
  }

  /** Null: none of ours, or too old. */
  read(text: string, nowMs: number): PlaceToken | null {
    if (!text.startsWith(ACCESS_TOKEN_PREFIX)) return null;
    const bytes = Buffer.from(text.slice(ACCESS_TOKEN_PREFIX.length), 'base64url');
    if (bytes.length !== SEALED_BYTES + SEAL_BYTES) return null;
    const sealed = bytes.subarray(0, SEALED_BYTES);
    if (!timingSafeEqual(bytes.subarray(SEALED_BYTES), this.sealOf(sealed))) return null;
    if (sealed.readUInt32BE(SEALED_BYTES - TIME_BYTES) * 1000 <= nowMs) return null;
    return {
      tenantId: uuidOf(sealed.subarray(0, UUID_BYTES)),
      id: uuidOf(sealed.subarray(UUID_BYTES, 2 * UUID_BYTES)),
      hash: sealed.subarray(2 * UUID_BYTES, 2 * UUID_BYTES + HASH_BYTES).toString('base64url'),
    };
  }

  private sealOf(sealed: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(sealed).digest();
  }
}
