import { listAudit } from '@parley/contracts/audit';
import { createLabel, listLabels, updateLabel } from '@parley/contracts/labels';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('adds a label, tells everybody, and lists by name, page by page', async () => {
  const { tenant, owner } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  for (const name of ['VIP', 'angry', 'Refund']) await app.as(owner).call(createLabel, { body: { name, hue: 25 } });
  const names: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { body } = await app.as(agent).call(listLabels, { query: { limit: 2, ...(cursor ? { cursor } : {}) } });
    names.push(...body.items.map(({ name }) => name));
    cursor = body.nextCursor;
  }
  expect(names).toEqual(['angry', 'Refund', 'VIP']);
  expect(await tenant.events()).toMatchObject(
    ['VIP', 'angry', 'Refund'].map((name) => ({ type: 'label.updated', label: { name, hue: 25 } })),
  );
});

it('has each name once, whatever the case, and other tenants none of it', async () => {
  const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
  const create = (name: string, as = mine.owner) => app.as(as).call(createLabel, { body: { name, hue: 60 } });
  const both = await Promise.all([create('Été'), create('ÉTÉ')]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(await create(' été ')).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ path: 'name' }] } });
  expect((await create('Été', theirs.owner)).status).toBe(201);
  expect((await app.as(mine.owner).call(listLabels)).body.items).toHaveLength(1);
});

it('is added by managers, in a hue that we have', async () => {
  const { tenant, owner } = await app.newTenant();
  const [agent, manager] = [await tenant.newMember('agent'), await tenant.newMember('manager')];
  expect(await app.as(agent).call(createLabel, { body: { name: 'A', hue: 25 } })).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
  expect((await app.as(manager).call(createLabel, { body: { name: 'A', hue: 25 } })).status).toBe(201);
  expect((await app.as(owner).call(createLabel, { body: { name: 'B', hue: 26 as 25 } })).status).toBe(422);
});

it('has a hue by its name where none is given', async () => {
  const { owner } = await app.newTenant();
  const create = (name: string) => app.as(owner).call(createLabel, { body: { name } });
  const created = await Promise.all(['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight'].map(create));
  expect(created.map(({ status }) => status)).toEqual(Array(8).fill(201));
  expect(new Set(created.map(({ body }) => body.hue)).size).toBeGreaterThan(2);
  const { owner: other } = await app.newTenant();
  expect((await app.as(other).call(createLabel, { body: { name: 'one' } })).body.hue).toBe(created[0]?.body.hue);
});

it('is named anew and recoloured by who may, and everybody is told', async () => {
  const { tenant, owner } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  const create = async (name: string) => (await app.as(owner).call(createLabel, { body: { name, hue: 25 } })).body;
  const [vip, angry] = [await create('VIP'), await create('Angry')];
  expect(vip.me.can).toEqual(['change']);
  expect((await app.as(agent).call(listLabels)).body.items.map(({ me }) => me.can)).toEqual([[], []]);
  const update = (id: string, body: object, as = owner) => app.as(as).call(updateLabel, { params: { id }, body });
  const label = { id: vip.id, name: 'Important', hue: 60 };
  expect(await update(vip.id, { name: ' Important ', hue: 60 })).toMatchObject({ status: 200, body: label });
  expect(await update(vip.id, { name: 'Important' })).toMatchObject({ status: 200, body: label }); // nothing new
  expect(await update(vip.id, { name: 'ANGRY' })).toMatchObject({ status: 409, body: { errors: [{ path: 'name' }] } });
  expect((await update(angry.id, { hue: 26 })).status).toBe(422);
  expect((await update(angry.id, { name: 'Mine' }, agent)).status).toBe(403);
  expect((await update(angry.id, { name: 'Theirs' }, (await app.newTenant()).owner)).status).toBe(404);
  expect((await tenant.events()).slice(2)).toMatchObject([{ type: 'label.updated', label }]);
  const { body } = await app.as(owner).call(listAudit, { query: { action: 'label.updated' } });
  expect(body.items).toMatchObject([{ before: { name: 'VIP', hue: 25 }, after: { name: 'Important', hue: 60 } }]);
});
