import { providers } from '@parley/contracts/accounts';
import { expect, it, test } from 'vitest';
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
  expect(secretsOf('cloud-api')).toEqual(['accessToken', 'appSecret', 'verifyToken']);
});

it('knows no others', () => {
  expect(() => providerOf('fax')).toThrow('There is no provider fax');
  expect(() => providerOf('toString')).toThrow();
});
