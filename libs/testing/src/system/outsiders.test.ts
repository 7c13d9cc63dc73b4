import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createApiKey } from '@parley/contracts/api-keys';
import { createPool } from '@parley/db/pools';
import { createMember, createTenant, createUser } from '@parley/inbox/people/people.seed';
import { AuditChain } from '@parley/platform/audit-chain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../wait-for';
import { installClient, type InstalledClient } from './installed-client';
import { startSystem, type System } from './system';

const page = path.resolve(import.meta.dirname, '../../../../docs/connect-with-curl.md');
const admin = { email: 'curl@parley.test', password: 'a page that runs' };

let system: System;

beforeAll(async () => {
  system = await startSystem();
  const { env } = system.app;
  const chain = new AuditChain(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID);
  const pool = createPool(env.DATABASE_URL, 'parley_platform', { max: 1 });
  const userId = await createUser(pool, { ...admin, name: 'Ada' });
  const tenantId = await createTenant({ platform: pool, chain }, { name: 'Curl', slug: 'curl' });
  await createMember(pool, { tenantId, userId, name: 'Ada', role: 'tenant_admin' });
  await pool.end();
});
afterAll(() => system?.close());

it('connects an account, writes as a customer and sees it on the stream, by the commands of the docs', async () => {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code);
  const script = ['set -euo pipefail', ...blocks].join('\n');
  const { code, output } = await bash(script, { PARLEY: system.app.url, EMAIL: admin.email, PASSWORD: admin.password });
  expect(code, output).toBe(0);
  expect(output).toContain('"role":"tenant_admin"');
  expect(output).toMatch(/data:.*"text":"Is the blue one back in stock\?"/);
  expect(output).toContain('"title":"Ines"');
});

describe('the client’s package', () => {
  let client: InstalledClient;
  beforeAll(async () => {
    client = await installClient();
  });
  afterAll(() => client?.remove());

  it('stands alone, with all that it needs and nothing else', () => {
    const names = Object.keys(client.files).filter((name) => !name.startsWith('types/'));
    expect(names.sort()).toEqual(
      ['LICENSE', 'README.md', 'examples/answer-bot.ts', 'examples/tour.ts', 'index.js', 'package.json'].sort(),
    );
    const ours = Object.entries(client.files).filter(([, text]) => /@parley\/(?!client\b)/.test(text));
    expect(ours.map(([name]) => name)).toEqual([]);
    // A declaration that is not found would be `any`, and nobody would be told.
    const found = Object.entries(client.files).flatMap(([name, text]) =>
      [...text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)].map(
        ([, to = '']) => `${path.join(name, '..', to)}.d.ts`,
      ),
    );
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter((name) => !(name in client.files))).toEqual([]);
    expect(client.files['index.js']).not.toMatch(/^import /m);
    expect(JSON.parse(client.files['package.json'] ?? '')).toMatchObject({
      license: 'MIT',
      engines: { node: '>=20.3' },
    });
  });

  it('knows the types of every call, as its examples use them', async () => {
    const program = `
      import { createClient, routes, type StreamEvent } from '@parley/client';
      const client = createClient({ baseUrl: 'https://inbox.example.com', key: 'parley_key' });
      const { body } = await client.call(routes.getConversation, { params: { id: 'x' } });
      export const status: 'open' | 'pending' | 'resolved' = body.status;
      // @ts-expect-error: names are no numbers
      export const name: number = body.contact.name;
      // @ts-expect-error: it must be said which
      await client.call(routes.getConversation, {});
      // @ts-expect-error: no event has this type
      export const isKnown = (event: StreamEvent) => event.type === 'message.sung';
      // @ts-expect-error: one conversation is no list
      client.list(routes.getConversation, { params: { id: 'x' } });
    `;
    expect(await client.check(program)).toBe('');
  });

  it('makes calls of each kind, as a client of OAuth 2.0', async () => {
    const { tenant, owner } = await system.app.newTenant();
    for (const name of ['Ada', 'Ben', 'Cy']) await tenant.newConversation({ name });
    const permissions = ['inbox.read', 'inbox.write', 'label.manage', 'settings.manage'] as const;
    const { body } = await system.app
      .as(owner)
      .call(createApiKey, { body: { name: 'Tour', permissions: [...permissions] } });
    const env = { PARLEY_URL: system.app.url, PARLEY_CLIENT_ID: body.apiKey.id, PARLEY_CLIENT_SECRET: body.key };
    const tour = client.run('tour.ts', env);
    expect(await tour.ended, tour.output()).toBe(0);
    const said = tour.output().split('\n');
    expect(said.filter((line) => /^(label|conversation|event)/.test(line))).toEqual([
      expect.stringMatching(/^label made: Returns, event \d+$/),
      ...['Cy', 'Ben', 'Ada'].map((name) => `conversation: ${name}`),
      'event: label.updated',
    ]);
    expect(said).toContain('exported: conversation');
    const [file] = await system.app
      .sql`select state, size_bytes::int size from attachments where tenant_id = ${tenant.id}`;
    expect(file).toEqual({ state: 'uploaded', size: 27 });
  });

  it('answers customers by its example, until it is interrupted', async () => {
    const { tenant, owner } = await system.app.newTenant();
    const account = await system.connect(tenant, 'evolution');
    const { body } = await system.app
      .as(owner)
      .call(createApiKey, { body: { name: 'Bot', permissions: ['inbox.read', 'inbox.write'] } });
    const bot = client.run('answer-bot.ts', { PARLEY_URL: system.app.url, PARLEY_KEY: body.key });
    await waitFor('the program to watch', () => bot.output().includes('watching 0 open conversations'));
    for (const text of ['Hello!', 'Are you open today?'])
      await system.simulator.receive('evolution', account.ref, { from: '+12025550188', kind: 'text', text });
    const sent = await waitFor('the answer', async () => {
      const all = await system.simulator.sent('evolution', account.ref);
      return all.length > 0 && all;
    });
    expect(sent).toMatchObject([{ to: '+12025550188', text: 'We are open from 9 to 18, Monday to Friday.' }]);
    await waitFor('what it says of it', () => bot.output().includes('answered: '));
    bot.interrupt();
    expect(await bot.ended, bot.output()).toBe(0);
  });
});

function bash(script: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn('bash', ['-s'], { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(script);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
