import type { OutboundContent } from '@parley/contracts/content';
import {
  assignConversation,
  getConversation,
  setConversationStatus,
  startConversation,
} from '@parley/contracts/conversations';
import { listMessages } from '@parley/contracts/messages';
import { startApp, type TestApp } from '@parley/testing/app';
import { newPhone } from '@parley/testing/conversation';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import type { TestMember } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let graph: HttpStub;
beforeAll(async () => {
  graph = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: graph.host } });
});
afterAll(async () => {
  await app?.close();
  await graph?.close();
});

const text = (words: string): OutboundContent => ({ type: 'text', text: words });
function start(as: TestMember, body: { accountId: string; to: string; content?: OutboundContent; messageId?: string }) {
  return app.as(as).call(startConversation, { body: { content: text('Hello'), ...body } });
}

it('makes contact, chat and conversation, and gives it to who wrote', async () => {
  const { tenant } = await app.newTenant();
  const [agent, account] = [await tenant.newMember('agent'), await tenant.newAccount()];
  const res = await start(agent, { accountId: account.id, to: ' +1 (202) 555-0143 ' });
  expect(res).toMatchObject({ status: 202, body: { status: 'queued' } });
  const { conversationId: id, messageId } = res.body;
  expect((await app.as(agent).call(getConversation, { params: { id } })).body).toMatchObject({
    title: '+12025550143',
    assigneeId: agent.id,
    contact: { name: null, identities: [{ kind: 'phone', address: '+12025550143' }] },
    lastMessage: { id: messageId, preview: 'Hello', deliveryStatus: 'queued' },
    received: 0,
  });
  expect(await tenant.events()).toMatchObject([
    { type: 'message.created', message: { id: messageId }, conversation: { id } },
  ]);
  const [delivery] =
    await app.sql`select d.id, ch.external_id from deliveries d join chats ch on ch.id = d.chat_id where d.tenant_id = ${tenant.id}`;
  expect(delivery).toEqual({ id: messageId, external_id: '+12025550143' });
});

it('continues the chat that exists, and opens it again', async () => {
  const { tenant } = await app.newTenant();
  const [agent, conversation] = [
    await tenant.newMember('agent'),
    await tenant.newConversation({ name: 'Rita', status: 'resolved' }),
  ];
  const { accountId, phone: to } = conversation;
  const { body } = await start(agent, { accountId, to });
  expect(body.conversationId).toBe(conversation.id);
  const thread = await app.as(agent).call(listMessages, { params: { id: conversation.id } });
  expect(thread.body.items.map(({ content }) => (content.type === 'system' ? content.event : content.type))).toEqual([
    'text',
    'assigned',
    'reopened',
  ]);
  expect((await app.as(agent).call(getConversation, { params: { id: conversation.id } })).body).toMatchObject({
    status: 'open',
    assigneeId: agent.id,
    title: 'Rita',
  });
});

it('says that a colleague has it when the sender does not see it, and writes nothing', async () => {
  const { tenant, owner } = await app.newTenant();
  const [agent, other] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const { id, accountId, phone: to } = await tenant.newConversation({ assigneeId: other.id });
  expect(await start(agent, { accountId, to })).toMatchObject({ status: 409, body: { code: 'conversation_taken' } });
  expect(await tenant.events()).toEqual([]);
  expect((await start(owner, { accountId, to })).body.conversationId).toBe(id);
});

it('makes one conversation however many write to somebody at once', async () => {
  const { tenant } = await app.newTenant();
  const [{ id: accountId }, to] = [await tenant.newAccount(), newPhone()];
  const managers = await Promise.all(Array.from({ length: 6 }, () => tenant.newMember('manager')));
  const answers = await Promise.all(managers.map((manager) => start(manager, { accountId, to })));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(202));
  expect(new Set(answers.map(({ body }) => body.conversationId)).size).toBe(1);
  const [rows] = await app.sql`select (select count(*)::int from contacts where tenant_id = ${tenant.id}) contacts,
    (select count(*)::int from conversations where tenant_id = ${tenant.id}) conversations,
    (select count(*)::int from deliveries where tenant_id = ${tenant.id} and head) heads`;
  expect(rows).toEqual({ contacts: 1, conversations: 1, heads: 1 });
});

it('answers the same again under the same id, also when the conversation went to somebody else', async () => {
  const { tenant, owner } = await app.newTenant();
  const [agent, account] = [await tenant.newMember('agent'), await tenant.newAccount()];
  const request = { accountId: account.id, to: newPhone(), messageId: crypto.randomUUID() };
  const first = await start(agent, request);
  await app
    .as(owner)
    .call(assignConversation, { params: { id: first.body.conversationId }, body: { memberId: owner.id } });
  const again = await start(agent, request);
  expect([again.status, again.body]).toEqual([202, first.body]);
  const taken = { status: 409, body: { code: 'message_id_taken' } };
  expect(await start(agent, { ...request, content: text('Other words') })).toMatchObject(taken);
  expect(await start(agent, { ...request, to: newPhone() })).toMatchObject(taken);
});

it('takes a number with its country, and not the account’s own', async () => {
  const { tenant, owner } = await app.newTenant();
  const { id: accountId } = await tenant.newAccount();
  await app.sql`update accounts set address = '+12025550100' where id = ${accountId}`;
  for (const to of ['555 0143', 'rita@example.com', '+0 123 456 789', '+1202555014312345', '+1 202 555 0100']) {
    expect(await start(owner, { accountId, to }), to).toMatchObject({
      status: 422,
      body: { code: 'invalid', errors: [{ path: 'to' }] },
    });
  }
  expect((await start(owner, { accountId, to: '0044 20 7946 0018' })).status).toBe(202);
  const reaction: OutboundContent = { type: 'reaction', messageId: crypto.randomUUID(), emoji: '👍' };
  expect(await start(owner, { accountId, to: newPhone(), content: reaction })).toMatchObject({
    status: 422,
    body: { code: 'invalid' },
  });
});

it('writes first with a template alone where the channel has a window', async () => {
  const element = {
    name: 'hello',
    language: 'en',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Hello from Acme' }],
  };
  graph.answer(() => ({ body: { data: [element] } }));
  const { tenant, owner } = await app.newTenant();
  const { id: accountId } = await tenant.newAccount('cloud-api', { baseUrl: graph.url });
  const to = newPhone();
  expect(await start(owner, { accountId, to })).toMatchObject({ status: 422, body: { code: 'window_closed' } });
  expect(await app.sql`select 1 from contacts where tenant_id = ${tenant.id}`).toHaveLength(0);
  const content: OutboundContent = { type: 'template', name: 'hello', language: 'en', parameters: [] };
  const { body } = await start(owner, { accountId, to, content });
  expect(
    (await app.as(owner).call(getConversation, { params: { id: body.conversationId } })).body.lastMessage?.preview,
  ).toBe('Hello from Acme');
});

it('knows the contact from another account, and takes over their name', async () => {
  const { tenant, owner } = await app.newTenant();
  const { phone: to, contactId } = await tenant.newConversation({ name: 'Rita' });
  const second = await tenant.newAccount();
  const { body } = await start(owner, { accountId: second.id, to });
  expect((await app.as(owner).call(getConversation, { params: { id: body.conversationId } })).body).toMatchObject({
    title: 'Rita',
    contactId,
  });
  await app
    .as(owner)
    .call(setConversationStatus, { params: { id: body.conversationId }, body: { status: 'resolved' } });
});
