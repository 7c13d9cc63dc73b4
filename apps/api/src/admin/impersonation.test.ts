import { listAudit, listInstallAudit } from '@parley/contracts/audit';
import { beginImpersonation, endImpersonation, listTenantMembers } from '@parley/contracts/impersonation';
import { createLabel, listLabels } from '@parley/contracts/labels';
import { endMySession, endMySessions, getMe, listMySessions } from '@parley/contracts/me';
import { listTenants } from '@parley/contracts/tenants';
import { startApp, type TestApp } from '@parley/testing/app';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

async function operator() {
  const { tenant } = await app.newTenant();
  const member = await tenant.newMember('agent', { name: 'Op' });
  await app.sql`update users set super_admin = true where id = ${member.userId}`;
  await app.sql`delete from members where id = ${member.id}`;
  return member;
}

async function begun(minutes = 30) {
  const [op, { tenant, owner }] = [await operator(), await app.newTenant()];
  const body = { tenantId: tenant.id, memberId: owner.id, reason: 'Ticket 12', minutes };
  const answer = await app.as(op).call(beginImpersonation, { body });
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  return { op, tenant, owner, answer, cookie, as: app.as({ cookie }) };
}

describe('a super-admin who acts as a member', () => {
  it('is told so by everything they see, and both logs say it, with the reason', async () => {
    const { op, owner, answer, as } = await begun();
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      201,
      expect.stringContaining('HttpOnly; SameSite=Lax'),
    ]);
    expect((await as.call(getMe)).body).toMatchObject({
      user: { id: owner.userId, superAdmin: false },
      memberId: owner.id,
      impersonation: { by: 'Op', until: answer.body.until },
    });
    await as.call(createLabel, { body: { name: 'By Op', hue: 25 } });
    const log = (await app.as(owner).call(listAudit)).body.items;
    const actor = { kind: 'super_admin', id: op.userId, name: 'Op' };
    expect(log).toMatchObject([
      { action: 'label.created', actor: { ...actor, asMemberId: owner.id } },
      {
        action: 'impersonation.begun',
        actor,
        target: { kind: 'member', id: owner.id },
        after: { reason: 'Ticket 12', minutes: 30 },
      },
    ]);
    const install = (await app.as(op).call(listInstallAudit, { query: { target: owner.id } })).body.items;
    expect(install).toMatchObject([{ action: 'impersonation.begun', actor }]);
    expect((await app.as(owner).call(getMe)).body.impersonation).toBeNull();
  });

  it('has neither their own rights meanwhile, nor the member’s sign-in', async () => {
    const { as, cookie } = await begun();
    expect((await as.call(listTenants)).status).toBe(403);
    for (const path of ['change-password', 'revoke-sessions', 'revoke-other-sessions']) {
      const init = { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: '{}' };
      expect([path, (await app.fetch(`/api/auth/${path}`, init)).status]).toEqual([path, 403]);
    }
  });

  it('neither sees where the member is signed in, nor signs them out', async () => {
    const { as, owner } = await begun();
    const own = await app.as(owner).call(listMySessions);
    const params = { id: owner.sessionId };
    expect(own.body.items.map(({ id }) => id)).toContain(params.id);
    const answers = [
      await as.call(listMySessions),
      await as.call(endMySession, { params }),
      await as.call(endMySessions),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect((await app.as(owner).call(getMe)).status).toBe(200);
  });

  it('goes back to their own session', async () => {
    const { op, as, owner } = await begun();
    const { body, headers } = await as.call(endImpersonation);
    expect(body).toMatchObject({ user: { id: op.userId, superAdmin: true }, impersonation: null });
    expect(headers.get('set-cookie')?.split(';')[0]).toBe(op.cookie);
    expect((await as.call(listLabels)).status).toBe(401);
    expect((await app.as(op).call(endImpersonation)).body.code).toBe('conflict');
    expect((await app.as(owner).call(listAudit)).body.items[0]).toMatchObject({ action: 'impersonation.ended' });
  });

  it('is out when the time is over, when they leave, and when they are super-admin no more', async () => {
    const [late, left, fallen] = [await begun(1), await begun(), await begun()];
    await app.sql`update sessions set expires_at = expires_at - interval '1 minute' where impersonator_session_id = ${late.op.sessionId}`;
    await app.sql`delete from sessions where id = ${left.op.sessionId}`;
    await app.sql`update users set super_admin = false where id = ${fallen.op.userId}`;
    for (const { as } of [late, left, fallen])
      await waitFor('the session to end', async () => (await as.call(listLabels)).status === 401);
  });

  it('does not begin in the hands of who lost the right while they asked', async () => {
    const [op, { tenant, owner }] = [await operator(), await app.newTenant()];
    await app.as(op).call(listTenants); // believed for a second
    await app.sql`update users set super_admin = false where id = ${op.userId}`;
    const body = { tenantId: tenant.id, memberId: owner.id, reason: 'Ticket 12' };
    expect((await app.as(op).call(beginImpersonation, { body })).status).toBe(403);
    expect(await app.sql`select 1 from sessions where impersonator_session_id = ${op.sessionId}`).toEqual([]);
  });

  it('finds no member who could not sign in, and none of another tenant', async () => {
    const [op, mine, other] = [await operator(), await app.newTenant(), await app.newTenant()];
    const gone = await mine.tenant.newMember('agent', { active: false });
    const ask = (tenantId: string, memberId: string) =>
      app.as(op).call(beginImpersonation, { body: { tenantId, memberId, reason: 'Ticket 12' } });
    const listed = async () =>
      (await app.as(op).call(listTenantMembers, { params: { id: mine.tenant.id } })).body.items.map(({ id }) => id);
    expect(await listed()).toEqual([mine.owner.id]);
    for (const memberId of [gone.id, other.owner.id]) expect((await ask(mine.tenant.id, memberId)).status).toBe(404);
    await app.sql`update tenants set status = 'suspended' where id = ${mine.tenant.id}`;
    expect(await listed()).toEqual([]);
    expect((await ask(mine.tenant.id, mine.owner.id)).status).toBe(404);
  });
});
