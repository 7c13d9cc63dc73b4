import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createPool } from '@parley/db/pools';
import { createMember, createTenant, createUser } from '@parley/inbox/people/people.seed';
import { AuditChain } from '@parley/platform/audit-chain';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

function bash(script: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn('bash', ['-s'], { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(script);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
