import { randomUUID } from 'node:crypto';
import {
  acceptInvitation,
  createInvitation,
  listInvitations,
  openInvitation,
  resendInvitation,
  revokeInvitation,
} from '@parley/contracts/invitations';
import { assignConversation, getConversation, listConversations } from '@parley/contracts/conversations';
import { endMySession, endMySessions, getMe, listMySessions, switchTenant } from '@parley/contracts/me';
import {
  changeMember,
  deactivateMember,
  endMemberSessions,
  listMembers,
  listMemberSessions,
  listTeam,
  previewSight,
  reactivateMember,
} from '@parley/contracts/members';
import { listMessages, retryMessage, sendMessage } from '@parley/contracts/messages';
import { CURSOR_HEADER, listEvents, type RealtimeEvent } from '@parley/contracts/realtime';
import { createRole, deleteRole, listRoles, updateRole } from '@parley/contracts/roles';
import { setTenantSettings } from '@parley/contracts/tenant-settings';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember } from '@parley/testing/tenant';
import { TestStream } from '@parley/testing/event-stream';
import { furnishConversation } from '@parley/testing/house';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

const password = 'correct horse 7';
const aPerson = () => `${randomUUID()}@example.com`;
const tokenIn = (text: string | null) => /#([\w-]+)/.exec(text ?? '')?.[1] ?? '';

describe('an invitation', () => {
  it('brings a new person in by mail, once, and proves the address', async () => {
    const { tenant, owner } = await app.newTenant({ name: 'Bakery' });
    await app.as(owner).call(setTenantSettings, { body: { language: 'ro' } });
    const account = await tenant.newAccount();
    const email = aPerson();
    const sent = await app
      .as(owner)
      .call(createInvitation, { body: { email: email.toUpperCase(), role: 'agent', accountIds: [account.id] } });
    expect(sent).toMatchObject({
      status: 201,
      body: { link: null, invitation: { email, role: 'agent', state: 'open' } },
    });
    const { subject, text } = await app.mailTo(email);
    expect(subject).toBe('Invitația ta la Bakery');
    const token = tokenIn(text);
    expect((await app.call(openInvitation, { body: { token } })).body).toMatchObject({
      tenant: 'Bakery',
      email,
      known: false,
    });
    expect((await app.call(acceptInvitation, { body: { token } })).status).toBe(422);
    const accepted = await app.call(acceptInvitation, { body: { token, name: 'Rita', password } });
    expect(accepted).toMatchObject({ status: 200, body: { tenantId: tenant.id, email } });
    const { body: me } = await app.as(await signIn(email)).call(getMe);
    expect(me).toMatchObject({ role: 'agent', tenant: { id: tenant.id }, memberId: accepted.body.memberId });
    expect(await tenant.nextEvent()).toMatchObject({
      type: 'member.updated',
      member: { name: 'Rita', role: 'agent', active: true },
    });
    expect(await app.sql`select email_verified from users where email = ${email}`).toEqual([{ email_verified: true }]);
    expect((await app.call(acceptInvitation, { body: { token, name: 'Eve', password } })).body.code).toBe(
      'invitation_gone',
    );
    const { body: team } = await app.as(owner).call(listTeam);
    expect(team.items.find(({ name }) => name === 'Rita')).toMatchObject({
      email,
      accountIds: [account.id],
      me: { can: ['change', 'deactivate', 'sign_out'] },
    });
  });

  it('is taken by who has its address, signed in, and by nobody else', async () => {
    const [here, there] = [await app.newTenant(), await app.newTenant()];
    const [rita, eve] = [await there.tenant.newMember('agent'), await there.tenant.newMember('agent')];
    const invitation = await app
      .as(here.owner)
      .call(createInvitation, { body: { email: rita.email, role: 'manager', via: 'link' } });
    const token = tokenIn(invitation.body.link);
    expect((await app.call(openInvitation, { body: { token } })).body.known).toBe(null);
    expect((await app.call(acceptInvitation, { body: { token, name: 'Eve', password } })).status).toBe(401);
    expect((await app.as(eve).call(acceptInvitation, { body: { token } })).status).toBe(403);
    expect((await app.as(rita).call(acceptInvitation, { body: { token } })).status).toBe(200);
    const { body } = await app.as(rita).call(switchTenant, { body: { tenantId: here.tenant.id } });
    expect(body).toMatchObject({ role: 'manager' });
  });

  it('says by mail whether its address has a login; by a link it answers who only asks alike', async () => {
    const [{ owner }, there] = [await app.newTenant(), await app.newTenant()];
    const [known, other] = [await there.tenant.newMember('agent'), await there.tenant.newMember('agent')];
    const invite = async (email: string, via: 'link' | 'mail') => {
      const { body } = await app.as(owner).call(createInvitation, { body: { email, role: 'agent', via } });
      return tokenIn(via === 'link' ? body.link : (await app.mailTo(email)).text);
    };
    const stranger = aPerson();
    const answersTo = async (token: string) => [
      (await app.call(openInvitation, { body: { token } })).body.known,
      (await app.call(acceptInvitation, { body: { token } })).status,
      (await app.call(acceptInvitation, { body: { token, name: 'Eve' } })).status,
      (await app.as(other).call(acceptInvitation, { body: { token } })).status,
    ];
    const links = [await answersTo(await invite(known.email, 'link')), await answersTo(await invite(stranger, 'link'))];
    expect(links).toEqual([
      [null, 422, 422, 403],
      [null, 422, 422, 403],
    ]);
    const [another, newcomer] = [await there.tenant.newMember('agent'), aPerson()];
    expect(await answersTo(await invite(another.email, 'mail'))).toEqual([true, 401, 401, 403]);
    expect(await answersTo(await invite(newcomer, 'mail'))).toEqual([false, 422, 422, 422]);
  });

  it('opens nothing once it was sent again, revoked, ran out, or is not quite it', async () => {
    const { owner } = await app.newTenant();
    const create = async () => {
      const { body } = await app
        .as(owner)
        .call(createInvitation, { body: { email: aPerson(), role: 'agent', via: 'link' } });
      return { id: body.invitation.id, token: tokenIn(body.link) };
    };
    const statusOf = async (token: string) => (await app.call(openInvitation, { body: { token } })).status;
    const [again, back, old, other] = [await create(), await create(), await create(), await create()];
    const { body } = await app.as(owner).call(resendInvitation, { params: { id: again.id } });
    expect([await statusOf(again.token), await statusOf(tokenIn(body.link))]).toEqual([404, 200]);
    await app.as(owner).call(revokeInvitation, { params: { id: back.id } });
    await app.sql`update invitations set expires_at = now() - interval '1 second' where id = ${old.id}`;
    expect([await statusOf(back.token), await statusOf(old.token)]).toEqual([410, 410]);
    const wrong = (other.token.startsWith('A') ? 'B' : 'A') + other.token.slice(1);
    expect([await statusOf(wrong), await statusOf(other.token.slice(0, -1)), await statusOf('x')]).toEqual([
      404, 404, 404,
    ]);
    const { body: list } = await app.as(owner).call(listInvitations);
    expect(list.items.map(({ state }) => state)).toEqual(['open', 'expired', 'revoked', 'open']);
    const stored = await app.sql<
      { text: string }[]
    >`select i::text text from invitations i where tenant_id = ${owner.tenantId}`;
    expect(stored.some(({ text }) => text.includes(other.token))).toBe(false);
  });

  it('is accepted once, however many try at the same time', async () => {
    const { tenant, owner } = await app.newTenant();
    const rita = await (await app.newTenant()).tenant.newMember('agent');
    const { body } = await app
      .as(owner)
      .call(createInvitation, { body: { email: rita.email, role: 'agent', via: 'link' } });
    const token = tokenIn(body.link);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => app.as(rita).call(acceptInvitation, { body: { token } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
    expect(await app.sql`select 1 from members where tenant_id = ${tenant.id}`).toHaveLength(2);
  });

  it('is one at a time for an address, keeps its secret from repeated calls, and gives no more than its maker has', async () => {
    const { tenant, owner } = await app.newTenant();
    const email = aPerson();
    const make = (headers = {}) =>
      app.as(owner).call(createInvitation, { body: { email, role: 'agent', via: 'link' } }, headers);
    const [first, again] = [await make({ 'idempotency-key': 'one' }), await make({ 'idempotency-key': 'one' })];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 409, 'true']);
    expect(JSON.stringify(again.body)).not.toContain(tokenIn(first.body.link));
    expect((await make()).status).toBe(409);
    const member = await app.as(owner).call(createInvitation, { body: { email: owner.email, role: 'agent' } });
    expect(member.status).toBe(409);
    const hr = await withRole(tenant, owner, ['member.manage', 'member.read', 'inbox.read']);
    const boss = await app.as(owner).call(createInvitation, { body: { email: aPerson(), role: 'tenant_admin' } });
    const { id } = boss.body.invitation;
    expect((await app.as(hr).call(resendInvitation, { params: { id } })).status).toBe(403);
    expect((await app.as(hr).call(revokeInvitation, { params: { id } })).status).toBe(403);
    expect((await app.as(owner).call(resendInvitation, { params: { id } })).body.code).toBe('rate_limited');
    for (const role of ['tenant_admin', 'manager', 'agent'])
      expect((await app.as(hr).call(createInvitation, { body: { email: aPerson(), role } })).status).toBe(403);
  });
});

it('invites nobody by mail more often than a person needs', async () => {
  const { owner } = await app.newTenant();
  const body = { email: `${owner.id}@example.com`, role: 'agent' as const, via: 'mail' as const };
  for (let i = 0; i < 5; i++) {
    const made = await app.as(owner).call(createInvitation, { body });
    expect(made.status).toBe(201);
    await app.as(owner).call(revokeInvitation, { params: { id: made.body.invitation.id } });
  }
  expect((await app.as(owner).call(createInvitation, { body })).body.code).toBe('rate_limited');
  expect((await app.as(owner).call(createInvitation, { body: { ...body, via: 'link' } })).status).toBe(201);
});

describe('a membership', () => {
  it('changes for open screens within a second, and is told to all', async () => {
    const { tenant, owner } = await app.newTenant({ agentsSeeUnassigned: true });
    const [agent, conversation] = [await tenant.newMember('agent'), await tenant.newConversation()];
    const other = await tenant.newAccount();
    const stream = await TestStream.open({ url: app.url, cookie: agent.cookie });
    const list = async () => (await app.as(agent).call(listConversations)).body.items.length;
    expect(await list()).toBe(1);
    const { body } = await app
      .as(owner)
      .call(changeMember, { params: { id: agent.id }, body: { accountIds: [other.id] } });
    expect(body).toMatchObject({ accountIds: [other.id] });
    await stream.end;
    expect(stream.resets).toHaveLength(1);
    expect(await list()).toBe(0);
    const seen = await app.as(owner).call(previewSight, { params: { id: agent.id } });
    expect(seen.body).toMatchObject({ conversations: 0 });
    expect(seen.body.accounts.map(({ sees }) => sees).sort()).toEqual(['nothing', 'own_and_unassigned']);
    const manager = await app
      .as(owner)
      .call(previewSight, { params: { id: agent.id }, query: { role: 'manager', accounts: [conversation.accountId] } });
    expect(manager.body).toMatchObject({ conversations: 1 });
    for (const accounts of ['all' as const, [conversation.accountId, other.id]]) {
      const wider = await app.as(owner).call(previewSight, { params: { id: agent.id }, query: { accounts } });
      expect(wider.body).toMatchObject({ conversations: 1 });
      expect(wider.body.accounts.map(({ sees }) => sees)).toEqual(['own_and_unassigned', 'own_and_unassigned']);
    }
    for (const accounts of [[], [randomUUID()]]) {
      const refused = await app.as(owner).call(previewSight, { params: { id: agent.id }, query: { accounts } });
      expect(refused.body.code).toBe(accounts.length ? 'not_found' : 'invalid');
    }
    const give = await app
      .as(owner)
      .call(assignConversation, { params: { id: conversation.id }, body: { memberId: agent.id } });
    expect(give.body.code).toBe('member_cannot_receive');
  });

  it('ends within a second, and passes open work on', async () => {
    const { tenant, owner } = await app.newTenant();
    const [agent, heir] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
    for (let i = 0; i < 27; i++) await tenant.newConversation({ assigneeId: agent.id });
    await tenant.newConversation({ assigneeId: agent.id, status: 'resolved' });
    const stream = await TestStream.open({ url: app.url, cookie: agent.cookie });
    const { body } = await app
      .as(owner)
      .call(deactivateMember, { params: { id: agent.id }, body: { reassignTo: heir.id } });
    expect(body).toMatchObject({
      reassigned: 27,
      member: { active: false, me: { can: ['change', 'reactivate', 'sign_out'] } },
    });
    await stream.end;
    expect((await app.as(agent).call(listConversations)).status).toBe(403);
    expect(await app.sql`select 1 from conversations where assignee_id = ${heir.id}`).toHaveLength(27);
    const back = await app.as(owner).call(reactivateMember, { params: { id: agent.id } });
    expect(back.body).toMatchObject({ active: true, role: 'agent' });
    expect((await app.as(agent).call(listConversations)).status).toBe(200);
  });

  it('of the last admin stays, also when two go at once; and nobody ends their own', async () => {
    const { tenant, owner } = await app.newTenant();
    const demote = (who: TestMember, id: string) =>
      app.as(who).call(changeMember, { params: { id }, body: { role: 'agent' } });
    expect((await demote(owner, owner.id)).body.code).toBe('last_admin');
    expect(
      (await app.as(owner).call(deactivateMember, { params: { id: owner.id }, body: { reassignTo: null } })).status,
    ).toBe(409);
    const second = await tenant.newMember('tenant_admin');
    const both = await Promise.all([demote(owner, owner.id), demote(second, second.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('is not raised, nor taken from somebody, by who may less', async () => {
    const { tenant, owner } = await app.newTenant();
    const [hr, manager] = [
      await withRole(tenant, owner, ['member.manage', 'member.read', 'inbox.read']),
      await tenant.newMember('manager'),
    ];
    const asHr = app.as(hr);
    for (const id of [hr.id, manager.id, owner.id])
      expect((await asHr.call(changeMember, { params: { id }, body: { role: 'tenant_admin' } })).status).toBe(403);
    expect((await asHr.call(deactivateMember, { params: { id: owner.id }, body: { reassignTo: null } })).status).toBe(
      403,
    );
    expect((await asHr.call(endMemberSessions, { params: { id: owner.id } })).status).toBe(403);
    expect(
      (await asHr.call(createRole, { body: { name: 'More', permissions: ['settings.manage'], seesAll: false } }))
        .status,
    ).toBe(403);
    expect(
      (await asHr.call(createRole, { body: { name: 'All', permissions: ['inbox.read'], seesAll: true } })).status,
    ).toBe(403);
    expect((await app.as(manager).call(listTeam)).status).toBe(403);
    const { body } = await asHr.call(listTeam);
    expect(body.items.find(({ id }) => id === owner.id)?.me.can).toEqual([]);
  });

  it('shows where it is signed in, and ends that', async () => {
    const { tenant, owner } = await app.newTenant();
    const agent = await tenant.newMember('agent');
    const { body } = await app.as(owner).call(listMemberSessions, { params: { id: agent.id } });
    expect(body.items).toMatchObject([{ id: agent.sessionId, current: false }]);
    expect((await app.as(agent).call(endMySession, { params: { id: owner.sessionId } })).status).toBe(404);
    expect((await app.as(agent).call(listMySessions)).body.items).toMatchObject([
      { id: agent.sessionId, current: true },
    ]);
    expect((await app.as(owner).call(endMemberSessions, { params: { id: agent.id } })).status).toBe(204);
    expect((await app.as(agent).call(getMe)).status).toBe(401);
    expect((await app.as(owner).call(endMySessions)).status).toBe(204);
    expect((await app.as(owner).call(getMe)).status).toBe(401);
  });

  it('knows and ends nothing of what they do in another tenant', async () => {
    const [{ tenant, owner }, other] = [await app.newTenant(), await app.newTenant()];
    const here = await tenant.newMember('agent');
    const there = await other.tenant.newMember('agent', { userId: here.userId });
    await app.sql`update sessions set updated_at = '2020-01-01' where id = ${here.sessionId}`;
    const { body } = await app.as(owner).call(listTeam);
    expect(body.items.find(({ id }) => id === here.id)?.lastSeenAt).toBe('2020-01-01T00:00:00.000Z');
    expect((await app.as(owner).call(endMemberSessions, { params: { id: here.id } })).status).toBe(204);
    expect((await app.as(here).call(getMe)).status).toBe(401);
    expect((await app.as(there).call(getMe)).status).toBe(200);
  });

  it('come back only where the tenant’s quota holds one more', async () => {
    const { tenant, owner } = await app.newTenant();
    const agent = await tenant.newMember('agent');
    const params = { id: agent.id };
    await app.as(owner).call(deactivateMember, { params, body: { reassignTo: null } });
    await app.sql`update tenants set quotas = '{"members":1}' where id = ${tenant.id}`;
    expect((await app.as(owner).call(reactivateMember, { params })).body.code).toBe('quota_exceeded');
    await app.sql`update tenants set quotas = '{"members":2}' where id = ${tenant.id}`;
    for (let i = 0; i < 2; i++) expect((await app.as(owner).call(reactivateMember, { params })).status).toBe(200);
  });
});

describe('a role of the tenant’s own', () => {
  it('gives exactly what it says, at once what it says now, and goes when nobody has it', async () => {
    const { tenant, owner } = await app.newTenant();
    await tenant.newConversation();
    const reader = await withRole(tenant, owner, ['inbox.read', 'member.read'], true);
    const { body: me } = await app.as(reader).call(getMe);
    expect(me.permissions).toEqual(['inbox.read', 'member.read']);
    expect((await app.as(reader).call(listConversations)).body.items).toMatchObject([{ me: { can: ['read'] } }]);
    const stream = await TestStream.open({ url: app.url, cookie: reader.cookie });
    const id = me.role ?? '';
    const more = await app
      .as(owner)
      .call(updateRole, { params: { id }, body: { permissions: ['inbox.read', 'inbox.write', 'member.read'] } });
    expect(more.status).toBe(200);
    await stream.end;
    expect(stream.resets).toHaveLength(1);
    expect((await app.as(reader).call(listConversations)).body.items[0]?.me.can).toContain('reply');
    expect((await app.as(owner).call(deleteRole, { params: { id } })).status).toBe(409);
    await app.as(owner).call(changeMember, { params: { id: reader.id }, body: { role: 'agent' } });
    expect((await app.as(owner).call(deleteRole, { params: { id } })).status).toBe(204);
    const { body } = await app.as(owner).call(listRoles);
    expect(body.items.map((role) => role.id)).toEqual(['agent', 'manager', 'tenant_admin']);
    expect((await app.as(owner).call(listMembers)).body.items.find((one) => one.id === reader.id)).toMatchObject({
      role: 'agent',
    });
  });

  it('is offered what it may do with messages and contacts, in lists, pages of events and streams', async () => {
    const { tenant, owner } = await app.newTenant();
    const agent = await tenant.newMember('agent');
    const { id: accountId } = await tenant.newAccount('evolution');
    const things = await furnishConversation(app.sql, tenant, { accountId, memberId: agent.id, name: 'Own' });
    const reader = await withRole(tenant, owner, ['inbox.read'], true);
    const params = { id: things.conversationId };
    const offers = async (member: TestMember) => {
      const { body } = await app.as(member).call(listMessages, { params });
      const failed = body.items.find(({ id }) => id === things.failedId);
      const { contact } = (await app.as(member).call(getConversation, { params })).body;
      return [failed?.can, failed?.delivery?.canRetry, contact?.me.can];
    };
    expect(await offers(agent)).toEqual([['reply', 'react'], true, ['rename']]);
    expect(await offers(owner)).toEqual([['reply', 'react'], true, ['rename', 'erase']]);
    expect(await offers(reader)).toEqual([[], false, []]);

    const streams = await Promise.all([agent, reader].map(({ cookie }) => TestStream.open({ url: app.url, cookie })));
    const after = Number((await app.as(owner).call(listMembers)).headers.get(CURSOR_HEADER));
    const content = { type: 'text' as const, text: 'New' };
    await app.as(agent).call(sendMessage, { body: { conversationId: params.id, content } });
    await app.as(agent).call(retryMessage, { params: { id: things.failedId } });
    const told = (events: RealtimeEvent[]) =>
      events.flatMap((event) => ('message' in event ? [event.message.can] : []));
    for (const [i, [member, can]] of (
      [
        [agent, ['reply', 'react']],
        [reader, []],
      ] as const
    ).entries()) {
      const stream = streams[i];
      await waitFor('both messages', () => told(stream?.events ?? []).length === 2);
      expect(told(stream?.events ?? [])).toEqual([can, can]);
      const { body } = await app.as(member).call(listEvents, { query: { after } });
      expect(told(body.items)).toEqual([can, can]);
      stream?.cut();
    }
  });
});

async function withRole(
  tenant: Awaited<ReturnType<TestApp['newTenant']>>['tenant'],
  owner: TestMember,
  permissions: ('member.manage' | 'member.read' | 'inbox.read')[],
  seesAll = false,
) {
  const member = await tenant.newMember('agent');
  const { body } = await app.as(owner).call(createRole, { body: { name: randomUUID(), permissions, seesAll } });
  const { status } = await app.as(owner).call(changeMember, { params: { id: member.id }, body: { role: body.id } });
  expect(status).toBe(200);
  return member;
}

async function signIn(email: string): Promise<{ cookie: string }> {
  const response = await app.fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  return { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}
