import { createHash, randomUUID } from 'node:crypto';
import type { AnyRoute } from '@parley/contracts/route';
import { createApiKey } from '@parley/contracts/api-keys';
import { createInvitation } from '@parley/contracts/invitations';
import { createLabel } from '@parley/contracts/labels';
import { createRole } from '@parley/contracts/roles';
import { routes } from '@parley/contracts/routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Caller } from '../app';
import { TestStream } from '../event-stream';
import { furnishConversation, insertSuperAdmin, insertTeam } from '../house';
import { openSession, type TestMember, type TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { connectThroughApi } from './connect-through-api';
import { postAs, textCall, untilApplied } from './provider-calls';
import { conversationsOf } from './reading';
import { routeCases, memberRoutes, type RouteName, type Thing, type Things } from './route-cases';
import { startSystem, type System } from './system';

interface House {
  tenant: TestTenant;
  owner: TestMember;
  things: Things;
}

let system: System;
let mine: House;
let theirs: House;
let streams: TestStream[];
const counts = { calls: 0, notFound: 0 };

beforeAll(async () => {
  system = await startSystem();
  [mine, theirs] = [await furnish('Mine'), await furnish('Theirs')];
  streams = await Promise.all([mine, theirs].map(listen));
}, 120_000);
afterAll(async () => {
  for (const stream of streams ?? []) stream.cut();
  await system?.close();
  console.log(
    `isolation: ${counts.calls} calls with another tenant's ids on ${memberRoutes.length} routes, ${counts.notFound} answered 404, none other than a random id`,
  );
});

const listen = ({ owner }: House) => TestStream.open({ url: system.app.url, cookie: owner.cookie });

/** A tenant with one of everything. Nothing of it moves by itself: nobody listens at its account's address. */
async function furnish(name: string): Promise<House> {
  const { tenant, owner } = await system.app.newTenant({ name });
  const { id: memberId } = await tenant.newMember('agent');
  const { id: accountId } = await tenant.newAccount('evolution');
  const conversation = await furnishConversation(system.app.sql, tenant, { accountId, memberId, name });
  const label = await system.app.as(owner).call(createLabel, { body: { name: `${name} label`, hue: 25 } });
  const role = await system.app
    .as(owner)
    .call(createRole, { body: { name: `${name} role`, permissions: ['inbox.read'], seesAll: false } });
  const invited = await system.app
    .as(owner)
    .call(createInvitation, { body: { email: 'open@example.com', role: 'agent', via: 'link' } });
  const key = await system.app
    .as(owner)
    .call(createApiKey, { body: { name: `${name} program`, permissions: ['inbox.read'] } });
  const session = await openSession(system.app, { userId: owner.userId, tenantId: tenant.id });
  return {
    tenant,
    owner,
    things: {
      ...{ tenantId: tenant.id, memberId, accountId, ...conversation },
      labelId: label.body.id,
      roleId: role.body.id,
      teamId: await insertTeam(system.app.sql, tenant.id, `${name} team`),
      invitationId: invited.body.invitation.id,
      sessionId: session.sessionId,
      keyId: key.body.apiKey.id,
      leaverId: (await tenant.newMember('agent')).id,
      ...(await insertSuperAdmin(system.app.sql)),
    },
  };
}

const words = (what: string) => (what === 'phone' ? '+12025550177' : what === 'emoji' ? '👍' : `${what} of a test`);

describe('another tenant’s ids', () => {
  it.each(memberRoutes)('are answered like random ones, change nothing and tell nobody: %s', async (name) => {
    const cases = routeCases[name](mine.things, words);
    const before = await hashes();
    const heads = streams.map(({ lastId }) => lastId);
    for (const [n, { names }] of cases.entries()) {
      for (const thing of names) {
        const [foreign, random] = await Promise.all(
          [theirs.things[thing], randomUUID()].map((id) => ask(name, n, thing, id)),
        );
        expect(foreign, `${thing} of ${name}`).toEqual(random);
        if (!isFilter(name)) expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } });
        counts.calls++;
        counts.notFound += Number(foreign?.status === 404);
      }
    }
    expect(await hashes()).toEqual(before);
    expect(streams.map(({ lastId }) => lastId)).toEqual(heads);
    expect(streams.flatMap(({ ephemeral }) => ephemeral)).toEqual([]);
  });

  it('may be used again as ids of one’s own', async () => {
    const before = await hashesOf(theirs.tenant.id);
    const body = {
      conversationId: mine.things.conversationId,
      messageId: theirs.things.messageId,
      content: { type: 'text' as const, text: 'mine' },
    };
    const answer = await system.app.as(mine.owner).call(routes.sendMessage, { body });
    expect(answer).toMatchObject({ status: 202, body: { messageId: theirs.things.messageId } });
    expect(await hashesOf(theirs.tenant.id)).toEqual(before);
  });

  it('and their keys of idempotency mean nothing here', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const both = await Promise.all(
      [mine, theirs].map(({ owner }, i) =>
        system.app.as(owner).call(createLabel, { body: { name: `Key ${i}`, hue: 60 } }, key),
      ),
    );
    expect(both.map(({ status, body }) => [status, body.name])).toEqual([
      [201, 'Key 0'],
      [201, 'Key 1'],
    ]);
  });
});

it('keeps nothing that one tenant says in another’s name', async () => {
  const attacker = await furnish('Attacker');
  const victims = [await theirs.tenant.newAccount('evolution'), await theirs.tenant.newAccount('cloud-api')];
  for (const victim of victims) {
    const own = await connectThroughApi(system, attacker.owner, victim.provider, { name: victim.provider });
    const before = await hashesOf(theirs.tenant.id);
    // Proven by the attacker's own secret, on the attacker's own path.
    const forged = textCall(victim, { id: 'FORGED', text: 'not from you' });
    expect(await postAs(system, own, forged)).toBe(200);
    await untilApplied(system, [own, victim]);
    expect(await hashesOf(theirs.tenant.id)).toEqual(before);
    const kept = await system.app.sql`select 1 from webhooks where convert_from(body, 'UTF8') like '%FORGED%'`;
    expect(kept).toEqual([]);
    // On the victim's path it proves nothing.
    expect(await postAs(system, { ...own, webhookPath: victim.webhookPath }, forged)).toBe(401);
  }
});

it('has a case for each route, and each works with one’s own ids', async () => {
  expect(Object.keys(routeCases).sort()).toEqual(Object.keys(routes).sort());
  const caller = system.app.as(mine.owner);
  for (const name of memberRoutes) {
    for (const { input, mayFail, answers } of routeCases[name](mine.things, words)) {
      const { status, body } = await callAny(caller, name, input);
      if (answers) expect(status, name).toBe(answers);
      else if (!mayFail) expect(status, `${name}: ${JSON.stringify(body)}`).toBeLessThan(300);
      else expect(status, name).not.toBe(404);
    }
  }
});

it('streams nothing of another tenant, however busy that is', async () => {
  const [a, b] = [await furnish('Quiet'), await furnish('Busy')];
  const account = await b.tenant.newAccount('evolution');
  const own = await a.tenant.newAccount('evolution');
  const [quiet, busy] = await Promise.all([a, b].map(listen));
  if (!quiet || !busy) throw new Error('no streams');
  const busyCalls = Array.from({ length: 200 }, (_, i) =>
    textCall(account, { id: `B${i}`, from: `+120255${50000 + (i % 30)}`, text: `busy ${i}`, name: `Busy ${i}` }),
  );
  const write = Promise.all(busyCalls.map((body) => postAs(system, account, body)));
  const ownCalls = Array.from({ length: 10 }, (_, i) =>
    postAs(system, own, textCall(own, { id: `A${i}`, text: `quiet ${i}` })),
  );
  await Promise.all([write, ...ownCalls]);
  await untilApplied(system, [account, own]);
  const caller = system.app.as(b.owner);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => caller.call(createLabel, { body: { name: `Busy ${i}`, hue: 60 } })),
  );
  await waitFor('the busy stream', () => busy.events.length >= 220, { timeoutMs: 30_000 });
  await waitFor('the quiet stream', () => quiet.events.length >= 10, { timeoutMs: 30_000 });
  const heard = JSON.stringify([...quiet.events, ...quiet.ephemeral]);
  expect(heard).not.toMatch(/busy/i);
  for (const id of [b.tenant.id, account.id, ...Object.values(b.things)]) expect(heard).not.toContain(id);
  expect(quiet.events.map(({ type }) => type)).toEqual(Array.from({ length: 10 }, () => 'message.created'));
  expect(await conversationsOf(system.app.as(a.owner), { q: 'busy' })).toEqual([]);
  for (const stream of [quiet, busy]) stream.cut();
});

/** A filter by what does not exist finds nothing, and says no more. */
const isFilter = (name: RouteName) => routes[name].reach === 'filter';

async function ask(name: RouteName, n: number, thing: Thing, id: string) {
  const found = routeCases[name]({ ...mine.things, [thing]: id }, words)[n];
  if (!found) throw new Error('no such case');
  const { status, body } = await callAny(system.app.as(mine.owner), name, found.input);
  return JSON.parse(
    JSON.stringify({ status, body, correlationId: undefined }, (key, value: unknown) =>
      key === 'correlationId' ? undefined : value,
    ),
  ) as { status: number; body: object };
}

/** A route of the catalogue, whichever: its own types do not matter here. */
function callAny(caller: Caller, name: RouteName, input: object): Promise<Answer<unknown>> {
  return caller.call(routes[name] as AnyRoute, input);
}

/** Of every table that there is, but for when a session was last used. */
async function hashes(): Promise<Record<string, string>> {
  const tables = await tableNames();
  const entries = await Promise.all(
    tables.map(async (table) => [table, await hashOf(`select t::text as row from ${table} t`)] as const),
  );
  return Object.fromEntries(entries);
}

async function hashesOf(tenantId: string): Promise<Record<string, string>> {
  const owned = await system.app.sql<
    { name: string }[]
  >`select format('%I.%I', table_schema, table_name) as name from information_schema.columns
    where column_name = 'tenant_id' and table_schema not in ('pg_catalog', 'information_schema')`;
  const entries = await Promise.all(
    owned.map(
      async ({ name }) =>
        [name, await hashOf(`select t::text as row from ${name} t where tenant_id = '${tenantId}'`)] as const,
    ),
  );
  return Object.fromEntries(entries);
}

async function tableNames(): Promise<string[]> {
  const rows = await system.app.sql<
    { name: string }[]
  >`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') and tablename <> 'sessions' order by 1`;
  return rows.map(({ name }) => name);
}

async function hashOf(query: string): Promise<string> {
  const rows = await system.app.sql.unsafe<{ row: string }[]>(query);
  const hash = createHash('sha256');
  for (const row of rows.map(({ row }) => row).sort()) hash.update(row).update('\n');
  return hash.digest('hex');
}
