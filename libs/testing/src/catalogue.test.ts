import { createPool } from '@parley/db/pools';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { createRedis } from '@parley/platform/platform.module';
import { steadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from './database';
import { redisUrl } from './services';

// Asks the catalogue, so that a table that somebody adds is held to the same rules without anybody thinking of it.

/** Tables of no tenant, and why each may be. */
const withoutTenant = [
  'tenants', // its own id is the tenant; it has policies
  'users',
  'sessions',
  'credentials',
  'two_factors',
  'passkeys',
  'login_idempotency_keys',
  'super_admin_invitations',
  'verifications', // logins belong to people, and only the platform's role reads them
  'lanes', // numbers of the install
];
const roles = [
  'parley_app',
  'parley_worker',
  'parley_intake',
  'parley_platform',
  'parley_search',
  'parley_eraser',
] as const;
/** What a role works on across tenants, by design; each is also limited to columns by its grants. */
const across: Record<string, readonly string[]> = {
  parley_worker: ['pending', 'webhooks', 'deliveries', 'attachments', 'tenant_storage'],
  parley_intake: ['pending', 'webhooks', 'accounts', 'apps'],
  parley_platform: [
    ...['members', 'roles', 'api_keys', 'issuers', 'issuer_logins', 'events', 'event_heads'],
    ...['accounts', 'pending', 'audit_log', 'audit_heads', 'erasures', 'tenant_storage'],
  ],
  parley_search: ['conversations', 'search_texts'],
};
const [mine, theirs] = [randomUUID(), randomUUID()];

interface Relation {
  name: string;
  schema: string;
  kind: 'r' | 'p' | 'v' | 'm';
  owner: string;
  tenant: boolean;
  enabled: boolean;
  forced: boolean;
  options: string[] | null;
}

let database: TestDatabase;
let sql: postgres.Sql;
let relations: Relation[];
const tenantTables = () =>
  relations.filter(({ schema, tenant, kind }) => schema === 'public' && tenant && kind !== 'v');

beforeAll(async () => {
  database = await cloneDatabase();
  sql = postgres(database.url, { max: 2, onnotice() {} });
  relations = await sql<Relation[]>`
    select c.relname name, n.nspname schema, c.relkind kind, pg_get_userbyid(c.relowner) owner, c.relrowsecurity enabled,
      c.relforcerowsecurity forced, c.reloptions options,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) tenant
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 2, 1`;
  for (const table of tenantTables()) for (const tenant of [mine, theirs]) await fill(table.name, tenant);
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});

describe('the catalogue', () => {
  it('has row-level security, enabled and forced, on every table with a tenant, and on tenants', () => {
    const open = relations.filter(
      ({ schema, kind, tenant, name }) => schema === 'public' && kind !== 'v' && (tenant || name === 'tenants'),
    );
    expect(open.length).toBeGreaterThan(20);
    expect(open.filter(({ enabled, forced }) => !enabled || !forced).map(({ name }) => name)).toEqual([]);
  });

  it('lists every table that has no tenant', () => {
    const found = relations.filter(({ schema, tenant }) => schema === 'public' && !tenant).map(({ name }) => name);
    expect(found.sort()).toEqual([...withoutTenant].sort());
  });

  it('has no view that looks with its owner’s eyes', () => {
    const views = relations.filter(({ kind }) => kind === 'v' || kind === 'm');
    expect(
      views
        .filter(({ kind, options }) => kind === 'm' || !options?.includes('security_invoker=true'))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('lets nobody reach a partition, or another schema of ours, directly', async () => {
    const schemas = [...new Set(relations.map(({ schema }) => schema).filter((schema) => schema !== 'public'))];
    expect(schemas.sort()).toEqual(['drizzle', 'parts']);
    for (const schema of schemas) {
      for (const role of roles) {
        const [row] = await sql`select has_schema_privilege(${role}, ${schema}, 'usage') usage`;
        expect([role, schema, row?.usage]).toEqual([role, schema, false]);
      }
    }
  });

  it('has policies for all commands, each by the tenant of the transaction or of the batch, else named above', async () => {
    const policies = await sql<
      { table: string; role: string; cmd: string; using: string | null; check: string | null }[]
    >`
      select c.relname "table", r.rolname role, p.polcmd cmd, pg_get_expr(p.polqual, p.polrelid) "using", pg_get_expr(p.polwithcheck, p.polrelid) "check"
      from pg_policy p join pg_class c on c.oid = p.polrelid join unnest(p.polroles) o on true join pg_roles r on r.oid = o`;
    for (const { name } of tenantTables()) {
      const own = policies.filter(({ table }) => table === name);
      expect([name, own.map(({ role }) => role)]).toEqual([
        name,
        expect.arrayContaining(['parley_app', 'parley_worker']),
      ]);
      for (const { role, cmd, using, check } of own) {
        expect([name, role, cmd]).toEqual([name, role, '*']);
        const setting =
          role === 'parley_worker' ? "current_setting('app.tenant_ids'" : "current_setting('app.tenant_id'";
        const scoped = using?.includes(setting) && using.includes('SELECT') && (check === null || check === using);
        if (!scoped) expect([name, role, across[role]]).toEqual([name, role, expect.arrayContaining([name])]);
      }
    }
    expect(policies.filter(({ role }) => !roles.some((known) => known === role))).toEqual([]);
  });

  it('begins every key with the tenant, but for the two that find it', async () => {
    const keys = await sql<{ table: string; name: string; first: string }[]>`
      select c.relname "table", i.relname name, a.attname first from pg_index x
      join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0] where x.indisunique and n.nspname = 'public'`;
    const tables = new Set(tenantTables().map(({ name }) => name));
    const global = keys
      .filter(({ table, first }) => tables.has(table) && first !== 'tenant_id')
      .map(({ name }) => name);
    expect(global.sort()).toEqual(['accounts_routing_key', 'apps_key']);
  });

  it('has no foreign key that could point into another tenant', async () => {
    const keys = await sql<{ name: string; from: string; to: string; columns: string[] }[]>`
      select k.conname name, c.relname "from", t.relname "to",
        array(select a.attname::text from unnest(k.conkey) u join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u) columns
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid where k.contype = 'f'`;
    const tables = new Set(tenantTables().map(({ name }) => name));
    const loose = keys.filter(
      ({ from, to, columns }) => tables.has(from) && tables.has(to) && !columns.includes('tenant_id'),
    );
    expect(loose.map(({ name }) => name)).toEqual([]);
    expect(keys.length).toBeGreaterThan(20);
  });
});

describe('the roles', () => {
  it('own nothing but the search function, and pass no policy', async () => {
    const found =
      await sql`select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname like 'parley\\_%' order by 1`;
    const ours = found.filter(({ rolname }) => roles.some((role) => role === rolname));
    expect(ours).toHaveLength(roles.length);
    for (const role of ours)
      expect(role).toMatchObject({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
    expect(relations.filter(({ owner }) => roles.some((role) => role === owner))).toEqual([]);
    const owned =
      await sql`select p.proname, pg_get_userbyid(p.proowner) owner from pg_proc p where pg_get_userbyid(p.proowner) = any(${[...roles]})`;
    const search = { proname: 'search_conversations', owner: 'parley_search' };
    expect(owned).toEqual([search, search]); // an api of the version before still calls the one without teams
  });

  it('have no default privileges waiting for the next table, and PUBLIC has none at all', async () => {
    expect(await sql`select * from pg_default_acl`).toHaveLength(0);
    const granted =
      await sql`select table_name from information_schema.table_privileges where grantee = 'PUBLIC' and table_schema in ('public', 'parts', 'drizzle')`;
    expect(granted).toHaveLength(0);
  });

  it('call no function of another’s rights without a fixed search path, and none that was not given to them', async () => {
    const functions = await sql<{ name: string; config: string[] | null; acl: string | null }[]>`
      select p.proname name, p.proconfig config, p.proacl::text acl from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname = 'public'`;
    expect(functions.length).toBeGreaterThanOrEqual(2);
    for (const { name, config, acl } of functions) {
      expect([name, config?.some((setting) => setting.startsWith('search_path='))]).toEqual([name, true]);
      expect([name, /(^|[{,])=X/.test(acl ?? '{=X')]).toEqual([name, false]); // an empty list would mean PUBLIC
    }
  });

  it.each(['parley_app', 'parley_worker', 'parley_intake', 'parley_platform'] as const)(
    '%s is who its pool works as',
    async (role) => {
      const pool = createPool(database.url, role, { max: 1 });
      const [row] =
        await pool`select current_user who, current_setting('statement_timeout') statement, current_setting('lock_timeout') lock,
      current_setting('idle_in_transaction_session_timeout') idle`;
      expect(row).toEqual({ who: role, statement: '5s', lock: '1s', idle: '2s' });
      await pool.end();
    },
  );
});

describe('every table', () => {
  test.each(roles)('shows %s nothing while no tenant is set', async (role) => {
    for (const table of await readable(role)) {
      for (const setting of [null, '']) {
        const seen = await tenantsSeen(
          role,
          table,
          setting === null ? {} : { 'app.tenant_id': '', 'app.tenant_ids': '' },
        );
        const expected = across[role]?.includes(table) ? 2 : 0;
        expect([role, table, seen.length]).toEqual([role, table, expected]);
      }
    }
  });

  it('shows the app one tenant, without any WHERE', async () => {
    const tables = await readable('parley_app');
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables)
      expect([table, await tenantsSeen('parley_app', table, { 'app.tenant_id': mine })]).toEqual([table, [mine]]);
  });

  it('shows a worker the tenants of its batch', async () => {
    for (const table of await readable('parley_worker')) {
      if (across.parley_worker?.includes(table)) continue;
      expect([table, await tenantsSeen('parley_worker', table, { 'app.tenant_ids': `{${mine}}` })]).toEqual([
        table,
        [mine],
      ]);
    }
  });

  test.each(['parley_app', 'parley_worker'] as const)('takes no row of another tenant from %s', async (role) => {
    const settings = { 'app.tenant_id': mine, 'app.tenant_ids': `{${mine}}` };
    for (const table of await privileged(role, 'INSERT')) {
      if (across[role]?.includes(table)) continue;
      const row = await madeUp(table, theirs);
      const insert = as(role, settings, (tx) => tx`insert into ${tx(table)} ${tx(row)}`);
      const code = await insert.then(() => 'taken', codeOf);
      expect([table, code]).toEqual([table, '42501']);
    }
    for (const table of await privileged(role, 'UPDATE')) {
      if (across[role]?.includes(table)) continue;
      const moved = as(role, settings, (tx) => tx`update ${tx(table)} set tenant_id = ${theirs}`);
      const code = await moved.then(() => 'taken', codeOf);
      expect([table, code]).toEqual([table, '42501']);
    }
  });

  it('keeps tenants apart on one connection, whoever used it before', async () => {
    const pool = steadyPool(database.url, 'parley_app', { max: 2 });
    const redis = createRedis(redisUrl());
    const db = new TenantDb(pool, new RealtimeBus(redis));
    const wrong: unknown[] = [];
    await Promise.all(
      Array.from({ length: 2_000 }, async (_, i) => {
        const tenantId = [mine, theirs, randomUUID()][i % 3] ?? mine;
        const run = i % 2 ? db.read.bind(db) : db.transaction.bind(db);
        const rows = await run({ tenantId, correlationId: null }, (tx) =>
          tx.raw.unsafe<{ tenant_id: string }[]>('select tenant_id from contacts'),
        );
        const expected = tenantId === mine || tenantId === theirs ? 1 : 0;
        if (rows.length !== expected || rows.some((row) => row.tenant_id !== tenantId)) wrong.push([tenantId, rows]);
      }),
    );
    expect(wrong).toEqual([]);
    redis.disconnect();
    await pool.close();
  });
});

/** A row past every key and policy. */
async function fill(table: string, tenant: string): Promise<void> {
  const row = await madeUp(table, tenant);
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`; // no foreign keys
    await tx`insert into ${tx(table)} ${tx(row)}`;
  });
}

/** One row, by the columns' types. */
async function madeUp(table: string, tenant: string) {
  const columns = await sql<{ name: string; type: string }[]>`
    select column_name name, udt_name type from information_schema.columns where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'`;
  const row = columns.map(({ name, type }) => [name, name === 'tenant_id' ? tenant : valueOf(type)] as const);
  return { ...Object.fromEntries(row), ...instead[table] };
}

/** Where a row may not have every column. */
const instead: Record<string, Record<string, null>> = {
  members: { role_id: null },
  invitations: { role_id: null },
  issuers: { role_id: null },
};

function valueOf(type: string): string | number | boolean | Date | Buffer {
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'int2':
    case 'int4':
    case 'int8':
      return 1;
    case 'bool':
      return false;
    case 'timestamptz':
      return new Date();
    case 'date':
      return new Date().toISOString().slice(0, 10);
    case 'jsonb':
      return '{}';
    case 'bytea':
      return Buffer.from('x');
    case 'text':
      return randomUUID();
    case '_text':
    case '_uuid':
      return '{}';
    default:
      throw new Error(`a column of type ${type} needs a made-up value here`);
  }
}

/** Tables with a tenant that the role may read at least one column of. */
async function readable(role: string): Promise<string[]> {
  return privileged(role, 'SELECT');
}

async function privileged(role: string, privilege: string): Promise<string[]> {
  const rows = await sql<
    { name: string }[]
  >`select relname name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and has_any_column_privilege(${role}, oid, ${privilege}) and relname = any(${tenantTables().map(({ name }) => name)})
    and (${privilege} <> 'UPDATE' or has_column_privilege(${role}, oid, 'tenant_id', 'UPDATE')) order by 1`;
  return rows.map(({ name }) => name);
}

async function tenantsSeen(role: string, table: string, settings: Record<string, string>): Promise<string[]> {
  const rows = await as(role, settings, (tx) => tx<{ tenant_id: string }[]>`select tenant_id from ${tx(table)}`);
  return [...new Set(rows.map((row) => row.tenant_id))];
}

async function as<T>(
  role: string,
  settings: Record<string, string>,
  work: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`set local role ${tx(role)}`;
    for (const [name, value] of Object.entries(settings)) await tx`select set_config(${name}, ${value}, true)`;
    return work(tx);
  }) as Promise<T>;
}

function codeOf(error: unknown): unknown {
  return error instanceof postgres.PostgresError ? error.code : error;
}
