import { randomBytes } from 'node:crypto';
import { expect, it, test } from 'vitest';
import { EnvError, parseEnv } from './env';

const good = {
  DATABASE_URL: 'postgres://parley@db/parley',
  REDIS_URL: 'redis://cache:6379',
  AUTH_SECRET: 'x'.repeat(32),
  CREDENTIALS_KEYS: JSON.stringify({ k1: randomBytes(32).toString('base64') }),
  CREDENTIALS_KEY_ID: 'k1',
  PUBLIC_URL: 'https://inbox.example.com',
  METRICS_TOKEN: 'x'.repeat(16),
};

it('takes what an operator writes, and fills in the rest', () => {
  expect(parseEnv(good)).toMatchObject({
    NODE_ENV: 'production',
    API_PORT: 3100,
    PARLEY_DEMO: false,
    REDIS_PREFIX: 'parley',
    TRUST_PROXY: '',
  });
  expect(parseEnv({ ...good, WEB_URL: '', CLOUD_API_APP_SECRET: '' }).WEB_URL).toBeUndefined();
});

it('says everything that is wrong at once, and repeats no value', () => {
  const message = messageOf({
    ...good,
    DATABASE_URL: 'mysql://s3cret',
    API_PORT: '99999',
    AUTH_SECRET: 's3cret',
    CREDENTIALS_KEYS: '{"k1":"s3cret"}',
  });
  for (const name of ['DATABASE_URL', 'API_PORT', 'AUTH_SECRET', 'CREDENTIALS_KEYS'])
    expect(message).toContain(`\n  ${name}: `);
  expect(message).not.toContain('s3cret');
});

test.each<[string, Record<string, string | undefined>, string]>([
  ['a demo under a public address', { PARLEY_DEMO: '1' }, 'PARLEY_DEMO'],
  ['production without a public address', { PUBLIC_URL: undefined }, 'PUBLIC_URL'],
  ['production without a token for its metrics', { METRICS_TOKEN: undefined }, 'METRICS_TOKEN'],
  [
    'a key of 16 bytes',
    { CREDENTIALS_KEYS: JSON.stringify({ k1: randomBytes(16).toString('base64') }) },
    'CREDENTIALS_KEYS',
  ],
  ['a key id without its key', { CREDENTIALS_KEY_ID: 'k2' }, 'CREDENTIALS_KEY_ID'],
  ['an S3 without its bucket', { S3_ENDPOINT: 'https://s3.example.com' }, 'S3_BUCKET'],
  ['a key of S3 without its secret', { S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'a' }, 'S3_ACCESS_KEY_ID'],
  ['an allow-list that is none', { EGRESS_ALLOW: '10.0.0.0/8' }, 'EGRESS_ALLOW'],
])('refuses %s', (_name, change, variable) => {
  expect(messageOf({ ...good, ...change })).toContain(`  ${variable}: `);
});

function messageOf(source: Record<string, string | undefined>): string {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return '';
}
