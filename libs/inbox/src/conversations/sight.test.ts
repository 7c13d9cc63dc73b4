import type { ConversationFilter } from '@parley/contracts/conversations';
import { uuid7 } from '@parley/db/uuid';
import { createRedis } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { cloneDatabase, type TestDatabase } from '@parley/testing/database';
import { redisUrl } from '@parley/testing/services';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberContext } from '../context';
import { countOpen } from './conversations.queries';
import { listConversations } from './list.queries';
import { canSee, visibleTo, type Sight } from './sight';

const [tenantId, accounts, members] = [uuid7(), [uuid7(), uuid7(), uuid7()], [uuid7(), uuid7(), uuid7()]];
const teams = [uuid7(), uuid7()];
const conversations = accounts.flatMap((accountId) =>
  [null, ...members].flatMap((assigneeId) =>
    [null, ...teams].map((teamId) => ({ id: uuid7(), accountId, assigneeId, teamId })),
  ),
);

let database: TestDatabase;
let pool: SteadyPool;
let db: TenantDb;
const redis = createRedis(redisUrl());

beforeAll(async () => {
  database = await cloneDatabase();
  const owner = postgres(database.url, { max: 1, onnotice: () => {} });
  await owner`insert into tenants (id, name, slug) values (${tenantId}, 'T', ${tenantId})`;
  await owner`insert into event_heads (tenant_id) values (${tenantId})`;
  for (const id of members) {
    await owner`insert into users (id, name, email) values (${id}, 'M', ${id})`;
    await owner`insert into members (tenant_id, id, user_id, name, role) values (${tenantId}, ${id}, ${id}, 'M', 'agent')`;
  }
  for (const id of teams)
    await owner`insert into teams (tenant_id, id, name, name_key) values (${tenantId}, ${id}, ${id}, ${id})`;
  for (const id of accounts) {
    await owner`insert into accounts (tenant_id, id, provider, channel, name, config, credentials, webhook_secrets)
      values (${tenantId}, ${id}, 'evolution', 'whatsapp', ${id}, '{}', '', '')`;
  }
  for (const { id, accountId, assigneeId, teamId } of conversations) {
    await owner`insert into conversations (tenant_id, id, kind, account_id, chat_id, title, search_text, assignee_id, team_id)
      values (${tenantId}, ${id}, 'direct', ${accountId}, ${uuid7()}, 'T', 'some title', ${assigneeId}, ${teamId})`;
  }
  await owner.end();
  pool = steadyPool(database.url, 'parley_app', { max: 2 });
  db = new TenantDb(pool, new RealtimeBus(redis));
});
afterAll(async () => {
  redis.disconnect();
  await pool.close();
  await database.drop();
});

const sights = fc.record({
  memberId: fc.constantFrom(...members, uuid7(), null),
  all: fc.boolean(),
  allIn: fc.subarray(accounts).map((ids): ReadonlySet<string> => new Set(ids)),
  unassignedIn: fc.subarray(accounts).map((ids): ReadonlySet<string> => new Set(ids)),
  teamIn: fc.subarray(accounts).map((ids): ReadonlySet<string> => new Set(ids)),
  teams: fc.subarray(teams).map((ids): ReadonlySet<string> => new Set(ids)),
  within: fc.option(fc.subarray(accounts).map((ids): ReadonlySet<string> => new Set(ids))),
});

const contextOf = (sight: Sight): MemberContext => ({
  tenantId,
  correlationId: null,
  credential: 'of nobody',
  actorId: sight.memberId ?? uuid7(),
  memberId: sight.memberId,
  memberName: 'Somebody',
  role: 'agent',
  permissions: new Set(),
  sight,
  rightsSeq: 0,
});

const filters: [ConversationFilter, (assigneeId: string | null, me: string | null) => boolean][] = [
  [{}, () => true],
  [{ status: 'open' }, () => true],
  [{ q: 'title' }, () => true],
  [{ q: 'so' }, () => true],
  [{ assignee: 'me' }, (assigneeId, me) => me !== null && assigneeId === me],
  [{ assignee: 'none' }, (assigneeId) => assigneeId === null],
  [{ assignee: 'none', q: 'title' }, (assigneeId) => assigneeId === null],
  ...members.map((id): (typeof filters)[number] => [{ assignee: id }, (assigneeId) => assigneeId === id]),
];

test('lists, searches, counts and streams agree on what a member sees', async () => {
  await fc.assert(
    fc.asyncProperty(sights, async (sight) => {
      const seen = conversations.filter((one) => canSee(sight, one));
      const lists = await Promise.all(
        filters.map(([filter]) => db.read(contextOf(sight), (tx) => listConversations(tx, filter, { limit: 100 }))),
      );
      const count = (isWanted: (assigneeId: string | null) => boolean) =>
        seen.filter(({ assigneeId }) => isWanted(assigneeId)).length;
      expect(await db.read(contextOf(sight), countOpen)).toMatchObject({
        mine: count((assigneeId) => assigneeId !== null && assigneeId === sight.memberId),
        unassigned: count((assigneeId) => assigneeId === null),
        all: seen.length,
      });
      filters.forEach(([, isWanted], i) => {
        const expected = seen.filter(({ assigneeId }) => isWanted(assigneeId, sight.memberId)).map(({ id }) => id);
        expect(lists[i]?.map(({ id }) => id).sort()).toEqual(expected.sort());
      });
      const [team = ''] = teams;
      const ofTeam = await db.read(contextOf(sight), (tx) => listConversations(tx, { team }, { limit: 100 }));
      const expected = seen.filter(({ teamId }) => teamId === team).map(({ id }) => id);
      expect(ofTeam.map(({ id }) => id).sort()).toEqual(expected.sort());
    }),
    { numRuns: 60 },
  );
});

test('what a team has is for its members, as far as the account lets agents see it', () => {
  const [accountId = '', memberId = '', colleague = ''] = [...accounts.slice(0, 1), ...members];
  const [ours = '', others = ''] = teams;
  const none = new Set<string>();
  const here = new Set([accountId]);
  const own = { memberId, all: false, within: null, teams: new Set([ours]), allIn: none };
  const seen = (sight: Sight) =>
    [null, ours, others].flatMap((teamId) =>
      [null, colleague, memberId].map((assigneeId) => Number(canSee(sight, { accountId, assigneeId, teamId }))),
    );
  // Of no team, of ours, of others': nobody's, a colleague's, their own.
  expect(seen({ ...own, unassignedIn: none, teamIn: none })).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
  expect(seen({ ...own, unassignedIn: here, teamIn: none })).toEqual([1, 0, 1, 1, 0, 1, 0, 0, 1]);
  expect(seen({ ...own, unassignedIn: here, teamIn: here })).toEqual([1, 0, 1, 1, 1, 1, 0, 0, 1]);
});

test('an event is shown, taken away or hidden by what was seen before, then, and now', () => {
  const [assignees, ofTeams] = [fc.constantFrom(null, ...members), fc.constantFrom(null, ...teams)];
  const states = fc.record({ accountId: fc.constantFrom(...accounts), assigneeId: assignees, teamId: ofTeams });
  fc.assert(
    fc.property(
      sights,
      states,
      assignees,
      ofTeams,
      fc.option(states, { nil: undefined }),
      (sight, after, wasAssigneeId, wasTeamId, now) => {
        const was = { wasAssigneeId, wasTeamId };
        const verdict = visibleTo(sight, { to: 'conversation', conversationId: uuid7(), ...after, ...was }, now);
        const before = { ...after, assigneeId: wasAssigneeId, teamId: wasTeamId };
        const [sawAfter, sawBefore] = [canSee(sight, after), canSee(sight, before)];
        const seesNow = now === undefined || canSee(sight, now);
        expect(verdict).toBe(sawAfter && seesNow ? 'show' : sawAfter || sawBefore ? 'remove' : 'hide');
      },
    ),
  );
});
