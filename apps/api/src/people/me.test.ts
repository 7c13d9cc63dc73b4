import { createLabel } from '@parley/contracts/labels';
import { changeMe, getMe, switchTenant } from '@parley/contracts/me';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('tells who is signed in, where, and what they may do', async () => {
  const { tenant } = await app.newTenant({ name: 'Acme' });
  const agent = await tenant.newMember('agent', { name: 'Ada' });
  const { status, body } = await app.as(agent).call(getMe);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    user: { id: agent.userId, name: 'Ada', superAdmin: false },
    memberships: [{ tenantId: tenant.id, memberId: agent.id, role: 'agent' }],
    tenant: { id: tenant.id, name: 'Acme' },
    memberId: agent.id,
    role: 'agent',
  });
  expect(body.permissions).toContain('inbox.read');
  expect(body.permissions).not.toContain('account.manage');
});

it('says where the tenant’s events stand, for the stream to begin there', async () => {
  const { tenant, owner } = await app.newTenant();
  const cursor = async () => Number((await app.as(owner).call(getMe)).headers.get(CURSOR_HEADER));
  expect(await cursor()).toBe(0);
  await app.as(owner).call(createLabel, { body: { name: 'VIP', hue: 25 } });
  expect(await cursor()).toBe((await tenant.events()).at(-1)?.seq);
});

it('lets nobody in without a session of ours', async () => {
  const { owner } = await app.newTenant();
  const answers = await Promise.all([
    app.call(getMe),
    app.as({ cookie: 'parley=nonsense' }).call(getMe),
    app.as({ cookie: owner.cookie.replace(/.{6}$/, 'AAAAA%3D') }).call(getMe),
  ]);
  for (const { status, body } of answers) expect([status, body.code]).toEqual([401, 'unauthenticated']);
});

it('switches to another membership of the person, and to no other tenant', async () => {
  const [mine, second, foreign] = [await app.newTenant(), await app.newTenant(), await app.newTenant()];
  await second.tenant.newMember('agent', { userId: mine.owner.userId });
  const { body } = await app.as(mine.owner).call(switchTenant, { body: { tenantId: second.tenant.id } });
  expect(body).toMatchObject({ tenant: { id: second.tenant.id }, role: 'agent' });
  expect((await app.as(mine.owner).call(getMe)).body.tenant?.id).toBe(second.tenant.id);
  const refused = await app.as(mine.owner).call(switchTenant, { body: { tenantId: foreign.tenant.id } });
  expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
});

it('is spoken to in the language that one chose', async () => {
  const { owner } = await app.newTenant();
  const spoken = async () => {
    const { user, tenant } = (await app.as(owner).call(getMe)).body;
    return [user.language, tenant?.language];
  };
  expect(await spoken()).toEqual([null, 'en']);
  expect((await app.as(owner).call(changeMe, { body: { language: 'ro' } })).status).toBe(204);
  expect(await spoken()).toEqual(['ro', 'en']);
  await app.as(owner).call(changeMe, { body: { language: null } });
  expect(await spoken()).toEqual([null, 'en']);
});

it('answers what is not valid with one error a field', async () => {
  const { owner } = await app.newTenant();
  const { status, body, headers } = await app
    .as(owner)
    .call(switchTenant, { body: { tenantId: 'x' } }, { 'x-request-id': 'my-own-id-1' });
  expect([status, body.code, body.correlationId]).toEqual([422, 'invalid', 'my-own-id-1']);
  expect(body.errors).toMatchObject([{ path: 'tenantId' }]);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(headers.get('x-request-id')).toBe('my-own-id-1');
});
