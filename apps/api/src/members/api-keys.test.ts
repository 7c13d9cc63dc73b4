import { randomUUID } from 'node:crypto';
import { listAccounts } from '@parley/contracts/accounts';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '@parley/contracts/api-keys';
import {
  getConversation,
  listConversations,
  markConversationRead,
  startConversation,
} from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { getMe } from '@parley/contracts/me';
import { listMessages, sendMessage } from '@parley/contracts/messages';
import type { Permission } from '@parley/contracts/permissions';
import { listEvents } from '@parley/contracts/realtime';
import { createRole } from '@parley/contracts/roles';
import { changeMember } from '@parley/contracts/members';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

const content = { type: 'text', text: 'hello' } as const;

it('lets a program in with what it names, shown once and kept as a hash', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation();
  const { key, id } = await newKey(owner, ['inbox.read', 'inbox.write']);
  expect(key).toMatch(/^parley_[0-9a-f]{5}_[\w-]{86}$/);
  const [row] = await app.sql<{ text: string }[]>`select k::text text from api_keys k where id = ${id}`;
  expect(row?.text).not.toContain(key.slice(20));
  const program = app.by(key);
  expect((await program.call(listConversations)).body.items).toMatchObject([
    { id: conversation.id, me: { seen: null, can: ['reply', 'label', 'status'] } },
  ]);
  expect((await program.call(createLabel, { body: { name: 'No' } })).body.code).toBe('forbidden');
  expect((await program.call(getMe)).status).toBe(403);
  expect(
    (await program.call(markConversationRead, { params: { id: conversation.id }, body: { seen: 1 } })).status,
  ).toBe(403);
  const { body } = await app.as(owner).call(listApiKeys);
  expect(body.items).toMatchObject([
    { id, state: 'active', prefix: key.slice(0, 13), me: { can: ['rotate', 'revoke'] } },
  ]);
  expect(body.items[0]?.lastUsedAt).not.toBeNull();
  expect(JSON.stringify(body)).not.toContain(key);
});

it('answers as itself, and takes no conversation by that', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation();
  const account = await tenant.newAccount('evolution');
  const { key } = await newKey(owner, ['inbox.read', 'inbox.write'], { name: 'Shop' });
  const program = app.by(key);
  const id = { params: { id: conversation.id } };
  expect((await program.call(sendMessage, { body: { conversationId: conversation.id, content } })).status).toBe(202);
  expect((await program.call(getConversation, id)).body.assigneeId).toBeNull();
  expect((await program.call(listMessages, id)).body.items[0]).toMatchObject({
    direction: 'outbound',
    sender: { memberId: null, name: 'Shop' },
  });
  const begun = await program.call(startConversation, { body: { accountId: account.id, to: '+12025550177', content } });
  expect(begun.status).toBe(202);
  const { body } = await program.call(getConversation, { params: { id: begun.body.conversationId } });
  expect(body.assigneeId).toBeNull();
});

it('sees the accounts it names, in lists, searches, events and by id', async () => {
  const { tenant, owner } = await app.newTenant();
  const [mine, other] = [
    await tenant.newAccount('evolution', {}, { name: 'Mine' }),
    await tenant.newAccount('evolution', {}, { name: 'Other' }),
  ];
  const [seen, hidden] = [
    await tenant.newConversation({ accountId: mine.id, name: 'Rita seen' }),
    await tenant.newConversation({ accountId: other.id, name: 'Rita hidden' }),
  ];
  const { key } = await newKey(owner, ['inbox.read', 'inbox.write', 'account.read'], { accountIds: [mine.id] });
  const program = app.by(key);
  const ids = async (query: object) =>
    (await program.call(listConversations, { query })).body.items.map(({ id }) => id);
  for (const query of [{}, { q: 'Rita' }, { status: 'open' }, { assignee: 'none' }])
    expect(await ids(query)).toEqual([seen.id]);
  expect(await ids({ account: other.id })).toEqual([]);
  expect((await program.call(listAccounts)).body.items.map(({ id }) => id)).toEqual([mine.id]);
  expect((await program.call(getConversation, { params: { id: hidden.id } })).status).toBe(404);
  expect((await program.call(listMessages, { params: { id: hidden.id } })).status).toBe(404);
  expect((await program.call(sendMessage, { body: { conversationId: hidden.id, content } })).status).toBe(404);
  expect(
    (await program.call(startConversation, { body: { accountId: other.id, to: '+12025550178', content } })).status,
  ).toBe(404);
  const { nextCursor } = (await program.call(listEvents)).body;
  for (const { id } of [hidden, seen]) await app.as(owner).call(sendMessage, { body: { conversationId: id, content } });
  const { body } = await program.call(listEvents, { query: { after: Number(nextCursor) } });
  expect(body.items.length).toBeGreaterThan(0);
  expect(JSON.stringify(body.items)).not.toContain(hidden.id);
});

it('works with two secrets while it rotates, and with none once it is revoked, ran out, or its tenant is suspended', async () => {
  const { tenant, owner } = await app.newTenant();
  const statusOf = async (key: string) => (await app.by(key).call(listConversations)).status;
  const first = await newKey(owner, ['inbox.read']);
  const { body } = await app.as(owner).call(rotateApiKey, { params: { id: first.id }, body: { graceHours: 1 } });
  expect([await statusOf(first.key), await statusOf(body.key)]).toEqual([200, 200]);
  const again = await app.as(owner).call(rotateApiKey, { params: { id: first.id }, body: { graceHours: 0 } });
  expect([await statusOf(first.key), await statusOf(body.key), await statusOf(again.body.key)]).toEqual([
    401, 401, 200,
  ]);
  await app.as(owner).call(revokeApiKey, { params: { id: first.id } });
  expect(await statusOf(again.body.key)).toBe(401);
  const old = await newKey(owner, ['inbox.read'], { expiresAt: new Date(Date.now() - 1000).toISOString() });
  expect(await statusOf(old.key)).toBe(401);
  expect([
    await statusOf(almost(again.body.key)),
    await statusOf(`parley_00000_${'A'.repeat(86)}`),
    await statusOf('parley_x'),
  ]).toEqual([401, 401, 401]);
  const last = await newKey(owner, ['inbox.read']);
  await app.sql`update tenants set status = 'suspended' where id = ${tenant.id}`;
  expect(await statusOf(last.key)).toBe(401);
});

it('is exchanged for a token of an hour by OAuth’s client credentials, which ends with its secret', async () => {
  const { owner } = await app.newTenant();
  const { id, key } = await newKey(owner, ['inbox.read', 'account.read']);
  const basic = { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` };
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: key };
  const answers = [await askToken(form), await askToken({ grant_type: 'client_credentials' }, basic)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
  const tokens = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Token).access_token));
  const [token = ''] = tokens;
  expect(await (await askToken(form)).json()).toMatchObject({
    token_type: 'Bearer', expires_in: 3600, scope: 'inbox.read account.read',
  }); // prettier-ignore
  const statusOf = async (text: string) => (await app.by(text).call(listConversations)).status;
  for (const one of tokens) expect(await statusOf(one)).toBe(200);
  expect((await app.by(token).call(createLabel, { body: { name: 'No' } })).status).toBe(403);
  expect((await app.by(token).call(getMe)).status).toBe(403);
  const sealed = Buffer.from(token.slice('parley_at_'.length), 'base64url');
  for (const place of [0, 20, 40, 65, 80]) {
    const forged = Buffer.from(sealed);
    forged.writeUInt8((sealed.at(place) ?? 0) ^ 1, place);
    expect(await statusOf(`parley_at_${forged.toString('base64url')}`)).toBe(401);
  }
  const rotated = await app.as(owner).call(rotateApiKey, { params: { id }, body: { graceHours: 0 } });
  expect([await statusOf(token), (await askToken(form)).status]).toEqual([401, 401]);
  const later = (await (await askToken({ ...form, client_secret: rotated.body.key })).json()) as Token;
  expect(await statusOf(later.access_token)).toBe(200);
  app.clock.advance(3_600_000);
  expect([await statusOf(later.access_token), await statusOf(rotated.body.key)]).toEqual([401, 200]);
});

it('is exchanged only as OAuth says, with its own words for what is wrong', async () => {
  const { owner } = await app.newTenant();
  const [{ id, key }, other] = [await newKey(owner, ['inbox.read']), await newKey(owner, ['inbox.read'])];
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: key };
  const basic = { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` };
  const refused: [string, number, object, Record<string, string>?][] = [
    ['unsupported_grant_type', 400, { ...form, grant_type: 'password' }],
    ['invalid_request', 400, { client_id: id, client_secret: key }],
    ['invalid_request', 400, { grant_type: 'client_credentials', client_id: id }],
    ['invalid_request', 400, form, basic],
    ['invalid_client', 401, { ...form, client_id: other.id }],
    ['invalid_client', 401, { ...form, client_secret: almost(key) }],
    ['invalid_client', 401, { ...form, client_secret: 'parley_x' }],
  ];
  for (const [error, status, body, headers] of refused) {
    const answer = await askToken(body as Record<string, string>, headers);
    expect([status, await answer.json()]).toMatchObject([answer.status, { error }]);
  }
  expect((await askToken(form, { origin: 'https://elsewhere.example' })).status).toBe(403);
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
  const elsewhere = await app.as(owner).fetch('/api/inbox/labels', { method: 'POST', headers: asForm, body: 'name=x' });
  expect(elsewhere.status).toBe(415);
});

interface Token {
  access_token: string;
}

/** Another key of the same look: one of 256 ends in AA itself. */
const almost = (key: string) => key.slice(0, -2) + (key.endsWith('AA') ? 'BA' : 'AA');

const askToken = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  app.fetch('/api/auth/token', { method: 'POST', headers, body: new URLSearchParams(form) });

it('is never wider than who makes it', async () => {
  const { tenant, owner } = await app.newTenant();
  const account = await tenant.newAccount();
  const narrow = await newKey(owner, ['api_key.manage', 'inbox.read'], { accountIds: [account.id] });
  const program = app.by(narrow.key);
  const make = (caller: typeof program, permissions: Permission[], accountIds: string[] | null = null) =>
    caller.call(createApiKey, { body: { name: 'New', permissions, accountIds } });
  expect((await make(program, ['inbox.read', 'inbox.write'], [account.id])).status).toBe(403);
  expect((await make(program, ['inbox.read'])).status).toBe(403);
  expect((await make(program, ['inbox.read'], [account.id])).status).toBe(201);
  const wide = await newKey(owner, ['inbox.read', 'inbox.write', 'settings.manage']);
  expect((await program.call(rotateApiKey, { params: { id: wide.id }, body: {} })).status).toBe(403);
  const keeper = await tenant.newMember('agent');
  const role = await app
    .as(owner)
    .call(createRole, { body: { name: randomUUID(), permissions: ['api_key.manage', 'inbox.read'], seesAll: false } });
  await app.as(owner).call(changeMember, { params: { id: keeper.id }, body: { role: role.body.id } });
  expect((await make(app.as(keeper), ['inbox.read'])).status).toBe(403); // a key would see more than they do
});

it('repeats a program’s write once, by its own Idempotency-Key', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation();
  const [a, b] = [
    await newKey(owner, ['inbox.read', 'inbox.write']),
    await newKey(owner, ['inbox.read', 'inbox.write']),
  ];
  const send = (key: string) =>
    app
      .by(key)
      .call(sendMessage, { body: { conversationId: conversation.id, content } }, { 'idempotency-key': 'same' });
  const [one, again, other] = [await send(a.key), await send(a.key), await send(b.key)];
  expect(again.body).toEqual(one.body);
  expect(other.body.messageId).not.toBe(one.body.messageId);
  expect(one.headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+, "tenant";r=\d+;t=\d+$/);
});

async function newKey(
  owner: TestMember,
  permissions: Permission[],
  more: { name?: string; accountIds?: string[]; expiresAt?: string } = {},
) {
  const { status, body } = await app.as(owner).call(createApiKey, { body: { name: 'Program', permissions, ...more } });
  expect(status).toBe(201);
  return { key: body.key, id: body.apiKey.id };
}
