import { updateAccount } from '@parley/contracts/accounts';
import { setAssignmentRules } from '@parley/contracts/assignment';
import { listAudit } from '@parley/contracts/audit';
import {
  assignConversation,
  countConversations,
  getConversation,
  listConversations,
} from '@parley/contracts/conversations';
import { getMe } from '@parley/contracts/me';
import { changeMember, deactivateMember, listTeam, previewSight } from '@parley/contracts/members';
import { listMessages, sendMessage } from '@parley/contracts/messages';
import { rolePermissions } from '@parley/contracts/permissions';
import { CURSOR_HEADER, listEvents } from '@parley/contracts/realtime';
import { createRole } from '@parley/contracts/roles';
import { createTeam, deleteTeam, listTeams, updateTeam } from '@parley/contracts/teams';
import { setVisibility, type AgentsSee } from '@parley/contracts/visibility';
import { startApp, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

/** Two accounts, and in each a conversation of the agent, one of a colleague, and one of nobody. */
async function furnish() {
  const { tenant, owner } = await app.newTenant({ agentsSeeUnassigned: false });
  const [agent, colleague] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const accounts = [(await tenant.newAccount()).id, (await tenant.newAccount()).id] as const;
  const names = new Map<string, string>();
  for (const [i, accountId] of accounts.entries())
    for (const [whose, assigneeId] of Object.entries({ own: agent.id, colleagues: colleague.id, nobodys: null }))
      names.set(
        (await tenant.newConversation({ accountId, assigneeId, name: `Somebody ${whose}` })).id,
        `${whose} ${i}`,
      );
  const idOf = (name: string) => [...names].find(([, one]) => one === name)?.[0] ?? '';
  const admin = app.as(owner);
  const letSee = (agentsSee: AgentsSee) => admin.call(setVisibility, { body: { agentsSee } });
  const letSeeOf = (i: 0 | 1, agentsSee: AgentsSee | null) =>
    admin.call(updateAccount, { params: { id: accounts[i] }, body: { agentsSee } });
  return { tenant, owner, admin, agent, colleague, accounts, names, idOf, letSee, letSeeOf };
}
type World = Awaited<ReturnType<typeof furnish>>;

/** What the agent is shown, by every way to it; all of them must agree. */
async function seen({ agent, names }: World): Promise<string[]> {
  const caller = app.as(agent);
  const [list, search, counts] = [
    await caller.call(listConversations),
    await caller.call(listConversations, { query: { q: 'somebody' } }),
    await caller.call(countConversations),
  ];
  const named = ({ body }: typeof list) => body.items.map(({ id }) => names.get(id) ?? id).sort();
  const shown = named(list);
  expect(named(search)).toEqual(shown);
  expect(counts.body.all).toBe(shown.length);
  expect(counts.body.unassigned).toBe(shown.filter((name) => name.startsWith('nobodys')).length);
  for (const [id, name] of names) {
    const expected = shown.includes(name) ? 200 : 404;
    const answers = [
      await caller.call(getConversation, { params: { id } }),
      await caller.call(listMessages, { params: { id } }),
    ];
    expect([name, ...answers.map(({ status }) => status)]).toEqual([name, expected, expected]);
  }
  return shown;
}

/** What was changed elsewhere is believed for a second at most. */
async function becomes(world: World, expected: string[]): Promise<void> {
  await waitFor(
    `the agent to see ${expected.join()}`,
    async () => (await app.as(world.agent).call(countConversations)).body.all === expected.length,
  );
  expect(await seen(world)).toEqual(expected);
}

it('decides for agents what lists, searches, counts and threads show: of the tenant, unless an account says otherwise', async () => {
  const world = await furnish();
  const { letSee, letSeeOf, admin, owner } = world;
  const [own, free, colleagues] = [
    ['own 0', 'own 1'],
    ['nobodys 0', 'nobodys 1'],
    ['colleagues 0', 'colleagues 1'],
  ];
  expect(await seen(world)).toEqual(own);
  expect(await letSee('unassigned')).toMatchObject({ status: 200, body: { agentsSee: 'unassigned' } });
  await becomes(world, [...free, ...own]);
  await letSee('all');
  await becomes(world, [...colleagues, ...free, ...own]);
  expect((await app.as(owner).call(getMe)).body.tenant?.agentsSee).toBe('all');

  expect((await letSeeOf(1, 'own')).body.agentsSee).toBe('own');
  await becomes(world, ['colleagues 0', 'nobodys 0', ...own]);
  await letSeeOf(1, 'unassigned');
  await becomes(world, ['colleagues 0', ...free, ...own]);
  await letSee('own');
  await becomes(world, ['nobodys 1', ...own]);
  await letSeeOf(1, 'all');
  await becomes(world, ['colleagues 1', 'nobodys 1', ...own]);
  expect((await letSeeOf(1, null)).body.agentsSee).toBe(null);
  await becomes(world, own);

  const { items } = (await admin.call(listAudit, { query: { action: 'settings.updated' } })).body;
  expect(items.map(({ before, after }) => [before, after])).toEqual([
    [{ agentsSee: 'all' }, { agentsSee: 'own' }],
    [{ agentsSee: 'unassigned' }, { agentsSee: 'all' }],
    [{ agentsSee: 'own' }, { agentsSee: 'unassigned' }],
  ]);
  expect((await letSee('own')).status).toBe(200);
  expect((await admin.call(listAudit, { query: { action: 'settings.updated' } })).body.items).toHaveLength(3);
});

it('lets agents work with what they see of colleagues, and gives them no more than to see it', async () => {
  const world = await furnish();
  const { letSee, agent, colleague, owner, idOf, accounts, admin } = world;
  const caller = app.as(agent);
  const theirs = idOf('colleagues 0');
  const answer = () =>
    caller.call(sendMessage, { body: { conversationId: theirs, content: { type: 'text', text: 'I help out' } } });
  expect((await answer()).status).toBe(404);
  await letSee('all');
  await becomes(world, [...new Set(world.names.values())].sort());
  expect((await answer()).status).toBe(202);
  expect((await caller.call(getConversation, { params: { id: theirs } })).body.assigneeId).toBe(colleague.id);
  const mine = await caller.call(listConversations, { query: { assignee: colleague.id } });
  expect(mine.body.items.map(({ id }) => world.names.get(id)).sort()).toEqual(['colleagues 0', 'colleagues 1']);
  expect((await caller.call(setVisibility, { body: { agentsSee: 'all' } })).status).toBe(403);
  const preview = await app.as(owner).call(previewSight, { params: { id: agent.id } });
  expect(preview.body).toMatchObject({ conversations: 6 });
  expect(preview.body.accounts.map(({ sees }) => sees)).toEqual(['all', 'all']);

  // What everybody sees today is nobody's to take along, or to give on for good.
  const permissions = ['inbox.read', 'settings.manage', 'member.manage'] as const;
  const role = { name: 'Keeper', permissions: [...permissions], seesAll: false };
  const { body } = await admin.call(createRole, { body: role });
  await admin.call(changeMember, { params: { id: agent.id }, body: { role: body.id } });
  await waitFor('the new role', async () => (await caller.call(listTeam)).status === 200);
  expect((await caller.fetch('/api/export')).status).toBe(403);
  expect((await caller.call(createRole, { body: { ...role, name: 'All', seesAll: true } })).status).toBe(403);

  // Kept to one account, they see all of that one.
  await app.sql`update members set account_ids = ${[accounts[0]]} where id = ${agent.id}`;
  await becomes(world, ['colleagues 0', 'nobodys 0', 'own 0']);
  expect((await admin.call(countConversations)).body.all).toBe(6);
});

it('lets nobody who sees a part let agents see more, whatever else they keep', async () => {
  const world = await furnish();
  const { tenant, agent, colleague, admin, accounts, letSee } = world;
  const team = (await admin.call(createTeam, { body: { name: 'Directors', memberIds: [colleague.id] } })).body;
  await app.sql`update conversations set team_id = ${team.id} where tenant_id = ${tenant.id}`;
  const permissions = [...rolePermissions.agent, 'settings.manage', 'account.manage', 'member.manage'] as const;
  const { body } = await admin.call(createRole, {
    body: { name: 'Keeper', permissions: [...permissions], seesAll: false },
  });
  await admin.call(changeMember, { params: { id: agent.id }, body: { role: body.id } });
  await letSee('unassigned'); // what a team has stays hidden
  await becomes(world, ['own 0', 'own 1']);

  const caller = app.as(agent);
  const params = { id: accounts[0] };
  const tries = [
    caller.call(setVisibility, { body: { agentsSee: 'all' } }),
    caller.call(updateAccount, { params, body: { agentsSee: 'all' } }),
    caller.call(createTeam, { body: { name: 'Mine', memberIds: [agent.id] } }),
    caller.call(updateTeam, { params: { id: team.id }, body: { memberIds: [agent.id] } }),
    caller.call(deleteTeam, { params: { id: team.id } }),
    caller.call(setAssignmentRules, { body: { autoAssign: 'round_robin' } }),
    caller.call(deactivateMember, { params: { id: colleague.id }, body: { reassignTo: agent.id } }),
  ];
  expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(tries.map(() => 403));
  expect((await caller.call(updateAccount, { params, body: { name: 'Shop' } })).body.name).toBe('Shop');
  expect((await caller.call(listTeams)).body.items).toMatchObject([{ id: team.id, me: { can: [] } }]);
  expect(await seen(world)).toEqual(['own 0', 'own 1']);
});

it('begins open screens again within a second, and tells from then on what is seen then', async () => {
  const world = await furnish();
  const { letSee, agent, colleague, owner, idOf, admin } = world;
  const open = (after?: number) =>
    TestStream.open({ url: app.url, cookie: agent.cookie, ...(after === undefined ? {} : { after }) });
  const [stream, boss] = [await open(), await TestStream.open({ url: app.url, cookie: owner.cookie })];
  await letSee('all');
  await waitFor('the reset', () => stream.resets.length > 0, { timeoutMs: 3000 });
  const found = await waitFor('the new sight', async () => {
    const answer = await app.as(agent).call(getConversation, { params: { id: idOf('colleagues 0') } });
    return answer.status === 200 && answer;
  });
  const cursor = Number(found.headers.get(CURSOR_HEADER));
  const again = await open(cursor);
  await admin.call(assignConversation, { params: { id: idOf('colleagues 0') }, body: { memberId: null } });
  await admin.call(assignConversation, { params: { id: idOf('nobodys 1') }, body: { memberId: colleague.id } });
  await waitFor('what is seen now', () => again.events.length >= 2);
  expect(again.resets).toEqual([]);
  const polled = await app.as(agent).call(listEvents, { query: { after: cursor } });
  expect(polled.body.items.map(({ type }) => type)).toEqual(again.events.map(({ type }) => type));

  await letSee('own');
  await waitFor('the reset', () => again.resets.length > 0, { timeoutMs: 3000 });
  const late = await app.as(agent).call(listEvents, { query: { after: cursor } });
  expect(late).toMatchObject({ status: 410, body: { code: 'cursor_gone' } });
  expect([boss.resets, boss.ended]).toEqual([[], false]);
  for (const one of [stream, again, boss]) one.cut();
});
