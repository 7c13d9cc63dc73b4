import { randomUUID } from 'node:crypto';
import { listInstallAudit } from '@parley/contracts/audit';
import { createApiKey } from '@parley/contracts/api-keys';
import { beginImpersonation } from '@parley/contracts/impersonation';
import { acceptInvitation, openInvitation } from '@parley/contracts/invitations';
import { getMe } from '@parley/contracts/me';
import {
  inviteSuperAdmin,
  listSuperAdminInvitations,
  listSuperAdmins,
  removeSuperAdmin,
  revokeSuperAdminInvitation,
} from '@parley/contracts/super-admins';
import { listTenants } from '@parley/contracts/tenants';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember } from '@parley/testing/tenant';
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

async function member(): Promise<TestMember> {
  return (await app.newTenant()).tenant.newMember('agent');
}

async function operator(): Promise<TestMember> {
  const one = await member();
  await app.sql`update users set super_admin = true where id = ${one.userId}`;
  return one;
}

async function invited(by: TestMember, email: string): Promise<{ id: string; token: string }> {
  const { body } = await app.as(by).call(inviteSuperAdmin, { body: { email, via: 'link' } });
  return { id: body.invitation.id, token: tokenIn(body.link) };
}

const accept = (token: string, more = {}) => app.call(acceptInvitation, { body: { token, ...more } });
const acceptAs = (who: TestMember, token: string) => app.as(who).call(acceptInvitation, { body: { token } });
const mayRun = async (who: TestMember) => (await app.as(who).call(listTenants)).status === 200;
const auditOf = async (who: TestMember, target: string) =>
  (await app.as(who).call(listInstallAudit, { query: { target } })).body.items;

describe('an invitation to run the install', () => {
  it('brings a new person in by mail, once, in the words of who invites, and proves the address', async () => {
    const op = await operator();
    await app.sql`update users set language = 'ro' where id = ${op.userId}`;
    const email = aPerson();
    const sent = await app.as(op).call(inviteSuperAdmin, { body: { email: email.toUpperCase() } });
    expect(sent).toMatchObject({ status: 201, body: { link: null, invitation: { email, state: 'open' } } });
    const { subject, text } = await app.mailTo(email);
    expect(subject).toBe('Invitația ta de a administra Parley');
    const token = tokenIn(text);
    const opened = await app.call(openInvitation, { body: { token } });
    expect(opened.body).toMatchObject({ tenant: null, email, role: 'super_admin', known: false });
    expect((await accept(token)).status).toBe(422);
    const accepted = await accept(token, { name: 'Rita', password });
    expect(accepted).toMatchObject({ status: 200, body: { tenantId: null, memberId: null, email } });
    const { body: me } = await app.as(await signIn(email)).call(getMe);
    expect(me).toMatchObject({ user: { superAdmin: true }, memberships: [] });
    expect(await app.sql`select email_verified from users where email = ${email}`).toEqual([{ email_verified: true }]);
    expect((await accept(token, { name: 'Eve', password })).body.code).toBe('invitation_gone');
    const { items } = (await app.as(op).call(listSuperAdmins, { query: { limit: 100 } })).body;
    expect(items.find((one) => one.email === email)).toMatchObject({
      id: me.user.id,
      name: 'Rita',
      twoFactor: false,
      lastSeenAt: expect.any(String),
    });
    const actor = { kind: 'super_admin', id: op.userId };
    const { id } = sent.body.invitation;
    expect(await auditOf(op, id)).toMatchObject([
      { action: 'super_admin.invited', actor, after: { email, via: 'mail' } },
    ]);
    expect(await auditOf(op, me.user.id)).toMatchObject([
      { action: 'super_admin.added', actor: { kind: 'super_admin', id: me.user.id }, after: { invitation: id } },
    ]);
  });

  it('is for the login of its address alone, signed in by its owner themselves', async () => {
    const [op, rita, eve] = [await operator(), await member(), await member()];
    const { token } = await invited(op, rita.email);
    const impersonated = await app.as(op).call(beginImpersonation, {
      body: { tenantId: rita.tenantId, memberId: rita.id, reason: 'Ticket 12', minutes: 5 },
    });
    const [cookie = ''] = (impersonated.headers.get('set-cookie') ?? '').split(';');
    expect((await accept(token, { name: 'Eve', password })).status).toBe(401);
    expect((await acceptAs(eve, token)).status).toBe(403);
    expect((await app.as(op).call(acceptInvitation, { body: { token } })).status).toBe(403);
    expect((await app.as({ cookie }).call(acceptInvitation, { body: { token } })).status).toBe(403);
    expect([await mayRun(eve), await mayRun(rita)]).toEqual([false, false]);
    expect((await acceptAs(rita, token)).body).toMatchObject({ tenantId: null, email: rita.email });
    expect(await mayRun(rita)).toBe(true);
    expect((await acceptAs(rita, token)).body.code).toBe('invitation_gone');
  });

  it('is accepted once, however many try at the same time', async () => {
    const [op, rita] = [await operator(), await member()];
    const { token } = await invited(op, rita.email);
    const answers = await Promise.all(Array.from({ length: 5 }, () => acceptAs(rita, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
    expect(await auditOf(op, rita.userId)).toHaveLength(1);
  });

  it('opens nothing once another took its place, it was taken back, ran out, or is not quite it', async () => {
    const op = await operator();
    const [one, two, three] = [aPerson(), aPerson(), aPerson()];
    const [first, back, old] = [await invited(op, one), await invited(op, two), await invited(op, three)];
    const second = await invited(op, one);
    const params = { id: back.id };
    for (let time = 0; time < 2; time++)
      expect((await app.as(op).call(revokeSuperAdminInvitation, { params })).status).toBe(204);
    await app.sql`update super_admin_invitations set expires_at = now() - interval '1 second' where id = ${old.id}`;
    const statusOf = async (token: string) => (await accept(token, { name: 'Eve', password })).status;
    expect([await statusOf(first.token), await statusOf(back.token), await statusOf(old.token)]).toEqual([
      410, 410, 410,
    ]);
    const flipped = second.token.slice(0, -2) + (second.token.endsWith('AA') ? 'BA' : 'AA');
    expect([await statusOf(flipped), await statusOf(second.token.slice(0, -1))]).toEqual([404, 404]);
    const { items } = (await app.as(op).call(listSuperAdminInvitations, { query: { limit: 4 } })).body;
    const both = ['resend', 'revoke'];
    expect(items.map(({ email, state, me }) => [email, state, me.can])).toEqual([
      [one, 'open', both],
      [three, 'expired', both],
      [two, 'revoked', []],
      [one, 'revoked', []],
    ]);
    expect((await auditOf(op, back.id)).map(({ action }) => action)).toEqual([
      'super_admin.invitation_revoked',
      'super_admin.invited',
    ]);
    const stored = JSON.stringify(await app.sql`select * from super_admin_invitations`);
    expect(stored).not.toContain(second.token);
  });

  it('keeps its secret from repeated calls, and is not for who has the right', async () => {
    const op = await operator();
    const body = { email: aPerson(), via: 'link' as const };
    const make = () => app.as(op).call(inviteSuperAdmin, { body }, { 'idempotency-key': 'one' });
    const [first, again] = [await make(), await make()];
    expect([first.status, again.status]).toEqual([201, 409]);
    expect(JSON.stringify(again.body)).not.toContain(tokenIn(first.body.link));
    expect((await app.as(op).call(inviteSuperAdmin, { body: { email: op.email } })).body.code).toBe('conflict');
  });

  it('goes by mail no more often than a person needs', async () => {
    const [op, body] = [await operator(), { email: aPerson() }];
    for (let i = 0; i < 5; i++) expect((await app.as(op).call(inviteSuperAdmin, { body })).status).toBe(201);
    expect((await app.as(op).call(inviteSuperAdmin, { body })).body.code).toBe('rate_limited');
  });

  it('is made by super-admins alone: not by an admin, a key, nor who acts as somebody', async () => {
    const [op, { owner }] = [await operator(), await app.newTenant()];
    const begun = await app.as(op).call(beginImpersonation, {
      body: { tenantId: owner.tenantId, memberId: owner.id, reason: 'Ticket 12', minutes: 5 },
    });
    const [acting = ''] = (begun.headers.get('set-cookie') ?? '').split(';');
    const key = await app.as(owner).call(createApiKey, { body: { name: 'Program', permissions: ['member.manage'] } });
    const callers = {
      nobody: app,
      admin: app.as(owner),
      acting: app.as({ cookie: acting }),
    };
    const email = aPerson();
    const statuses = await Promise.all(
      Object.values(callers).map(async (one) => (await one.call(inviteSuperAdmin, { body: { email } })).status),
    );
    expect(statuses).toEqual([401, 403, 403]);
    const byKey = await app.call(inviteSuperAdmin, { body: { email } }, { authorization: `Bearer ${key.body.key}` });
    expect(byKey.status).toBe(403);
    expect(await app.sql`select 1 from super_admin_invitations where email = ${email}`).toEqual([]);
  });
});

describe('the right to run the install', () => {
  it('is taken back at once, with what was begun by it: acting as somebody, and invitations by and for them', async () => {
    const [op, rita] = [await operator(), await operator()];
    const { owner } = await app.newTenant();
    const begun = await app.as(rita).call(beginImpersonation, {
      body: { tenantId: owner.tenantId, memberId: owner.id, reason: 'Ticket 12', minutes: 5 },
    });
    const [acting = ''] = (begun.headers.get('set-cookie') ?? '').split(';');
    expect((await app.as({ cookie: acting }).call(getMe)).body.impersonation).not.toBeNull();
    const [byThem, forOther] = [await invited(rita, aPerson()), await invited(op, aPerson())];
    expect(await mayRun(rita)).toBe(true);
    const removed = await app.as(op).call(removeSuperAdmin, { params: { id: rita.userId } });
    expect(removed.status).toBe(204);
    expect(await mayRun(rita)).toBe(false);
    expect((await app.as({ cookie: acting }).call(getMe)).status).toBe(401);
    const { body: me } = await app.as(rita).call(getMe);
    expect(me).toMatchObject({ user: { superAdmin: false }, memberId: rita.id }); // their login and membership stay
    expect((await accept(byThem.token, { name: 'Eve', password })).status).toBe(410);
    expect((await app.call(openInvitation, { body: { token: forOther.token } })).status).toBe(200);
    const { items } = (await app.as(op).call(listSuperAdmins, { query: { limit: 100 } })).body;
    expect(items.map(({ id }) => id)).not.toContain(rita.userId);
    expect(await auditOf(op, rita.userId)).toMatchObject([
      { action: 'super_admin.removed', actor: { id: op.userId }, target: { kind: 'user', id: rita.userId } },
    ]);
    expect((await app.as(op).call(removeSuperAdmin, { params: { id: rita.userId } })).status).toBe(404);
    const { token } = await invited(op, rita.email);
    expect([(await acceptAs(rita, token)).status, await mayRun(rita)]).toEqual([200, true]);
    expect((await app.as({ cookie: acting }).call(getMe)).status).toBe(401); // what ended does not begin again with it
  });

  it('is taken back with the acting that was begun at the same moment', async () => {
    const [op, rita, { owner }] = [await operator(), await operator(), await app.newTenant()];
    const waiting = async (count: number) => {
      const [row] = await app.sql<{ count: number }[]>`select count(*)::int from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return row?.count === count;
    };
    const [begun, removed] = await app.sql.begin(async (sql) => {
      await sql`select 1 from audit_heads where tenant_id = ${INSTALL_CHAIN} for update`; // what both write to last
      const body = { tenantId: owner.tenantId, memberId: owner.id, reason: 'Ticket 12' };
      const begun = app.as(rita).call(beginImpersonation, { body });
      await waitFor('the acting to be written down', () => waiting(1));
      const removed = app.as(op).call(removeSuperAdmin, { params: { id: rita.userId } });
      await waitFor('the removal to come up to it', () => waiting(2));
      return [begun, removed] as const;
    });
    expect([(await begun).status, (await removed).status]).toEqual([201, 204]);
    expect(await app.sql`select 1 from sessions where impersonator_session_id = ${rita.sessionId}`).toEqual([]);
  });

  it('does nothing more in the hands of who lost it while they asked', async () => {
    const [op, rita, third] = [await operator(), await operator(), await operator()];
    const email = aPerson();
    await mayRun(rita); // believed for a second
    await app.sql`update users set super_admin = false where id = ${rita.userId}`;
    const answers = [
      await app.as(rita).call(inviteSuperAdmin, { body: { email, via: 'link' } }),
      await app.as(rita).call(removeSuperAdmin, { params: { id: third.userId } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(await mayRun(third)).toBe(true);
    expect((await app.as(op).call(listSuperAdminInvitations, { query: { limit: 1 } })).body.items).not.toMatchObject([
      { email },
    ]);
  });

  it('of the last one stays, also when two remove each other, or themselves, at the same moment', async () => {
    const remove = (who: TestMember, { userId: id }: TestMember) =>
      app.as(who).call(removeSuperAdmin, { params: { id } });
    const alone = async (...ops: TestMember[]) => {
      await app.sql`update users set super_admin = id = any(${ops.map(({ userId }) => userId)})`;
      for (const op of ops) await waitFor('what is believed of them to be read again', () => mayRun(op));
    };
    for (let time = 0; time < 5; time++) {
      const [a, b] = [await operator(), await operator()];
      await alone(a, b);
      const crossed = await Promise.all([remove(a, b), remove(b, a)]);
      expect(crossed.map(({ status }) => status).sort()).toEqual([204, 403]);
      await alone(a, b);
      const own = await Promise.all([remove(a, a), remove(b, b)]);
      expect(own.map(({ status }) => status).sort()).toEqual([204, 409]);
      expect(own.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'last_admin' });
      expect(await app.sql`select 1 from users where super_admin`).toHaveLength(1);
    }
  });

  it('is listed by name, page by page', async () => {
    const op = await operator();
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await app.as(op).call(listSuperAdmins, { query: { limit: 2, cursor } });
      names.push(...body.items.map(({ name }) => name));
      cursor = body.nextCursor ?? undefined;
    } while (cursor);
    const all = await app.sql<{ name: string }[]>`select name from users where super_admin order by name, id`;
    expect(names).toEqual(all.map(({ name }) => name));
  });
});

async function signIn(email: string): Promise<{ cookie: string }> {
  const response = await app.fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  return { cookie };
}
