import { getMe, switchTenant } from '@parley/contracts/me';
import { createPool } from '@parley/db/pools';
import type { Auth } from '@parley/inbox/people/auth';
import { AUTH } from '@parley/inbox/people/people.module';
import { createMember, createTenant, createUser } from '@parley/inbox/people/people.seed';
import { AuditChain } from '@parley/platform/audit-chain';
import { startApp, type TestApp } from '@parley/testing/app';
import { recordLog } from '@parley/testing/canaries';
import { waitFor } from '@parley/testing/wait-for';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let api: NestFastifyApplication;
let platform: ReturnType<typeof createPool>;
const password = 'correct horse 7';

beforeAll(async () => {
  app = await startApp({ api: async (env, options) => (api = await serveApi(env, options)) });
  platform = createPool(app.env.DATABASE_URL, 'parley_platform', { max: 2 });
});
afterAll(async () => {
  await platform?.end();
  await app?.close();
});

describe('signing in', () => {
  it('opens a session in the only membership, by a cookie that no script reads', async () => {
    const person = await newPerson();
    const response = await signIn(person.email);
    expect(response.status).toBe(200);
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^parley=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(JSON.stringify(await response.json())).not.toContain(tokenOf(response));
    const { body } = await app.as({ cookie: cookieOf(response) }).call(getMe);
    expect(body).toMatchObject({ user: { email: person.email }, tenant: { id: person.tenantId }, role: 'agent' });
  });

  it('keeps the token apart from what opens a session, and stores no password', async () => {
    const person = await newPerson();
    const token = tokenOf(await signIn(person.email));
    expect((await app.as({ cookie: `parley=${token}` }).call(getMe)).status).toBe(401);
    const [row] = await app.sql`select password from credentials where user_id = ${person.userId}`;
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('takes the address in any case', async () => {
    const person = await newPerson();
    expect((await signIn(person.email.toUpperCase())).status).toBe(200);
  });

  it('leaves a person of two tenants to choose', async () => {
    const person = await newPerson();
    const second = await createTenant(
      { platform, chain: new AuditChain(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID) },
      { name: 'Second', slug: randomUUID() },
    );
    await createMember(platform, { tenantId: second, userId: person.userId, name: 'Ada', role: 'manager' });
    const me = app.as({ cookie: cookieOf(await signIn(person.email)) });
    expect((await me.call(getMe)).body).toMatchObject({ tenant: null, permissions: [] });
    expect((await me.call(switchTenant, { body: { tenantId: second } })).body).toMatchObject({
      tenant: { id: second },
      role: 'manager',
    });
  });

  it('ends the session that the browser had before', async () => {
    const person = await newPerson();
    const before = cookieOf(await signIn(person.email));
    const after = cookieOf(await signIn(person.email, password, { cookie: before }));
    expect(after).not.toBe(before);
    expect((await app.as({ cookie: before }).call(getMe)).status).toBe(401);
    expect((await app.as({ cookie: after }).call(getMe)).status).toBe(200);
  });

  it('cannot be had by signing up', async () => {
    const response = await post('/api/auth/sign-up/email', { email: 'new@parley.test', password, name: 'New' });
    expect(response.status).toBe(404);
    expect(await app.sql`select 1 from users where email = 'new@parley.test'`).toHaveLength(0);
  });
});

describe('who guesses', () => {
  /** How many passwords are looked at before one is not. The waits double, so however long a try takes, one comes too soon. */
  async function triesUntilRefused({ email }: { email: string }, between = async () => {}): Promise<number> {
    for (let tries = 0; tries < 14; tries++) {
      const { status } = await signIn(email, 'wrong wrong');
      if (status === 429) return tries;
      expect(status).toBe(401);
      await between();
    }
    return NaN;
  }

  it('learns nothing from the answer: unknown person and wrong password are one', async () => {
    const person = await newPerson();
    const [wrong, unknown] = await Promise.all([
      signIn(person.email, 'wrong wrong'),
      signIn(`${randomUUID()}@parley.test`, 'wrong wrong'),
    ]);
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(withoutId(await wrong.json())).toEqual(withoutId(await unknown.json()));
    expect([...wrong.headers.keys()].sort()).toEqual([...unknown.headers.keys()].sort());
  });

  it('cannot tell by the work either: the hash runs for unknown people too', async () => {
    const person = await newPerson();
    const library = (await api.get<Auth>(AUTH).$context).password;
    const work = [vi.spyOn(library, 'hash'), vi.spyOn(library, 'verify')];
    const derivations = () => work.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    await signIn(person.email, 'wrong wrong');
    const forWrong = derivations();
    await signIn(`${randomUUID()}@parley.test`, 'wrong wrong');
    expect([forWrong, derivations() - forWrong]).toEqual([1, 1]);
  });

  it('waits longer after each try, and the right password ends the wait for others only', async () => {
    const person = await newPerson();
    expect(await triesUntilRefused(person)).toBeGreaterThanOrEqual(6);
    const refused = await signIn(person.email);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await waitFor('the wait to end', async () => (await signIn(person.email)).status === 200, { everyMs: 200 });
  });

  it('does not keep a person out who signs in everywhere at once', async () => {
    const person = await newPerson();
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await signIn(person.email)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('cannot slip a hundred tries in at once', async () => {
    const person = await newPerson();
    const { url } = await app.start(serveApi, { REDIS_PREFIX: `guess-${randomUUID().slice(0, 8)}` }); // its address is everybody's here
    const guess = async () => {
      const body = JSON.stringify({ email: person.email, password: 'wrong wrong' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/auth/sign-in/email`, { method: 'POST', headers, body })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 100 }, guess));
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(36);
    expect(await guess()).toBe(429);
  });

  it('wins nothing by signing in as themselves between two tries', async () => {
    const [guesser, victim] = [await newPerson(), await newPerson()];
    const between = async () => expect((await signIn(guesser.email)).status).toBe(200);
    expect(await triesUntilRefused(victim, between)).toBeGreaterThanOrEqual(6);
  });

  it('is refused a password as long as a book', async () => {
    const person = await newPerson();
    expect((await signIn(person.email, 'x'.repeat(5000))).status).toBe(422);
  });
});

it('serves a program with a cookie jar, which sends no Origin', async () => {
  const person = await newPerson();
  const jar = { cookie: cookieOf(await signIn(person.email)) };
  const again = await signIn(person.email, password, jar);
  expect(again.status).toBe(200);
  const out = await post('/api/auth/sign-out', {}, { cookie: cookieOf(again) });
  expect(out.status).toBe(200);
  expect((await app.as({ cookie: cookieOf(again) }).call(getMe)).status).toBe(401);
  const foreign = { ...jar, origin: 'https://evil.example' };
  expect((await post('/api/auth/sign-out', {}, foreign)).status).toBe(403);
});

it('answers a path that is not open once', async () => {
  const log = recordLog();
  const { url } = await app.start((env, options) =>
    serveApi({ ...env, LOG_LEVEL: 'warn' }, { ...options, logTo: log.stream }),
  );
  for (const path of ['nothing', 'sign-up/email', '%73ign-up/email'])
    expect((await fetch(`${url}/api/auth/${path}`, { method: 'POST' })).status).toBe(404);
  expect(log.text()).toBe('');
});

describe('a session', () => {
  it('ends with signing out, in every process within a second', async () => {
    const person = await newPerson();
    const second = await app.start(serveApi);
    const cookie = cookieOf(await signIn(person.email));
    const there = async () => (await fetch(`${second.url}/api/me`, { headers: { cookie } })).status;
    expect(await there()).toBe(200);
    const out = await post('/api/auth/sign-out', {}, { cookie });
    expect(out.status).toBe(200);
    expect(out.headers.getSetCookie().join()).toMatch(/parley=; Max-Age=0/);
    expect((await app.as({ cookie }).call(getMe)).status).toBe(401);
    await waitFor('the other process to know', async () => (await there()) === 401, { timeoutMs: 2_500 });
    expect(await app.sql`select 1 from sessions where user_id = ${person.userId}`).toHaveLength(0);
  });

  it.each([
    ['idle for 12 h', `update sessions set expires_at = now() - interval '1 second' where user_id = `],
    ['30 days old', `update sessions set created_at = now() - interval '30 days 1 second' where user_id = `],
  ])('ends when it is %s', async (_name, update) => {
    const person = await newPerson();
    const cookie = cookieOf(await signIn(person.email));
    await app.sql.unsafe(`${update} '${person.userId}'`);
    expect((await app.as({ cookie }).call(getMe)).status).toBe(401);
  });

  it('lives on with use', async () => {
    const person = await newPerson();
    const cookie = cookieOf(await signIn(person.email));
    await app.sql`update sessions set expires_at = now() + interval '1 hour' where user_id = ${person.userId}`;
    expect((await app.as({ cookie }).call(getMe)).status).toBe(200);
    const [row] =
      await app.sql`select expires_at > now() + interval '11 hours' as prolonged from sessions where user_id = ${person.userId}`;
    expect(row?.prolonged).toBe(true);
  });

  it.each([
    ['member is no longer active', `update members set active = false where user_id = `],
    [
      'tenant is suspended',
      `update tenants set status = 'suspended' where id = (select tenant_id from members where user_id = `,
    ],
  ])('has no membership when the %s', async (_name, update) => {
    const person = await newPerson();
    const cookie = cookieOf(await signIn(person.email));
    await app.sql.unsafe(`${update} '${person.userId}'${update.includes('(') ? ')' : ''}`);
    const { status, body } = await app.as({ cookie }).call(getMe);
    expect([status, body.tenant, body.permissions]).toEqual([200, null, []]);
  });

  it('of others ends when the password changes', async () => {
    const person = await newPerson();
    const [here, elsewhere] = [cookieOf(await signIn(person.email)), cookieOf(await signIn(person.email))];
    const change = { currentPassword: password, newPassword: 'another horse 8', revokeOtherSessions: true };
    const response = await post('/api/auth/change-password', change, { cookie: here });
    expect(response.status).toBe(200);
    expect((await app.as({ cookie: elsewhere }).call(getMe)).status).toBe(401);
    expect((await app.as({ cookie: cookieOf(response) }).call(getMe)).status).toBe(200);
    const short = await post(
      '/api/auth/change-password',
      { ...change, newPassword: 'short' },
      { cookie: cookieOf(response) },
    );
    expect(short.status).toBe(422);
  });

  it('finds nobody’s password out, whatever asks for it: each try waits longer', async () => {
    const person = await newPerson();
    const cookie = cookieOf(await signIn(person.email));
    const guess = { currentPassword: 'wrong wrong', password: 'wrong wrong', newPassword: 'another horse 8' };
    const statuses: number[] = [];
    while (statuses.length < 14 && statuses.at(-1) !== 429) {
      const path = statuses.length % 2 ? 'two-factor/enable' : 'change-password';
      statuses.push((await post(`/api/auth/${path}`, guess, { cookie })).status);
    }
    expect(statuses.slice(0, 6)).toEqual([422, 422, 422, 422, 422, 422]);
    expect(statuses.at(-1)).toBe(429);
  });
});

it('names the secure cookie __Host- under https', async () => {
  const person = await newPerson();
  const secure = await app.start(serveApi, { PUBLIC_URL: 'https://inbox.example.com' });
  const response = await fetch(`${secure.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://inbox.example.com' },
    body: JSON.stringify({ email: person.email, password }),
  });
  expect(response.headers.getSetCookie()[0]).toMatch(
    /^__Host-parley=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(response.headers.get('strict-transport-security')).toContain('max-age');
  const me = await fetch(`${secure.url}/api/me`, { headers: { cookie: cookieOf(response) } });
  expect(me.status).toBe(200);
});

async function newPerson() {
  const email = `${randomUUID()}@parley.test`;
  const userId = await createUser(platform, { email, name: 'Ada', password });
  const tenantId = await createTenant(
    { platform, chain: new AuditChain(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID) },
    { name: 'Acme', slug: randomUUID() },
  );
  await createMember(platform, { tenantId, userId, name: 'Ada', role: 'agent' });
  return { email, userId, tenantId };
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return app.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function signIn(email: string, word = password, headers: Record<string, string> = {}): Promise<Response> {
  return post('/api/auth/sign-in/email', { email, password: word }, headers);
}

function cookieOf(response: Response): string {
  const cookie = response.headers.getSetCookie().find((line) => /parley=[^;]/.test(line));
  return cookie?.split(';')[0] ?? '';
}

/** Without the signature. */
function tokenOf(response: Response): string {
  return decodeURIComponent(cookieOf(response).split('=').slice(1).join('=')).split('.')[0] ?? '';
}

function withoutId(problem: unknown): unknown {
  return { ...(problem as Record<string, unknown>), correlationId: undefined };
}
