import { randomUUID } from 'node:crypto';
import { listAudit } from '@parley/contracts/audit';
import {
  getCompanySignIn,
  checkCompanySignIn,
  removeCompanySignIn,
  setCompanySignIn,
} from '@parley/contracts/company-sign-in';
import { getConversation, listConversations } from '@parley/contracts/conversations';
import { acceptInvitation, createInvitation } from '@parley/contracts/invitations';
import { endMySessions, getMe, listMySessions, switchTenant } from '@parley/contracts/me';
import { createRole } from '@parley/contracts/roles';
import { setSecurity } from '@parley/contracts/security';
import { listTenants } from '@parley/contracts/tenants';
import type { Auth } from '@parley/inbox/people/auth';
import { AUTH } from '@parley/inbox/people/people.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import { startOpenIdProvider, type IdToken, type OpenIdProvider } from '@parley/testing/open-id-provider';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let api: NestFastifyApplication;
let there: OpenIdProvider;

beforeAll(async () => {
  there = await startOpenIdProvider();
  app = await startApp({
    api: async (env, options) => (api = await serveApi(env, options)),
    env: { EGRESS_ALLOW: there.host, TRUST_PROXY: 'loopback' },
  });
  there.redirectsTo(`${app.url}/api/auth/company/callback/nowhere`);
});
beforeEach(() => Object.assign(there, { forge: null, metadata: {}, emailInToken: true }));
afterAll(async () => {
  await app?.close();
  await there?.close();
});

describe('a sign-in by one’s company', () => {
  it('finds the member by address once, and from then on by the subject alone', async () => {
    const { slug, tenant, member } = await company();
    there.person = { ...person(member), email: member.email.toUpperCase() };
    const back = await walk(slug);
    expect([back.status, back.headers.get('location')]).toEqual([302, '/inbox']);
    const [gone, session] = back.headers.getSetCookie();
    expect(gone).toBe('parley-company=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
    expect(session).toMatch(/^parley=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
    const { body } = await app.as({ cookie: cookieOf(back) }).call(getMe);
    expect(body).toMatchObject({ memberId: member.id, tenant: { id: tenant.id }, byCompany: true });
    there.person = { ...there.person, email: 'another@elsewhere.example', email_verified: false };
    expect((await me(await walk(slug))).memberId).toBe(member.id);
  });

  it('asks where the e-mail address is told beside the token', async () => {
    const { slug, member } = await company();
    Object.assign(there, { person: person(member), emailInToken: false });
    expect((await me(await walk(slug))).memberId).toBe(member.id);
  });

  it('ends the session that the browser had before', async () => {
    const { slug, member } = await company();
    there.person = person(member);
    await walk(slug, { cookie: member.cookie });
    expect((await app.as(member).call(getMe)).status).toBe(401);
  });

  it('makes somebody new what the admin chose, with a login that only a mail opens elsewhere', async () => {
    const { slug, owner, tenant, domain } = await company();
    const made = await app
      .as(owner)
      .call(createRole, { body: { name: 'Night', permissions: ['inbox.read'], seesAll: true } });
    await setUp(owner, { domains: [domain], newRole: made.body.id });
    there.person = { sub: randomUUID(), email: `new@${domain}`, email_verified: true, name: 'Noa New' };
    const mine = await me(await walk(slug));
    expect(mine).toMatchObject({ user: { name: 'Noa New', email: `new@${domain}` }, role: made.body.id });
    const rows =
      await app.sql`select email_verified, (select count(*)::int from credentials c where c.user_id = u.id) passwords
      from users u where id = ${mine.user.id}`;
    expect(rows).toEqual([{ email_verified: false, passwords: 0 }]);
    expect((await me(await walk(slug))).memberId).toBe(mine.memberId);
    expect(await actionsOf(owner)).toEqual(
      expect.arrayContaining(['company_sign_in.set', 'member.linked', 'member.signed_in']),
    );
    expect(
      await app.sql`select 1 from members where tenant_id = ${tenant.id} and user_id = ${mine.user.id}`,
    ).toHaveLength(1);
    const other = await company(); // whose people they are too: no tenant keeps an address from another
    await setUp(other.owner, { domains: [domain], newRole: 'agent' });
    there.person = { ...there.person, sub: randomUUID() };
    expect(await me(await walk(other.slug))).toMatchObject({
      user: { id: mine.user.id },
      tenant: { id: other.tenant.id },
    });
  });
});

describe('what a provider says', () => {
  let one: Awaited<ReturnType<typeof company>>;
  beforeAll(async () => {
    one = await company();
  });
  const hour = 3600;
  const claims = (change: Record<string, unknown>) => (token: IdToken) => ({
    ...token,
    claims: { ...token.claims, ...change },
  });
  const now = () => Math.floor(Date.now() / 1000);
  test.each<[string, (token: IdToken) => IdToken]>([
    ['the nonce of another sign-in', claims({ nonce: 'another' })],
    ['no nonce', claims({ nonce: undefined })],
    ['another issuer', claims({ iss: 'https://evil.example' })],
    ['another audience', claims({ aud: 'somebody-else' })],
    ['a time that is over', (token) => claims({ iat: now() - 2 * hour, exp: now() - hour })(token)],
    ['no subject', claims({ sub: undefined })],
    ['a subject that no table holds', claims({ sub: 'a\0b' })],
    ['the algorithm none', (token) => ({ ...token, header: { alg: 'none' }, signedBy: 'nobody' })],
    ['no signature', (token) => ({ ...token, signedBy: 'nobody' })],
    ['another’s signature', (token) => ({ ...token, signedBy: 'somebody' })],
    ['a signature of the shared secret', (token) => ({ ...token, header: { alg: 'HS256' }, signedBy: 'secret' })],
  ])('opens nothing with %s', async (_name, forge) => {
    const algorithms = { id_token_signing_alg_values_supported: ['none', 'HS256', 'ES256'] };
    Object.assign(there, { person: person(one.member), forge, metadata: algorithms });
    await expectRefused(await walk(one.slug), 'invalid', one.member);
  });

  it('opens the door where it is true, and that was all', async () => {
    there.person = person(one.member);
    expect((await walk(one.slug)).headers.get('location')).toBe('/inbox');
  });

  it('counts only as long as it calls itself what the admin entered', async () => {
    const { slug } = await company();
    there.metadata = { issuer: 'https://login.example.com' };
    expect((await begin(slug)).status).toBe(502);
  });

  it('opens nothing for an address that is not proven, or of another domain', async () => {
    const { slug, member, owner } = await company();
    there.person = { ...person(member), email_verified: false };
    await expectRefused(await walk(slug), 'unverified', member);
    await setUp(owner, { domains: ['example.com'] });
    there.person = person(member);
    await expectRefused(await walk(slug), 'domain', member);
  });

  it('opens nothing for who is nobody here, no longer here, or somebody else by now; and the log says so', async () => {
    const { slug, member, owner, domain, tenant } = await company();
    there.person = { sub: randomUUID(), email: `nobody@${domain}`, email_verified: true, name: 'Nobody' };
    await expectRefused(await walk(slug), 'no_member');
    there.person = person(member);
    expect((await walk(slug)).headers.get('location')).toBe('/inbox');
    there.person = { ...there.person, sub: randomUUID() }; // the address was given to somebody else
    await expectRefused(await walk(slug), 'other_subject');
    there.person = person(member);
    await app.sql`update members set active = false where id = ${member.id}`;
    await expectRefused(await walk(slug), 'no_member');
    const { body } = await app.as(owner).call(listAudit, { query: { action: 'member.link_refused' } });
    expect(body.items.map(({ after }) => after?.reason)).toEqual(['no_member', 'other_subject', 'no_member']);
    await app.sql`update members set active = true where id = ${member.id}`;
    await app.sql`update tenants set status = 'suspended' where id = ${tenant.id}`;
    expect((await begin(slug)).status).toBe(404);
  });

  it('lets nobody in again whom an admin has let go, whoever vouches for them', async () => {
    const { slug, owner, domain } = await company();
    await setUp(owner, { domains: [domain], newRole: 'agent' });
    there.person = { sub: randomUUID(), email: `gone@${domain}`, email_verified: true, name: 'Gone' };
    const { memberId } = await me(await walk(slug));
    await app.sql`update members set active = false where id = ${memberId}`;
    await app.sql`delete from issuer_logins where tenant_id = ${owner.tenantId}`;
    await expectRefused(await walk(slug), 'no_member');
  });

  // Else any tenant could draw anybody into it, and learn who has a login elsewhere by what comes of it.
  it('draws nobody in who has a login of their own', async () => {
    const { slug, owner, domain } = await company();
    await setUp(owner, { domains: [domain], newRole: 'agent' });
    const { tenant: elsewhere } = await app.newTenant();
    const stranger = await elsewhere.newMember('agent');
    stranger.email = await movedTo(stranger, domain);
    there.person = person(stranger);
    await expectRefused(await walk(slug), 'no_member', stranger);
    expect(await app.sql`select 1 from members where user_id = ${stranger.userId}`).toHaveLength(1);
  });
});

describe('the way there and back', () => {
  it('counts once, in the browser that began it, with the state that it got', async () => {
    const { slug, member } = await company();
    there.person = person(member);
    const { url, cookie } = await begun(slug);
    const back = await there.visit(url);
    const other = await begun(slug);
    const forged = new URL(back);
    forged.searchParams.set('state', new URL(other.url).searchParams.get('state') ?? '');
    for (const [address, jar] of [
      [back, ''],
      [back, other.cookie],
      [forged.href, cookie],
      [back.replace(/state=[^&]*/, ''), cookie],
    ] as const)
      await expectRefused(await comeBack(address, jar), 'expired', member);
    expect((await comeBack(back, cookie)).headers.get('location')).toBe('/inbox');
    expect((await comeBack(back, cookie)).headers.get('location')).toBe('/sign-in?company=expired');
  });

  it('is over after ten minutes, and when somebody says no', async () => {
    const { slug, member, tenant } = await company();
    there.person = person(member);
    const { url, cookie } = await begun(slug);
    const state = new URL(url).searchParams.get('state');
    await app.sql`update verifications set expires_at = now() - interval '1 second'`;
    await expectRefused(await comeBack(await there.visit(url), cookie), 'expired', member);
    const again = await begun(slug);
    const no = `${app.url}/api/auth/company/callback/${tenant.id}?error=access_denied&iss=${there.issuer}&state=`;
    expect(state).toHaveLength(43);
    await expectRefused(
      await comeBack(no + new URL(again.url).searchParams.get('state'), again.cookie),
      'refused',
      member,
    );
  });

  // Else a tenant's provider sends its visitors on to another's, and gets the code that this one made.
  it('takes no code that the provider of another tenant made', async () => {
    const [trap, home] = [await company(), await company()];
    there.person = person(home.member);
    const { url } = await begun(home.slug);
    const bait = await begun(trap.slug);
    const back = new URL(await there.visit(url));
    back.searchParams.set('state', new URL(bait.url).searchParams.get('state') ?? '');
    await expectRefused(await comeBack(back.href, bait.cookie), 'expired', home.member);
  });

  it('asks by PKCE, and keeps nothing in the table that would lead back', async () => {
    const { slug, tenant } = await company();
    const { url, cookie } = await begun(slug);
    const { searchParams } = new URL(url);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('redirect_uri')).toBe(`${app.url}/api/auth/company/callback/${tenant.id}`);
    const stored = JSON.stringify(await app.sql`select * from verifications`);
    for (const secret of [searchParams.get('state') ?? '', cookie.split('=')[1] ?? ''])
      expect(stored).not.toContain(secret);
  });

  it('says the same of every name that leads nowhere', async () => {
    const [without, suspended] = [await app.newTenant(), await company()];
    await app.sql`update tenants set status = 'suspended' where id = ${suspended.tenant.id}`;
    const names = ['nobody-at-all', `t-${without.tenant.id}`, suspended.slug, 'ada@nowhere.example', suspended.domain];
    const answers = await Promise.all(
      names.map(async (name) => {
        const response = await begin(name);
        const { correlationId: _, ...rest } = (await response.json()) as Record<string, unknown>;
        return JSON.stringify([response.status, rest, [...response.headers.keys()].sort()]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('404');
  });

  it('is led to by a domain that an admin has proven, as long as no other tenant has', async () => {
    const { owner, domain, tenant } = await company();
    expect((await begin(`ada@${domain}`)).status).toBe(200);
    expect((await begin(domain.toUpperCase())).status).toBe(200);
    const claimed = await company();
    await setUp(claimed.owner, { domains: [domain, claimed.domain] }); // whose it is not
    expect((await begin(domain)).status).toBe(200);
    expect((await app.as(claimed.owner).call(getCompanySignIn)).body.leading).toEqual([claimed.domain]);
    await app.sql`update users set email = ${`${randomUUID()}@${domain}`} where id = ${claimed.owner.userId}`;
    expect((await begin(domain)).status).toBe(404);
    await app.sql`update users set email_verified = false where id = ${claimed.owner.userId}`;
    expect((await app.as(owner).call(getCompanySignIn)).body.leading).toEqual([domain]);
    expect(tenant.id).not.toBe(claimed.tenant.id);
  });

  it('is not begun without end', async () => {
    const { url } = await app.start(serveApi, { REDIS_PREFIX: `company-${randomUUID().slice(0, 8)}` });
    const ask = async () => {
      const body = JSON.stringify({ company: 'nobody' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/auth/company/begin`, { method: 'POST', headers, body })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 301 }, ask));
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const evil = { method: 'POST', headers: { 'content-type': 'application/json', origin: 'https://evil.example' } };
    expect((await fetch(`${url}/api/auth/company/begin`, { ...evil, body: '{"company":"x"}' })).status).toBe(403);
  });
});

// The provider belongs to one tenant, and its admin may make it say anything.
describe('a session of a company’s sign-in', () => {
  /** Somebody of two tenants, super-admin at that, let in by one of them. */
  async function letIn() {
    const one = await company();
    const { tenant: other, owner: boss } = await app.newTenant();
    const twin = await other.newMember('tenant_admin', { userId: one.member.userId });
    const { id: theirs } = await other.newConversation();
    await app.sql`update users set super_admin = true, two_factor_enabled = true where id = ${one.member.userId}`;
    there.person = person(one.member);
    const cookie = cookieOf(await walk(one.slug));
    return { ...one, other, boss, twin, theirs, cookie };
  }

  it('stays in that tenant, and shows nothing of others', async () => {
    const { cookie, tenant, other, theirs, twin } = await letIn();
    const held = app.as({ cookie });
    expect((await held.call(switchTenant, { body: { tenantId: other.id } })).status).toBe(403);
    await app.sql`update sessions set active_tenant_id = ${other.id} where issuer_tenant_id = ${tenant.id}`; // whatever stands there
    const { body } = await held.call(getMe);
    expect(body).toMatchObject({ tenant: { id: tenant.id }, user: { superAdmin: false, twoFactor: false } });
    expect(body.memberships.map(({ tenantId }) => tenantId)).toEqual([tenant.id]);
    expect(JSON.stringify(body)).not.toContain(twin.id);
    expect((await held.call(getConversation, { params: { id: theirs } })).status).toBe(404);
    expect((await held.call(listTenants)).status).toBe(403);
    await app.sql`delete from members where tenant_id = ${tenant.id} and user_id = ${twin.userId}`;
    await waitFor('nothing to be left', async () => (await held.call(listConversations)).status === 403);
    expect((await held.call(getMe)).body).toMatchObject({ tenant: null, memberships: [] });
  });

  it('reaches neither password, second proof, passkeys nor other sessions, and accepts no invitation', async () => {
    const { cookie, member, boss } = await letIn();
    const held = app.as({ cookie });
    for (const path of ['change-password', 'two-factor/enable', 'two-factor/disable', 'two-factor/verify-totp'])
      expect([path, (await post(path, { password: 'x', code: '1' }, cookie)).status]).toEqual([path, 403]);
    for (const path of ['generate-register-options', 'verify-registration', 'list-user-passkeys', 'delete-passkey'])
      expect([path, (await post(`passkey/${path}`, {}, cookie)).status]).toEqual([path, 403]);
    for (const path of ['revoke-sessions', 'revoke-other-sessions'])
      expect((await post(path, {}, cookie)).status).toBe(403);
    for (const route of [listMySessions, endMySessions]) expect((await held.call(route)).status).toBe(403);
    // Were a way to it open by mistake: the library itself knows no such session.
    expect(await api.get<Auth>(AUTH).api.getSession({ headers: new Headers({ cookie }) })).toBeNull();
    expect(
      await api.get<Auth>(AUTH).api.getSession({ headers: new Headers({ cookie: member.cookie }) }),
    ).not.toBeNull();
    const { tenant: third, owner } = await app.newTenant();
    const invited = await app
      .as(owner)
      .call(createInvitation, { body: { email: member.email, role: 'agent', via: 'link' } });
    const token = new URL(invited.body.link ?? '').hash.slice(1);
    expect((await held.call(acceptInvitation, { body: { token } })).status).toBe(403);
    expect(await app.sql`select 1 from members where tenant_id = ${third.id} and user_id = ${member.userId}`).toEqual(
      [],
    );
    expect(boss.tenantId).not.toBe(third.id);
    expect((await post('sign-out', {}, cookie)).status).toBe(200);
    expect((await held.call(getMe)).status).toBe(401);
  });

  it.each([
    ['is removed', (owner: TestMember) => app.as(owner).call(removeCompanySignIn)],
    ['becomes another', (owner: TestMember) => setUp(owner, { clientId: 'another' })],
  ])('is over within a second when the provider %s, streams too', async (_name, change) => {
    const { cookie, owner, member } = await letIn();
    const stream = await TestStream.open({ url: app.url, cookie });
    expect((await change(owner)).status).toBeLessThan(300);
    await stream.end;
    expect((await app.as({ cookie }).call(getMe)).status).toBe(401);
    expect((await app.as(member).call(getMe)).status).toBe(200); // their own goes on
    expect(await app.sql`select 1 from issuer_logins where tenant_id = ${owner.tenantId}`).toEqual([]);
  });

  it('stands for a second proof only where the admin says that the provider asks for one', async () => {
    const { slug, owner, member, cookie } = await letIn();
    await app.sql`update users set two_factor_enabled = true where id = ${owner.userId}`;
    expect((await app.as(owner).call(setSecurity, { body: { requireTwoFactor: true } })).status).toBe(200);
    expect((await app.as({ cookie }).call(listConversations)).status).toBe(403);
    there.person = person(member);
    await expectRefused(await walk(slug), 'second_proof');
    await setUp(owner, { isSecondProof: true });
    expect((await app.as({ cookie }).call(listConversations)).status).toBe(200);
    expect((await walk(slug)).headers.get('location')).toBe('/inbox');
  });

  it('is the only way in for members where an admin wants that; admins keep theirs', async () => {
    const { owner, member, cookie, twin } = await letIn();
    await setUp(owner, { only: true });
    expect((await app.as({ cookie }).call(listConversations)).status).toBe(200);
    expect((await app.as(member).call(listConversations)).status).toBe(403);
    const { body } = await app.as(member).call(getMe);
    expect(body.memberships.filter(({ needsCompany }) => needsCompany)).toHaveLength(1);
    expect((await app.as(twin).call(listConversations)).status).toBe(200); // in their other tenant nothing changes
    expect((await app.as(owner).call(removeCompanySignIn)).status).toBe(204);
    expect((await app.as(member).call(listConversations)).status).toBe(200);
  });
});

describe('setting it up', () => {
  it('takes every right, keeps the secret to itself, and wants it anew for another issuer', async () => {
    const { tenant, owner } = await app.newTenant();
    const { body: nothing } = await app.as(owner).call(getCompanySignIn);
    expect(nothing).toEqual({
      signIn: null,
      redirectUri: `${app.url}/api/auth/company/callback/${tenant.id}`,
      leading: [],
    });
    const { status, body } = await setUp(owner, { domains: ['Example.com', 'example.com'] });
    expect([status, body.signIn?.domains]).toEqual([200, ['example.com']]);
    const told = JSON.stringify([body, await app.sql`select * from issuers`, await app.sql`select * from audit_log`]);
    expect(told).not.toContain(there.client.clientSecret);
    const kept = await setUp(owner, { clientSecret: undefined, only: true });
    expect([kept.status, kept.body.signIn?.only]).toEqual([200, true]);
    const moved = await setUp(owner, { clientSecret: undefined, issuer: 'https://evil.example' });
    expect([moved.status, moved.body.errors?.[0]?.path]).toEqual([422, 'clientSecret']);
    const role = {
      name: 'Keeper',
      permissions: ['member.manage', 'settings.manage', 'inbox.read'],
      seesAll: true,
    } as const;
    const made = await app.as(owner).call(createRole, { body: { ...role, permissions: [...role.permissions] } });
    const keeper = await tenant.newMember('agent');
    await app.sql`update members set role = null, role_id = ${made.body.id} where id = ${keeper.id}`;
    await setUp(owner, { only: false }); // else they were out anyway
    const refused = await setUp(keeper);
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('more than you may yourself')]);
    expect((await app.as(keeper).call(removeCompanySignIn)).status).toBe(403);
    expect((await actionsOf(owner)).filter((action) => action === 'company_sign_in.set')).toHaveLength(3);
  });

  it('looks at the provider, and says what is wrong with it', async () => {
    const { owner } = await app.newTenant();
    const look = async (issuer: string) => {
      const { body } = await app.as(owner).call(checkCompanySignIn, { body: { issuer } });
      return body.checks.map(({ name, passed, detail }) => (passed ? name : `${name}: ${detail}`));
    };
    expect(await look(there.issuer)).toEqual(['answers', 'issuer', 'https', 'signing', 'keys']);
    expect(await look(`${there.issuer}/nowhere`)).toEqual([expect.stringMatching(/^answers: .* answers 404/)]);
    expect(await look('http://169.254.169.254')).toEqual([
      expect.stringContaining('not an address that may be called'),
    ]);
    expect(await look('http://127.0.0.1:9')).toEqual([expect.stringContaining('not an address that may be called')]);
    there.metadata = { issuer: 'https://login.example.com' };
    expect((await look(there.issuer)).at(-1)).toBe('issuer: It calls itself https://login.example.com. Enter that.');
    there.metadata = { token_endpoint: 'ftp://login.example.com' };
    expect((await look(there.issuer)).at(-1)).toContain('is not https');
    there.metadata = { id_token_signing_alg_values_supported: ['none', 'HS256'] };
    expect((await look(there.issuer)).at(-1)).toContain('It signs by none, HS256');
  });
});

/** A tenant with a provider, an admin who has proven an address of its domain, and a member of that domain. */
async function company() {
  const { tenant, owner } = await app.newTenant();
  const domain = `${randomUUID().slice(0, 8)}.example`;
  const member = await tenant.newMember('agent');
  for (const one of [owner, member]) one.email = await movedTo(one, domain);
  there.redirectsTo(`${app.url}/api/auth/company/callback/${tenant.id}`);
  await setUp(owner, { domains: [domain] });
  return { tenant, owner, member, domain, slug: `t-${tenant.id}` } satisfies {
    tenant: TestTenant;
    [more: string]: unknown;
  };
}

async function movedTo({ userId }: TestMember, domain: string): Promise<string> {
  const email = `${userId}@${domain}`;
  await app.sql`update users set email = ${email} where id = ${userId}`;
  return email;
}

async function setUp(owner: TestMember, change: Partial<Parameters<typeof body>[0]> = {}) {
  const before = (await app.as(owner).call(getCompanySignIn)).body.signIn;
  return app.as(owner).call(setCompanySignIn, { body: body({ ...before, ...change }) });
}

function body(change: {
  issuer?: string;
  clientId?: string;
  clientSecret?: string | undefined;
  domains?: string[];
  newRole?: string | null;
  isSecondProof?: boolean;
  only?: boolean;
}) {
  const rest = { domains: ['example.com'], newRole: null, isSecondProof: false, only: false };
  return { issuer: there.issuer, ...there.client, ...rest, ...change } as never;
}

/** Everybody sits at an address of their own: one address alone is slowed down. */
let people = 0;
const somewhere = () => ({ 'x-forwarded-for': `198.51.100.${++people % 250}` });

const person = ({ email, name, userId }: TestMember) => ({ sub: `sub-${userId}`, email, email_verified: true, name });

function begin(name: string): Promise<Response> {
  return post('company/begin', { company: name });
}

async function begun(name: string): Promise<{ url: string; cookie: string }> {
  const response = await begin(name);
  const { url } = (await response.json()) as { url: string };
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^parley-company=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  return { url, cookie: cookie.split(';')[0] ?? '' };
}

async function walk(name: string, { cookie = '' } = {}): Promise<Response> {
  const { url, cookie: bound } = await begun(name);
  return comeBack(await there.visit(url), [bound, cookie].filter(Boolean).join('; '));
}

function comeBack(address: string, cookie: string): Promise<Response> {
  return fetch(address, { redirect: 'manual', headers: { cookie, ...somewhere() } });
}

async function expectRefused(back: Response, reason: string, member?: TestMember): Promise<void> {
  expect([back.status, back.headers.get('location')]).toEqual([302, `/sign-in?company=${reason}`]);
  expect(back.headers.getSetCookie().join()).not.toMatch(/(^|,)parley=/);
  if (!member) return;
  const opened = await app.sql`select 1 from sessions where user_id = ${member.userId} and issuer_id is not null`;
  expect(opened).toEqual([]);
}

async function me(back: Response) {
  expect(back.headers.get('location')).toBe('/inbox');
  return (await app.as({ cookie: cookieOf(back) }).call(getMe)).body;
}

async function actionsOf(owner: TestMember): Promise<string[]> {
  return (await app.as(owner).call(listAudit, { query: { limit: 100 } })).body.items.map(({ action }) => action);
}

function post(path: string, data: object, cookie?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(cookie ? { cookie } : {}), ...somewhere() };
  return app.fetch(`/api/auth/${path}`, { method: 'POST', headers, body: JSON.stringify(data) });
}

function cookieOf(response: Response): string {
  const lines = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return lines.find((line) => line.startsWith('parley=')) ?? '';
}
