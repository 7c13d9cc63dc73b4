import type { Sql } from 'postgres';
import type { TestApp } from '../app';
import type { Limits } from '../plans/plan';
import { openSession } from '../tenant';

/** A tenant of a grown install, with two who are signed in. */
export interface GrownTenant {
  id: string;
  conversations: number;
  admin: Reader;
  agent: Reader;
}

export interface Reader {
  id: string;
  cookie: string;
}

/** Something that members ask for all day. */
export interface Reading {
  kind: 'list' | 'history' | 'search' | 'counts' | 'panel';
  name: string;
  reader: Reader;
  /** Below the origin; different ones of the same kind. */
  paths: string[];
  limits: Limits;
}

/** By its number: 0 is the one that is the same in every install, from 1 on come the large ones. */
export async function findGrownTenant(app: Pick<TestApp, 'sql' | 'env'>, number: number): Promise<GrownTenant> {
  const { sql } = app;
  const [tenant] = await sql<{ id: string; conversations: number }[]>`
    select id, (select count(*)::int from conversations where tenant_id = t.id) conversations from tenants t where slug = ${`grown-${number}`}`;
  if (!tenant) throw new Error(`the install has no tenant ${number}`);
  const signIn = async (role: string): Promise<Reader> => {
    const [member] = await sql<{ id: string; userId: string }[]>`select m.id, m.user_id "userId" from members m
      where tenant_id = ${tenant.id} and role = ${role} order by (select count(*) from conversations c where c.assignee_id = m.id) desc limit 1`;
    if (!member) throw new Error(`the tenant has no ${role}`);
    const { cookie } = await openSession(app, { userId: member.userId, tenantId: tenant.id });
    return { id: member.id, cookie };
  };
  return { ...tenant, admin: await signIn('tenant_admin'), agent: await signIn('agent') };
}

// A page of 50 needs a page of the table for each of its rows, and some of the index to find them: 80 of the 150 to 300 that
// all of it takes, with read marks, labels, ticks and reactions, which lie elsewhere.
const LIST: Limits = { walked: 80, buffers: 320, sorted: 100, thrownAway: 200 };
const PASSING_BY: Limits = { ...LIST, walked: 400, buffers: 640, thrownAway: 400 };
const HISTORY: Limits = { walked: 80, buffers: 200, sorted: 100, thrownAway: 100 };

/** All of them, for both readers, drawn from what the tenant has: `variety` paths of each. */
export async function readingsOf({ sql }: Pick<TestApp, 'sql'>, tenant: GrownTenant, variety = 3): Promise<Reading[]> {
  const { account, labels, names } = await sceneOf(sql, tenant.id, variety);
  const list = (query: string) => `/api/inbox/conversations${query && '?'}${query}`;
  const readings: Reading[] = [];
  for (const [role, reader] of [
    ['admin', tenant.admin],
    ['agent', tenant.agent],
  ] as const) {
    const add = (kind: Reading['kind'], name: string, paths: string[], limits: Limits) => {
      if (paths.length) readings.push({ kind, name: `${name}, ${role}`, reader, paths, limits });
    };
    for (const [name, query] of [
      ['list', ''],
      ['list of open', 'status=open'],
      ['list of mine', 'assignee=me'],
      ['list of nobody’s, open', 'assignee=none&status=open'],
    ] as const)
      add('list', name, [list(query)], LIST);
    // Of an agent's own in one account the rest of their own is passed by.
    add(
      'list',
      'list of an account, open',
      [list(`account=${account}&status=open`)],
      role === 'agent' ? PASSING_BY : LIST,
    );
    add('list', 'list of mine of an account', [list(`account=${account}&assignee=me`)], PASSING_BY);
    // In the index alone, once round the tenant at most.
    for (const [name, id] of Object.entries(labels))
      add('list', `list of a ${name} label`, [list(`label=${id}`)], {
        sorted: 100,
        buffers: 400 + tenant.conversations / 20,
        walked: Infinity,
      });
    const deep = await placesOf(sql, tenant.id, variety);
    add(
      'list',
      'list, deep',
      deep.map((cursor) => list(`cursor=${cursor}`)),
      LIST,
    );
    add('counts', 'counts', ['/api/inbox/counts'], { sorted: 0, buffers: 100 + tenant.conversations / 4 });
    add(
      'search',
      'search of two words',
      names.map((name) => list(`q=${encodeURIComponent(name)}`)),
      { sorted: Infinity, buffers: 600 },
    );
    const seen = await threadsOf(sql, tenant.id, role === 'agent' ? reader.id : null, variety);
    const threads = seen.map(({ id }) => `/api/inbox/conversations/${id}`);
    const panels = (kind: string) => seen.flatMap((one, i) => (one.kind === kind ? (threads[i] ?? []) : []));
    add('panel', 'conversation', panels('direct'), { buffers: 60, sorted: 20 });
    // Each of the ten members is looked up among the contacts.
    add('panel', 'group', panels('group'), { buffers: 120, sorted: 20 });
    add(
      'history',
      'history',
      threads.map((path) => `${path}/messages`),
      HISTORY,
    );
    const olds = seen.map(({ id, old }) => `/api/inbox/conversations/${id}/messages?around=${old}`);
    add('history', 'history around one of a year ago', olds, { ...HISTORY, walked: 160, buffers: 300 });
    add(
      'history',
      'history before one of a year ago',
      seen.map(({ id, cursor }) => `/api/inbox/conversations/${id}/messages?cursor=${cursor}`),
      HISTORY,
    );
  }
  return readings;
}

async function sceneOf(sql: Sql, tenantId: string, variety: number) {
  const [account] = await sql<
    { id: string }[]
  >`select id from accounts where tenant_id = ${tenantId} order by id limit 1`;
  const labels = await sql<
    { id: string }[]
  >`select label_id id from conversation_labels where tenant_id = ${tenantId} group by 1 order by count(*)`;
  const names = await sql<
    { title: string }[]
  >`select title from conversations where tenant_id = ${tenantId} order by md5(id::text) limit ${variety}`;
  const [rare, common] = [labels[0], labels.at(-1)];
  if (!account || !rare || !common) throw new Error('the tenant has no account or no labels');
  return { account: account.id, labels: { rare: rare.id, common: common.id }, names: names.map((one) => one.title) };
}

/** Cursors into the list, from its newest part to its end. */
async function placesOf(sql: Sql, tenantId: string, variety: number): Promise<string[]> {
  const rows = await sql<{ at: number; id: string }[]>`
    select at, id from (
      select (extract(epoch from last_message_at) * 1000)::float8 at, id, count(*) over () total,
        row_number() over (order by last_message_at desc, id desc) n from conversations where tenant_id = ${tenantId}) c
    where n % greatest(1, total / ${variety + 1}) = 0 order by n limit ${variety}`;
  return rows.map(({ at, id }) => cursorOf([at, id]));
}

/** The longest conversations and the longest group, with a message of each that is a year and more old. */
async function threadsOf(sql: Sql, tenantId: string, assigneeId: string | null, variety: number) {
  const rows = await sql<{ id: string; kind: string; old: string; position: number }[]>`
    select c.id, c.kind, m.id old, m.position from (
      select id, kind, row_number() over (partition by kind order by received desc, id) nth from conversations
      where tenant_id = ${tenantId} and (${assigneeId}::uuid is null or assignee_id = ${assigneeId})) c
    cross join lateral (select id, position from messages where tenant_id = ${tenantId} and conversation_id = c.id
      and position < (extract(epoch from now() - interval '13 months') * 1e6)::bigint
      order by position desc nulls last, id desc nulls last limit 1) m
    where nth <= case kind when 'direct' then ${variety} else 1 end`;
  return rows.map((row) => ({ ...row, cursor: cursorOf(['older', Number(row.position), row.old]) }));
}

/** As the product writes them. */
const cursorOf = (place: (string | number)[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
