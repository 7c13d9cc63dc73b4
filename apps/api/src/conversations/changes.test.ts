import {
  assignConversation,
  getConversation,
  listConversations,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
} from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { listMessages } from '@parley/contracts/messages';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

describe('assigning', () => {
  it('gives a conversation to a member, writes a line, and tells the tenant once', async () => {
    const { tenant, owner } = await app.newTenant();
    const [agent, { id }] = [await tenant.newMember('agent', { name: 'Ada' }), await tenant.newConversation()];
    const res = await app.as(owner).call(assignConversation, { params: { id }, body: { memberId: agent.id } });
    expect(res).toMatchObject({ status: 200, body: { id, assigneeId: agent.id, me: { seen: null } } });
    expect(await tenant.events()).toMatchObject([
      {
        seq: Number(res.headers.get(CURSOR_HEADER)),
        type: 'message.created',
        message: {
          direction: 'system',
          content: { type: 'system', event: 'assigned', by: owner.name, to: ['Ada'] },
          sender: { memberId: owner.id },
          delivery: null,
        },
        conversation: { id, assigneeId: agent.id, lastMessage: null, received: 0 },
      },
    ]);
  });

  it('takes it back from everybody, and does nothing a second time', async () => {
    const { tenant, owner } = await app.newTenant();
    const { id } = await tenant.newConversation({ assigneeId: owner.id });
    const unassign = () => app.as(owner).call(assignConversation, { params: { id }, body: { memberId: null } });
    const [first, second] = [await unassign(), await unassign()];
    expect(first.body.assigneeId).toBeNull();
    expect(second.body).toEqual(first.body);
    expect(second.headers.get(CURSOR_HEADER)).toBe(first.headers.get(CURSOR_HEADER));
    expect(await tenant.events()).toMatchObject([{ message: { content: { event: 'unassigned', to: [] } } }]);
  });

  it('lets agents take and hand over what they see, nothing else', async () => {
    const { tenant } = await app.newTenant({ agentsSeeUnassigned: true });
    const [agent, other] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
    const [free, theirs] = [await tenant.newConversation(), await tenant.newConversation({ assigneeId: other.id })];
    const assign = (id: string, memberId: string | null) =>
      app.as(agent).call(assignConversation, { params: { id }, body: { memberId } });
    expect((await assign(free.id, agent.id)).body.assigneeId).toBe(agent.id);
    expect((await assign(free.id, other.id)).body.assigneeId).toBe(other.id);
    expect((await assign(free.id, agent.id)).status).toBe(404);
    expect((await assign(theirs.id, agent.id)).status).toBe(404);
  });

  it('refuses a member who is not active, and one who does not exist', async () => {
    const { tenant, owner } = await app.newTenant();
    const [gone, { id }] = [await tenant.newMember('agent', { active: false }), await tenant.newConversation()];
    const assign = (memberId: string) => app.as(owner).call(assignConversation, { params: { id }, body: { memberId } });
    expect(await assign(gone.id)).toMatchObject({ status: 422, body: { code: 'member_cannot_receive' } });
    expect(await assign(crypto.randomUUID())).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await tenant.events()).toEqual([]);
  });

  it('gives it to one of two who take it at the same time, in the order that the events tell', async () => {
    const { tenant } = await app.newTenant();
    const agents = await Promise.all([1, 2, 3, 4].map(() => tenant.newMember('agent')));
    const { id } = await tenant.newConversation();
    await Promise.all(
      agents.map((agent) => app.as(agent).call(assignConversation, { params: { id }, body: { memberId: agent.id } })),
    );
    const events = await tenant.events();
    const [row] = await app.sql`select assignee_id from conversations where id = ${id}`;
    expect(events.at(-1)).toMatchObject({ conversation: { assigneeId: row?.assignee_id } });
    expect(events.length).toBe(1); // to the others it had gone from sight
  });
});

describe('status', () => {
  it('resolves, reopens and parks, each with a line, and lets nobody wait in a resolved one', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    await tenant.newMessage(conversation);
    const { id } = conversation;
    const set = (status: 'open' | 'pending' | 'resolved') =>
      app.as(owner).call(setConversationStatus, { params: { id }, body: { status } });
    expect((await set('open')).body.waitingSince).not.toBeNull();
    expect((await set('resolved')).body).toMatchObject({ status: 'resolved', waitingSince: null });
    expect((await set('open')).body).toMatchObject({
      status: 'open',
      lastMessage: { preview: 'Open today?' },
      received: 1,
    });
    expect((await set('pending')).body.status).toBe('pending');
    expect((await set('open')).body.status).toBe('open');
    const { body } = await app.as(owner).call(listMessages, { params: { id } });
    const lines = body.items.flatMap(({ content }) => (content.type === 'system' ? [content.event] : []));
    expect(lines).toEqual(['opened', 'pending', 'reopened', 'resolved']);
    expect(
      (await app.as(owner).call(setConversationStatus, { params: { id }, body: { status: 'gone' as 'open' } })).status,
    ).toBe(422);
  });
});

describe('labels', () => {
  it('sets the whole set, tells once, and takes no label that is not there', async () => {
    const { tenant, owner } = await app.newTenant();
    const { id } = await tenant.newConversation();
    const [a, b] = await Promise.all(
      ['Urgent', 'VIP'].map(
        async (name) => (await app.as(owner).call(createLabel, { body: { name, hue: 60 } })).body.id,
      ),
    );
    const set = (...labelIds: (string | undefined)[]) =>
      app.as(owner).call(setConversationLabels, { params: { id }, body: { labelIds: labelIds as string[] } });
    expect((await set(a, b, a)).body.labelIds.sort()).toEqual([a, b].sort());
    expect((await set(b, a)).status).toBe(200);
    expect((await set(b)).body.labelIds).toEqual([b]);
    expect(await set(b, crypto.randomUUID())).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await set()).body.labelIds).toEqual([]);
    const told = (await tenant.events()).filter(({ type }) => type === 'conversation.updated');
    expect(told).toMatchObject([
      { conversation: { labelIds: [a, b].sort() } },
      { conversation: { labelIds: [b] } },
      { conversation: { labelIds: [] } },
    ]);
  });
});

describe('read marks', () => {
  it('remembers what one member has seen, at most what arrived, and goes back when asked', async () => {
    const { tenant, owner } = await app.newTenant();
    const [agent, conversation] = [await tenant.newMember('agent'), await tenant.newConversation()];
    for (let i = 0; i < 3; i++) await tenant.newMessage(conversation);
    const { id } = conversation;
    const mark = (seen: number) => app.as(agent).call(markConversationRead, { params: { id }, body: { seen } });
    expect((await mark(99)).body).toMatchObject({ received: 3, me: { seen: 3 } });
    expect((await mark(3)).status).toBe(200);
    expect((await mark(1)).body.me).toMatchObject({ seen: 1 });
    expect((await app.as(owner).call(getConversation, { params: { id } })).body.me).toMatchObject({ seen: null });
    expect((await app.as(agent).call(listConversations)).body.items[0]?.me).toMatchObject({ seen: 1 });
    expect(await tenant.events()).toMatchObject([
      { type: 'conversation.read', conversationId: id, seen: 3 },
      { type: 'conversation.read', conversationId: id, seen: 1 },
    ]);
    expect((await mark(-1)).status).toBe(422);
  });
});
