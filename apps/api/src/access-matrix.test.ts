import { randomUUID } from 'node:crypto';
import { createApiKey } from '@parley/contracts/api-keys';
import {
  isPlatformPermission,
  platformPermissions,
  rolePermissions,
  roles,
  type Permission,
} from '@parley/contracts/permissions';
import type { Access, AnyRoute } from '@parley/contracts/route';
import { routes } from '@parley/contracts/routes';
import { startApp, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import {
  furnishConversation,
  insertLabel,
  insertSuperAdmin,
  insertTeam,
  type SightThings,
} from '@parley/testing/house';
import { authCases, type Login } from '@parley/testing/system/auth-cases';
import { routeCases, routeNames, type RouteName, type Things } from '@parley/testing/system/route-cases';
import { openSession, type TestMember, type TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { serveApi } from './create-app';
import { statusOf } from './http/route.decorator';

// Every operation of the OpenAPI document, by every kind of caller, on everybody's objects. What each is to be answered
// follows from what stands beside the route (`x-access`, `x-reach`) and beside the caller below.

interface Principal {
  name: string;
  /** Answered so wherever a session is needed; absent: has one. */
  refused?: 401;
  /** Absent: nothing, for there is no tenant that they may work in. */
  may?: readonly Access[];
  seesAll?: boolean;
  /** Is nobody: what is for people is closed to it, sessions and read marks. */
  isKey?: true;
  /** Acts as somebody, or is who a company says: works in one tenant alone, whatever else the user belongs to, and their sign-in is theirs. */
  stays?: true;
  signIn(house: House): Promise<Caller>;
}

interface Caller {
  headers: Record<string, string>;
  userId?: string;
  memberId?: string;
}

const as = async ({ cookie, userId, id }: Pick<TestMember, 'cookie' | 'userId' | 'id'>): Promise<Caller> => ({
  headers: { cookie },
  userId,
  memberId: id,
});

const keeping: Permission[] = ['inbox.read', 'inbox.write', 'inbox.assign', 'contact.write', 'settings.manage'];

/** A new kind of caller is one line here. */
const principals: Principal[] = [
  { name: 'anonymous', refused: 401, signIn: async () => ({ headers: {} }) },
  {
    name: 'a made-up session',
    refused: 401,
    signIn: async ({ owner }) => ({ headers: { cookie: owner.cookie.slice(0, -3) } }),
  },
  { name: 'an expired session', refused: 401, signIn: ({ tenant }) => expired(tenant) },
  ...roles.map((role): Principal => ({
    name: role,
    may: rolePermissions[role],
    seesAll: role !== 'agent',
    signIn: async ({ tenant }) => as(await tenant.newMember(role)),
  })),
  {
    name: 'a super-admin who acts as a manager',
    may: rolePermissions.manager,
    seesAll: true,
    stays: true,
    signIn: ({ tenant }) => impersonating(tenant),
  },
  {
    name: 'a manager signed in by their company',
    may: rolePermissions.manager,
    seesAll: true,
    stays: true,
    signIn: ({ tenant }) => byCompany(tenant),
  },
  {
    name: 'a custom role',
    may: ['inbox.read', 'label.manage'],
    seesAll: true,
    signIn: ({ tenant }) => customRole(tenant, { permissions: ['inbox.read', 'label.manage'], seesAll: true }),
  },
  {
    name: 'a custom role that sees its own and keeps the settings',
    may: keeping,
    signIn: ({ tenant }) => customRole(tenant, { permissions: keeping, seesAll: false }),
  },
  {
    name: 'a custom role that keeps the settings and reads nothing',
    may: ['settings.manage'],
    signIn: ({ tenant }) => customRole(tenant, { permissions: ['settings.manage'], seesAll: true }),
  },
  {
    name: 'a key',
    may: ['inbox.read', 'account.read'],
    seesAll: true,
    isKey: true,
    signIn: ({ owner }) => key(owner, { permissions: ['inbox.read', 'account.read'] }),
  },
  {
    name: 'a key kept to one account',
    may: keeping,
    isKey: true,
    signIn: ({ owner, things }) => key(owner, { permissions: keeping, accountIds: [things.accountId] }),
  },
  {
    name: 'an inactive member',
    signIn: async ({ tenant }) => as(await tenant.newMember('tenant_admin', { active: false })),
  },
  { name: 'a member of a suspended tenant', signIn: ({ tenant }) => suspended(tenant) },
  { name: 'a super-admin without a membership', may: platformPermissions, signIn: ({ tenant }) => superAdmin(tenant) },
];

/** One tenant each, so that nobody finds what another changed. */
interface House {
  tenant: TestTenant;
  owner: TestMember;
  things: Things;
  colleagues: SightThings;
}

let app: TestApp;
let theirs: House;
let stream: TestStream;
let operations: (z.infer<typeof Operation> & { path: string })[];
const counts = { calls: 0, violations: 0 };

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  const { paths } = Document.parse(await (await app.fetch('/api/openapi.json')).json());
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ ...operation, path })),
  );
  await noteChanges();
  theirs = await furnished('Theirs');
  stream = await TestStream.open({ url: app.url, cookie: theirs.owner.cookie });
});
afterAll(async () => {
  stream?.cut();
  await app?.close();
  console.log(
    `access matrix: ${counts.calls} calls, ${operations.length} operations by ${principals.length} callers, ${counts.violations} violations`,
  );
});

const Operation = z.object({ operationId: z.string(), 'x-access': z.string(), 'x-reach': z.string() });
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

it('knows every operation of the document, and what each is to be answered', () => {
  for (const { operationId } of operations)
    expect([operationId, operationId in routeCases || operationId in authCases]).toEqual([operationId, true]);
  const known = [...routeNames, ...Object.keys(authCases)];
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(known.sort());
});

describe.each(principals)('$name', (principal) => {
  it('is answered as it should be about sign-ins, whosoever they name', async () => {
    const house = await furnished(principal.name);
    const violations: string[] = [];
    for (const operation of operations)
      if (operation.operationId in authCases) violations.push(...(await signInViolations(operation, principal, house)));
    counts.violations += violations.length;
    expect(violations).toEqual([]);
  });

  it('is answered as it should be, on everybody’s objects', async () => {
    const house = await furnished(principal.name);
    expect(await changesOf(house.tenant.id)).toBeGreaterThan(10); // what nobody notes would never count
    const caller = await principal.signIn(house);
    if (caller.memberId) {
      await app.sql`update conversations set assignee_id = ${caller.memberId} where id = ${house.things.conversationId}`;
      // Of the team, so that they keep what they give to it.
      await app.sql`update members set team_ids = ${[house.things.teamId]} where id = ${caller.memberId}`;
    }
    const violations: string[] = [];
    for (const name of routeNames) violations.push(...(await violationsOf(name, principal, { house, caller })));
    counts.violations += violations.length;
    expect(violations).toEqual([]);
  });
});

it('told another tenant nothing', () => {
  expect([stream.events, stream.ephemeral, stream.ended]).toEqual([[], [], false]);
});

interface Asking {
  house: House;
  caller: Caller;
}
type Whose = 'own' | 'colleague' | 'foreign' | 'random' | 'malformed';

/** Refusals first, which change nothing; then what should work. */
async function violationsOf(name: RouteName, principal: Principal, { house, caller }: Asking): Promise<string[]> {
  const mine = { ...house.things, memberId: caller.memberId ?? house.things.memberId };
  if (caller.userId)
    mine.sessionId = (await openSession(app, { userId: caller.userId, tenantId: house.tenant.id })).sessionId;
  const found: string[] = [];
  const ask = async (whose: Whose, things: Things, index: number) => {
    const one = routeCases[name](things, words)[index];
    if (!one) throw new Error('no such case');
    const answer = await call(routes[name], one.input, caller.headers);
    const expected = one.answers ?? expectedOf(routes[name], principal, whose);
    const isRight = expected === 'done' ? isDone(routes[name], answer.status, one.mayFail) : answer.status === expected;
    if (!isRight)
      found.push(`${name} ${index} ${whose}: ${answer.status} instead of ${expected} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const before = await changesOfAll();
  for (const [index, { names }] of routeCases[name](mine, words).entries()) {
    if (routes[name].reach === 'sight' && expectedOf(routes[name], principal, 'colleague') !== 'done')
      await ask('colleague', { ...mine, ...house.colleagues }, index);
    for (const thing of names) {
      const random = await ask('random', { ...mine, [thing]: randomUUID() }, index);
      const reachesAll = routes[name].reach === 'install' && expectedOf(routes[name], principal, 'own') === 'done';
      const foreign = reachesAll ? random : await ask('foreign', { ...mine, [thing]: theirs.things[thing] }, index);
      if (JSON.stringify(foreign) !== JSON.stringify(random))
        found.push(`${name} ${index}: a foreign ${thing} is not answered as a random one`);
      for (const id of ['1', "' or 1=1 --"]) await ask('malformed', { ...mine, [thing]: id }, index);
    }
  }
  const isRefused = expectedOf(routes[name], principal, 'own') !== 'done';
  if (isRefused) for (const index of routeCases[name](mine, words).keys()) await ask('own', mine, index);
  if ((await changesOfAll()) !== before) found.push(`${name}: something changed although it was refused`);
  if (!isRefused) {
    const foreignBefore = await changesOf(theirs.tenant.id);
    for (const index of routeCases[name](mine, words).keys()) await ask('own', mine, index);
    if (routes[name].reach === 'sight' && principal.seesAll)
      await ask('colleague', { ...mine, ...house.colleagues }, 0);
    if ((await changesOf(theirs.tenant.id)) !== foreignBefore) found.push(`${name}: changed another tenant`);
  }
  return found;
}

/** Of an operation that the auth library serves: it names nobody but by address and key, and changes nobody else's rows. */
async function signInViolations(
  { operationId, path, 'x-access': access, 'x-reach': reach }: (typeof operations)[number],
  { name, refused, isKey, stays, signIn }: Principal,
  house: House,
): Promise<string[]> {
  const one = authCases[operationId];
  if (!one) return [`${operationId}: no case`];
  const { headers, userId } = await signIn(house); // anew each time: some end the session that they are called with
  const isNobody = refused !== undefined || isKey === true;
  const expected =
    access === 'session' && isNobody
      ? 401
      : reach === 'oneself' && stays
        ? 403
        : one.answers[isNobody ? 'nobody' : 'signedIn'];
  const found: string[] = [];
  const ask = async (whose: Whose, login: Login, right = expected) => {
    counts.calls++;
    const body = one.body(login);
    const response = await app.fetch(path, {
      method: 'POST',
      headers: { ...headers, ...(one.form ? {} : { 'content-type': 'application/json' }) },
      body: one.form ? new URLSearchParams(body) : JSON.stringify({ ...body, userId: theirs.owner.userId }),
    });
    const text = (await response.text()).replace(/"correlationId":"[^"]*"/, '');
    if (response.status !== right)
      found.push(`${operationId} ${whose}, ${name}: ${response.status} instead of ${right} ${text}`);
    return text;
  };
  const own: Login = { email: house.owner.email, keyId: house.things.keyId };
  const somebody = await theirs.tenant.newMember('agent');
  const before = await signInsBut(userId);
  if (one.names) {
    const random = { email: `${randomUUID()}@example.com`, keyId: randomUUID() };
    const foreign = { email: somebody.email, keyId: theirs.things.keyId };
    const answers = [await ask('foreign', foreign), await ask('random', random)];
    if (answers[0] !== answers[1]) found.push(`${operationId}: somebody who is known is not answered as a stranger`);
    const { malformed = expected } = one.answers;
    await ask('malformed', { email: "' or 1=1 --", keyId: "' or 1=1 --" }, malformed);
  } else await ask('own', own);
  if ((await signInsBut(userId)) !== before) found.push(`${operationId}: changed somebody else’s sign-in`);
  return found;
}

/** How everybody but one signs in, and is signed in. */
async function signInsBut(userId: string = randomUUID()): Promise<string> {
  const rows = await app.sql`
    select md5(string_agg(row, '|' order by row)) from (
      select u::text from users u where id <> ${userId} union all select c::text from credentials c where user_id <> ${userId}
      union all select s::text from sessions s where user_id <> ${userId}
      union all select t::text from two_factors t where user_id <> ${userId}) all_of_them (row)`;
  return JSON.stringify(rows);
}

function expectedOf(
  route: AnyRoute,
  { refused, may, seesAll, stays, isKey }: Principal,
  whose: Whose,
): number | 'done' {
  const { access, reach } = route;
  const isMember = may?.some((one) => !isPlatformPermission(one));
  if (access === 'public') return 'done';
  if (refused) return refused;
  if (access === 'session' ? isKey : !may?.includes(access)) return 403;
  if (reach === 'whole' && !(seesAll && may?.includes('inbox.read'))) return 403;
  if (whose === 'malformed') return 422;
  if (isKey && (route === routes.markConversationRead || route === routes.setAvailability)) return 403;
  if ((reach === 'membership' || reach === 'oneself') && stays) return 403;
  if (whose === 'own') return reach === 'membership' && !isMember ? 404 : 'done';
  if (whose === 'colleague') return seesAll ? 'done' : 404;
  return reach === 'filter' ? 'done' : 404;
}

/** Nobody answers for the accounts of a test: what is right may then be another answer, but none that refuses the caller. */
function isDone(route: AnyRoute, status: number, mayFail = false): boolean {
  return status === statusOf(route) || (mayFail && ![401, 403, 404, 500].includes(status));
}

describe('what a caller is given', () => {
  const closed = routeNames.filter((name) => routes[name].access !== 'public');
  test.each(closed)('names nothing of another tenant: %s', async (name) => {
    const { owner, things } = await furnished('Own');
    const text = JSON.stringify(
      await Promise.all(
        routeCases[name](things, words).map(({ input }) => call(routes[name], input, { cookie: owner.cookie })),
      ),
    );
    for (const id of Object.values(theirs.things)) expect(text).not.toContain(id);
  });
});

describe('fields that are not for callers', () => {
  const writes = routeNames.filter((name) => (routes[name] as AnyRoute).body !== undefined);
  test.each(writes)('change nothing: %s', async (name) => {
    const [{ tenant, owner, things }, before] = [await furnished('Own'), await changesOf(theirs.tenant.id)];
    const more = {
      tenantId: theirs.tenant.id,
      tenant_id: theirs.tenant.id,
      role: 'tenant_admin',
      id: theirs.things.messageId,
      isAdmin: true,
      superAdmin: true,
      createdAt: '2020-01-01T00:00:00Z',
    };
    for (const { input } of routeCases[name](things, words)) {
      const { status } = await call(
        routes[name],
        { ...input, body: { ...more, ...input.body } },
        { cookie: owner.cookie },
      );
      expect(status).not.toBe(500);
    }
    expect(await changesOf(theirs.tenant.id)).toEqual(before);
    const strays =
      await app.sql`select 1 from members where tenant_id = ${tenant.id} and user_id = ${theirs.owner.userId}`;
    const raised = await app.sql`select 1 from users where super_admin and id = ${owner.userId}`;
    expect([strays.length, raised.length]).toEqual([0, 0]);
  });
});

const words = (what: string) => (what === 'phone' ? '+12025550177' : what === 'emoji' ? '👍' : `${what} of a test`);

/** A tenant with one of everything: an owner's, and a colleague's. */
async function furnished(name: string): Promise<House> {
  const { tenant, owner } = await app.newTenant({ name });
  const [agent, colleague] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
  const { id: accountId } = await tenant.newAccount('evolution', {}, { name: `${name} account` });
  const labelId = await insertLabel(app.sql, tenant.id, name);
  const own = await furnishConversation(app.sql, tenant, { accountId, memberId: agent.id, name });
  const { id: elsewhere } = await tenant.newAccount('evolution', {}, { name: `${name} other account` });
  const colleagues = await furnishConversation(app.sql, tenant, { accountId: elsewhere, memberId: colleague.id, name });
  const [roleId, invitationId, keyId] = [randomUUID(), randomUUID(), randomUUID()];
  await app.sql`insert into roles (tenant_id, id, name, name_key, permissions, sees_all)
    values (${tenant.id}, ${roleId}, ${name}, ${name.toLowerCase()}, ${['inbox.read']}, false)`;
  await app.sql`insert into invitations (tenant_id, id, email, role, via, token_hash, invited_by, expires_at)
    values (${tenant.id}, ${invitationId}, 'open@example.com', 'agent', 'link', ${randomUUID()}, ${owner.id}, now() + interval '1 day')`;
  await app.sql`insert into api_keys (tenant_id, id, name, prefix, hash, permissions)
    values (${tenant.id}, ${keyId}, ${name}, 'parley_00000_', ${randomUUID()}, ${['inbox.read']})`;
  const others = {
    roleId,
    teamId: await insertTeam(app.sql, tenant.id, name),
    invitationId,
    keyId,
    sessionId: agent.sessionId,
    leaverId: (await tenant.newMember('agent')).id,
    ...(await insertSuperAdmin(app.sql)),
  };
  return {
    tenant,
    owner,
    things: { tenantId: tenant.id, memberId: agent.id, accountId, labelId, ...own, ...others },
    colleagues,
  };
}

async function expired(tenant: TestTenant) {
  const member = await tenant.newMember('tenant_admin');
  await app.sql`update sessions set expires_at = now() - interval '1 second' where id = ${member.sessionId}`;
  return as(member);
}

async function suspended(tenant: TestTenant) {
  await app.sql`update tenants set status = 'suspended' where id = ${tenant.id}`;
  return as(await tenant.newMember('tenant_admin'));
}

async function customRole(
  tenant: TestTenant,
  { permissions, seesAll }: { permissions: Permission[]; seesAll: boolean },
) {
  const [member, id] = [await tenant.newMember('agent'), randomUUID()];
  await app.sql`insert into roles (tenant_id, id, name, name_key, permissions, sees_all)
    values (${tenant.id}, ${id}, ${id}, ${id}, ${permissions}, ${seesAll})`;
  await app.sql`update members set role = null, role_id = ${id} where id = ${member.id}`;
  return as(member);
}

async function key(owner: TestMember, given: { permissions: Permission[]; accountIds?: string[] }): Promise<Caller> {
  const body = { name: 'Program', ...given };
  const made = await app.as(owner).call(createApiKey, { body });
  const headers = { authorization: `Bearer ${made.body.key}` };
  await app.fetch('/api/accounts', { headers }); // its first use is noted
  return { headers };
}

async function impersonating(tenant: TestTenant) {
  const [manager, operator] = [await tenant.newMember('manager'), await tenant.newMember('agent')];
  await app.sql`update users set super_admin = true where id = ${operator.userId}`;
  await app.sql`update sessions set impersonator_session_id = ${operator.sessionId} where id = ${manager.sessionId}`;
  return as(manager);
}

/** Who is even super-admin elsewhere: it does not come along. */
async function byCompany(tenant: TestTenant) {
  const manager = await tenant.newMember('manager');
  await app.sql`update users set super_admin = true where id = ${manager.userId}`;
  await app.sql`insert into issuers (tenant_id, id, issuer, client_id, secret, domains)
    values (${tenant.id}, ${randomUUID()}, 'https://login.example.com', 'parley', 'sealed', '{}') on conflict do nothing`;
  await app.sql`update sessions set issuer_tenant_id = i.tenant_id, issuer_id = i.id, token = 'company:' || token
    from issuers i where i.tenant_id = ${tenant.id} and sessions.id = ${manager.sessionId}`;
  return as(manager);
}

async function superAdmin(tenant: TestTenant) {
  const member = await tenant.newMember('tenant_admin');
  await app.sql`update users set super_admin = true where id = ${member.userId}`;
  await app.sql`delete from members where id = ${member.id}`;
  return { headers: { cookie: member.cookie }, userId: member.userId };
}

/** What the caller gets, without what differs from call to call. */
async function call(
  { method, path }: AnyRoute,
  { params, query, body }: { params?: object; query?: object; body?: object },
  credentials: Record<string, string>,
) {
  counts.calls++;
  const values = { ...params } as Record<string, string>;
  const url = path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(values[name] ?? ''));
  const response = await app.fetch(`/api${url}?${new URLSearchParams({ ...query } as Record<string, string>)}`, {
    method,
    headers: { ...credentials, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const text = (await response.text()).replace(/"correlationId":"[^"]*"/, '');
  return { status: response.status, body: text };
}

/** How many rows of the install were changed so far. */
const changesOfAll = () => changes('true');

/** Of those that a tenant has. */
const changesOf = (tenantId: string) => changes(`tenant_id = '${tenantId}'`);

async function changes(where: string): Promise<number> {
  const [row] = await app.sql.unsafe<{ made: number }[]>(`select count(*)::int made from changes where ${where}`);
  if (!row) throw new Error('no count');
  return row.made;
}

const IGNORED = ['idempotency_keys']; // what calls themselves leave behind

/** From now on every row that somebody makes, changes or removes is noted, in the same transaction. */
async function noteChanges(): Promise<void> {
  const tables = await app.sql<{ name: string }[]>`select relname name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> all(${IGNORED})`;
  await app.sql.unsafe(`create table changes (tenant_id uuid, name text);
    create index on changes (tenant_id);
    create function note_change() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      insert into changes values ((to_jsonb(coalesce(new, old)) ->> 'tenant_id')::uuid, tg_argv[0]);
      return null;
    end $$;
    ${tables
      .map(
        ({
          name,
        }) => `create trigger noted_writes after insert or delete on ${name} for each row execute function note_change('${name}');
    create trigger noted_updates after update on ${name} for each row when (old is distinct from new) execute function note_change('${name}');`,
      )
      .join('\n')}`);
}
