import 'reflect-metadata';
import type { AssignmentRules } from '@parley/contracts/assignment';
import { PlatformModule } from '@parley/platform/platform.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { insertTeam } from '@parley/testing/house';
import type { TestTenant } from '@parley/testing/tenant';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssignmentService } from './assignment.service';
import { UpkeepModule } from './upkeep.module';

let app: TestApp;
let worker: INestApplicationContext;
let assignment: AssignmentService;
beforeAll(async () => {
  app = await startApp({});
  const platform = PlatformModule.forRoot(app.env);
  worker = await NestFactory.createApplicationContext({ module: UpkeepModule, imports: [platform] }, { logger: false });
  assignment = worker.get(AssignmentService);
});
afterAll(async () => {
  await worker?.close();
  await app?.close();
});

async function newTenant(rules: Partial<AssignmentRules>) {
  const { tenant, owner } = await app.newTenant();
  const { autoAssign = 'off', freeWhenAway = false } = rules;
  await app.sql`update tenants set auto_assign = ${autoAssign}, free_when_away = ${freeWhenAway} where id = ${tenant.id}`;
  await tenant.newAccount();
  return { tenant, owner };
}

let minutes = 0;
/** Somebody waits in it, and longer in those that were made before. */
async function waiting(
  tenant: TestTenant,
  options: { assigneeId?: string; accountId?: string; teamId?: string } = {},
): Promise<string> {
  const { id } = await tenant.newConversation(options);
  await app.sql`update conversations set waiting_since = now() - interval '1 day' + ${`${minutes++} minutes`}::interval where id = ${id}`;
  return id;
}

async function assigneesOf(ids: string[]): Promise<(string | null)[]> {
  const rows = await app.sql<{ id: string; assignee: string | null }[]>`
    select id, assignee_id assignee from conversations where id = any(${ids})`;
  return ids.map((id) => rows.find((row) => row.id === id)?.assignee ?? null);
}

const goAway = (id: string, ago: string) =>
  app.sql`update members set availability = 'away', availability_at = now() - ${ago}::interval where id = ${id}`;

describe('what nobody has', () => {
  it('goes to each agent in turn, the longest waiting first, and says so', async () => {
    const { tenant } = await newTenant({ autoAssign: 'round_robin' });
    const agents = [await tenant.newMember('agent', { name: 'Ana' }), await tenant.newMember('agent')];
    const [one = '', two = ''] = agents.map(({ id }) => id);
    const first = [await waiting(tenant), await waiting(tenant), await waiting(tenant)];
    await assignment.turn();
    expect(await assigneesOf(first)).toEqual([one, two, one]);
    const next = [await waiting(tenant), await waiting(tenant)];
    await assignment.turn();
    expect(await assigneesOf(next)).toEqual([two, one]); // whose turn it is outlives the turn

    const [event] = await tenant.events();
    expect(event).toMatchObject({
      type: 'message.created',
      message: { content: { type: 'system', event: 'assigned', by: null, to: ['Ana'] } },
      conversation: { id: first[0], assigneeId: one },
    });
    const [row] =
      await app.sql`select assignee_id, was_assignee_id from events where tenant_id = ${tenant.id} order by seq limit 1`;
    expect(row).toEqual({ assignee_id: one, was_assignee_id: null });
  });

  it('goes to who has the fewest open conversations', async () => {
    const { tenant } = await newTenant({ autoAssign: 'least_busy' });
    const [busy, free] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
    for (let n = 0; n < 2; n++) await tenant.newConversation({ assigneeId: busy.id });
    await tenant.newConversation({ assigneeId: free.id, status: 'resolved' });
    const ids = [await waiting(tenant), await waiting(tenant), await waiting(tenant), await waiting(tenant)];
    await assignment.turn();
    expect(await assigneesOf(ids)).toEqual([free.id, free.id, busy.id, free.id]);
  });

  it('goes only to who is here, works with the account, and is to answer', async () => {
    const { tenant, owner } = await newTenant({ autoAssign: 'round_robin' });
    const [account, other] = [await tenant.newAccount(), await tenant.newAccount()];
    const [away, kept] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
    await tenant.newMember('agent', { active: false });
    await tenant.newMember('manager');
    await goAway(away.id, '1 hour');
    await app.sql`update members set account_ids = ${[account.id]} where id = ${kept.id}`;
    const elsewhere = [await waiting(tenant, { accountId: other.id }), await waiting(tenant, { accountId: other.id })];
    const ids = [...elsewhere, await waiting(tenant, { accountId: account.id })];
    await assignment.turn();
    expect(await assigneesOf(ids)).toEqual([null, null, kept.id]);
    expect(owner.role).toBe('tenant_admin');
  });

  it('of a team goes to who is of it, and waits for them; what no team has goes to anybody', async () => {
    const { tenant } = await newTenant({ autoAssign: 'round_robin' });
    const newTeam = (name: string) => insertTeam(app.sql, tenant.id, name);
    const [sales, support] = [await newTeam('Sales'), await newTeam('Support')];
    const [seller, other] = [await tenant.newMember('agent'), await tenant.newMember('agent')];
    await app.sql`update members set team_ids = ${[sales]} where id = ${seller.id}`;
    // More than are shared at once wait for a team of which nobody is here, and longer.
    const stuck: string[] = [];
    for (let n = 0; n < 26; n++) stuck.push(await waiting(tenant, { teamId: support }));
    const sold = [await waiting(tenant, { teamId: sales }), await waiting(tenant, { teamId: sales })];
    const free = [await waiting(tenant), await waiting(tenant)];
    await assignment.turn();
    expect(await assigneesOf(sold)).toEqual([seller.id, seller.id]);
    expect(await assigneesOf(free)).toEqual([other.id, seller.id]);
    expect(new Set(await assigneesOf(stuck))).toEqual(new Set([null]));
    await app.sql`update members set team_ids = ${[support]} where id = ${other.id}`;
    await assignment.turn();
    expect((await assigneesOf(stuck)).filter((id) => id === other.id)).toHaveLength(25);
  });

  it('stays where nobody waits, it is over, or the tenant has no such rule', async () => {
    const { tenant } = await newTenant({ autoAssign: 'round_robin' });
    const { tenant: without } = await newTenant({});
    for (const one of [tenant, without]) await one.newMember('agent');
    const [quiet, over, unruled] = [await tenant.newConversation(), await waiting(tenant), await waiting(without)];
    await app.sql`update conversations set status = 'resolved' where id = ${over}`;
    await assignment.turn();
    expect(await assigneesOf([quiet.id, over, unruled])).toEqual([null, null, null]);
  });

  it('is given once, however many workers are at it', async () => {
    const { tenant } = await newTenant({ autoAssign: 'round_robin' });
    const agents = [(await tenant.newMember('agent')).id, (await tenant.newMember('agent')).id];
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) ids.push(await waiting(tenant));
    for (let turn = 0; turn < 2; turn++) await Promise.all([assignment.turn(), assignment.turn(), assignment.turn()]);
    await assignment.turn();
    const given = await assigneesOf(ids);
    expect(agents.map((id) => given.filter((one) => one === id).length)).toEqual([15, 15]);
    const lines =
      await app.sql`select 1 from messages where tenant_id = ${tenant.id} and content ->> 'event' = 'assigned'`;
    expect(lines).toHaveLength(30);
  });
});

describe('what somebody has who is away', () => {
  it('is taken back after a minute where a customer waits, and goes to who is here', async () => {
    const { tenant } = await newTenant({ autoAssign: 'round_robin', freeWhenAway: true });
    const [gone, justGone, here] = [
      await tenant.newMember('agent'),
      await tenant.newMember('agent'),
      await tenant.newMember('agent'),
    ];
    const stuck = await waiting(tenant, { assigneeId: gone.id });
    const answered = await tenant.newConversation({ assigneeId: gone.id });
    const fresh = await waiting(tenant, { assigneeId: justGone.id });
    const theirs = await waiting(tenant, { assigneeId: here.id });
    await goAway(gone.id, '61 seconds');
    await goAway(justGone.id, '30 seconds');
    await assignment.turn();
    expect(await assigneesOf([stuck, answered.id, fresh, theirs])).toEqual([here.id, gone.id, justGone.id, here.id]);
    const lines = await app.sql<{ event: string }[]>`
      select content ->> 'event' event from messages where conversation_id = ${stuck} and direction = 'system' order by position`;
    expect(lines.map(({ event }) => event)).toEqual(['unassigned', 'assigned']);
  });

  it('goes back to nobody where nobody else is here, and stays where the tenant wants it so', async () => {
    const { tenant } = await newTenant({ freeWhenAway: true });
    const { tenant: keeping } = await newTenant({ autoAssign: 'round_robin' });
    const [gone, kept] = [await tenant.newMember('agent'), await keeping.newMember('agent')];
    const ids = [await waiting(tenant, { assigneeId: gone.id }), await waiting(keeping, { assigneeId: kept.id })];
    for (const { id } of [gone, kept]) await goAway(id, '1 hour');
    await assignment.turn();
    expect(await assigneesOf(ids)).toEqual([null, kept.id]);
  });
});
