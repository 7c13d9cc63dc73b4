import { listAudit } from '@parley/contracts/audit';
import type { BusinessHours } from '@parley/contracts/business-hours';
import { getMe } from '@parley/contracts/me';
import { getRetention, setRetention } from '@parley/contracts/retention';
import { getTenantSettings, setTenantSettings } from '@parley/contracts/tenant-settings';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

const workdays = [{ from: '09:00', until: '18:00' }];
const hours: BusinessHours = {
  week: [...Array.from({ length: 5 }, () => workdays), [], []],
  holidays: [{ date: '2026-12-25', name: 'Christmas' }],
};

it('says how it is called, looks and when it is there; everybody is shown it, and the log has it', async () => {
  const { tenant, owner } = await app.newTenant({ name: 'Lumen' });
  const agent = app.as(await tenant.newMember('agent'));
  const admin = app.as(owner);
  const before = { name: 'Lumen', hue: null, timeZone: 'UTC', language: 'en', hours: null };
  expect((await admin.call(getTenantSettings)).body).toEqual(before);
  const set = (body: object) => admin.call(setTenantSettings, { body });
  const change = { hue: 150, timeZone: 'Europe/Lisbon', language: 'pt-BR', hours };
  const shown = { ...before, ...change };
  expect(await set(change)).toMatchObject({ status: 200, body: shown });
  expect((await set({ name: ' Lumen Clinic ' })).body).toEqual({ ...shown, name: 'Lumen Clinic' });
  expect((await set({ name: 'Lumen Clinic', hours })).body).toEqual({ ...shown, name: 'Lumen Clinic' }); // nothing new
  const { body: me } = await agent.call(getMe);
  expect(me.tenant).toMatchObject({ ...change, name: 'Lumen Clinic' });
  expect((await set({ hours: null, hue: null })).body).toMatchObject({ hours: null, hue: null });
  expect((await agent.call(setTenantSettings, { body: { hue: 25 } })).status).toBe(403);

  const { items } = (await admin.call(listAudit, { query: { action: 'settings.updated' } })).body;
  const words = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].map((day) => `${day} 09:00–18:00`);
  expect(items.map((entry) => [entry.before, entry.after])).toEqual([
    [
      { hue: 150, hours: [...words, '2026-12-25 Christmas'] },
      { hue: null, hours: null },
    ],
    [{ name: 'Lumen' }, { name: 'Lumen Clinic' }],
    [
      { hue: null, timeZone: 'UTC', language: 'en', hours: null },
      { ...change, hours: [...words, '2026-12-25 Christmas'] },
    ],
  ]);
});

const onMonday = (...day: BusinessHours['week'][number]) => ({
  hours: { ...hours, week: [day, [], [], [], [], [], []] },
});

it.each([
  ['a colour of its own', { hue: 26 }],
  ['a zone that is none', { timeZone: 'Europe/Nowhere' }],
  ['a language that is not spoken', { language: 'tlh' }],
  ['no name', { name: ' ' }],
  ['a week of six days', { hours: { ...hours, week: hours.week.slice(1) } }],
  ['an end before the beginning', onMonday({ from: '18:00', until: '09:00' })],
  ['hours that overlap', onMonday(...workdays, { from: '17:00', until: '20:00' })],
  ['a time that is none', onMonday({ from: '09:00', until: '25:00' })],
  ['a day that is none', { hours: { ...hours, holidays: [{ date: '2026-02-30', name: 'Never' }] } }],
])('takes no %s', async (_what, body) => {
  const { owner } = await app.newTenant();
  expect((await app.as(owner).call(setTenantSettings, { body: body as object })).status).toBe(422);
});

it('says for how long it keeps what', async () => {
  const { owner } = await app.newTenant();
  const admin = app.as(owner);
  const all = { resolvedDays: null, webhookDays: null, eventDays: 7 };
  expect((await admin.call(getRetention)).body).toEqual(all);
  const some = { resolvedDays: 365, webhookDays: 3, eventDays: 2 };
  expect(await admin.call(setRetention, { body: some })).toMatchObject({ status: 200, body: some });
  const rest = { ...some, resolvedDays: null };
  expect((await admin.call(setRetention, { body: { resolvedDays: null } })).body).toEqual(rest);
  expect((await admin.call(getRetention)).body).toEqual(rest);
  for (const body of [{ resolvedDays: 29 }, { webhookDays: 0 }, { eventDays: 8 }, { eventDays: 1.5 }])
    expect((await admin.call(setRetention, { body })).status).toBe(422);
  const { items } = (await admin.call(listAudit, { query: { action: 'settings.updated' } })).body;
  expect(items.map(({ before, after }) => [before, after])).toEqual([
    [{ resolvedDays: 365 }, { resolvedDays: null }],
    [all, some],
  ]);
});
