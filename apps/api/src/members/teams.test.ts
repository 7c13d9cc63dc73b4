import { listAudit } from '@parley/contracts/audit';
import {
  assignConversation,
  getConversation,
  listConversations,
  setConversationTeam,
} from '@parley/contracts/conversations';
import { listMembers } from '@parley/contracts/members';
import { acceptInvitation, createInvitation } from '@parley/contracts/invitations';
import { createTeam, deleteTeam, listTeams, updateTeam } from '@parley/contracts/teams';
import { setVisibility } from '@parley/contracts/visibility';
import { startApp, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

/** A tenant with two agents, the first of them of a team. */
async function furnish() {
  const { tenant, owner } = await app.newTenant();
  const [agent, colleague] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const admin = app.as(owner);
  const team = (await admin.call(createTeam, { body: { name: 'Sales', memberIds: [agent.id] } })).body;
  const give = (id: string, teamId: string | null = team.id) =>
    admin.call(setConversationTeam, { params: { id }, body: { teamId } });
  return { tenant, owner, admin, agent, colleague, team, give };
}

describe('teams', () => {
  it('are made, named anew and filled by who keeps the settings; everybody is told', async () => {
    const { tenant, admin, agent, colleague, team } = await furnish();
    const support = await admin.call(createTeam, { body: { name: ' support ' } });
    expect(support).toMatchObject({ status: 201, body: { name: 'support', me: { can: ['change', 'delete'] } } });
    const params = { id: team.id };
    const renamed = await admin.call(updateTeam, { params, body: { name: 'Buyers', memberIds: [colleague.id] } });
    expect(renamed).toMatchObject({ status: 200, body: { id: team.id, name: 'Buyers' } });

    const { body } = await app.as(agent).call(listTeams, { query: { limit: 1 } });
    const next = await app.as(agent).call(listTeams, { query: { limit: 1, cursor: body.nextCursor ?? '' } });
    expect([...body.items, ...next.body.items].map(({ name, me }) => [name, me.can])).toEqual([
      ['Buyers', []],
      ['support', []],
    ]);
    const members = (await app.as(agent).call(listMembers)).body.items;
    const teamsOf = (id: string) => members.find((one) => one.id === id)?.teamIds;
    expect([teamsOf(agent.id), teamsOf(colleague.id)]).toEqual([[], [team.id]]);

    const events = await tenant.events();
    expect(events.map(({ type }) => type)).toEqual([
      ...['team.updated', 'member.updated', 'team.updated', 'team.updated', 'member.updated', 'member.updated'],
    ]);
    const { items } = (await admin.call(listAudit, { query: { target: team.id } })).body;
    expect(items.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['team.updated', { name: 'Sales', memberIds: [agent.id] }, { name: 'Buyers', memberIds: [colleague.id] }],
      ['team.created', null, { name: 'Sales', memberIds: [agent.id] }],
    ]);
  });

  it('have each name once, and no members of other tenants', async () => {
    const [mine, theirs] = [await furnish(), await furnish()];
    const create = (name: string, memberIds: string[] = []) =>
      mine.admin.call(createTeam, { body: { name, memberIds } });
    const conflict = { code: 'conflict', errors: [{ path: 'name' }] };
    expect(await create('SALES')).toMatchObject({ status: 409, body: conflict });
    expect((await create('Support', [theirs.agent.id])).status).toBe(404);
    expect((await mine.admin.call(listTeams)).body.items.map(({ name }) => name)).toEqual(['Sales']);
    const change = (body: object) => mine.admin.call(updateTeam, { params: { id: mine.team.id }, body });
    expect((await change({ memberIds: [mine.agent.id, theirs.agent.id] })).status).toBe(404);
    const support = (await create('Support')).body;
    const taken = await mine.admin.call(updateTeam, { params: { id: support.id }, body: { name: 'sales' } });
    expect(taken.status).toBe(409);
    expect((await change({ name: 'Sales' })).status).toBe(200); // nothing new
  });

  it('are deleted: what they have stays with whom it is, and what only the team had is nobody’s', async () => {
    const { tenant, admin, agent, colleague, team, give } = await furnish();
    const free = await tenant.newConversation();
    const held = await tenant.newConversation({ assigneeId: agent.id, status: 'resolved' });
    for (const { id } of [free, held]) expect((await give(id)).status).toBe(200);
    const stream = await TestStream.open({ url: app.url, cookie: colleague.cookie });
    expect((await app.as(colleague).call(getConversation, { params: { id: free.id } })).status).toBe(404);
    expect((await admin.call(deleteTeam, { params: { id: team.id } })).status).toBe(204);
    await waitFor('the colleague to begin again', () => stream.resets.length > 0, { timeoutMs: 3000 });
    stream.cut();
    const standing = await waitFor('it to be anybody’s', async () => {
      const answer = await app.as(colleague).call(getConversation, { params: { id: free.id } });
      return answer.status === 200 && answer.body;
    });
    expect(standing).toMatchObject({ teamId: null, assigneeId: null });
    const kept = (await admin.call(getConversation, { params: { id: held.id } })).body;
    expect(kept).toMatchObject({ teamId: null, assigneeId: agent.id, status: 'resolved' });
    expect((await admin.call(listTeams)).body.items).toEqual([]);
    expect((await admin.call(listMembers)).body.items.flatMap(({ teamIds }) => teamIds)).toEqual([]);
    expect((await give(free.id)).status).toBe(404);
    expect((await admin.call(deleteTeam, { params: { id: team.id } })).status).toBe(404);
    const { items } = (await admin.call(listAudit, { query: { action: 'team.deleted' } })).body;
    expect(items).toMatchObject([{ before: { name: 'Sales', memberIds: [agent.id] } }]);
  });
});

describe('what a team had', () => {
  it('is told to be free of as many as are, should deleting it be cut short', async () => {
    const { tenant, admin, colleague, team } = await furnish();
    const { id: accountId } = await tenant.newAccount();
    await app.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`; // their chats are of no matter
      await tx`insert into conversations (tenant_id, id, kind, account_id, chat_id, team_id, title, search_text, status, last_message_at)
        select ${tenant.id}, gen_random_uuid(), 'direct', ${accountId}, gen_random_uuid(), ${team.id}, 'x', 'x', 'open', now()
        from generate_series(1, 1000)`;
    });
    await app.sql`create function fail() returns trigger language plpgsql as $$ begin raise 'cut short'; end $$`;
    await app.sql`create trigger cut_short before delete on teams for each row execute function fail()`;
    const stream = await TestStream.open({ url: app.url, cookie: colleague.cookie });
    expect((await admin.call(deleteTeam, { params: { id: team.id } })).status).toBe(500);
    await app.sql`drop trigger cut_short on teams`;
    await waitFor('the colleague to begin again', () => stream.resets.length > 0, { timeoutMs: 3000 });
    stream.cut();
    expect((await admin.call(deleteTeam, { params: { id: team.id } })).status).toBe(204);
  });

  it('is no business of who left and is let in again', async () => {
    const { admin, agent } = await furnish();
    await app.sql`update members set active = false where id = ${agent.id}`;
    const { body } = await admin.call(createInvitation, { body: { email: agent.email, role: 'agent', via: 'link' } });
    const token = /#([\w-]+)/.exec(body.link ?? '')?.[1] ?? '';
    expect((await app.as(agent).call(acceptInvitation, { body: { token } })).status).toBe(200);
    const { items } = (await admin.call(listMembers)).body;
    expect(items).toContainEqual(expect.objectContaining({ id: agent.id, active: true, teamIds: [] }));
  });
});

describe('a conversation', () => {
  it('is given to a team and taken from it, and the thread says so', async () => {
    const { tenant, admin, owner, agent, team, give } = await furnish();
    const { id } = await tenant.newConversation({ assigneeId: agent.id });
    const before = (await tenant.events()).length;
    expect(await give(id)).toMatchObject({ status: 200, body: { teamId: team.id, assigneeId: agent.id } });
    expect((await give(id)).status).toBe(200); // it has it
    expect(await give(id, null)).toMatchObject({ status: 200, body: { teamId: null, assigneeId: agent.id } });
    const line = (event: string, to: string[]) => ({
      type: 'message.created',
      message: { content: { type: 'system', event, by: owner.name, to } },
    });
    const events = (await tenant.events()).slice(before);
    expect(events).toMatchObject([line('given_to_team', ['Sales']), line('taken_from_team', [])]);
    const rows = await app.sql`
      select team_id, was_team_id from events where tenant_id = ${tenant.id} order by seq desc limit 2`;
    expect(rows).toEqual([
      { team_id: null, was_team_id: team.id },
      { team_id: team.id, was_team_id: null },
    ]);
    expect((await admin.call(setConversationTeam, { params: { id }, body: {} })).status).toBe(422);
  });

  it('is lost by who has it and is not of the team, who sees it go', async () => {
    const { tenant, colleague, team, give } = await furnish();
    const { id } = await tenant.newConversation({ assigneeId: colleague.id });
    const stream = await TestStream.open({ url: app.url, cookie: colleague.cookie });
    expect(await give(id)).toMatchObject({ status: 200, body: { teamId: team.id, assigneeId: null } });
    await waitFor('it to go', () => stream.events.some(({ type }) => type === 'conversation.removed'));
    stream.cut();
    const caller = app.as(colleague);
    expect((await caller.call(getConversation, { params: { id } })).status).toBe(404);
    expect((await caller.call(listConversations)).body.items).toEqual([]);
  });

  it('may be with a team and with any one person', async () => {
    const { tenant, admin, colleague, team, give } = await furnish();
    const { id } = await tenant.newConversation();
    await give(id);
    const answer = await admin.call(assignConversation, { params: { id }, body: { memberId: colleague.id } });
    expect(answer).toMatchObject({ status: 200, body: { teamId: team.id, assigneeId: colleague.id } });
    expect((await app.as(colleague).call(getConversation, { params: { id } })).status).toBe(200);
  });

  it('of a team is seen by its members, colleagues’ too where agents see what their teams have', async () => {
    const { tenant, admin, agent, colleague, team, give } = await furnish();
    const third = await tenant.newMember('agent');
    const params = { id: team.id };
    await admin.call(updateTeam, { params, body: { memberIds: [agent.id, third.id] } });
    const [free, held] = [await tenant.newConversation(), await tenant.newConversation({ assigneeId: third.id })];
    for (const { id } of [free, held]) await give(id);
    const seenBy = async (member: typeof agent) =>
      (await app.as(member).call(listConversations)).body.items.map(({ id }) => id).sort();
    await waitFor('the team’s own', async () => (await seenBy(agent)).join() === free.id);
    expect(await seenBy(colleague)).toEqual([]);
    await admin.call(setVisibility, { body: { agentsSee: 'team' } });
    const both = [free.id, held.id].sort();
    await waitFor('the colleague’s too', async () => (await seenBy(agent)).join() === both.join());
    expect(await seenBy(colleague)).toEqual([]);
    await admin.call(updateTeam, { params, body: { memberIds: [third.id, colleague.id] } });
    await waitFor('who joined', async () => (await seenBy(colleague)).join() === both.join());
    await waitFor('who left', async () => (await seenBy(agent)).length === 0);
  });
});
