import { getAssignmentRules, setAssignmentRules } from '@parley/contracts/assignment';
import { listAudit } from '@parley/contracts/audit';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('shares nothing by rules until an admin says so, each rule for itself, and the log has it', async () => {
  const { owner } = await app.newTenant();
  const admin = app.as(owner);
  const off = { autoAssign: 'off', freeWhenAway: false };
  expect((await admin.call(getAssignmentRules)).body).toEqual(off);
  const inTurn = { ...off, autoAssign: 'round_robin' };
  expect((await admin.call(setAssignmentRules, { body: { autoAssign: 'round_robin' } })).body).toEqual(inTurn);
  const both = { ...inTurn, freeWhenAway: true };
  expect((await admin.call(setAssignmentRules, { body: { freeWhenAway: true } })).body).toEqual(both);
  expect((await admin.call(setAssignmentRules, { body: { freeWhenAway: true } })).body).toEqual(both);
  expect((await admin.call(getAssignmentRules)).body).toEqual(both);
  const { items } = (await admin.call(listAudit, { query: { action: 'settings.updated' } })).body;
  expect(items.map(({ before, after }) => [before, after])).toEqual([
    [{ freeWhenAway: false }, { freeWhenAway: true }],
    [{ autoAssign: 'off' }, { autoAssign: 'round_robin' }],
  ]);
});
