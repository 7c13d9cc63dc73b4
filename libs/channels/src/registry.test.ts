import { providers } from '@parley/contracts/accounts';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { providerOf, registry } from './registry';

test.each(providers)('%s stands under its own name, with a form to draw', (name) => {
  const provider = providerOf(name);
  expect(provider).toBe(registry[name]);
  expect(provider.name).toBe(name);
  const schema = z.toJSONSchema(provider.config, { io: 'input' });
  const fields = Object.values(schema.properties ?? {}) as { title?: string; description?: string; secret?: boolean }[];
  expect(fields.every(({ title, description }) => title && description)).toBe(true);
  expect(fields.some(({ secret }) => secret)).toBe(true);
});

it('tells secret fields apart in the schema', () => {
  const secretsOf = (name: string) => {
    const properties = z.toJSONSchema(providerOf(name).config, { io: 'input' }).properties ?? {};
    return Object.keys(properties).filter((field) => (properties[field] as { secret?: boolean }).secret);
  };
  expect(secretsOf('evolution')).toEqual(['apiKey', 'webhookSecret', 'jwtKey']);
  expect(secretsOf('slack')).toEqual(['botToken', 'signingSecret', 'refreshToken']);
  expect(secretsOf('cloud-api')).toEqual(['accessToken', 'appSecret', 'verifyToken']);
  expect(secretsOf('green-api')).toEqual(['apiTokenInstance', 'webhookUrlToken']);
});

it('knows no others', () => {
  expect(() => providerOf('fax')).toThrow('There is no provider fax');
  expect(() => providerOf('toString')).toThrow();
});

describe.each(providers)('the addresses of %s', (name) => {
  const { properties = {} } = z.toJSONSchema(providerOf(name).config, { io: 'input' });
  const fields = Object.keys(properties).filter((field) => (properties[field] as { format?: string }).format === 'uri');
  const errorsOf = (url: string) => {
    const { error } = providerOf(name).config.safeParse(Object.fromEntries(fields.map((field) => [field, url])));
    return error?.issues.filter(({ path }) => fields.includes(String(path[0]))).map(({ message }) => message) ?? [];
  };

  it.each([
    'https://me:word@x.example',
    'https://me@x.example',
    'https://x.example/?a=b',
    'https://x.example/?',
    'https://x.example/#a',
  ])('are not %s, and it says why', (url) => {
    expect(errorsOf(url)).toEqual(
      fields.map(() => expect.stringMatching(/^The address goes without a (login|question mark|#)/) as string),
    );
  });

  it.each(['https://x.example', 'http://127.0.0.1:3110/path/'])('may be %s', (url) => {
    expect(fields).not.toEqual([]);
    expect(errorsOf(url)).toEqual([]);
  });
});
