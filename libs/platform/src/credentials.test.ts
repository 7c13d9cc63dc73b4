import { randomBytes } from 'node:crypto';
import { expect, it, test } from 'vitest';
import { CredentialBox, type Place } from './credentials';

const key = () => randomBytes(32).toString('base64');
const keys = { k1: key() };
const place: Place = { tenantId: 't1', table: 'accounts', column: 'credentials', row: 'r1' };

it('opens what it sealed, and seals no two alike', () => {
  const box = new CredentialBox(keys, 'k1');
  const [one, two] = [box.seal({ token: 's3cret' }, place), box.seal({ token: 's3cret' }, place)];
  expect(box.open(one, place)).toEqual({ token: 's3cret' });
  expect(one).not.toBe(two);
  expect(one).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
});

test.each<Partial<Place>>([{ tenantId: 't2' }, { table: 'apps' }, { column: 'webhook_secrets' }, { row: 'r2' }])(
  'does not open in another place: %o',
  (other) => {
    const box = new CredentialBox(keys, 'k1');
    const sealed = box.seal('s3cret', place);
    expect(() => box.open(sealed, { ...place, ...other })).toThrow();
  },
);

it('does not open when a single bit was changed', () => {
  const box = new CredentialBox(keys, 'k1');
  const sealed = box.seal('s3cret', place);
  const parts = sealed.split('.');
  for (const index of [2, 3, 4]) {
    const bytes = Buffer.from(parts[index] ?? '', 'base64url');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(() => box.open(parts.with(index, bytes.toString('base64url')).join('.'), place)).toThrow();
  }
});

it('goes on opening old values when a key is added, and says loudly when one is gone', () => {
  const old = new CredentialBox(keys, 'k1').seal('s3cret', place);
  const rotated = new CredentialBox({ ...keys, k2: key() }, 'k2');
  expect(rotated.open(old, place)).toBe('s3cret');
  expect(rotated.seal('s3cret', place)).toMatch(/^v1\.k2\./);
  expect(() => new CredentialBox({ k2: key() }, 'k2').open(old, place)).toThrow(/no credentials key k1/);
});

test.each(['', 'v1', 'v2.k1.a.b.c', 'v1.k1..x.y', 'plain'])('is no sealed value: %s', (text) => {
  expect(() => new CredentialBox(keys, 'k1').open(text, place)).toThrow();
});
