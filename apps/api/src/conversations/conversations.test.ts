import {
  assignConversation,
  countConversations,
  getConversation,
  listConversations,
  setConversationLabels,
} from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000);

it('lists the inbox newest first, page by page, without a hole or a double where times are equal', async () => {
  const { tenant, owner } = await app.newTenant();
  const at = minutesAgo(5);
  for (let i = 0; i < 7; i++) await tenant.newConversation({ lastMessageAt: i < 5 ? at : minutesAgo(i) });
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { body } = await app
      .as(owner)
      .call(listConversations, { query: { limit: 2, ...(cursor ? { cursor } : {}) } });
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  const whole = await app.as(owner).call(listConversations, { query: { limit: 100 } });
  expect(seen).toEqual(whole.body.items.map(({ id }) => id));
  expect(new Set(seen).size).toBe(7);
  expect(whole.body.nextCursor).toBeNull();
});

it('filters by status, assignee, account, label and search, all at once', async () => {
  const { tenant, owner } = await app.newTenant();
  await tenant.newAccount('evolution');
  const [agent, second] = [await tenant.newMember('agent'), await tenant.newAccount('cloud-api')];
  const anna = await tenant.newConversation({ name: 'Ána Müller', assigneeId: agent.id });
  const ben = await tenant.newConversation({ name: 'Ben', accountId: second.id, status: 'resolved' });
  const cleo = await tenant.newConversation({ name: 'Cleo', phone: '+351912345678' });
  const { body: label } = await app.as(owner).call(createLabel, { body: { name: 'VIP', hue: 25 } });
  await app.as(owner).call(setConversationLabels, { params: { id: ben.id }, body: { labelIds: [label.id] } });
  const ids = async (query: Record<string, string>, who = owner) => {
    const { body } = await app.as(who).call(listConversations, { query });
    return body.items.map(({ id }) => id).sort();
  };
  const sorted = (...list: { id: string }[]) => list.map(({ id }) => id).sort();
  expect(await ids({})).toEqual(sorted(anna, ben, cleo));
  expect(await ids({ status: 'resolved' })).toEqual(sorted(ben));
  expect(await ids({ assignee: 'none' })).toEqual(sorted(ben, cleo));
  expect(await ids({ assignee: agent.id })).toEqual(sorted(anna));
  expect(await ids({ assignee: 'me' }, agent)).toEqual(sorted(anna));
  expect(await ids({ account: second.id })).toEqual(sorted(ben));
  expect(await ids({ label: label.id })).toEqual(sorted(ben));
  expect(await ids({ q: 'ana mul' })).toEqual(sorted(anna));
  expect(await ids({ q: 'b' })).toEqual(sorted(ben));
  expect(await ids({ q: '912 345-678' })).toEqual(sorted(cleo));
  expect(await ids({ q: '100%' })).toEqual([]);
  expect(await ids({ q: 'ben', status: 'open' })).toEqual([]);
  expect(await ids({ label: label.id, account: second.id, status: 'resolved', assignee: 'none', q: 'BEN' })).toEqual(
    sorted(ben),
  );
});

it('shows an agent their own, and the unassigned where the account, else the tenant, allows it', async () => {
  const { tenant } = await app.newTenant({ agentsSeeUnassigned: false });
  const [agent, other] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const opened = await tenant.newAccount('evolution', {}, { agentsSeeUnassigned: true });
  const closed = await tenant.newAccount('evolution', {});
  const mine = await tenant.newConversation({ accountId: closed.id, assigneeId: agent.id, name: 'Zoe' });
  const free = await tenant.newConversation({ accountId: opened.id, name: 'Zoe' });
  const hidden = [
    await tenant.newConversation({ accountId: closed.id, name: 'Zoe' }),
    await tenant.newConversation({ accountId: opened.id, assigneeId: other.id, name: 'Zoe' }),
  ];
  for (const query of [{}, { q: 'zoe' }, { q: 'zo' }, { status: 'open' as const }]) {
    const { body } = await app.as(agent).call(listConversations, { query });
    expect(body.items.map(({ id }) => id).sort(), JSON.stringify(query)).toEqual([mine.id, free.id].sort());
  }
  expect((await app.as(agent).call(listConversations, { query: { assignee: other.id } })).body.items).toEqual([]);
  expect((await app.as(agent).call(countConversations)).body).toEqual({ mine: 1, unassigned: 1, all: 2, unread: 0 });
  for (const { id } of hidden) {
    const { status, body } = await app.as(agent).call(getConversation, { params: { id } });
    expect([status, body.code]).toEqual([404, 'not_found']);
  }
});

it('finds what an agent sees behind more matches than a search looks through', async () => {
  const { tenant } = await app.newTenant({ agentsSeeUnassigned: false });
  const agent = await tenant.newMember('agent');
  const mine = await tenant.newConversation({
    name: 'Common name',
    assigneeId: agent.id,
    lastMessageAt: minutesAgo(9999),
  });
  await app.sql`insert into conversations (tenant_id, id, kind, account_id, chat_id, title, search_text, last_message_at)
    select ${tenant.id}, gen_random_uuid(), 'direct', ${mine.accountId}, gen_random_uuid(), 'Common name', 'common name', now() from generate_series(1, 1100)`;
  const { body } = await app.as(agent).call(listConversations, { query: { q: 'common' } });
  expect(body.items.map(({ id }) => id)).toEqual([mine.id]);
});

it('counts what is open, and what of mine is unread', async () => {
  const { tenant, owner } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  const unread = await tenant.newConversation({ assigneeId: agent.id });
  await tenant.newMessage(unread);
  await tenant.newConversation({ assigneeId: agent.id });
  await tenant.newConversation({ assigneeId: agent.id, status: 'resolved' });
  await tenant.newConversation();
  expect((await app.as(agent).call(countConversations)).body).toEqual({ mine: 2, unassigned: 1, all: 3, unread: 1 });
  expect((await app.as(owner).call(countConversations)).body).toEqual({ mine: 0, unassigned: 1, all: 3, unread: 0 });
});

it('shows one conversation with its contact, its window and its last message', async () => {
  const { tenant, owner } = await app.newTenant();
  const account = await tenant.newAccount('cloud-api');
  const conversation = await tenant.newConversation({ accountId: account.id, name: 'Rita', lastInboundAt: null });
  const sentAt = minutesAgo(1);
  const { id } = await tenant.newMessage(conversation, { text: 'Open today?', sentAt });
  const { status, body } = await app.as(owner).call(getConversation, { params: { id: conversation.id } });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    title: 'Rita',
    contact: { id: conversation.contactId, name: 'Rita', identities: [{ kind: 'phone', address: conversation.phone }] },
    lastMessage: { id, direction: 'inbound', type: 'text', preview: 'Open today?', deliveryStatus: null },
    window: { closesAt: new Date(sentAt.getTime() + 24 * 3_600_000).toISOString() },
    received: 1,
    answered: 0,
    me: { seen: null },
    participants: [],
  });
});

it('refuses a cursor that no list gave', async () => {
  const { owner } = await app.newTenant();
  for (const cursor of [
    'x',
    Buffer.from('["a",1]').toString('base64url'),
    Buffer.from('[1,"1; drop"]').toString('base64url'),
  ]) {
    const { status, body } = await app.as(owner).call(listConversations, { query: { cursor } });
    expect([status, body.code]).toEqual([422, 'invalid']);
  }
});

it('keeps an agent who loses a conversation from reading it on', async () => {
  const { tenant, owner } = await app.newTenant();
  const [agent, other] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const { id } = await tenant.newConversation({ assigneeId: agent.id });
  expect((await app.as(agent).call(getConversation, { params: { id } })).status).toBe(200);
  await app.as(owner).call(assignConversation, { params: { id }, body: { memberId: other.id } });
  expect((await app.as(agent).call(getConversation, { params: { id } })).status).toBe(404);
});
