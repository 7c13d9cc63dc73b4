import { randomUUID } from 'node:crypto';
import { createAccount, deleteAccount, listAccounts, updateAccount } from '@parley/contracts/accounts';
import { getMe, switchTenant } from '@parley/contracts/me';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import { createTenant, updateTenant } from '@parley/contracts/tenants';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let stub: HttpStub;

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: stub.host } });
});
afterAll(async () => {
  await app?.close();
  await stub.close();
});
beforeEach(() => stub.answer(() => ({ body: { instance: { state: 'open' } } })));

const account = (name = 'Sales') => ({
  provider: 'evolution' as const,
  name,
  config: { baseUrl: stub.url, instance: 'one', apiKey: 'key-0123456789' },
});
const key = (value: string = randomUUID()) => ({ 'idempotency-key': value });

it('does a repeated write once, and gives the first answer again', async () => {
  const { owner } = await app.newTenant();
  const id = randomUUID();
  const first = await app.as(owner).call(createAccount, { body: account() }, key(id));
  const [bare, quoted] = [
    await app.as(owner).call(createAccount, { body: account() }, key(id)),
    await app.as(owner).call(createAccount, { body: account() }, key(`"${id}"`)),
  ];
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  for (const again of [bare, quoted]) {
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get(CURSOR_HEADER)).toBe(first.headers.get(CURSOR_HEADER));
  }
  expect((await app.as(owner).call(listAccounts)).body.items).toHaveLength(1);
});

it('gives an error again too, and an empty answer', async () => {
  const { owner, tenant } = await app.newTenant();
  const [one] = [await tenant.newAccount(), await tenant.newAccount('evolution', {}, { name: 'Taken' })];
  const [params, id] = [{ id: one.id }, key()];
  const refused = await app.as(owner).call(updateAccount, { params, body: { name: 'Taken' } }, id);
  await app.sql`update accounts set name = 'Free' where name = 'Taken' and tenant_id = ${tenant.id}`;
  const again = await app.as(owner).call(updateAccount, { params, body: { name: 'Taken' } }, id);
  expect([refused.status, again.status, again.body]).toEqual([409, 409, refused.body]);
  expect(again.headers.get('content-type')).toContain('application/problem+json');
  const gone = key();
  for (let i = 0; i < 2; i++) expect((await app.as(owner).call(deleteAccount, { params }, gone)).status).toBe(204);
});

it('refuses a key that was used for something else', async () => {
  const { owner } = await app.newTenant();
  const id = key();
  await app.as(owner).call(createAccount, { body: account() }, id);
  const { status, body } = await app.as(owner).call(createAccount, { body: account('Other') }, id);
  expect([status, body.code]).toEqual([422, 'idempotency_mismatch']);
});

it('refuses the second while the first is running', async () => {
  const { owner } = await app.newTenant();
  const id = key();
  const release = Promise.withResolvers<void>();
  stub.calls.length = 0;
  stub.answer(async () => (await release.promise, { body: { instance: { state: 'open' } } }));
  const first = app.as(owner).call(createAccount, { body: account() }, id);
  await waitFor('the first to be at the provider', () => stub.calls.length > 0);
  const second = await app.as(owner).call(createAccount, { body: account() }, id);
  release.resolve();
  expect([second.status, second.body.code, (await first).status]).toEqual([409, 'idempotency_running', 201]);
});

it('does at most one of many at once', async () => {
  const { owner } = await app.newTenant();
  const id = key();
  const statuses = await Promise.all(
    Array.from({ length: 10 }, async () => (await app.as(owner).call(createAccount, { body: account() }, id)).status),
  );
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect((await app.as(owner).call(listAccounts)).body.items).toHaveLength(1);
});

it('never repeats what a process died over: a person must look', async () => {
  const { owner } = await app.newTenant();
  const id = key();
  await app.as(owner).call(createAccount, { body: account() }, id);
  await app.sql`update idempotency_keys set response = null, created_at = now() - interval '1 hour' where tenant_id = ${owner.tenantId}`;
  const { status, body } = await app.as(owner).call(createAccount, { body: account() }, id);
  expect([status, body.code]).toEqual([409, 'idempotency_running']);
  expect(body.detail).toMatch(/Look whether it was done/);
});

it('forgets after 24 h', async () => {
  const { owner } = await app.newTenant();
  const id = key();
  await app.as(owner).call(createAccount, { body: account() }, id);
  await app.sql`update idempotency_keys set created_at = now() - interval '25 hours' where tenant_id = ${owner.tenantId}`;
  expect((await app.as(owner).call(createAccount, { body: account('Other') }, id)).status).toBe(201);
});

it('keeps the keys of members apart', async () => {
  const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
  const id = key();
  const [first, second] = [
    await app.as(mine.owner).call(createAccount, { body: account() }, id),
    await app.as(theirs.owner).call(createAccount, { body: account() }, id),
  ];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body.id).not.toBe(first.body.id);
});

test.each(['', 'x'.repeat(129), 'two words', '"open'])('is refused when it is no key: %s', async (value) => {
  const { owner } = await app.newTenant();
  const { status, body } = await app.as(owner).call(createAccount, { body: account() }, { 'idempotency-key': value });
  expect([status, body.code]).toEqual([400, 'bad_request']);
  expect(await app.sql`select 1 from accounts where tenant_id = ${owner.tenantId}`).toHaveLength(0);
});

it('answers what was done, and claims nothing else, when the answer could not be kept', async () => {
  const { owner } = await app.newTenant();
  await app.sql.unsafe(`
    create function refuse_answer() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
    create trigger refuse_answer before update on idempotency_keys for each row
      when (new.response ->> 'status' = '201') execute function refuse_answer()`);
  const id = key();
  try {
    expect((await app.as(owner).call(createAccount, { body: account() }, id)).status).toBe(201);
    const again = await app.as(owner).call(createAccount, { body: account() }, id);
    expect([again.status, again.body.code]).toEqual([409, 'idempotency_running']);
  } finally {
    await app.sql.unsafe(`drop trigger refuse_answer on idempotency_keys; drop function refuse_answer`);
  }
});

describe('of a login, for what is done in no tenant', () => {
  async function operator() {
    const { owner, tenant } = await app.newTenant();
    await app.sql`update users set super_admin = true where id = ${owner.userId}`;
    return { ...owner, as: app.as(owner), params: { id: tenant.id } };
  }

  it('does a repeated write once, for each login by itself', async () => {
    const [one, other] = [await operator(), await operator()];
    const id = key();
    const rename = ({ as }: typeof one, name: string) =>
      as.call(updateTenant, { params: one.params, body: { name } }, id);
    const first = await rename(one, 'First');
    expect((await rename(other, 'Second')).body.name).toBe('Second');
    const again = await rename(one, 'First');
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, first.body, 'true']);
    const [row] = await app.sql`select name from tenants where id = ${one.params.id}`;
    expect(row).toEqual({ name: 'Second' });
    const mismatch = await rename(one, 'Third');
    expect([mismatch.status, mismatch.body.code]).toEqual([422, 'idempotency_mismatch']);
  });

  it('is one of the person, in whichever tenant they work', async () => {
    const [{ tenant, owner }, second] = [await app.newTenant(), await app.newTenant()];
    await second.tenant.newMember('agent', { userId: owner.userId });
    const [there, back, id] = [{ body: { tenantId: second.tenant.id } }, { body: { tenantId: tenant.id } }, key()];
    const first = await app.as(owner).call(switchTenant, there, id);
    expect([first.status, first.body.tenant?.id]).toEqual([200, second.tenant.id]);
    await app.as(owner).call(switchTenant, back);
    const again = await app.as(owner).call(switchTenant, there, id);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get(CURSOR_HEADER)).toBe(first.headers.get(CURSOR_HEADER));
    expect((await app.as(owner).call(getMe)).body.tenant?.id).toBe(tenant.id);
  });

  it('refuses the second while the first is running', async () => {
    const { as, params } = await operator();
    const [id, body] = [key(), { name: 'Slow' }];
    const { first } = await app.sql.begin(async (sql) => {
      await sql`select 1 from tenants where id = ${params.id} for update`;
      const first = as.call(updateTenant, { params, body }, id);
      const taken = () => app.sql`select 1 from login_idempotency_keys where key = ${id['idempotency-key']}`;
      await waitFor('the first to have begun', async () => (await taken()).length > 0);
      const second = await as.call(updateTenant, { params, body }, id);
      expect([second.status, second.body.code]).toEqual([409, 'idempotency_running']);
      return { first }; // which ends once the row is free
    });
    expect((await first).status).toBe(200);
  });

  it('keeps no link that is shown once', async () => {
    const { as, userId } = await operator();
    const slug = `t-${randomUUID().slice(0, 8)}`;
    const admin = { email: `${slug}@parley.test`, via: 'link' as const };
    const input = { body: { name: 'Bakery', slug, admin } };
    const id = key();
    const first = await as.call(createTenant, input, id);
    expect(first.body.invitationLink).toMatch(/^http/);
    const again = await as.call(createTenant, input, id);
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const [row] = await app.sql<
      { text: string }[]
    >`select k::text "text" from login_idempotency_keys k where user_id = ${userId}`;
    expect(row?.text).not.toContain(first.body.invitationLink?.split('#').at(-1));
  });
});
