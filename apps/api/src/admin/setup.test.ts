import { createFirstSuperAdmin } from '@parley/contracts/setup';
import { getMe } from '@parley/contracts/me';
import { FirstSuperAdmin } from '@parley/inbox/people/first-super-admin';
import { startApp, type TestApp } from '@parley/testing/app';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let api: NestFastifyApplication;
beforeAll(async () => {
  app = await startApp({ api: async (...args) => (api = await serveApi(...args)) });
});
afterAll(() => app?.close());

it('is made by who has the token of an install that nobody runs, once', async () => {
  const first = api.get(FirstSuperAdmin, { strict: false });
  const [token, another] = [await first.invite(), await first.invite()];
  const person = { name: 'Ana', email: 'Ana@Parley.test', password: 'a long enough one' };
  const create = (given: string | null, more = {}) =>
    app.call(createFirstSuperAdmin, { body: { ...person, ...more, token: given ?? '' } });
  expect(JSON.stringify(await app.sql`select * from verifications`)).not.toContain(token);
  expect((await create('made-up')).status).toBe(404);
  const made = await create(token);
  expect(made.status).toBe(201);
  for (const used of [token, another]) expect((await create(used, { email: 'b@parley.test' })).status).toBe(404);
  expect(await first.invite()).toBeNull();
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ email: 'ana@parley.test', password: person.password });
  const signedIn = await app.fetch('/api/auth/sign-in/email', { ...init, body });
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
  expect((await app.as({ cookie }).call(getMe)).body.user).toMatchObject({ id: made.body.userId, superAdmin: true });
  const log = await app.sql`select action, actor_name from audit_log where target_id = ${made.body.userId}`;
  expect(log).toMatchObject([{ action: 'super_admin.created', actor_name: 'Ana' }]);
});

it('is not made when the time of the token is over', async () => {
  await app.sql`update users set super_admin = false`;
  const token = await api.get(FirstSuperAdmin, { strict: false }).invite();
  await app.sql`update verifications set expires_at = now()`;
  const body = { token: token ?? '', name: 'B', email: 'late@parley.test', password: 'a long enough one' };
  expect((await app.call(createFirstSuperAdmin, { body })).status).toBe(404);
});
