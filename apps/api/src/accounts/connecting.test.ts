import {
  createAccount,
  getAccountGroups,
  getAccountImpact,
  listAccountDays,
  listProviders,
  pairAccount,
  setAccountGroups,
  updateAccount,
} from '@parley/contracts/accounts';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub, type StubCall } from '@parley/testing/http-stub';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let stub: HttpStub;

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: stub.host } });
});
afterAll(async () => {
  await app?.close();
  await stub.close();
});
beforeEach(() => {
  stub.calls.length = 0;
});

const apiKey = 'evolution-key-0123456789';
const evolution = () => ({ baseUrl: stub.url, instance: randomUUID(), apiKey });
const greenApi = () => ({
  apiUrl: stub.url,
  mediaUrl: stub.url,
  idInstance: '710300000001',
  apiTokenInstance: 'token0123456789',
});

/** An Evolution server whose instance waits for its phone. */
const waiting = ({ method, path, query }: StubCall) => {
  if (path.includes('connectionState')) return { body: { instance: { state: 'connecting' } } };
  if (path.includes('fetchInstances')) return { body: [] };
  if (path.includes('/instance/connect/'))
    return { body: { base64: 'data:image/png;base64,AAAA', pairingCode: query.number ? 'WZYEH1YY' : null, count: 1 } };
  return { body: method === 'DELETE' ? { status: 'SUCCESS' } : { enabled: true } };
};

it('lists what was looked at, each with its result', async () => {
  const { owner } = await app.newTenant();
  stub.answer(waiting);
  const { body } = await app
    .as(owner)
    .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
  expect(body.checks).toMatchObject(
    [
      { title: /answers for instance/, passed: true, detail: null },
      { title: /kind of key/, passed: true },
      { title: /codes to scan/, passed: true },
      { title: 'It posts what happens to Parley', passed: true },
    ].map((check) => ({ ...check, title: expect.stringMatching(check.title) })),
  );
  const leftMs = body.qr?.leftMs ?? 0;
  expect(leftMs > 0 && leftMs <= 45_000).toBe(true);
});

it('ends the list with what did not pass, and what to do', async () => {
  const { owner } = await app.newTenant();
  stub.answer((call) => (call.path.includes('webhook/set') ? { status: 500, body: {} } : waiting(call)));
  const connected = await app
    .as(owner)
    .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
  expect(connected.body.checks.at(-1)).toMatchObject({ title: 'It posts what happens to Parley', passed: false });
  stub.answer(() => ({ status: 401, body: {} }));
  const { body } = await app.as(owner).call(updateAccount, { params: connected.body, body: { config: {} } });
  expect(body.state).toBe('needs_reauth');
  expect(body.checks).toEqual([
    { title: expect.stringMatching(/answers/), passed: false, detail: body.stateDetail, ms: expect.any(Number) },
  ]);
});

it('gives a code to type, once the login that shows pictures is ended', async () => {
  const { owner } = await app.newTenant();
  stub.answer(waiting);
  const { body: account } = await app
    .as(owner)
    .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
  stub.calls.length = 0;
  const paired = await app.as(owner).call(pairAccount, { params: account, body: { phone: '+15550102000' } });
  expect(paired).toMatchObject({ status: 200, body: { code: 'WZYEH1YY' } });
  const asked = stub.calls.map(({ method, path, query }) => `${method} ${path.split('/')[2]} ${query.number ?? ''}`);
  expect(asked.slice(-2)).toEqual(['DELETE logout ', 'GET connect 15550102000']);
});

it('says why there is no code', async () => {
  const { owner, tenant } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  stub.answer((call) =>
    call.path.includes('connectionState') ? { body: { instance: { state: 'open' } } } : waiting(call),
  );
  const { body: account } = await app
    .as(owner)
    .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
  const ask = (who: typeof owner, phone: string) => app.as(who).call(pairAccount, { params: account, body: { phone } });
  const detail = expect.stringMatching(/linked/) as string; // a pattern alone is like any object
  expect(await ask(owner, '+15550102000')).toMatchObject({ status: 502, body: { detail } });
  expect(await ask(owner, '5550102000')).toMatchObject({ status: 422, body: { code: 'invalid' } });
  expect(await ask(agent, '+15550102000')).toMatchObject({ status: 403 });
});

// A change of its settings restarts an instance, which would end the login that somebody is scanning for.
it('leaves a GREEN-API instance alone that posts here already', async () => {
  const { owner } = await app.newTenant();
  let settings: Record<string, unknown> = {};
  stub.answer(({ path, body }) => {
    if (path.includes('getStateInstance')) return { body: { stateInstance: 'notAuthorized' } };
    if (path.includes('/qr/')) return { body: { type: 'qrCode', message: 'AAAA' } };
    if (path.includes('getWaSettings')) return { body: {} };
    if (path.includes('getSettings')) return { body: settings };
    settings = { ...settings, ...(body as Record<string, unknown>) };
    return { body: { saveSettings: true } };
  });
  const { body: account } = await app
    .as(owner)
    .call(createAccount, { body: { provider: 'green-api', name: 'Sales', config: greenApi() } });
  expect(account).toMatchObject({ state: 'needs_qr', qr: { image: 'data:image/png;base64,AAAA' } });
  await app.as(owner).call(updateAccount, { params: account, body: { config: {} } });
  const changes = () => stub.calls.filter(({ path }) => path.includes('setSettings')).length;
  expect(changes()).toBe(1);
  await app.as(owner).call(updateAccount, { params: account, body: { config: { webhookUrlToken: null } } });
  expect(changes()).toBe(2);
});

it('tells what deleting would touch', async () => {
  const { owner, tenant } = await app.newTenant();
  const { id, accountId } = await tenant.newConversation();
  const impact = (who: typeof owner) => app.as(who).call(getAccountImpact, { params: { id: accountId } });
  expect(await impact(owner)).toMatchObject({ status: 200, body: { conversations: 1, open: 1, waiting: 0 } });
  await app.sql`update conversations set status = 'resolved' where id = ${id}`;
  expect(await impact(owner)).toMatchObject({ body: { conversations: 1, open: 0 } });
  const other = await app.newTenant();
  expect(await impact(other.owner)).toMatchObject({ status: 404 });
});

it('leaves groups out, all but those that are named, and shows which there are', async () => {
  const { owner, tenant } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  const crew = { id: '120363041234567890@g.us', subject: 'Depot crew' };
  stub.answer((call) => (call.path.includes('fetchAllGroups') ? { body: [crew] } : waiting(call)));
  const { body: params } = await app
    .as(owner)
    .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
  const groups = [{ externalId: crew.id, title: 'Depot crew' }];
  const look = (who: typeof owner) => app.as(who).call(getAccountGroups, { params });
  expect(await look(owner)).toMatchObject({
    status: 200,
    body: { ignored: false, allowed: [], groups, obstacle: null },
  });
  const wanted = { ignored: true, allowed: [crew.id] };
  expect(await app.as(owner).call(setAccountGroups, { params, body: wanted })).toMatchObject({ body: wanted });
  stub.answer(() => ({ status: 500, body: {} }));
  const unasked = { groups: null, obstacle: expect.stringMatching(/Try again/) as string };
  expect(await look(owner)).toMatchObject({ body: { ...wanted, ...unasked } });
  const set = { params, body: wanted };
  expect(await app.as(agent).call(setAccountGroups, set)).toMatchObject({ status: 403 });
  expect(await app.as((await app.newTenant()).owner).call(setAccountGroups, set)).toMatchObject({ status: 404 });
  const many = { ...wanted, allowed: Array<string>(501).fill('x') };
  expect(await app.as(owner).call(setAccountGroups, { params, body: many })).toMatchObject({ status: 422 });
  const cloud = await tenant.newAccount('cloud-api');
  expect(await app.as(owner).call(getAccountGroups, { params: cloud })).toMatchObject({
    body: { code: 'channel_cannot' },
  });
});

it('says of each provider what connecting it takes', async () => {
  const { owner } = await app.newTenant();
  const { body } = await app.as(owner).call(listProviders, {});
  const facts = body.items.map(({ provider, webhook, linksPhone, pairsByCode }) => ({
    provider,
    webhook,
    linksPhone,
    pairsByCode,
  }));
  expect(facts).toEqual([
    { provider: 'evolution', webhook: 'set', linksPhone: true, pairsByCode: true },
    { provider: 'cloud-api', webhook: 'set', linksPhone: false, pairsByCode: false },
    { provider: 'green-api', webhook: 'set', linksPhone: true, pairsByCode: true },
    { provider: 'slack', webhook: 'copy', linksPhone: false, pairsByCode: false },
  ]);
});

it('tells what each account brought in each of the last 24 hours, and when it was heard last', async () => {
  const { tenant, owner } = await app.newTenant();
  const [busy, fresh] = [await tenant.newAccount('evolution'), await tenant.newAccount('cloud-api')];
  const hourAgo = (hours: number) => new Date((Math.floor(Date.now() / 3_600_000) - hours) * 3_600_000);
  for (const [hours, received] of [
    [0, 5],
    [23, 7],
    [24, 9],
  ] as const)
    await app.sql`insert into account_hours (tenant_id, account_id, hour, received, last_at)
      values (${tenant.id}, ${busy.id}, ${hourAgo(hours)}, ${received}, ${hourAgo(hours)})`;
  const { body } = await app.as(owner).call(listAccountDays, {});
  const dayOf = (id: string) => body.items.find(({ accountId }) => accountId === id);
  expect(dayOf(busy.id)).toMatchObject({
    hours: [7, ...Array<number>(22).fill(0), 5],
    heardAt: hourAgo(0).toISOString(),
  });
  expect(dayOf(fresh.id)).toMatchObject({ hours: Array<number>(24).fill(0), heardAt: null });
  expect((await app.as(await tenant.newMember('agent')).call(listAccountDays, {})).status).toBe(403);
});
