import { randomUUID } from 'node:crypto';
import { listAudit } from '@parley/contracts/audit';
import type { BusinessHours } from '@parley/contracts/business-hours';
import { MAX_LOGO_BYTES } from '@parley/contracts/logo';
import { getMe } from '@parley/contracts/me';
import { getRetention, setRetention } from '@parley/contracts/retention';
import { getTenantSettings, setTenantSettings } from '@parley/contracts/tenant-settings';
import { startApp, type TestApp } from '@parley/testing/app';
import sharp from 'sharp';
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
  const before = { name: 'Lumen', hue: null, logo: null, timeZone: 'UTC', language: 'en', hours: null };
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

const pictureOf = async (background: string) =>
  dataUrl(
    await sharp({ create: { width: 300, height: 200, channels: 3, background } })
      .png()
      .toBuffer(),
  );
const dataUrl = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;

it('puts up a logo, which its members are shown and nobody else; the log says so without the picture', async () => {
  const [{ tenant, owner }, other] = [await app.newTenant(), await app.newTenant()];
  const agent = app.as(await tenant.newMember('agent'));
  const admin = app.as(owner);
  const set = (logo: string | null, headers: Record<string, string> = {}) =>
    admin.call(setTenantSettings, { body: { logo } }, headers);
  const [key, red] = [{ 'idempotency-key': randomUUID() }, await pictureOf('red')];
  const first = await set(red, key);
  const { logo } = first.body;
  expect([first.status, logo]).toEqual([200, expect.stringMatching(/^data:image\/webp;base64,/)]);
  expect((await set(red, key)).headers.get('idempotency-replayed')).toBe('true');
  expect((await set(await pictureOf('blue'), key)).body).toMatchObject({ code: 'idempotency_mismatch' });
  expect((await agent.call(getMe)).body.tenant?.logo).toBe(logo);
  expect((await app.as(other.owner).call(getMe)).body.tenant?.logo).toBeNull();
  expect((await app.as(other.owner).call(getTenantSettings)).body.logo).toBeNull();
  expect((await agent.call(setTenantSettings, { body: { logo: null } })).status).toBe(403);

  expect((await admin.call(setTenantSettings, { body: { hue: 25 } })).body.logo).toBe(logo); // nobody spoke of it
  expect((await set(logo)).body.logo).toBe(logo); // as it was first drawn
  const second = (await set(await pictureOf('blue'))).body.logo;
  expect(second).not.toBe(logo);
  expect((await set(null)).body.logo).toBeNull();
  expect((await agent.call(getMe)).body.tenant?.logo).toBeNull();

  const { items } = (await admin.call(listAudit, { query: { action: 'settings.updated' } })).body;
  const digest = expect.stringMatching(/^sha256:[0-9a-f]{16}$/) as string;
  expect(items.map((entry) => [entry.before, entry.after])).toEqual([
    [{ logo: digest }, { logo: null }],
    [{ logo: digest }, { logo: digest }],
    [{ hue: null }, { hue: 25 }],
    [{ logo: null }, { logo: digest }],
  ]);
});

it.each<[string, () => Promise<string> | string, number, string]>([
  ['markup', () => dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'), 422, 'invalid'],
  ['an address', () => 'https://example.com/logo.png', 422, 'invalid'],
  ['more than 1 MB', () => dataUrl(Buffer.alloc(MAX_LOGO_BYTES + 1)), 413, 'too_large'],
  ['more than any body may have', () => dataUrl(Buffer.alloc(1.5 * MAX_LOGO_BYTES)), 413, 'too_large'],
])('takes no logo that is %s, and keeps the one there is', async (_what, make, status, code) => {
  const { owner } = await app.newTenant();
  const admin = app.as(owner);
  const { logo } = (await admin.call(setTenantSettings, { body: { logo: await pictureOf('red') } })).body;
  const refused = await admin.call(setTenantSettings, { body: { logo: await make(), name: 'Other' } });
  expect([refused.status, refused.headers.get('content-type'), refused.body]).toEqual([
    status,
    expect.stringMatching(/^application\/problem\+json/),
    expect.objectContaining({ code }),
  ]);
  expect((await admin.call(getTenantSettings)).body).toMatchObject({ logo });
});

it('takes a logo of 1 MB, and no other body as large', async () => {
  const { owner } = await app.newTenant();
  const picture = await sharp({ create: { width: 30, height: 30, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const largest = Buffer.concat([picture, Buffer.alloc(MAX_LOGO_BYTES - picture.length)]); // what follows its end is nothing to it
  const { status } = await app.as(owner).call(setTenantSettings, { body: { logo: dataUrl(largest) } });
  const elsewhere = { body: { resolvedDays: null, more: dataUrl(largest) } };
  expect([status, (await app.as(owner).call(setRetention, elsewhere)).status]).toEqual([200, 413]);
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
