import { randomUUID } from 'node:crypto';
import { createAccount, listAccounts, updateAccount } from '@parley/contracts/accounts';
import { updateContact } from '@parley/contracts/contacts';
import { getConversation, listConversations, startConversation } from '@parley/contracts/conversations';
import { createLabel, listLabels } from '@parley/contracts/labels';
import { listMembers } from '@parley/contracts/members';
import { listMessages, sendMessage } from '@parley/contracts/messages';
import { encodeCursor } from '@parley/inbox/cursor';
import { startApp, type Caller, type TestApp } from '@parley/testing/app';
import type { TestConversation } from '@parley/testing/conversation';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let tenant: TestTenant;
let owner: TestMember;
let conversation: TestConversation;
let me: Caller;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  ({ tenant, owner } = await app.newTenant());
  conversation = await tenant.newConversation();
  me = app.as(owner);
});
afterAll(() => app?.close());

const odd = 'a\u0000b\ud800c';
const tidy = 'ab\ufffdc';
const onConversation = () => ({ params: { id: conversation.id } });

describe('what Postgres cannot keep is taken out of', () => {
  it('a text that is sent', async () => {
    const content = { type: 'text' as const, text: odd };
    const sent = await me.call(sendMessage, { body: { conversationId: conversation.id, content } });
    expect(sent.status).toBe(202);
    const { body } = await me.call(listMessages, onConversation());
    expect(body.items.find(({ id }) => id === sent.body.messageId)?.content).toEqual({ type: 'text', text: tidy });
    const nothing = { type: 'text' as const, text: ' \u0000 ' };
    const refused = await me.call(sendMessage, { body: { conversationId: conversation.id, content: nothing } });
    expect(refused.status).toBe(422);
  });

  it('names', async () => {
    expect((await me.call(createLabel, { body: { name: odd, hue: 25 } })).body).toMatchObject({ name: tidy });
    const { body } = await me.call(getConversation, onConversation());
    const contact = await me.call(updateContact, { params: { id: body.contactId ?? '' }, body: { name: odd } });
    expect(contact.body).toMatchObject({ name: tidy });
    const [account] = (await me.call(listAccounts)).body.items;
    const renamed = await me.call(updateAccount, { params: { id: account?.id ?? '' }, body: { name: odd } });
    expect(renamed.body).toMatchObject({ name: tidy });
  });

  it('searches', async () => {
    expect((await me.call(listConversations, { query: { q: odd } })).status).toBe(200);
    expect((await app.as(owner).fetch('/api/inbox/conversations?q=%00')).status).toBe(422);
  });

  it('everything else that is told of an account or an address', async () => {
    const config = { instance: odd, baseUrl: odd, [odd]: { deep: [odd] } };
    const created = await me.call(createAccount, { body: { provider: 'evolution', name: odd, config } });
    expect(created.status).toBe(422);
    const accountId = (await me.call(listAccounts)).body.items[0]?.id ?? '';
    const content = { type: 'text' as const, text: 'Hello' };
    const started = await me.call(startConversation, { body: { accountId, to: `1202555\u00000143`, content } });
    expect(started.status).toBeLessThan(500);
    for (const body of [
      {
        type: 'template' as const,
        name: odd,
        language: odd,
        parameters: [{ place: 'body' as const, name: odd, value: odd }],
      },
      { type: 'reaction' as const, messageId: randomUUID(), emoji: odd },
    ]) {
      const refused = await me.call(sendMessage, { body: { conversationId: conversation.id, content: body } });
      expect(refused.status).toBeLessThan(500);
    }
  });
});

describe('a forged cursor is refused', () => {
  const id = randomUUID();
  test.each([[1e300, id], [-1e15, id], [1e17, id], ['a', id], [1]])('of conversations: %j', async (...place) => {
    const { status } = await me.call(listConversations, {
      query: { cursor: encodeCursor(place as (string | number)[]) },
    });
    expect(status).toBe(422);
  });

  test.each([
    ['older', 1e300, id],
    ['newer', 1.5, id],
    ['older', 1, 'x'],
  ])('of a thread: %j', async (...place) => {
    const { status } = await me.call(listMessages, { ...onConversation(), query: { cursor: encodeCursor(place) } });
    expect(status).toBe(422);
  });

  test.each([
    ['a\u0000', id],
    ['\ud800', id],
  ])('of what is listed by name: %j', async (...place) => {
    for (const route of [listLabels, listMembers, listAccounts]) {
      const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
      expect((await app.as(owner).fetch(`/api${route.path}?cursor=${cursor}`)).status).toBe(422);
    }
  });
});

it('answers an id as it is kept, however it was written', async () => {
  const id = randomUUID();
  const content = { type: 'text' as const, text: 'Hello' };
  const body = { messageId: id.toUpperCase(), conversationId: conversation.id.toUpperCase(), content };
  expect((await me.call(sendMessage, { body })).body).toMatchObject({ messageId: id });
  expect((await me.call(sendMessage, { body: { ...body, messageId: id } })).body).toMatchObject({ messageId: id });
  expect((await me.call(sendMessage, { body })).status).toBe(202);
});
