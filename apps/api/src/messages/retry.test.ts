import { getConversation } from '@parley/contracts/conversations';
import { checkMessage, listMessages, retryMessage, sendMessage } from '@parley/contracts/messages';
import { deliveryRank } from '@parley/db/delivery-rank';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import type { TestConversation } from '@parley/testing/conversation';
import type { TestMember } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let provider: HttpStub;
beforeAll(async () => {
  provider = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: provider.host } });
});
afterAll(async () => {
  await app?.close();
  await provider?.close();
});

/** A message of a member's, in the state in which a worker left it. */
async function sent(
  by: TestMember,
  { id: conversationId }: TestConversation,
  status: 'failed' | 'unknown' | 'sent',
  head = false,
): Promise<string> {
  const { body } = await app
    .as(by)
    .call(sendMessage, { body: { conversationId, content: { type: 'text', text: `It ${status}` } } });
  const rank = deliveryRank[status];
  await app.sql`update deliveries set status = ${rank}, head = ${head}, reason = 'provider' where id = ${body.messageId}`;
  await app.sql`update messages set delivery = ${rank}, delivery_reason = 'provider' where id = ${body.messageId}`;
  return body.messageId;
}

it('queues a failed message again, and moves it to the end of the thread', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation({ assigneeId: owner.id });
  const failed = await sent(owner, conversation, 'failed');
  const later = await tenant.newMessage(conversation, { text: 'Hello?' });
  const seen = (await tenant.events()).length;
  expect(await app.as(owner).call(retryMessage, { params: { id: failed } })).toMatchObject({
    status: 202,
    body: { messageId: failed, status: 'queued' },
  });
  const thread = await app.as(owner).call(listMessages, { params: { id: conversation.id } });
  expect(thread.body.items.map(({ id }) => id)).toEqual([failed, later.id]);
  expect(thread.body.items[0]?.delivery).toMatchObject({ status: 'queued', reason: null, canRetry: false });
  const { body } = await app.as(owner).call(getConversation, { params: { id: conversation.id } });
  expect(body).toMatchObject({
    lastMessage: { id: failed, deliveryStatus: 'queued' },
    answered: 1,
    waitingSince: null,
  });
  expect((await tenant.events()).slice(seen)).toMatchObject([
    { type: 'message.updated', message: { id: failed, delivery: { status: 'queued' } } },
    { type: 'conversation.updated', conversation: { id: conversation.id, lastMessage: { id: failed } } },
  ]);
  const [delivery] = await app.sql`select status, head from deliveries where id = ${failed}`;
  expect(delivery).toEqual({ status: 0, head: true });
});

it('queues once for two who press it together, and never what is out or may still arrive', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation();
  const retry = (id: string) => app.as(owner).call(retryMessage, { params: { id } });
  const failed = await sent(owner, conversation, 'failed');
  const statuses = (await Promise.all([retry(failed), retry(failed)])).map(({ status }) => status);
  expect(statuses.sort()).toEqual([202, 409]);
  for (const id of [await sent(owner, conversation, 'sent'), (await tenant.newMessage(conversation)).id]) {
    expect(await retry(id)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  }
  const other = await tenant.newConversation();
  expect((await retry(await sent(owner, other, 'unknown', true))).status).toBe(409);
  expect((await retry(await sent(owner, await tenant.newConversation(), 'unknown'))).status).toBe(202);
});

it('does not try again what the closed window would refuse', async () => {
  const { tenant, owner } = await app.newTenant();
  const account = await tenant.newAccount('cloud-api');
  const conversation = await tenant.newConversation({ accountId: account.id });
  const failed = await sent(owner, conversation, 'failed');
  await app.sql`update conversations set last_inbound_at = now() - interval '25 hours' where id = ${conversation.id}`;
  expect(await app.as(owner).call(retryMessage, { params: { id: failed } })).toMatchObject({
    status: 422,
    body: { code: 'window_closed' },
  });
});

it('asks the provider only about what is unknown, and only one that can be asked', async () => {
  const { tenant, owner } = await app.newTenant();
  const [evolution, cloud] = [
    await tenant.newAccount('evolution', { baseUrl: provider.url }),
    await tenant.newAccount('cloud-api'),
  ];
  const [asked, deaf] = [
    await tenant.newConversation({ accountId: evolution.id }),
    await tenant.newConversation({ accountId: cloud.id }),
  ];
  const check = (id: string) => app.as(owner).call(checkMessage, { params: { id } });
  expect(await check(await sent(owner, asked, 'failed'))).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await check(await sent(owner, deaf, 'unknown'))).toMatchObject({
    status: 422,
    body: { code: 'channel_cannot' },
  });
  const unknown = await sent(owner, asked, 'unknown');
  expect(await check(unknown)).toMatchObject({ status: 202, body: { messageId: unknown, status: 'unknown' } });
});

it('is not for who does not see the conversation', async () => {
  const { tenant, owner } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  const failed = await sent(owner, await tenant.newConversation({ assigneeId: owner.id }), 'failed');
  for (const route of [retryMessage, checkMessage]) {
    expect(await app.as(agent).call(route, { params: { id: failed } })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  }
});
