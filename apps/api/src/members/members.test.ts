import { listMembers } from '@parley/contracts/members';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('lists members by name, the inactive ones too, page by page', async () => {
  const { tenant, owner } = await app.newTenant();
  await tenant.newMember('agent', { name: 'zoe' });
  const agent = await tenant.newMember('agent', { name: 'Ada' });
  await tenant.newMember('manager', { name: 'Ada', active: false });
  const names: [string, boolean][] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { body } = await app.as(agent).call(listMembers, { query: { limit: 1, ...(cursor ? { cursor } : {}) } });
    names.push(...body.items.map(({ name, active }): [string, boolean] => [name, active]));
    cursor = body.nextCursor;
  }
  expect(names.filter(([name]) => name !== owner.name)).toEqual([
    ['Ada', true],
    ['Ada', false],
    ['zoe', true],
  ]);
});
