import { expect, it } from 'vitest';
import { changedConfig, fieldsOf, newConfig } from './config-fields';

const schema = {
  type: 'object',
  properties: {
    baseUrl: { type: 'string', format: 'uri', title: 'Server address', description: 'Where it answers' },
    keyOpens: { type: 'string', enum: ['instance', 'server'], default: 'instance', title: 'The key opens' },
    apiKey: { type: 'string', title: 'API key', secret: true },
    webhookSecret: { type: 'string', title: 'Webhook secret', default: 'made-anew-each-time', secret: true },
    expires: { type: 'integer', title: 'Expires' },
  },
  required: ['baseUrl', 'apiKey'],
};
const fields = fieldsOf(schema);

it('draws what the schema says, and shows no secret that it makes', () => {
  expect(fields.map(({ name, kind, required, made, preset }) => [name, kind, required, made, preset])).toEqual([
    ['baseUrl', 'text', true, false, ''],
    ['keyOpens', 'choice', false, false, 'instance'],
    ['apiKey', 'text', true, false, ''],
    ['webhookSecret', 'text', false, true, ''],
    ['expires', 'number', false, false, ''],
  ]);
});

it('says nothing of what was left empty', () => {
  expect(newConfig(fields, { baseUrl: ' https://e.org ', apiKey: 'k', webhookSecret: '', expires: '12' })).toEqual({
    baseUrl: 'https://e.org',
    apiKey: 'k',
    expires: 12,
  });
});

it('says what changed, keeps secrets that nobody entered, and asks for a new one', () => {
  const before = { baseUrl: 'https://e.org', keyOpens: 'instance', expires: 12 };
  const same = { baseUrl: 'https://e.org', keyOpens: 'instance', expires: '12', apiKey: '' };
  expect(changedConfig(fields, before, same)).toEqual({});
  const changed = { ...same, keyOpens: 'server', expires: '', webhookSecret: null };
  expect(changedConfig(fields, before, changed)).toEqual({ keyOpens: 'server', expires: null, webhookSecret: null });
});
