import { randomBytes, randomUUID } from 'node:crypto';
import type { ProviderName } from '@parley/contracts/accounts';
import type { Role } from '@parley/contracts/permissions';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import { uuid7 } from '@parley/db/uuid';
import { sessionCookieName, signToken } from '@parley/inbox/people/session-cookie';
import { AuditChain } from '@parley/platform/audit-chain';
import type { CredentialBox } from '@parley/platform/credentials';
import type { Env } from '@parley/platform/env';
import type { Sql } from 'postgres';
import { insertAccount, type TestAccount } from './account';
import {
  insertConversation,
  insertMessage,
  type NewConversation,
  type NewMessage,
  type TestConversation,
} from './conversation';
import { waitFor } from './wait-for';

export interface World {
  /** The owner's connection. */
  sql: Sql;
  env: Env;
  box: CredentialBox;
}

/** Somebody who is signed in. */
export interface TestMember {
  id: string;
  userId: string;
  tenantId: string;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
  /** Cookie header of their session. */
  cookie: string;
}

/** Makes rows directly, as the database's owner. Everything of one tenant. */
export interface TestTenant {
  id: string;
  name: string;
  newMember(role: Role, options?: { name?: string; active?: boolean; userId?: string }): Promise<TestMember>;
  /** Connected, with credentials that no provider knows. `config` replaces fields of a sensible default. */
  newAccount(
    provider?: ProviderName,
    config?: Record<string, unknown>,
    options?: { name?: string; agentsSeeUnassigned?: boolean | null },
  ): Promise<TestAccount>;
  /** With its contact and chat; on the tenant's first account unless one is named, which is made where there is none. */
  newConversation(options?: NewConversation): Promise<TestConversation>;
  newMessage(conversation: TestConversation, options?: NewMessage): Promise<{ id: string; externalId: string | null }>;
  /** The tenant's next event that was not given yet, from the first on. Waits for it. */
  nextEvent<T extends RealtimeEvent = RealtimeEvent>(): Promise<T>;
  /** All events so far. */
  events(): Promise<RealtimeEvent[]>;
}

export async function newTenant(
  world: World,
  { name = `Tenant ${randomUUID().slice(0, 8)}`, agentsSeeUnassigned = true },
): Promise<{ tenant: TestTenant; owner: TestMember }> {
  const { sql, env } = world;
  const id = uuid7();
  await sql`insert into tenants (id, name, slug, agents_see_unassigned) values (${id}, ${name}, ${`t-${id}`}, ${agentsSeeUnassigned})`;
  await sql`insert into event_heads (tenant_id) values (${id})`;
  await new AuditChain(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID).begin(sql, id);
  const tenant = tenantOf(world, id, name);
  return { tenant, owner: await tenant.newMember('tenant_admin') };
}

/** A tenant that is there already. */
export function tenantOf(world: World, id: string, name: string): TestTenant {
  const { sql } = world;
  let seen = 0;
  const eventsAfter = async (seq: number, limit: number) => {
    const rows = await sql<
      { seq: number; data: string }[]
    >`select seq, data from events where tenant_id = ${id} and seq > ${seq} order by seq limit ${limit}`;
    return rows.map((row) => JSON.parse(`{"seq":${row.seq},${row.data}}`) as RealtimeEvent);
  };
  const tenant: TestTenant = {
    id,
    name,
    newMember: (role, options = {}) => insertMember(world, id, role, options),
    newAccount: (provider = 'evolution', config = {}, options = {}) =>
      insertAccount(world, id, provider, { config, ...options }),
    async newConversation(options = {}) {
      const accountId = options.accountId ?? (await firstAccount(sql, id)) ?? (await tenant.newAccount()).id;
      return insertConversation(sql, id, { ...options, accountId });
    },
    newMessage: (conversation, options = {}) => insertMessage(sql, conversation, options),
    async nextEvent<T extends RealtimeEvent>() {
      const event = await waitFor(`an event after ${seen}`, async () => (await eventsAfter(seen, 1))[0]);
      seen = event.seq;
      return event as T;
    },
    events: () => eventsAfter(0, 10_000),
  };
  return tenant;
}

async function firstAccount(sql: Sql, tenantId: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`select id from accounts where tenant_id = ${tenantId} order by id limit 1`;
  return row?.id;
}

async function insertMember(
  world: World,
  tenantId: string,
  role: Role,
  {
    name = `Member ${randomUUID().slice(0, 8)}`,
    active = true,
    userId: known,
  }: { name?: string; active?: boolean; userId?: string },
): Promise<TestMember> {
  const { sql } = world;
  const [id, userId] = [uuid7(), known ?? uuid7()];
  const email = `${userId}@parley.test`;
  if (!known)
    await sql`insert into users (id, name, email, email_verified) values (${userId}, ${name}, ${email}, true)`;
  await sql`insert into members (tenant_id, id, user_id, name, role, active) values (${tenantId}, ${id}, ${userId}, ${name}, ${role}, ${active})`;
  return { id, userId, tenantId, name, email, role, ...(await openSession(world, { userId, tenantId })) };
}

/** Signs somebody in who works in that tenant. `cookie`: the header of their session. */
export async function openSession(
  { sql, env }: Pick<World, 'sql' | 'env'>,
  { userId, tenantId }: { userId: string; tenantId: string },
): Promise<{ sessionId: string; cookie: string }> {
  const [sessionId, token] = [uuid7(), randomBytes(24).toString('base64url')];
  await sql`insert into sessions (id, token, user_id, expires_at, active_tenant_id)
    values (${sessionId}, ${token}, ${userId}, now() + interval '12 hours', ${tenantId})`;
  return { sessionId, cookie: `${sessionCookieName(env)}=${encodeURIComponent(signToken(token, env.AUTH_SECRET))}` };
}
