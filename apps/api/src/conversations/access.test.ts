import { updateContact } from '@parley/contracts/contacts';
import {
  assignConversation,
  countConversations,
  getConversation,
  listConversations,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
  startConversation,
} from '@parley/contracts/conversations';
import { createLabel, listLabels } from '@parley/contracts/labels';
import { listMembers } from '@parley/contracts/members';
import { checkMessage, listMessages, retryMessage, sendMessage, sendTyping } from '@parley/contracts/messages';
import { listEvents } from '@parley/contracts/realtime';
import type { AnyRoute } from '@parley/contracts/route';
import { startApp, type TestApp } from '@parley/testing/app';
import { newPhone } from '@parley/testing/conversation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

const text = { type: 'text', text: 'Hello' };
/** Every route of the inbox that names something, once for each id it takes; `own` are the caller's. */
const naming: [string, AnyRoute, (foreign: Ids, own: Ids) => object][] = [
  ['conversation', getConversation, (f) => ({ params: { id: f.conversation } })],
  ['messages', listMessages, (f) => ({ params: { id: f.conversation } })],
  ['around', listMessages, (f, o) => ({ params: { id: o.conversation }, query: { around: f.message } })],
  ['assign', assignConversation, (f, o) => ({ params: { id: f.conversation }, body: { memberId: o.member } })],
  ['assignee', assignConversation, (f, o) => ({ params: { id: o.conversation }, body: { memberId: f.member } })],
  ['tags', setConversationLabels, (f) => ({ params: { id: f.conversation }, body: { labelIds: [] } })],
  ['label', setConversationLabels, (f, o) => ({ params: { id: o.conversation }, body: { labelIds: [f.label] } })],
  ['status', setConversationStatus, (f) => ({ params: { id: f.conversation }, body: { status: 'resolved' } })],
  ['read', markConversationRead, (f) => ({ params: { id: f.conversation }, body: { seen: 0 } })],
  ['send', sendMessage, (f) => ({ body: { conversationId: f.conversation, content: text } })],
  [
    'send through a chat',
    sendMessage,
    (f, o) => ({ body: { conversationId: o.conversation, chatId: f.chat, content: text } }),
  ],
  ['reply', sendMessage, (f, o) => ({ body: { conversationId: o.conversation, replyTo: f.message, content: text } })],
  [
    'react',
    sendMessage,
    (f, o) => ({
      body: { conversationId: o.conversation, content: { type: 'reaction', messageId: f.message, emoji: '👍' } },
    }),
  ],
  ['typing', sendTyping, (f) => ({ body: { conversationId: f.conversation } })],
  ['retry', retryMessage, (f) => ({ params: { id: f.message } })],
  ['check', checkMessage, (f) => ({ params: { id: f.message } })],
  ['start', startConversation, (f) => ({ body: { accountId: f.account, to: newPhone(), content: text } })],
  ['contact', updateContact, (f) => ({ params: { id: f.contact }, body: { name: 'Mallory' } })],
];

type Ids = Record<'conversation' | 'chat' | 'message' | 'contact' | 'account' | 'label' | 'member', string>;

async function world() {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation();
  const { id: message } = await tenant.newMessage(conversation, { direction: 'outbound', delivery: 'failed' });
  const { body: label } = await app.as(owner).call(createLabel, { body: { name: 'VIP', hue: 25 } });
  const { chatId: chat, contactId: contact, accountId: account } = conversation;
  const ids: Ids = {
    conversation: conversation.id,
    chat,
    message,
    contact,
    account,
    label: label.id,
    member: owner.id,
  };
  return { tenant, owner, ids };
}

/** Every row of a tenant, in every table that has tenants. */
async function rowsOf(tenantId: string): Promise<Record<string, string>> {
  const tables = await app.sql<{ name: string }[]>`select table_name name from information_schema.columns
    where table_schema = 'public' and column_name = 'tenant_id' order by 1`;
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await app.sql.unsafe<{ sum: string }[]>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) sum from ${name} t where tenant_id = $1`,
      [tenantId],
    );
    sums[name] = row?.sum ?? '';
  }
  return sums;
}

const random = (): Ids => {
  const ids = ['conversation', 'chat', 'message', 'contact', 'account', 'label', 'member'].map((key) => [
    key,
    crypto.randomUUID(),
  ]);
  return Object.fromEntries(ids) as Ids;
};

describe('another tenant’s ids', () => {
  it.each(naming)('%s: answered like a random one, nothing changed', async (_name, route, inputOf) => {
    const [mine, theirs] = [await world(), await world()];
    const before = [await rowsOf(theirs.tenant.id), await rowsOf(mine.tenant.id)];
    const ask = (ids: Ids) => app.as(mine.owner).call(route, inputOf(ids, mine.ids));
    const [foreign, unknown] = [await ask(theirs.ids), await ask(random())];
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
    expect({ ...foreign.body, correlationId: '' }).toEqual({ ...unknown.body, correlationId: '' });
    expect([await rowsOf(theirs.tenant.id), await rowsOf(mine.tenant.id)]).toEqual(before);
  });

  it('match nothing as filters', async () => {
    const [mine, theirs] = [await world(), await world()];
    for (const query of [
      { account: theirs.ids.account },
      { label: theirs.ids.label },
      { assignee: theirs.ids.member },
      { q: theirs.ids.contact.slice(0, 8) },
    ]) {
      const { status, body } = await app.as(mine.owner).call(listConversations, { query });
      expect([status, body.items]).toEqual([200, []]);
    }
  });
});

describe('without a session', () => {
  const open: AnyRoute[] = [listConversations, countConversations, listLabels, createLabel, listMembers, listEvents];
  const all = [...new Set([...naming.map(([, route]) => route), ...open])];
  it.each(all.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s: nobody gets in',
    async (_name, route) => {
      const ids = random();
      const input = naming.find(([, one]) => one === route)?.[2](ids, ids) ?? {};
      expect(await app.call(route, input)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    },
  );
});

describe('what is not valid', () => {
  const id = crypto.randomUUID();
  const wrong: [string, AnyRoute, object][] = [
    ['no uuid', getConversation, { params: { id: 'x' } }],
    ['a limit of 0', listConversations, { query: { limit: 0 } }],
    ['a limit of 101', listMessages, { params: { id }, query: { limit: 101 } }],
    ['an unknown status', listConversations, { query: { status: 'closed' } }],
    ['no member', assignConversation, { params: { id }, body: {} }],
    ['labels that are none', setConversationLabels, { params: { id }, body: { labelIds: 'x' } }],
    ['half a message', markConversationRead, { params: { id }, body: { seen: 1.5 } }],
    ['an unknown kind', sendMessage, { body: { conversationId: id, content: { type: 'fax' } } }],
    ['no conversation', sendTyping, { body: {} }],
    ['no recipient', startConversation, { body: { accountId: id, content: text } }],
    ['no name', updateContact, { params: { id }, body: {} }],
    ['no uuid to retry', retryMessage, { params: { id: 'x' } }],
    ['no uuid to check', checkMessage, { params: { id: 'x' } }],
    ['a cursor below zero', listEvents, { query: { after: -1 } }],
  ];
  it.each(wrong)('%s is refused', async (_name, route, input) => {
    const { owner } = await app.newTenant();
    expect(await app.as(owner).call(route, input)).toMatchObject({ status: 422, body: { code: 'invalid' } });
  });
});
