import { createApiKey } from '@parley/contracts/api-keys';
import { listMembers, listTeam, setAvailability } from '@parley/contracts/members';
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

it('shows who is away, from when they say so until they say that they are back', async () => {
  const { tenant, owner } = await app.newTenant();
  const agent = await tenant.newMember('agent', { name: 'Ada' });
  const say = (availability: 'online' | 'away') => app.as(agent).call(setAvailability, { body: { availability } });
  const shown = async () => {
    const [all, team] = [await app.as(owner).call(listMembers), await app.as(owner).call(listTeam)];
    const lists: { id: string; availability: string }[][] = [all.body.items, team.body.items];
    return lists.map((items) => items.find(({ id }) => id === agent.id)?.availability);
  };
  expect(await shown()).toEqual(['online', 'online']);

  const member = { id: agent.id, name: 'Ada', role: 'agent', active: true, availability: 'away', teamIds: [] };
  expect(await say('away')).toMatchObject({ status: 200, body: member });
  expect(await tenant.nextEvent()).toMatchObject({ type: 'member.updated', member });
  expect(await shown()).toEqual(['away', 'away']);
  expect(await say('away')).toMatchObject({ status: 200, body: member });
  expect((await say('online')).body.availability).toBe('online');
  expect((await tenant.events()).map((event) => event.type === 'member.updated' && event.member.availability)).toEqual([
    'away',
    'online',
  ]);
  expect(await shown()).toEqual(['online', 'online']);
});

it('lets no program be away: it is nobody', async () => {
  const { owner } = await app.newTenant();
  const { body } = await app.as(owner).call(createApiKey, { body: { name: 'Program', permissions: ['inbox.read'] } });
  const refused = await app.by(body.key).call(setAvailability, { body: { availability: 'away' } });
  expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
});
