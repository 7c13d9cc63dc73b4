import { createHmac, randomUUID } from 'node:crypto';
import { listAudit } from '@parley/contracts/audit';
import { listConversations } from '@parley/contracts/conversations';
import type { Language } from '@parley/contracts/languages';
import { changeMe, getMe } from '@parley/contracts/me';
import { setSecurity } from '@parley/contracts/security';
import { createPool } from '@parley/db/pools';
import { createMember, createUser } from '@parley/inbox/people/people.seed';
import { startApp, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import { listMails } from '@parley/testing/mail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let platform: ReturnType<typeof createPool>;
const password = 'correct horse 7';

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  platform = createPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
});
afterAll(async () => {
  await platform?.end();
  await app?.close();
});

describe('a forgotten password', () => {
  it('is chosen anew by mail, once, and every session ends', async () => {
    const person = await newPerson();
    const before = cookiesOf(await signIn(person.email));
    expect((await post('request-password-reset', { email: person.email })).status).toBe(200);
    const token = /#([\w-]+)/.exec((await app.mailTo(person.email)).text)?.[1];
    const stored = await app.sql<{ text: string }[]>`select v::text text from verifications v`;
    expect(stored.some(({ text }) => text.includes(token ?? 'none'))).toBe(false);
    expect((await post('reset-password', { token, newPassword: 'short' })).status).toBe(422);
    expect((await post('reset-password', { token, newPassword: 'another horse 8' })).status).toBe(200);
    expect((await post('reset-password', { token, newPassword: 'third horse 9' })).status).toBe(422);
    expect((await app.as({ cookie: before }).call(getMe)).status).toBe(401);
    expect((await signIn(person.email)).status).toBe(401);
    expect((await signIn(person.email, 'another horse 8')).status).toBe(200);
  });

  it('says the same of an address that nobody has, and writes to nobody', async () => {
    const [known, unknown] = [(await newPerson()).email, `${randomUUID()}@example.com`];
    const [one, other] = [
      await post('request-password-reset', { email: known }),
      await post('request-password-reset', { email: unknown }),
    ];
    expect([other.status, await other.text()]).toEqual([one.status, await one.text()]);
    await app.mailTo(known);
    expect(await listMails(app.env.MAIL_DIR, unknown)).toEqual([]);
  });

  it('writes in the language that they chose, else that their browser asks for', async () => {
    const subject = async (header: string, language: Language | null = null) => {
      const { email } = await newPerson();
      if (language) await app.as({ cookie: cookiesOf(await signIn(email)) }).call(changeMe, { body: { language } });
      const headers = { 'content-type': 'application/json', 'accept-language': header };
      const body = JSON.stringify({ email });
      await app.fetch('/api/auth/request-password-reset', { method: 'POST', headers, body });
      return (await app.mailTo(email)).subject;
    };
    expect(await subject('pt-PT')).toBe('Sua nova senha do Parley');
    expect(await subject('tlh')).toBe('Your new password for Parley');
    expect(await subject('pt-PT', 'ro')).toBe('Parola ta nouă pentru Parley');
  });

  it('is not asked for without end', async () => {
    const email = `${randomUUID()}@example.com`;
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push((await post('request-password-reset', { email })).status);
    expect(answers).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe('a second proof', () => {
  it('is asked for at each sign-in once it is set up, and a recovery code stands in for it, once', async () => {
    const person = await newPerson();
    const { secret, codes } = await setUp(person.email);
    const first = await signIn(person.email);
    expect(await first.json()).toMatchObject({ twoFactorRedirect: true });
    const half = cookiesOf(first);
    expect((await app.as({ cookie: half }).call(getMe)).status).toBe(401);
    expect((await post('two-factor/verify-totp', { code: '000000' }, half)).status).toBe(422);
    const whole = await post('two-factor/verify-totp', { code: codeOf(secret), trustDevice: true }, half);
    expect(whole.status).toBe(200);
    expect((await app.as({ cookie: cookiesOf(whole) }).call(getMe)).body).toMatchObject({ user: { twoFactor: true } });
    expect(whole.headers.getSetCookie().join()).not.toContain('trust_device');
    const [code] = codes;
    const recover = async () =>
      (await post('two-factor/verify-backup-code', { code }, cookiesOf(await signIn(person.email)))).status;
    expect([await recover(), await recover()]).toEqual([200, 422]);
  });

  it('is kept so that the table alone does not make one', async () => {
    const person = await newPerson();
    const { secret, codes } = await setUp(person.email);
    const [row] = await app.sql<
      { text: string }[]
    >`select t::text text from two_factors t where user_id = ${person.userId}`;
    for (const word of [secret, ...codes]) expect(row?.text).not.toContain(word);
  });

  it('cannot be guessed: a sign-in ends after a few wrong codes', async () => {
    const person = await newPerson();
    await setUp(person.email);
    const half = cookiesOf(await signIn(person.email));
    const statuses = [];
    for (let i = 0; i < 8; i++) statuses.push((await post('two-factor/verify-totp', { code: '000000' }, half)).status);
    expect(statuses.at(-1)).toBe(401);
    expect(statuses).toContain(429);
  });

  it('is asked of everybody by a tenant: who has none is out within a second, and in again with one', async () => {
    const { tenant } = await app.newTenant();
    const [boss, agent] = [await newPerson(), await newPerson()];
    await createMember(platform, { tenantId: tenant.id, userId: boss.userId, name: 'Boss', role: 'tenant_admin' });
    await createMember(platform, { tenantId: tenant.id, userId: agent.userId, name: 'Ada', role: 'agent' });
    const before = app.as({ cookie: cookiesOf(await signIn(boss.email)) });
    const refused = await before.call(setSecurity, { body: { requireTwoFactor: true } });
    expect(refused.body.code).toBe('conflict');
    const { cookie } = await setUp(boss.email);
    const open = cookiesOf(await signIn(agent.email));
    const stream = await TestStream.open({ url: app.url, cookie: open });
    expect((await app.as({ cookie }).call(setSecurity, { body: { requireTwoFactor: true } })).status).toBe(200);
    await stream.end;
    expect((await app.as({ cookie: open }).call(listConversations)).status).toBe(403);
    const { body: me } = await app.as({ cookie: open }).call(getMe);
    expect(me).toMatchObject({ tenant: null, memberships: [{ tenantId: tenant.id, needsTwoFactor: true }] });
    const now = await setUp(agent.email);
    expect((await app.as(now).call(listConversations)).status).toBe(200);
  });
});

// One that is made and used needs a device: apps/web/e2e/ways-in.spec.ts.
describe('a passkey', () => {
  it('is begun by who is signed in and knows the password, and is bound to this place and to the person', async () => {
    const person = await newPerson();
    const cookie = cookiesOf(await signIn(person.email));
    const begin = (body: object, as?: string) => post('passkey/generate-register-options', body, as);
    expect((await begin({ password })).status).toBe(401);
    expect((await begin({}, cookie)).status).toBe(422);
    const wrong = await begin({ password: 'not the password' }, cookie);
    expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([422, []]);
    const path = '/api/auth/passkey/generate-register-options';
    expect((await app.fetch(path, { headers: { cookie } })).status).toBe(404);
    const right = await begin({ password }, cookie);
    expect(await right.json()).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: person.email },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  });

  it('that nobody has opens nothing, and says what to do', async () => {
    const begun = await post('passkey/generate-authenticate-options', {});
    const half = cookiesOf(begun);
    const verify = (body: object, cookie?: string) => post('passkey/verify-authentication', body, cookie);
    const answer = { response: { id: 'nobody', response: {}, type: 'public-key' } };
    expect((await verify(answer)).status).toBe(422);
    const unknown = await verify(answer, half);
    expect([unknown.status, await unknown.text()]).toEqual([
      401,
      expect.stringContaining('Sign in with your password'),
    ]);
    expect((await verify(answer, half)).status).toBe(422); // a challenge is answered once
    for (const body of [{}, { response: 1 }, { response: { id: 'x'.repeat(3000) } }])
      expect((await verify(body, half)).status).toBe(422);
  });

  it('is listed for whose it is, and removed by nobody else', async () => {
    const [one, other] = [await newPerson(), await newPerson()];
    const id = randomUUID();
    await app.sql`insert into passkeys (id, user_id, name, credential_id, public_key, counter, device_type, backed_up)
      values (${id}, ${one.userId}, 'Chrome on Linux', ${randomUUID()}, 'x', 0, 'singleDevice', false)`;
    const listOf = async (cookie: string): Promise<unknown> =>
      (await post('passkey/list-user-passkeys', {}, cookie)).json();
    const [mine, theirs] = [cookiesOf(await signIn(one.email)), cookiesOf(await signIn(other.email))];
    expect([await listOf(mine), await listOf(theirs)]).toMatchObject([[{ id, name: 'Chrome on Linux' }], []]);
    const remove = async (cookie?: string, which: string = id) =>
      (await post('passkey/delete-passkey', { id: which }, cookie)).status;
    expect(await remove(theirs)).toBe(404);
    expect(await remove(theirs, randomUUID())).toBe(404);
    expect([await remove(), await remove(mine, '1')]).toEqual([401, 422]);
    expect([await remove(mine), await listOf(mine)]).toEqual([200, []]);
  });
});

it('a change of how somebody signs in stands in the audit log of every tenant of theirs, and in the install’s if they run it', async () => {
  const [one, other, person] = [await app.newTenant(), await app.newTenant(), await newPerson()];
  for (const { tenant } of [one, other])
    await createMember(platform, { tenantId: tenant.id, userId: person.userId, name: 'Ada', role: 'agent' });
  const { cookie } = await setUp(person.email);
  const entriesOf = async ({ owner }: typeof one) => (await app.as(owner).call(listAudit)).body.items;
  expect(await entriesOf(one)).toMatchObject([
    { action: 'login.two_factor_enabled', actor: { kind: 'member' }, address: '127.0.0.1', before: null, after: null },
  ]);
  await app.sql`update users set super_admin = true where id = ${person.userId}`;
  const next = 'another horse 8';
  const changed = await post('change-password', { currentPassword: password, newPassword: next }, cookie);
  expect(changed.status).toBe(200);
  expect((await post('two-factor/disable', { password: next }, cookie)).status).toBe(200);
  await post('request-password-reset', { email: person.email });
  const token = /#([\w-]+)/.exec((await app.mailTo(person.email)).text)?.[1];
  expect((await post('reset-password', { token, newPassword: 'third horse 9' })).status).toBe(200);
  const expected = ['login.password_reset', 'login.two_factor_disabled', 'login.password_changed'];
  for (const tenant of [one, other]) {
    const entries = await entriesOf(tenant);
    expect(entries.map(({ action }) => action)).toEqual([...expected, 'login.two_factor_enabled']);
    for (const { actor, target, correlationId } of entries) {
      expect(target).toEqual({ kind: 'member', id: actor.id });
      expect(correlationId).toEqual(expect.any(String));
    }
  }
  const ofInstall = await app.sql`select action from audit_log where actor_id = ${person.userId} order by seq desc`;
  expect(ofInstall.map((row) => row.action as string)).toEqual(expected);
});

/** Sets up an authenticator from a new session. Answers its secret, the recovery codes and the session. */
async function setUp(email: string): Promise<{ secret: string; codes: string[]; cookie: string }> {
  const cookie = cookiesOf(await signIn(email));
  const begun = await post('two-factor/enable', { password }, cookie);
  const { totpURI, backupCodes } = (await begun.json()) as { totpURI: string; backupCodes: string[] };
  const secret = new URL(totpURI).searchParams.get('secret') ?? '';
  const done = await post('two-factor/verify-totp', { code: codeOf(secret) }, cookie);
  expect(done.status).toBe(200);
  return { secret, codes: backupCodes, cookie: cookiesOf(done) || cookie };
}

/** RFC 6238, as an authenticator does it. */
function codeOf(secret: string): string {
  const bits = [...secret.replaceAll('=', '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function newPerson(): Promise<{ email: string; userId: string }> {
  const email = `${randomUUID()}@example.com`;
  return { email, userId: await createUser(platform, { email, name: 'Ada', password }) };
}

function signIn(email: string, word = password): Promise<Response> {
  return post('sign-in/email', { email, password: word });
}

function post(path: string, body: object, cookie = ''): Promise<Response> {
  return app.fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .filter((cookie) => !cookie.endsWith('='))
    .join('; ');
}
