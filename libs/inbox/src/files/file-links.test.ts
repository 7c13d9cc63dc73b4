import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyCredential } from '../people/credential';
import { readGrant, signGrant } from './file-links';

const key = () => randomBytes(32).toString('base64');
const keys = { CREDENTIALS_KEYS: { k1: key() } as Record<string, string>, CREDENTIALS_KEY_ID: 'k1' };
const tenantId = randomUUID();
const grant = { tenantId, fileId: randomUUID(), credential: randomUUID(), expiresMs: 2_000_000_000_000 };
const before = grant.expiresMs - 1;

it('opens what was signed, until its time is over', () => {
  const token = signGrant(grant, keys);
  expect(readGrant(token, keys, before)).toEqual(grant);
  expect(readGrant(token, keys, grant.expiresMs)).toBeNull();
  const ofKey = { ...grant, credential: keyCredential(tenantId, randomUUID()) };
  expect(readGrant(signGrant(ofKey, keys), keys, before)).toEqual(ofKey);
});

it('goes on while keys rotate, and ends with its own', () => {
  const token = signGrant(grant, keys);
  const rotated = { CREDENTIALS_KEYS: { ...keys.CREDENTIALS_KEYS, k2: key() }, CREDENTIALS_KEY_ID: 'k2' };
  expect(readGrant(token, rotated, before)).toEqual(grant);
  expect(signGrant(grant, rotated).startsWith('k2.')).toBe(true);
  expect(readGrant(token, { ...rotated, CREDENTIALS_KEYS: { k2: key() } }, before)).toBeNull();
});

it('opens nothing that was changed by a single byte, or is no token', () => {
  const [id, body = '', mac = ''] = signGrant(grant, keys).split('.');
  const flipped = (text: string, at: number) => {
    const bytes = Buffer.from(text, 'base64url');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64url');
  };
  for (let at = 0; at < 57; at++) expect(readGrant([id, flipped(body, at), mac].join('.'), keys, before)).toBeNull();
  for (let at = 0; at < 32; at++) expect(readGrant([id, body, flipped(mac, at)].join('.'), keys, before)).toBeNull();
  for (const token of [
    '',
    '.',
    '..',
    'k1',
    `k9.${body}.${mac}`,
    `__proto__.${body}.${mac}`,
    `k1.${body}.${mac}.x`,
    `k1.${body}.`,
  ])
    expect(readGrant(token, keys, before)).toBeNull();
});
