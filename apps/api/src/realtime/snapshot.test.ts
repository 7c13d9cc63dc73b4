import { updateContact } from '@parley/contracts/contacts';
import {
  assignConversation,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
  setConversationTeam,
  startConversation,
} from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { setAvailability } from '@parley/contracts/members';
import { createTeam, updateTeam } from '@parley/contracts/teams';
import { retryMessage, sendMessage } from '@parley/contracts/messages';
import { listEvents, type RealtimeEvent } from '@parley/contracts/realtime';
import { startApp, type TestApp } from '@parley/testing/app';
import { newPhone, type TestConversation } from '@parley/testing/conversation';
import { Customers } from '@parley/testing/customer';
import { TestStream } from '@parley/testing/event-stream';
import { insertTeam } from '@parley/testing/house';
import { Screen } from '@parley/testing/screen';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let customers: Customers;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  customers = Customers.of(app);
});
afterAll(async () => {
  await customers?.close();
  await app?.close();
});

interface World {
  tenant: TestTenant;
  admin: TestMember;
  manager: TestMember;
  agent: TestMember;
  colleague: TestMember;
  free: TestConversation;
  mine: TestConversation;
  theirs: TestConversation;
  labelId: string;
  /** The agent is of it, the colleague is not. */
  teamId: string;
  failed: string;
}

async function world(): Promise<World> {
  const { tenant, owner: admin } = await app.newTenant();
  const manager = await tenant.newMember('manager');
  const [agent, colleague] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const teamId = await insertTeam(app.sql, tenant.id, 'Sales');
  await app.sql`update members set team_ids = ${[teamId]} where id = ${agent.id}`; // before anybody asks who they are
  const free = await tenant.newConversation({ name: 'Free' });
  const mine = await tenant.newConversation({ name: 'Mine', assigneeId: agent.id });
  const theirs = await tenant.newConversation({ name: 'Theirs', assigneeId: colleague.id, status: 'resolved' });
  for (const conversation of [free, mine, theirs]) await tenant.newMessage(conversation);
  const { body: label } = await app.as(admin).call(createLabel, { body: { name: 'VIP', hue: 25 } });
  const { body: sent } = await app
    .as(agent)
    .call(sendMessage, { body: { conversationId: mine.id, content: { type: 'text', text: 'Lost' } } });
  await app.sql`update deliveries set status = 5, head = false where id = ${sent.messageId}`;
  await app.sql`update messages set delivery = 5 where id = ${sent.messageId}`;
  const [people, conversations] = [
    { admin, manager, agent, colleague },
    { free, mine, theirs },
  ];
  return { tenant, ...people, ...conversations, labelId: label.id, teamId, failed: sent.messageId };
}

const text = { type: 'text' as const, text: 'Hello' };
const actions: Record<string, (w: World) => Promise<{ status: number } | void>> = {
  'an agent takes what nobody has': ({ agent, free }) =>
    app.as(agent).call(assignConversation, { params: { id: free.id }, body: { memberId: agent.id } }),
  'an agent hands over': ({ agent, colleague, mine }) =>
    app.as(agent).call(assignConversation, { params: { id: mine.id }, body: { memberId: colleague.id } }),
  'an agent gives back': ({ agent, mine }) =>
    app.as(agent).call(assignConversation, { params: { id: mine.id }, body: { memberId: null } }),
  'a manager takes from one and gives to another': ({ manager, agent, theirs }) =>
    app.as(manager).call(assignConversation, { params: { id: theirs.id }, body: { memberId: agent.id } }),
  'a conversation goes away and comes back': async ({ manager, agent, colleague, mine }) => {
    for (const memberId of [colleague.id, null, agent.id]) {
      await app.as(manager).call(assignConversation, { params: { id: mine.id }, body: { memberId } });
    }
  },
  'a team is given what nobody has, and what a colleague has': async ({ manager, free, theirs, teamId }) => {
    for (const { id } of [free, theirs])
      await app.as(manager).call(setConversationTeam, { params: { id }, body: { teamId } });
  },
  'a conversation goes to a team and comes back': async ({ manager, free, teamId: sales }) => {
    for (const teamId of [sales, null])
      await app.as(manager).call(setConversationTeam, { params: { id: free.id }, body: { teamId } });
  },
  'an agent answers what their team has': async ({ manager, agent, free, teamId }) => {
    await app.as(manager).call(setConversationTeam, { params: { id: free.id }, body: { teamId } });
    await app.as(agent).call(sendMessage, { body: { conversationId: free.id, content: text } });
  },
  'a team is made, and another named anew': async ({ admin, teamId: id }) => {
    await app.as(admin).call(createTeam, { body: { name: 'Support' } });
    await app.as(admin).call(updateTeam, { params: { id }, body: { name: 'Buyers' } });
  },
  'labels are set': ({ agent, mine, labelId }) =>
    app.as(agent).call(setConversationLabels, { params: { id: mine.id }, body: { labelIds: [labelId] } }),
  'one is resolved': ({ agent, mine }) =>
    app.as(agent).call(setConversationStatus, { params: { id: mine.id }, body: { status: 'resolved' } }),
  'one is reopened': ({ manager, theirs }) =>
    app.as(manager).call(setConversationStatus, { params: { id: theirs.id }, body: { status: 'open' } }),
  'a member reads': ({ agent, mine }) =>
    app.as(agent).call(markConversationRead, { params: { id: mine.id }, body: { seen: 1 } }),
  'a member reads, then a customer writes': async ({ admin, mine }) => {
    await app.as(admin).call(markConversationRead, { params: { id: mine.id }, body: { seen: 1 } });
    await customers.write(mine, 'More');
  },
  'an agent answers': ({ agent, mine }) =>
    app.as(agent).call(sendMessage, { body: { conversationId: mine.id, content: text } }),
  'an agent answers what nobody has': ({ agent, free }) =>
    app.as(agent).call(sendMessage, { body: { conversationId: free.id, content: text } }),
  'an answer arrives, and is read': async ({ agent, mine, tenant }) => {
    const { body } = await app.as(agent).call(sendMessage, { body: { conversationId: mine.id, content: text } });
    for (const status of ['sent', 'delivered', 'read'] as const)
      await customers.settle(tenant.id, body.messageId, status);
  },
  'a failed one is tried again': ({ agent, failed }) => app.as(agent).call(retryMessage, { params: { id: failed } }),
  'a customer writes': ({ free }) => customers.write(free, 'Anybody?').then(() => {}),
  'a contact is named': ({ manager, mine }) =>
    app.as(manager).call(updateContact, { params: { id: mine.contactId }, body: { name: 'Rita' } }),
  'a label is added': ({ admin }) => app.as(admin).call(createLabel, { body: { name: 'New', hue: 60 } }),
  'an agent goes away': ({ agent }) => app.as(agent).call(setAvailability, { body: { availability: 'away' } }),
  'an agent writes first': ({ agent, mine }) =>
    app.as(agent).call(startConversation, { body: { accountId: mine.accountId, to: newPhone(), content: text } }),
  'a manager continues a resolved one': ({ manager, theirs }) =>
    app.as(manager).call(startConversation, { body: { accountId: theirs.accountId, to: theirs.phone, content: text } }),
};

it.each(Object.entries(actions))(
  '%s: its events make a stale screen equal a fresh one, for everybody',
  async (_name, act) => {
    const w = await world();
    const viewers = [w.agent, w.colleague, w.manager, w.admin];
    const before = await Promise.all(viewers.map((viewer) => Screen.fetch(app.as(viewer), viewer.id)));
    const polled = await Promise.all(viewers.map((viewer) => Screen.fetch(app.as(viewer), viewer.id)));
    const streams = await Promise.all(
      viewers.map((viewer, i) =>
        TestStream.open({
          url: app.url,
          cookie: viewer.cookie,
          after: before[i]?.seq ?? 0,
          onEvent: (event) => before[i]?.apply(event),
        }),
      ),
    );
    const result = await act(w);
    if (result) expect(result.status).toBeLessThan(300);
    await app.as(w.admin).call(createLabel, { body: { name: 'The end', hue: 60 } });
    for (const [i, viewer] of viewers.entries()) {
      const [live, pages, stream] = [before[i], polled[i], streams[i]];
      if (!live || !pages || !stream) throw new Error('a viewer without a screen');
      await waitFor('the last event', () => stream.events.some(isTheEnd));
      for (const event of await poll(viewer, pages.seq)) pages.apply(event);
      const fresh = await Screen.fetch(app.as(viewer), viewer.id);
      expect(live.shown(), `${viewer.role}, live`).toEqual(fresh.shown(live));
      expect(pages.shown(), `${viewer.role}, polled`).toEqual(fresh.shown(pages));
      stream.cut();
    }
  },
);

function isTheEnd(event: RealtimeEvent): boolean {
  return event.type === 'label.updated' && event.label.name === 'The end';
}

async function poll(viewer: TestMember, after: number): Promise<RealtimeEvent[]> {
  const events: RealtimeEvent[] = [];
  for (let from = after; ;) {
    const { body } = await app.as(viewer).call(listEvents, { query: { after: from, limit: 2 } });
    events.push(...body.items);
    if (Number(body.nextCursor) === from) return events;
    from = Number(body.nextCursor);
  }
}
