import { getConversation } from '@parley/contracts/conversations';
import { listMessages, sendMessage, sendTyping } from '@parley/contracts/messages';
import type { OutboundContent } from '@parley/contracts/content';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
const invalid = (path: string) => ({ status: 422, body: { code: 'invalid', errors: [{ path }] } });

describe('a text', () => {
  it('stands in the thread at once, waits in the queue, and is told with its conversation', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation({ assigneeId: owner.id });
    await tenant.newMessage(conversation);
    const messageId = crypto.randomUUID();
    const res = await app
      .as(owner)
      .call(sendMessage, { body: { messageId, conversationId: conversation.id, content: text('  Until six.  ') } });
    expect(res).toMatchObject({ status: 202, body: { messageId, status: 'queued' } });
    const [event] = await tenant.events();
    expect(event).toMatchObject({
      seq: Number(res.headers.get(CURSOR_HEADER)),
      type: 'message.created',
      message: {
        id: messageId,
        direction: 'outbound',
        content: { type: 'text', text: 'Until six.' },
        sender: { memberId: owner.id, name: owner.name },
        origin: 'agent',
        delivery: { status: 'queued', canRetry: false },
      },
      conversation: {
        lastMessage: {
          id: messageId,
          direction: 'outbound',
          preview: 'Until six.',
          senderName: owner.name,
          deliveryStatus: 'queued',
        },
        received: 1,
        answered: 1,
        waitingSince: null,
      },
    });
    // What is told is what would be read.
    const thread = await app.as(owner).call(listMessages, { params: { id: conversation.id } });
    expect(thread.body.items[0]).toEqual(event?.type === 'message.created' && event.message);
    const read = await app.as(owner).call(getConversation, { params: { id: conversation.id } });
    expect(read.body).toMatchObject(event?.type === 'message.created' ? event.conversation : {});
    const [delivery] = await app.sql`select chat_id, status, head, kind from deliveries where id = ${messageId}`;
    expect(delivery).toEqual({ chat_id: conversation.chatId, status: 0, head: true, kind: 'message' });
    const { body } = await app.as(owner).call(listMessages, { params: { id: conversation.id } });
    expect(body.items[0]).toEqual(event?.type === 'message.created' ? event.message : null);
  });

  it('is sent once under its id, whatever comes twice, also at the same time', async () => {
    const { tenant, owner } = await app.newTenant();
    const { id: conversationId } = await tenant.newConversation({ assigneeId: owner.id });
    const messageId = crypto.randomUUID();
    const send = (content = text('Once')) =>
      app.as(owner).call(sendMessage, { body: { messageId, conversationId, content } });
    const answers = await Promise.all([send(), send(), send(), send()]);
    for (const answer of [...answers, await send()]) {
      expect(answer).toMatchObject({ status: 202, body: { messageId, status: 'queued' } });
      expect(answer.headers.get(CURSOR_HEADER)).toBe('1');
    }
    expect(await tenant.events()).toHaveLength(1);
    expect(await send(text('Twice'))).toMatchObject({ status: 409, body: { code: 'message_id_taken' } });
  });

  it('takes an id of another tenant like any other, and refuses one of another conversation or member', async () => {
    const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
    const foreign = await theirs.tenant.newMessage(await theirs.tenant.newConversation());
    const [first, second] = [await mine.tenant.newConversation(), await mine.tenant.newConversation()];
    const send = (conversationId: string, messageId: string, as = mine.owner) =>
      app.as(as).call(sendMessage, { body: { conversationId, messageId, content: text('Hello') } });
    expect((await send(first.id, foreign.id)).status).toBe(202);
    expect(await send(second.id, foreign.id)).toMatchObject({ status: 409, body: { code: 'message_id_taken' } });
    const colleague = await mine.tenant.newMember('manager');
    expect(await send(first.id, foreign.id, colleague)).toMatchObject({
      status: 409,
      body: { code: 'message_id_taken' },
    });
    const rows = await app.sql`select tenant_id from messages where id = ${foreign.id}`;
    expect(rows).toHaveLength(2);
  });

  it('assigns a conversation that nobody has to who answers it, for everybody to see', async () => {
    const { tenant } = await app.newTenant();
    const [agent, { id }] = [await tenant.newMember('agent', { name: 'Ada' }), await tenant.newConversation()];
    await app.as(agent).call(sendMessage, { body: { conversationId: id, content: text('Hello') } });
    expect(await tenant.events()).toMatchObject([
      { message: { content: { event: 'assigned', by: 'Ada', to: ['Ada'] } }, conversation: { assigneeId: agent.id } },
      { message: { content: { text: 'Hello' } }, conversation: { assigneeId: agent.id } },
    ]);
    const audiences =
      await app.sql`select assignee_id, was_assignee_id from events where tenant_id = ${tenant.id} order by seq`;
    expect([...audiences]).toEqual([
      { assignee_id: agent.id, was_assignee_id: null },
      { assignee_id: agent.id, was_assignee_id: agent.id },
    ]);
  });

  it('comes after everything that is there, also after what the provider dates ahead', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const ahead = await tenant.newMessage(conversation, { sentAt: new Date(Date.now() + 240_000) });
    const { body: sent } = await app
      .as(owner)
      .call(sendMessage, { body: { conversationId: conversation.id, content: text('After') } });
    const { body } = await app.as(owner).call(listMessages, { params: { id: conversation.id } });
    expect(body.items.filter(({ direction }) => direction !== 'system').map(({ id }) => id)).toEqual([
      sent.messageId,
      ahead.id,
    ]);
  });

  it('answers to one message of the same chat, and keeps what it answered to', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const question = await tenant.newMessage(conversation, { text: 'Open today?' });
    const answer = await app
      .as(owner)
      .call(sendMessage, { body: { conversationId: conversation.id, replyTo: question.id, content: text('Yes') } });
    const { body } = await app.as(owner).call(listMessages, { params: { id: conversation.id } });
    expect(body.items.find(({ id }) => id === answer.body.messageId)?.quote).toEqual({
      messageId: question.id,
      author: null,
      text: 'Open today?',
    });
    const line = body.items.find(({ direction }) => direction === 'system');
    const send = (replyTo: string) =>
      app.as(owner).call(sendMessage, { body: { conversationId: conversation.id, replyTo, content: text('Yes') } });
    expect(await send(line?.id ?? '')).toMatchObject(invalid('replyTo'));
    const elsewhere = await tenant.newMessage(await tenant.newConversation());
    expect(await send(elsewhere.id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await send(crypto.randomUUID())).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('is refused before anything is written: too long, nothing in it, no such chat, a disconnected account', async () => {
    const { tenant, owner } = await app.newTenant();
    const cloud = await tenant.newAccount('cloud-api');
    const { id: conversationId } = await tenant.newConversation({ accountId: cloud.id });
    const send = (body: { content: OutboundContent; chatId?: string }) =>
      app.as(owner).call(sendMessage, { body: { conversationId, ...body } });
    expect(await send({ content: text('x'.repeat(4097)) })).toMatchObject(invalid('content.text'));
    expect(await send({ content: text('x'.repeat(10_001)) })).toMatchObject(invalid('content.text'));
    expect(await send({ content: text('   ') })).toMatchObject({ status: 422 });
    expect(await send({ content: text('Hi'), chatId: crypto.randomUUID() })).toMatchObject({ status: 404 });
    await app.sql`update accounts set state = 'deleted' where id = ${cloud.id}`;
    expect(await send({ content: text('Hi') })).toMatchObject({ status: 422, body: { code: 'account_unavailable' } });
    expect(await tenant.events()).toEqual([]);
    expect(await app.sql`select 1 from messages where tenant_id = ${tenant.id}`).toHaveLength(0);
  });

  it('needs an open window where the channel has one', async () => {
    const { tenant, owner } = await app.newTenant();
    const cloud = await tenant.newAccount('cloud-api');
    const hours = (n: number) => new Date(Date.now() - n * 3_600_000);
    const open = await tenant.newConversation({ accountId: cloud.id, lastInboundAt: hours(23.9) });
    const closed = await tenant.newConversation({ accountId: cloud.id, lastInboundAt: hours(24.1) });
    const closing = await tenant.newConversation({ accountId: cloud.id, lastInboundAt: hours(24 - 2.5 / 60) });
    const never = await tenant.newConversation({ accountId: cloud.id, lastInboundAt: null });
    const send = ({ id }: { id: string }) =>
      app.as(owner).call(sendMessage, { body: { conversationId: id, content: text('Hi') } });
    expect((await send(open)).status).toBe(202);
    for (const one of [closed, closing, never])
      expect(await send(one)).toMatchObject({ status: 422, body: { code: 'window_closed' } });
    expect((await app.as(owner).call(getConversation, { params: { id: closed.id } })).body.assigneeId).toBeNull();
  });
});

describe('a reaction', () => {
  it('is a delivery without a message, sent once, and taken back by an empty one', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const { id: target } = await tenant.newMessage(conversation);
    const messageId = crypto.randomUUID();
    const react = (emoji: string, id = messageId) =>
      app.as(owner).call(sendMessage, {
        body: {
          messageId: id,
          conversationId: conversation.id,
          content: { type: 'reaction', messageId: target, emoji },
        },
      });
    for (const res of [await react('👍'), await react('👍')])
      expect(res).toMatchObject({ status: 202, body: { messageId, status: 'queued' } });
    expect(await react('❤️')).toMatchObject({ status: 409, body: { code: 'message_id_taken' } });
    expect((await react('', crypto.randomUUID())).status).toBe(202);
    const deliveries =
      await app.sql`select id, kind, emoji, message_id, head from deliveries where tenant_id = ${tenant.id} order by place`;
    expect([...deliveries]).toMatchObject([
      { id: messageId, kind: 'reaction', emoji: '👍', message_id: target, head: true },
      { kind: 'reaction', emoji: '', head: false },
    ]);
    expect((await app.as(owner).call(listMessages, { params: { id: conversation.id } })).body.items).toHaveLength(1);
    expect((await app.as(owner).call(getConversation, { params: { id: conversation.id } })).body).toMatchObject({
      assigneeId: null,
      answered: 0,
    });
  });

  it('goes to a message of this conversation that is still there', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const deleted = await tenant.newMessage(conversation);
    await app.sql`update messages set deleted_at = now() where id = ${deleted.id}`;
    const elsewhere = await tenant.newMessage(await tenant.newConversation());
    const react = (messageId: string) =>
      app.as(owner).call(sendMessage, {
        body: { conversationId: conversation.id, content: { type: 'reaction', messageId, emoji: '👍' } },
      });
    expect(await react(deleted.id)).toMatchObject(invalid('content.messageId'));
    expect(await react(elsewhere.id)).toMatchObject({ status: 404 });
    expect(await react(crypto.randomUUID())).toMatchObject({ status: 404 });
  });
});

describe('a template', () => {
  const element = (name: string, body: string) => ({
    id: name,
    name,
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: body }],
  });

  it('is filled in as the customer will read it, also while the window is closed', async () => {
    graph.answer(() => ({ body: { data: [element('order', 'Hi {{1}}, order {{2}} is on its way.')], paging: {} } }));
    const { tenant, owner } = await app.newTenant();
    const cloud = await tenant.newAccount('cloud-api', { baseUrl: graph.url });
    const { id: conversationId } = await tenant.newConversation({ accountId: cloud.id, lastInboundAt: null });
    const messageId = crypto.randomUUID();
    const send = (more: object, id = messageId) =>
      app.as(owner).call(sendMessage, {
        body: {
          messageId: id,
          conversationId,
          content: { type: 'template', name: 'order', language: 'en_US', parameters: [], ...more } as OutboundContent,
        },
      });
    const parameters = [
      { place: 'body', name: '2', value: '{{1}}' },
      { place: 'body', name: '1', value: 'Rita' },
    ];
    expect(await send({ parameters })).toMatchObject({ status: 202, body: { messageId } });
    expect(await send({ parameters: [...parameters].reverse() })).toMatchObject({ status: 202, body: { messageId } });
    const { body } = await app.as(owner).call(listMessages, { params: { id: conversationId } });
    expect(body.items[0]?.content).toMatchObject({
      type: 'template',
      text: 'Hi Rita, order {{1}} is on its way.',
      parameters: [...parameters].reverse(),
    });
    const other = crypto.randomUUID();
    expect(await send({ parameters: parameters.slice(1) }, other)).toMatchObject(invalid('content.parameters'));
    expect(
      await send({ parameters: [...parameters, { place: 'header', name: '1', value: 'x' }] }, other),
    ).toMatchObject(invalid('content.parameters'));
    expect(await send({ name: 'unknown' }, other)).toMatchObject(invalid('content.name'));
    expect(await send({ language: 'pt_BR' }, other)).toMatchObject(invalid('content.name'));
  });

  it('is not for channels that have none', async () => {
    const { tenant, owner } = await app.newTenant();
    const { id: conversationId } = await tenant.newConversation();
    const content: OutboundContent = { type: 'template', name: 'order', language: 'en', parameters: [] };
    expect(await app.as(owner).call(sendMessage, { body: { conversationId, content } })).toMatchObject({
      status: 422,
      body: { code: 'channel_cannot' },
    });
  });
});

it('tells that somebody is typing, of what they see alone', async () => {
  const { tenant } = await app.newTenant();
  const [agent, other] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const { id: conversationId } = await tenant.newConversation({ assigneeId: other.id });
  const typing = (member: typeof agent) => app.as(member).call(sendTyping, { body: { conversationId } });
  expect((await typing(other)).status).toBe(204);
  expect((await typing(agent)).status).toBe(404);
});
