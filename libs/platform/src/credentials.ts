import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Where a sealed value stands. A value moved to another place does not open. */
export interface Place {
  tenantId: string;
  table: string;
  column: string;
  row: string;
}

/** Seals values for rows: AES-256-GCM, `v1.keyId.iv.ciphertext.tag` in base64url. Keys rotate by adding one. */
export class CredentialBox {
  constructor(
    private readonly keys: Record<string, string>,
    private readonly currentKeyId: string,
  ) {}

  seal(value: unknown, place: Place): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.currentKeyId), iv).setAAD(aad(place));
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return ['v1', this.currentKeyId, ...[iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(
      '.',
    );
  }

  /** Throws when the value was made for another place, by a key we do not have, or was changed. */
  open(sealed: string, place: Place): unknown {
    const [version, keyId, iv, text, tag] = sealed.split('.');
    if (version !== 'v1' || !keyId || !iv || text === undefined || !tag) throw new Error('not a sealed value');
    const decipher = createDecipheriv('aes-256-gcm', this.key(keyId), Buffer.from(iv, 'base64url'), {
      authTagLength: 16,
    })
      .setAAD(aad(place))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    const plain = Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]);
    return JSON.parse(plain.toString('utf8'));
  }

  private key(id: string): Buffer {
    const key = this.keys[id];
    if (!key) throw new Error(`no credentials key ${id}`);
    return Buffer.from(key, 'base64');
  }
}

function aad({ tenantId, table, column, row }: Place): Buffer {
  return Buffer.from([tenantId, table, column, row].join('|'));
}
