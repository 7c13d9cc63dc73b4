import {
  createAccount,
  deleteAccount,
  getAccount,
  listAccounts,
  listProviders,
  listTemplates,
  providers,
  updateAccount,
} from '@parley/contracts/accounts';
import { openConfig } from '@parley/inbox/accounts/account-secrets';
import { TemplateCache } from '@parley/inbox/accounts/template-cache';
import { appRoutingKey, PLATFORM_APP, tokenRoutingKey, type SealedSecrets } from '@parley/inbox/intake/ingress';
import { SessionsService } from '@parley/inbox/people/sessions.service';
import { CredentialBox } from '@parley/platform/credentials';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub, type StubCall } from '@parley/testing/http-stub';
import type { TestMember } from '@parley/testing/tenant';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let api: NestFastifyApplication;
let stub: HttpStub;
let box: CredentialBox;

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({
    api: async (env, options) => (api = await serveApi(env, options)),
    env: { EGRESS_ALLOW: stub.host },
  });
  box = new CredentialBox(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID);
});
afterAll(async () => {
  await app?.close();
  await stub.close();
});
beforeEach(() => {
  stub.calls.length = 0;
  stub.answer((call) => ({
    body: call.path.includes('/instance') || call.path.includes('/webhook') ? evolutionAnswer(call) : graphAnswer(call),
  }));
});

const apiKey = 'evolution-key-0123456789';
const evolution = (instance = randomUUID()) => ({ baseUrl: stub.url, instance, apiKey });
const cloud = (more: object = {}) => ({
  baseUrl: stub.url,
  phoneNumberId: digits(),
  wabaId: digits(),
  accessToken: `EAAG-${randomUUID()}`,
  ...more,
});
const digits = () => String(Math.floor(1e14 + Math.random() * 9e14));

describe('connecting an Evolution instance', () => {
  it('checks it, tells it where to post, and answers address and state', async () => {
    const { owner, tenant } = await app.newTenant();
    const config = evolution();
    const { status, body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Sales',
      provider: 'evolution',
      channel: 'whatsapp',
      state: 'connected',
      paused: false,
      address: '+12025550100',
    });
    expect(body.webhook.url).toMatch(new RegExp(`^${app.url}/api/webhooks/whatsapp/evolution/[\\w-]{32}$`));
    const told = stub.calls.find(({ path }) => path.startsWith('/webhook/set'));
    expect(told?.body).toMatchObject({ webhook: { url: body.webhook.url, headers: body.webhook.headers } });
    expect(await tenant.nextEvent()).toMatchObject({
      type: 'account.updated',
      account: { id: body.id, name: 'Sales' },
    });
    const token = body.webhook.url.split('/').at(-1) ?? '';
    const [row] = await app.sql`select routing_key from accounts where id = ${body.id}`;
    expect(row?.routing_key).toBe(tokenRoutingKey('evolution', token));
  });

  it('keeps what was typed when the provider is away, with words', async () => {
    const { owner } = await app.newTenant();
    stub.answer(() => undefined);
    const { status, body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
    expect([status, body.state]).toEqual([201, 'disconnected']);
    expect(body.stateDetail).toMatch(/No answer from/);
  });

  it('keeps a key that is refused, to be replaced', async () => {
    const { owner } = await app.newTenant();
    stub.answer(() => ({ status: 401, body: { message: 'Unauthorized' } }));
    const { body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
    expect(body).toMatchObject({ state: 'needs_reauth' });
    stub.answer((call) => ({ body: evolutionAnswer(call) }));
    const again = await app
      .as(owner)
      .call(updateAccount, { params: { id: body.id }, body: { config: { apiKey: 'another-key-0123456789' } } });
    expect(again.body).toMatchObject({ state: 'connected', stateDetail: null, paused: false });
  });

  it('shows the code to scan', async () => {
    const { owner } = await app.newTenant();
    stub.answer((call) => {
      if (call.path.includes('connectionState')) return { body: { instance: { state: 'close' } } };
      if (call.path.includes('connect'))
        return { body: { base64: 'data:image/png;base64,AAAA', pairingCode: 'ABCD1234' } };
      return { body: evolutionAnswer(call) };
    });
    const { body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
    expect(body).toMatchObject({
      state: 'needs_qr',
      qr: { image: 'data:image/png;base64,AAAA', pairingCode: 'ABCD1234' },
    });
  });

  it('says which fields are not valid', async () => {
    const { owner } = await app.newTenant();
    const { status, body } = await app.as(owner).call(createAccount, {
      body: { provider: 'evolution', name: 'Sales', config: { baseUrl: 'ftp://x', instance: '' } },
    });
    expect(status).toBe(422);
    expect(body.errors?.map(({ path }) => path).sort()).toEqual(['config.apiKey', 'config.baseUrl', 'config.instance']);
  });

  it('reaches no address inside', async () => {
    const { owner } = await app.newTenant();
    const config = { ...evolution(), baseUrl: `http://127.0.0.1:${app.env.API_PORT}` };
    const { body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Inside', config } });
    expect(body).toMatchObject({ state: 'disconnected' });
  });
});

describe('secrets', () => {
  it('are sealed at rest and never come back', async () => {
    const { owner } = await app.newTenant();
    const created = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
    const { id } = created.body;
    const { body } = await app.as(owner).call(getAccount, { params: { id } });
    expect(body.secrets).toEqual({ apiKey: '6789', webhookSecret: expect.stringMatching(/^.{4}$/) });
    expect(Object.keys(body.config)).not.toContain('apiKey');
    const listed = await app.as(owner).call(listAccounts);
    const rows = await app.sql`select a::text as row from accounts a where id = ${id}`;
    const events = await app.sql`select data from events where tenant_id = ${owner.tenantId}`;
    for (const text of [created, body, listed, rows, events].map((part) => JSON.stringify(part)))
      expect(text).not.toContain(apiKey);
    const [row] = await app.sql<
      Sealed[]
    >`select tenant_id, id, config, credentials, webhook_secrets from accounts where id = ${id}`;
    expect(row && openConfig(box, { ...row, tenantId: row.tenant_id })).toMatchObject({ apiKey });
  });

  it('do not open in another row or column', async () => {
    const { owner } = await app.newTenant();
    const ids = [];
    for (const name of ['One', 'Two']) {
      const { body } = await app
        .as(owner)
        .call(createAccount, { body: { provider: 'evolution', name, config: evolution() } });
      ids.push(body.id);
    }
    await app.sql`update accounts a set credentials = b.credentials from accounts b where a.id = ${ids[0] ?? ''} and b.id = ${ids[1] ?? ''}`;
    const { status, body } = await app.as(owner).call(getAccount, { params: { id: ids[0] ?? '' } });
    expect([status, body.code]).toEqual([500, 'internal']);
    expect((await app.as(owner).call(getAccount, { params: { id: ids[1] ?? '' } })).status).toBe(200);
    const [row] = await app.sql<
      Sealed[]
    >`select tenant_id, id, config, webhook_secrets as credentials from accounts where id = ${ids[1] ?? ''}`;
    expect(() => row && openConfig(box, { ...row, tenantId: row.tenant_id })).toThrow();
  });

  it('that were replaced still prove a call for 24 h', async () => {
    const { owner } = await app.newTenant();
    const { body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
    const before = await webhookSecrets(body.id);
    const changed = await app
      .as(owner)
      .call(updateAccount, { params: { id: body.id }, body: { config: { webhookSecret: 'a-new-secret-0123456789' } } });
    expect(changed.body.webhook.url).toBe(body.webhook.url);
    const after = await webhookSecrets(body.id);
    expect(after.secrets.map(({ values }) => values.webhookSecret)).toEqual([
      'a-new-secret-0123456789',
      before.secrets[0]?.values.webhookSecret,
    ]);
    expect(after.secrets[0]?.validUntil).toBeUndefined();
    const leftMs = Date.parse(after.secrets[1]?.validUntil ?? '') - Date.now();
    expect(leftMs / 3_600_000).toBeCloseTo(24, 1);
    app.clock.advance(25 * 3_600_000);
    await app
      .as(owner)
      .call(updateAccount, { params: { id: body.id }, body: { config: { webhookSecret: 'the-newest-secret-01234' } } });
    app.clock.advance(-25 * 3_600_000);
    expect((await webhookSecrets(body.id)).secrets.map(({ values }) => values.webhookSecret)).toEqual([
      'the-newest-secret-01234',
      'a-new-secret-0123456789',
    ]);
  });

  it('are not sent to another address: there they are asked for again', async () => {
    const { owner } = await app.newTenant();
    const elsewhere = { baseUrl: `${stub.url}/elsewhere` };
    const jwtKey = randomUUID();
    const phone = await app.as(owner).call(createAccount, {
      body: { provider: 'evolution', name: 'Sales', config: { ...evolution(), jwtKey } },
    });
    const number = await connect(owner, cloud({ appSecret: randomUUID(), verifyToken: randomUUID() }), 'Number');
    stub.calls.length = 0;
    const patch = (id: string, config: object) =>
      app.as(owner).call(updateAccount, { params: { id }, body: { config: { ...config } } });
    const [one, other] = [await patch(phone.body.id, elsewhere), await patch(number.body.id, elsewhere)];
    expect([one.status, one.body.code]).toEqual([422, 'invalid']);
    expect(one.body.errors?.map(({ path }) => path)).toEqual(['config.apiKey', 'config.jwtKey']);
    expect(other.body.errors?.map(({ path }) => path)).toEqual([
      'config.accessToken',
      'config.appSecret',
      'config.verifyToken',
    ]);
    expect(stub.calls).toEqual([]);
    expect((await patch(phone.body.id, { baseUrl: `${stub.url}/` })).status).toBe(200); // the same one
    stub.calls.length = 0;
    const moved = await patch(phone.body.id, { ...elsewhere, apiKey: 'another-key-0123456789', jwtKey: null });
    expect([moved.status, moved.body.state]).toEqual([200, 'connected']);
    expect(moved.body.webhook.headers).not.toEqual(phone.body.webhook.headers); // the old secret stays here
    const sent = JSON.stringify(stub.calls);
    for (const old of [apiKey, jwtKey, ...Object.values(phone.body.webhook.headers)]) expect(sent).not.toContain(old);
  });

  it('stay when only something else changes', async () => {
    const { owner } = await app.newTenant();
    const { body } = await app
      .as(owner)
      .call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } });
    const before = await webhookSecrets(body.id);
    await app
      .as(owner)
      .call(updateAccount, { params: { id: body.id }, body: { name: 'Support', config: { instance: 'other' } } });
    const after = await webhookSecrets(body.id);
    expect(after.secrets[0]?.values).toEqual({ ...before.secrets[0]?.values, routingKey: 'other' });
  });
});

describe('a Cloud API number', () => {
  it('below the platform’s app is claimed only by who can open it', async () => {
    const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
    const config = cloud();
    stub.answer(() => ({ status: 401, body: { error: { code: 190, message: 'Invalid OAuth access token' } } }));
    const squatter = await connect(theirs.owner, config);
    expect(squatter.body).toMatchObject({ state: 'needs_reauth' });
    stub.answer((call) => ({ body: graphAnswer(call) }));
    const { status, body } = await connect(mine.owner, config);
    expect([status, body.state]).toEqual([201, 'connected']);
    expect(body.webhook).toMatchObject({ url: `${app.url}/api/webhooks/whatsapp/cloud-api`, verifyToken: null });
    const rows =
      await app.sql`select tenant_id from accounts where routing_key = ${appRoutingKey('cloud-api', PLATFORM_APP, config.phoneNumberId)}`;
    expect(rows.map((row) => row.tenant_id)).toEqual([mine.tenant.id]);
  });

  it('is not proven by a server of the tenant’s own that says yes', async () => {
    const { owner } = await app.newTenant();
    const impostor = `http://localhost:${new URL(stub.url).port}`; // reachable, but no host that the operator named
    const refused = await connect(owner, cloud({ baseUrl: impostor }));
    expect([refused.status, refused.body.errors?.map(({ path }) => path)]).toEqual([422, ['config.baseUrl']]);
    expect(stub.calls).toEqual([]);
    const own = await connect(owner, cloud({ baseUrl: impostor, appSecret: randomUUID(), verifyToken: randomUUID() }));
    expect(own.status).toBe(201);
    const params = { id: own.body.id };
    const back = await app
      .as(owner)
      .call(updateAccount, { params, body: { config: { appSecret: null, verifyToken: null } } });
    expect(back.status).toBe(422);
  });

  it('without any app says what is missing', async () => {
    const { owner } = await app.newTenant();
    const { url } = await app.start(serveApi, { CLOUD_API_APP_SECRET: '' });
    const response = await fetch(`${url}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: owner.cookie },
      body: JSON.stringify({ provider: 'cloud-api', name: 'Number', config: cloud() }),
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ path: 'config.appSecret' }, { path: 'config.verifyToken' }],
    });
  });

  it('that another tenant has is a conflict, which does not say whose', async () => {
    const [mine, theirs] = [await app.newTenant({ name: 'Secretive Ltd' }), await app.newTenant()];
    const config = cloud();
    expect((await connect(mine.owner, config)).status).toBe(201);
    const { status, body } = await connect(theirs.owner, config);
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(JSON.stringify(body)).not.toMatch(/Secretive/);
    expect((await app.as(theirs.owner).call(listAccounts)).body.items).toEqual([]);
    await app
      .as(mine.owner)
      .call(deleteAccount, { params: { id: (await app.as(mine.owner).call(listAccounts)).body.items[0]?.id ?? '' } });
    expect((await connect(theirs.owner, config)).status).toBe(201);
  });

  it('with an app of the tenant’s own has a path of its own, one for all numbers of the app', async () => {
    const { owner } = await app.newTenant();
    const own = { appSecret: randomUUID(), verifyToken: randomUUID() };
    const [first, second] = [await connect(owner, cloud(own)), await connect(owner, cloud(own), 'Second')];
    expect(first.body.webhook.url).toMatch(/\/cloud-api\/[\w-]{22}$/);
    expect(first.body.webhook.verifyToken).toBe(own.verifyToken);
    expect(second.body.webhook.url).toBe(first.body.webhook.url);
    const subscribed = stub.calls.find(({ method, path }) => method === 'POST' && path.endsWith('/subscribed_apps'));
    expect(subscribed?.body).toMatchObject({
      override_callback_uri: first.body.webhook.url,
      verify_token: own.verifyToken,
    });
    const apps = await app.sql`select secrets from apps where tenant_id = ${owner.tenantId}`;
    expect(apps).toHaveLength(1);
    expect(JSON.stringify(apps)).not.toContain(own.appSecret);
  });

  it('keeps its path when the app’s secret is replaced, and the old one counts for a day', async () => {
    const { owner } = await app.newTenant();
    const { body } = await connect(owner, cloud({ appSecret: 'old-app-secret', verifyToken: randomUUID() }));
    const after = await app
      .as(owner)
      .call(updateAccount, { params: { id: body.id }, body: { config: { appSecret: 'new-app-secret' } } });
    expect(after.body.webhook.url).toBe(body.webhook.url);
    const [row] = await app.sql<
      { id: string; secrets: string }[]
    >`select id, secrets from apps where tenant_id = ${owner.tenantId}`;
    const sealed =
      row &&
      (box.open(row.secrets, {
        tenantId: owner.tenantId,
        table: 'apps',
        column: 'secrets',
        row: row.id,
      }) as SealedSecrets);
    expect(sealed?.secrets.map(({ values }) => values.appSecret)).toEqual(['new-app-secret', 'old-app-secret']);
  });

  it('goes back below the platform’s app when its own is taken away', async () => {
    const { owner } = await app.newTenant();
    const { body } = await connect(owner, cloud({ appSecret: randomUUID(), verifyToken: randomUUID() }));
    const after = await app
      .as(owner)
      .call(updateAccount, { params: { id: body.id }, body: { config: { appSecret: null, verifyToken: null } } });
    expect(after.body.webhook).toMatchObject({ url: `${app.url}/api/webhooks/whatsapp/cloud-api`, verifyToken: null });
    expect(await app.sql`select 1 from apps where tenant_id = ${owner.tenantId}`).toHaveLength(0);
  });

  it('gives its approved templates, asked for once a minute, and again when they changed', async () => {
    const { owner, tenant } = await app.newTenant();
    const agent = await tenant.newMember('agent');
    const { body } = await connect(owner, cloud());
    const asked = () =>
      stub.calls.filter(({ path, query }) => path.endsWith('/message_templates') && query.limit !== '1').length;
    const { body: list } = await app.as(agent).call(listTemplates, { params: { id: body.id } });
    expect(list.items.map(({ name }) => name)).toEqual(['order_ready']);
    await app.as(agent).call(listTemplates, { params: { id: body.id } });
    expect(asked()).toBe(1);
    await api.get(TemplateCache, { strict: false }).drop([body.id]);
    await app.as(agent).call(listTemplates, { params: { id: body.id } });
    expect(asked()).toBe(2);
    stub.answer(() => undefined);
    await api.get(TemplateCache, { strict: false }).drop([body.id]);
    expect((await app.as(agent).call(listTemplates, { params: { id: body.id } })).body.code).toBe(
      'provider_unavailable',
    );
  });
});

describe('who may do what', () => {
  it('agents and managers see names and states, admins the settings', async () => {
    const { owner, tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    for (const role of ['agent', 'manager'] as const) {
      const member = await tenant.newMember(role);
      const { body } = await app.as(member).call(listAccounts);
      expect(body.items.map(({ id }) => id)).toEqual([account.id]);
      expect(Object.keys(body.items[0] ?? {})).not.toContain('config');
      const params = { id: account.id };
      const refused = await Promise.all([
        app.as(member).call(getAccount, { params }),
        app.as(member).call(updateAccount, { params, body: { name: 'Mine' } }),
        app.as(member).call(deleteAccount, { params }),
        app.as(member).call(createAccount, { body: { provider: 'evolution', name: 'New', config: evolution() } }),
        app.as(member).call(listProviders),
      ]);
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    }
    expect((await app.as(owner).call(getAccount, { params: { id: account.id } })).status).toBe(200);
    expect((await app.call(listAccounts)).status).toBe(401);
  });

  it('another tenant’s account is not there', async () => {
    const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
    const account = await theirs.tenant.newAccount('cloud-api');
    const before = await app.sql`select a::text from accounts a where id = ${account.id}`;
    const [params, me] = [{ id: account.id }, app.as(mine.owner)];
    const answers = await Promise.all([
      me.call(getAccount, { params }),
      me.call(updateAccount, { params, body: { name: 'Mine', config: {} } }),
      me.call(deleteAccount, { params }),
      me.call(listTemplates, { params }),
    ]);
    const random = await me.call(getAccount, { params: { id: randomUUID() } });
    for (const { status, body } of answers)
      expect([status, body.code, body.detail]).toEqual([404, 'not_found', random.body.detail]);
    expect(await app.sql`select a::text from accounts a where id = ${account.id}`).toEqual(before);
    expect(stub.calls).toEqual([]);
  });
});

describe('an account', () => {
  it('is paused and goes on, renamed, and its name is its own', async () => {
    const { owner, tenant } = await app.newTenant();
    const [one, two] = [await tenant.newAccount(), await tenant.newAccount('evolution', {}, { name: 'Support' })];
    const change = (body: { name?: string; paused?: boolean }) =>
      app.as(owner).call(updateAccount, { params: { id: one.id }, body });
    expect((await change({ paused: true })).body.paused).toBe(true);
    expect((await change({ paused: false, name: 'Sales' })).body).toMatchObject({ paused: false, name: 'Sales' });
    const taken = await change({ name: 'Support' });
    expect([taken.status, taken.body.errors]).toEqual([409, [{ path: 'name', message: 'is taken' }]]);
    expect(two.id).not.toBe(one.id);
  });

  it('that is deleted frees number and name, loses its secrets and keeps its conversations', async () => {
    const { owner, tenant } = await app.newTenant();
    const account = await tenant.newAccount('evolution', {}, { name: 'Sales' });
    const conversation = await tenant.newConversation({ accountId: account.id });
    expect((await app.as(owner).call(deleteAccount, { params: { id: account.id } })).status).toBe(204);
    expect(await tenant.nextEvent()).toMatchObject({ type: 'account.updated', account: { state: 'deleted' } });
    const [row] = await app.sql<
      Sealed[]
    >`select tenant_id, id, config, credentials, routing_key from accounts where id = ${account.id}`;
    expect(row?.routing_key).toBeNull();
    expect(row && openConfig(box, { ...row, tenantId: row.tenant_id })).not.toHaveProperty('apiKey');
    expect(await app.sql`select 1 from conversations where id = ${conversation.id}`).toHaveLength(1);
    expect(
      (await app.as(owner).call(updateAccount, { params: { id: account.id }, body: { name: 'Sales' } })).body.code,
    ).toBe('account_unavailable');
    expect(
      (await app.as(owner).call(createAccount, { body: { provider: 'evolution', name: 'Sales', config: evolution() } }))
        .status,
    ).toBe(201);
    expect((await app.as(owner).call(deleteAccount, { params: { id: account.id } })).status).toBe(204);
  });

  it('that shows or hides the unassigned changes what agents see from its event on', async () => {
    const { owner, tenant } = await app.newTenant({ agentsSeeUnassigned: true });
    const [agent, manager] = [await tenant.newMember('agent'), await tenant.newMember('manager')];
    const account = await tenant.newAccount();
    const sessions = api.get(SessionsService, { strict: false });
    const asAgent = { seesAll: false, accountIds: null, teamIds: [] };
    expect((await sessions.sightOf(tenant.id, agent.id, asAgent)).unassignedIn).toEqual(new Set([account.id]));
    await app.as(owner).call(updateAccount, { params: { id: account.id }, body: { agentsSee: 'own' } });
    expect((await sessions.sightOf(tenant.id, agent.id, asAgent)).unassignedIn).toEqual(new Set());
    const event = await tenant.nextEvent();
    const rights = await sessions.stillValid([agent.sessionId, manager.sessionId, randomUUID()]);
    expect(rights.get(agent.sessionId)).toEqual({
      tenantId: tenant.id,
      memberId: agent.id,
      role: 'agent',
      permissions: null, // the three have theirs in the code
      seesAll: null,
      accountIds: null,
      teamIds: [],
      rightsSeq: event.seq,
      floor: 0,
      head: event.seq,
    });
    expect(rights.get(manager.sessionId)?.rightsSeq).toBe(0);
    expect(rights.size).toBe(2);
  });
});

it('lists providers with the form of each', async () => {
  const { owner } = await app.newTenant();
  const { body } = await app.as(owner).call(listProviders);
  expect(body.items.map(({ provider }) => provider)).toEqual(providers);
  expect(body.items.map(({ install }) => install)).toEqual([null, null, null, '/slack/install']);
  expect(body.items[0]?.config).toMatchObject({
    type: 'object',
    properties: { apiKey: { type: 'string', title: 'API key', secret: true } },
  });
});

it('pages the list by name', async () => {
  const { owner, tenant } = await app.newTenant();
  for (const name of ['b', 'A', 'c']) await tenant.newAccount('evolution', {}, { name });
  const first = await app.as(owner).call(listAccounts, { query: { limit: 2 } });
  expect(first.body.items.map(({ name }) => name)).toEqual(['A', 'b']);
  const next = await app.as(owner).call(listAccounts, { query: { limit: 2, cursor: first.body.nextCursor ?? '' } });
  expect([next.body.items.map(({ name }) => name), next.body.nextCursor]).toEqual([['c'], null]);
  const wrong = await app.as(owner).call(listAccounts, { query: { cursor: 'made-up' } });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid']);
});

interface Sealed {
  tenant_id: string;
  id: string;
  config: Record<string, unknown>;
  credentials: string;
  routing_key?: string | null;
}

function connect(owner: TestMember, config: object, name = 'Number') {
  return app.as(owner).call(createAccount, { body: { provider: 'cloud-api', name, config: { ...config } } });
}

async function webhookSecrets(id: string): Promise<SealedSecrets> {
  const [row] = await app.sql<
    { tenant_id: string; webhook_secrets: string }[]
  >`select tenant_id, webhook_secrets from accounts where id = ${id}`;
  return box.open(row?.webhook_secrets ?? '', {
    tenantId: row?.tenant_id ?? '',
    table: 'accounts',
    column: 'webhook_secrets',
    row: id,
  }) as SealedSecrets;
}

/** As contract "Evolution API" has it. */
function evolutionAnswer({ path }: StubCall): unknown {
  if (path.includes('connectionState')) return { instance: { instanceName: path.split('/').at(-1), state: 'open' } };
  if (path.includes('fetchInstances')) return instances();
  return { enabled: true };
}

function instances() {
  const asked = stub.calls
    .filter(({ path }) => path.includes('connectionState'))
    .map(({ path }) => path.split('/').at(-1));
  return asked.map((name) => ({ name, connectionStatus: 'open', ownerJid: '12025550100@s.whatsapp.net' })).slice(-1);
}

/** As contract "WhatsApp Cloud API" has it. */
function graphAnswer({ method, path }: StubCall): unknown {
  const [, , id] = path.split('/');
  if (path.endsWith('/phone_numbers'))
    return {
      data: stub.calls.flatMap((call) =>
        call.query.fields?.includes('display_phone_number') ? [{ id: call.path.split('/')[2] }] : [],
      ),
    };
  if (path.endsWith('/message_templates')) return { data: [template], paging: {} };
  if (path.endsWith('/subscribed_apps'))
    return method === 'POST' ? { success: true } : { data: [{ whatsapp_business_api_data: { id: '1' } }] };
  return { id, display_phone_number: '+1 202-555-0100', status: 'CONNECTED' };
}
const template = {
  name: 'order_ready',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  id: '1',
  components: [{ type: 'BODY', text: 'Your order is ready.' }],
};
