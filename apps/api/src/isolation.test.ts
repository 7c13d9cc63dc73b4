import { randomUUID } from 'node:crypto';
import { rolePermissions, roles } from '@parley/contracts/permissions';
import type { AnyRoute } from '@parley/contracts/route';
import { routes } from '@parley/contracts/routes';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { serveApi } from './create-app';

// Every route against every kind of caller and everybody's objects. A new route does not compile here until it is listed.

type Name = keyof typeof routes;
interface Input {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}
interface Ids {
  tenant: string;
  member: string;
  account: string;
  conversation: string;
  chat: string;
  contact: string;
  message: string;
  file: string;
  label: string;
}

const byId = (kind: keyof Ids, body?: unknown) => (theirs: Ids) => [{ params: { id: theirs[kind] }, body }];
const nothing = () => [];
const asking = (query: Record<string, string>): Input => ({ query });
const text = { type: 'text', text: 'hello' };

/** By route, every way to name an object of `theirs`, else of `mine`. */
const ways: Record<Name, (theirs: Ids, mine: Ids) => Input[]> = {
  getMe: nothing,
  getDemo: nothing,
  switchTenant: ({ tenant }) => [{ body: { tenantId: tenant } }],
  listConversations: ({ account, label, member }) => [
    asking({ account }),
    asking({ label }),
    asking({ assignee: member }),
  ],
  countConversations: nothing,
  getConversation: byId('conversation'),
  startConversation: ({ account }) => [{ body: { accountId: account, to: '+12025550199', content: text } }],
  assignConversation: (theirs, mine) => [
    { params: { id: theirs.conversation }, body: { memberId: null } },
    { params: { id: theirs.conversation }, body: { memberId: mine.member } },
    { params: { id: mine.conversation }, body: { memberId: theirs.member } },
  ],
  setConversationLabels: (theirs, mine) => [
    { params: { id: theirs.conversation }, body: { labelIds: [] } },
    { params: { id: mine.conversation }, body: { labelIds: [theirs.label] } },
    { params: { id: mine.conversation }, body: { labelIds: [mine.label, theirs.label] } },
  ],
  setConversationStatus: byId('conversation', { status: 'resolved' }),
  markConversationRead: byId('conversation', { seen: 1 }),
  listMessages: (theirs, mine) => [
    { params: { id: theirs.conversation } },
    { params: { id: mine.conversation }, query: { around: theirs.message } },
  ],
  sendMessage: (theirs, mine) => [
    { body: { conversationId: theirs.conversation, content: text } },
    { body: { conversationId: mine.conversation, chatId: theirs.chat, content: text } },
    { body: { conversationId: mine.conversation, replyTo: theirs.message, content: text } },
    {
      body: {
        conversationId: mine.conversation,
        content: { type: 'reaction', messageId: theirs.message, emoji: '👍' },
      },
    },
  ],
  sendTyping: ({ conversation }) => [{ body: { conversationId: conversation } }],
  retryMessage: byId('message'),
  checkMessage: byId('message'),
  getFileLink: byId('file'),
  retryFile: byId('file'),
  listEvents: nothing,
  listMembers: nothing,
  listLabels: nothing,
  createLabel: nothing,
  updateContact: byId('contact', { name: 'Mine now' }),
  listAccounts: nothing,
  listProviders: nothing,
  getAccount: byId('account'),
  createAccount: nothing,
  updateAccount: byId('account', { name: 'Mine now', config: {}, paused: true }),
  deleteAccount: byId('account'),
  listTemplates: byId('account'),
};

let app: TestApp;
let mine: { tenant: TestTenant; owner: TestMember; ids: Ids };
let theirs: typeof mine;

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  mine = await furnished('Mine');
  theirs = await furnished('Theirs');
});
afterAll(() => app?.close());

const all = Object.entries<AnyRoute>(routes).map(([name, route]) => ({
  name: name as Name,
  route,
  line: `${route.method} ${route.path}`,
}));
const closed = all.filter(({ route }) => route.access !== 'public');

describe('somebody else’s objects', () => {
  const named = all.filter(({ name }) => ways[name](made(), made()).length > 0);

  test.each(named)('are answered by $line as if they never were, and stay as they are', async ({ name, route }) => {
    for (const [index, input] of ways[name](theirs.ids, mine.ids).entries()) {
      const before = await stateOf(theirs.tenant.id);
      const random = ways[name](made(), mine.ids)[index];
      const [foreign, unknown] = [await ask(route, input, mine.owner), await ask(route, random, mine.owner)];
      expect([name, index, foreign]).toEqual([name, index, unknown]);
      if (foreign.status === 200) expect(foreign.body).toEqual({ items: [], nextCursor: null });
      else
        expect([name, index, foreign.status]).toEqual([
          name,
          index,
          expect.toSatisfy((status) => status === 404 || status === 422),
        ]);
      if (input.params && Object.values(theirs.ids).includes(input.params.id ?? '')) expect(foreign.status).toBe(404);
      expect(await stateOf(theirs.tenant.id)).toEqual(before);
    }
  });

  test.each(closed)('appear nowhere in $line', async ({ name, route }) => {
    const own = await furnished('Own'); // some of these change or delete what they name
    const input = ways[name](own.ids, own.ids)[0] ?? sampleOf[name] ?? {};
    const text = JSON.stringify(await ask(route, input, own.owner));
    for (const id of Object.values(theirs.ids)) expect(text).not.toContain(id);
  });
});

describe('who may not', () => {
  test.each(closed)('is kept out of $line: no session, a wrong one, one that ended', async ({ name, route }) => {
    const input = ways[name](mine.ids, mine.ids)[0];
    const expired = await mine.tenant.newMember('tenant_admin');
    await app.sql`update sessions set expires_at = now() - interval '1 second' where id = ${expired.sessionId}`;
    for (const cookie of ['', 'parley=made.up', mine.owner.cookie.slice(0, -3), expired.cookie]) {
      const { status, body } = await ask(route, input, { cookie });
      expect([name, status, body]).toEqual([name, 401, expect.objectContaining({ code: 'unauthenticated' })]);
    }
  });

  const byPermission = all.flatMap(({ name, route, line }) =>
    roles.flatMap((role) => {
      const { access } = route;
      return access === 'public' || access === 'session' || rolePermissions[role].includes(access)
        ? []
        : [{ name, route, line, role }];
    }),
  );
  test.each(byPermission)('is kept out of $line: $role', async ({ name, route, role }) => {
    const member = await mine.tenant.newMember(role);
    const before = await stateOf(mine.tenant.id);
    const input = ways[name](mine.ids, mine.ids)[0] ?? sampleOf[name];
    expect(await ask(route, input, member)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await stateOf(mine.tenant.id)).toEqual(before);
  });

  it('is everybody of a suspended tenant, and who is no longer active', async () => {
    const [{ tenant, owner }, gone] = [
      await app.newTenant(),
      await mine.tenant.newMember('tenant_admin', { active: false }),
    ];
    await app.sql`update tenants set status = 'suspended' where id = ${tenant.id}`;
    for (const { name, route } of closed.filter(({ route }) => route.access !== 'session')) {
      for (const member of [owner, gone])
        expect([name, (await ask(route, ways[name](mine.ids, mine.ids)[0], member)).status]).toEqual([name, 403]);
    }
  });
});

describe('fields that are not for callers', () => {
  const writes = closed.filter(({ route }) => route.body !== undefined);
  test.each(writes)('change nothing in $line', async ({ name, route }) => {
    const [own, before] = [await furnished('Own'), await stateOf(theirs.tenant.id)];
    const input = ways[name](own.ids, own.ids)[0] ?? sampleOf[name] ?? {};
    const more = {
      tenantId: theirs.tenant.id,
      tenant_id: theirs.tenant.id,
      role: 'tenant_admin',
      id: theirs.ids.message,
      isAdmin: true,
      createdAt: '2020-01-01T00:00:00Z',
    };
    const body = { ...more, ...(input.body as object) };
    const { status } = await ask(route, { ...input, body }, own.owner);
    expect(status).not.toBe(500);
    expect(await stateOf(theirs.tenant.id)).toEqual(before);
    const strays =
      await app.sql`select 1 from members where tenant_id = ${own.tenant.id} and user_id = ${theirs.owner.userId}`;
    expect(strays).toHaveLength(0);
  });
});

test.each(all.filter(({ route }) => route.path.includes(':id')))(
  '$line refuses an id that is none',
  async ({ name, route }) => {
    for (const id of ['1', 'undefined', "' or 1=1 --", '0192f8f0-0000-7000-8000-00000000000g']) {
      const input = { ...ways[name](mine.ids, mine.ids)[0], params: { id } };
      expect([name, (await ask(route, input, mine.owner)).status]).toEqual([name, 422]);
    }
  },
);

/** Of routes that name no object. */
const sampleOf: Partial<Record<Name, Input>> = {
  createLabel: { body: { name: 'New', hue: 25 } },
  createAccount: { body: { provider: 'evolution', name: 'New', config: {} } },
};

/** A tenant with one of everything. */
async function furnished(name: string): Promise<typeof mine> {
  const { tenant, owner } = await app.newTenant({ name });
  const member = await tenant.newMember('agent', { name: `${name} agent` });
  const account = await tenant.newAccount('cloud-api', {}, { name: `${name} account` });
  const conversation = await tenant.newConversation({ accountId: account.id, name: `${name} contact` });
  await tenant.newMessage(conversation, { text: `${name} words` });
  const message = await tenant.newMessage(conversation, {
    direction: 'outbound',
    delivery: 'failed',
    text: `${name} answer`,
  });
  const label = randomUUID();
  await app.sql`insert into labels (tenant_id, id, name, name_key, hue) values (${tenant.id}, ${label}, ${name}, ${name.toLowerCase()}, 25)`;
  const file = randomUUID();
  await app.sql`insert into attachments (tenant_id, id, message_id, account_id, kind, state, size_bytes, due_at, expires_at)
    values (${tenant.id}, ${file}, ${message.id}, ${account.id}, 'document', 'ready', 1, now(), now())`;
  const { id, chatId, contactId } = conversation;
  const ids = {
    tenant: tenant.id,
    member: member.id,
    account: account.id,
    conversation: id,
    chat: chatId,
    contact: contactId,
    message: message.id,
    file,
    label,
  };
  return { tenant, owner, ids };
}

/** Ids that nothing has. */
function made(): Ids {
  const [tenant, member, account, conversation, chat, contact, message, file, label] = Array.from({ length: 9 }, () =>
    randomUUID(),
  ) as [string, string, string, string, string, string, string, string, string];
  return { tenant, member, account, conversation, chat, contact, message, file, label };
}

/** What the caller gets, without what differs from call to call. */
async function ask(route: AnyRoute, { params = {}, query = {}, body }: Input = {}, member: Pick<TestMember, 'cookie'>) {
  const path = route.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const response = await app.as(member).fetch(`/api${path}?${new URLSearchParams(query)}`, {
    method: route.method,
    ...(route.method === 'GET'
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
  });
  const parsed = JSON.parse((await response.text()) || 'null') as Record<string, unknown> | null;
  return { status: response.status, body: parsed && { ...parsed, correlationId: undefined } };
}

/** A hash of everything a tenant has, but for what calls themselves leave behind. */
async function stateOf(tenantId: string): Promise<Record<string, string>> {
  const tables = await app.sql<
    { name: string }[]
  >`select c.relname name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id' and c.relname <> 'idempotency_keys' order by 1`;
  const state: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await app.sql<
      { hash: string }[]
    >`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) hash from ${app.sql(name)} t where tenant_id = ${tenantId}`;
    state[name] = row?.hash ?? '';
  }
  return state;
}
