import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { createAccount } from '@parley/contracts/accounts';
import { listInstallAudit } from '@parley/contracts/audit';
import { startConversation } from '@parley/contracts/conversations';
import { acceptInvitation } from '@parley/contracts/invitations';
import { createLabel, listLabels } from '@parley/contracts/labels';
import { getMe } from '@parley/contracts/me';
import { setTenantSettings } from '@parley/contracts/tenant-settings';
import {
  createTenant,
  deleteTenant,
  getTenant,
  inviteTenantAdmin,
  listInstallAccounts,
  listDeadLetters,
  listTenants,
  replayDeadLetters,
  restoreTenant,
  suspendTenant,
  updateTenant,
} from '@parley/contracts/tenants';
import { storageKey } from '@parley/inbox/files/file-links';
import { RemoverService } from '@parley/inbox/files/remover.service';
import { erasedAfterPeople, erasedTables, TenantEraser } from '@parley/inbox/erasing/tenant-eraser';
import { verifyAudit } from '@parley/inbox/audit/audit-verifier';
import { AuditChain } from '@parley/platform/audit-chain';
import { FileMissing } from '@parley/platform/file-store';
import { LocalFiles } from '@parley/platform/local-files';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { startApp, type Caller, type TestApp } from '@parley/testing/app';
import { TestStream } from '@parley/testing/event-stream';
import { furnishConversation, insertLabel } from '@parley/testing/house';
import { redisText } from '@parley/testing/canaries';
import { residueOf } from '@parley/testing/residue';
import { dot } from '@parley/testing/system/route-cases';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let operator: Caller;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  const { tenant } = await app.newTenant({ name: 'Nobody’s' });
  const member = await tenant.newMember('agent', { name: 'Op' });
  await app.sql`update users set super_admin = true where id = ${member.userId}`;
  await app.sql`delete from members where id = ${member.id}`;
  operator = app.as(member);
});
afterAll(() => app?.close());

const slug = () => `t-${randomUUID().slice(0, 8)}`;

describe('who runs the install', () => {
  it('onboards a tenant, and finds it', async () => {
    const body = { name: 'Bakery', slug: slug(), timeZone: 'Europe/Bucharest', language: 'ro' as const };
    const { status, body: answer } = await operator.call(createTenant, { body });
    const made = answer.tenant;
    expect(answer.invitationLink).toBeNull();
    expect([status, made]).toEqual([
      201,
      {
        ...body,
        id: made.id,
        logo: null,
        status: 'active',
        deletesAt: null,
        createdAt: made.createdAt,
        lastActivityAt: null,
        quotas: { accounts: null, members: null, storedBytes: null },
        features: { writeFirst: true },
        usage: { members: 0, accounts: 0, storedBytes: 0 },
        health: { troubledAccounts: 0, deadLetters: 0 },
      },
    ]);
    for (const q of ['bAkEr', made.slug])
      expect((await operator.call(listTenants, { query: { q } })).body.items.map(({ id }) => id)).toEqual([made.id]);
    expect((await operator.call(createTenant, { body })).body).toMatchObject({
      code: 'conflict',
      errors: [{ path: 'slug' }],
    });
    expect((await operator.call(createTenant, { body: { ...body, slug: slug(), timeZone: 'Mars/Base' } })).status).toBe(
      422,
    );
    const { body: log } = await operator.call(listInstallAudit, { query: { target: made.id } });
    expect(log.items).toMatchObject([
      { action: 'tenant.created', actor: { kind: 'super_admin', name: 'Op' }, after: { name: 'Bakery' } },
    ]);
  });

  it('invites the first admin, who comes in by the link', async () => {
    const body = { name: 'Florist', slug: slug(), admin: { email: 'First@Parley.test' } };
    const { body: made } = await operator.call(createTenant, { body: body as never });
    const [, token = ''] = made.invitationLink?.split('#') ?? [];
    const person = { token, name: 'Fay', password: 'a long enough one' };
    const accepted = await app.call(acceptInvitation, { body: person });
    expect(accepted.body).toMatchObject({ tenantId: made.tenant.id, email: 'first@parley.test' });
    const rows = await app.sql`select role, active from members where tenant_id = ${made.tenant.id}`;
    expect(rows).toMatchObject([{ role: 'tenant_admin', active: true }]);
    const log =
      await app.sql`select action, actor_kind from audit_log where tenant_id = ${made.tenant.id} order by seq`;
    expect(log.map(({ action, actor_kind: kind }) => [action, kind] as unknown)).toEqual([
      ['tenant.created', 'super_admin'],
      ['invitation.created', 'super_admin'],
      ['invitation.accepted', 'member'],
    ]);
  });

  it('invites the first admin again when the link is lost or ran out, and the one before opens nothing', async () => {
    const body = { name: 'Florist', slug: slug(), admin: { email: 'lost@parley.test' } };
    const { body: made } = await operator.call(createTenant, { body: body as never });
    const params = { id: made.tenant.id };
    const again = await operator.call(inviteTenantAdmin, { params, body: { email: 'lost@parley.test', via: 'link' } });
    const accept = (link: string | null) => {
      const [, token = ''] = link?.split('#') ?? [];
      return app.call(acceptInvitation, { body: { token, name: 'Fay', password: 'a long enough one' } });
    };
    expect((await accept(made.invitationLink)).body.code).toBe('invitation_gone');
    await app.sql`update invitations set expires_at = now() where tenant_id = ${params.id}`;
    expect((await accept(again.body.invitationLink)).body.code).toBe('invitation_gone');
    const third = await operator.call(inviteTenantAdmin, { params, body: { email: 'lost@parley.test', via: 'link' } });
    expect((await accept(third.body.invitationLink)).body).toMatchObject({ tenantId: params.id });
    const more = { params, body: { email: 'lost@parley.test', via: 'mail' as const } };
    expect((await operator.call(inviteTenantAdmin, more)).body.code).toBe('conflict');
    const log = await app.sql`select action from audit_log where tenant_id = ${params.id} order by seq`;
    const [created, revoked] = ['invitation.created', 'invitation.revoked'];
    expect(log.map(({ action }) => action as string)).toEqual([
      'tenant.created',
      created,
      revoked,
      created,
      revoked,
      created,
      'invitation.accepted',
    ]);
  });

  it('sees how tenants are, page by page, and nothing that was written there', async () => {
    const { tenant, owner } = await app.newTenant({ name: 'Zebra' });
    await tenant.newConversation({ name: 'Rita Secret' });
    await app.sql`update accounts set state = 'needs_qr', state_at = now() where tenant_id = ${tenant.id}`;
    await app.as(owner).call(createLabel, { body: { name: 'VIP', hue: 25 } });
    const logo = 'data:image/webp;base64,AAAA';
    await app.sql`update tenants set logo = ${logo} where id = ${tenant.id}`;
    const { body } = await operator.call(getTenant, { params: { id: tenant.id } });
    expect(body).toMatchObject({ logo, usage: { members: 1, accounts: 1 }, health: { troubledAccounts: 1 } });
    expect(Date.now() - Date.parse(body.lastActivityAt ?? '')).toBeLessThan(60_000);
    const accounts = (await operator.call(listInstallAccounts, { query: { troubled: 'true' as never } })).body.items;
    expect(accounts).toContainEqual(
      expect.objectContaining({ tenantId: tenant.id, tenantName: 'Zebra', state: 'needs_qr' }),
    );
    const names: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await operator.call(listTenants, { query: { limit: 2, ...(cursor ? { cursor } : {}) } });
      names.push(...page.body.items.map(({ name }) => name));
      cursor = page.body.nextCursor;
    }
    expect(names).toEqual([...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    expect(names).toContain('Zebra');
  });

  it('suspends a tenant: its people are out within a second, and back when it is restored', async () => {
    const { tenant, owner } = await app.newTenant();
    expect((await app.as(owner).call(listLabels)).status).toBe(200);
    const stream = await TestStream.open({ url: app.url, cookie: owner.cookie });
    const params = { id: tenant.id };
    expect((await operator.call(suspendTenant, { params })).body.status).toBe('suspended');
    await waitFor('the stream to end', () => stream.ended, { timeoutMs: 3_000 });
    await waitFor('the member to be out', async () => (await app.as(owner).call(listLabels)).status === 403);
    expect((await app.as(owner).call(getMe)).body).toMatchObject({ tenant: null, memberships: [] });
    expect((await operator.call(restoreTenant, { params })).body.status).toBe('active');
    await waitFor('the member to be in', async () => (await app.as(owner).call(listLabels)).status === 200);
    const log = await operator.call(listInstallAudit, { query: { target: tenant.id } });
    expect(log.body.items.map(({ action }) => action)).toEqual(['tenant.restored', 'tenant.suspended']);
    const own = await app.sql`select action from audit_log where tenant_id = ${tenant.id} order by seq`;
    expect(own.map(({ action }) => action as string)).toEqual(['tenant.suspended', 'tenant.restored']);
  });

  it('limits what a tenant may have and do', async () => {
    const { tenant, owner } = await app.newTenant();
    const { id: accountId } = await tenant.newAccount('cloud-api');
    const change = { quotas: { accounts: 1 }, features: { writeFirst: false } };
    const { body } = await operator.call(updateTenant, { params: { id: tenant.id }, body: change });
    expect(body).toMatchObject({ quotas: { accounts: 1, members: null }, features: { writeFirst: false } });
    const config = { baseUrl: 'http://127.0.0.1:9', instance: 'x', apiKey: 'made-up-key' };
    const connect = { body: { provider: 'evolution' as const, name: 'Second', config } };
    expect((await app.as(owner).call(createAccount, connect)).body.code).toBe('quota_exceeded');
    const first = { accountId, to: '+12025550143', content: { type: 'text' as const, text: 'Hello' } };
    expect((await app.as(owner).call(startConversation, { body: first })).body.code).toBe('feature_off');
    await operator.call(updateTenant, { params: { id: tenant.id }, body: { quotas: { accounts: null } } });
    expect((await app.as(owner).call(createAccount, connect)).status).toBe(201);
  });

  it('sees what could not be applied, and lets it be tried again', async () => {
    const { tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    const keys = [randomUUID(), randomUUID(), randomUUID()];
    for (const key of keys)
      await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival, dead)
        values (${tenant.id}, now()::date, ${key}, ${account.id}, 1, 1, 'it is broken')`;
    const query = { tenant: tenant.id };
    const dead = async () => (await operator.call(listDeadLetters, { query })).body.items;
    expect(await dead()).toHaveLength(3);
    expect((await dead())[0]).toMatchObject({ tenantId: tenant.id, accountId: account.id, why: 'it is broken' });
    const replay = (body: object) => operator.call(replayDeadLetters, { body: body as never });
    expect((await replay({ keys: keys.slice(0, 1) })).body).toEqual({ replayed: 1 });
    expect(await dead()).toHaveLength(2);
    expect((await replay({ tenant: tenant.id })).body).toEqual({ replayed: 2 });
    expect(await dead()).toEqual([]);
    const rows = await app.sql`select 1 from pending where tenant_id = ${tenant.id} and dead is null`;
    expect(rows).toHaveLength(3);
  });

  it('lets a storm be tried again in steps, by arrival, each once though it dies again at once', async () => {
    const { tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    const place = 2n ** 60n; // no number of JavaScript's
    await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival, dead)
      select ${tenant.id}, now()::date - n % 2, gen_random_uuid(), ${account.id}, 1, ${String(place)}::bigint + n / 2, 'a storm'
      from generate_series(1, 1200) n`;
    await app.sql.unsafe(`create table met (step xid8, arrival bigint);
      create function die_again() returns trigger language plpgsql security definer as $$ begin
        insert into met values (pg_current_xact_id(), new.arrival); new.dead := 'again'; return new; end $$;
      create trigger die_again before update on pending for each row when (new.dead is null) execute function die_again()`);
    const { body } = await operator.call(replayDeadLetters, { body: { tenant: tenant.id } });
    expect(body).toEqual({ replayed: 1200 });
    const steps = await app.sql<{ n: number; first: string; last: string }[]>`
      select count(*)::int n, (min(arrival) - ${String(place)}::bigint)::text first, (max(arrival) - ${String(place)}::bigint)::text last
      from met group by step order by min(arrival)`;
    expect([...steps]).toEqual([
      { n: 1000, first: '0', last: '500' },
      { n: 200, first: '500', last: '600' },
    ]);
    const log = await app.sql<{ count: number }[]>`
      select (after::json->>'count')::int count from audit_log
      where action = 'webhooks.replayed' and target_id = ${tenant.id} order by seq`;
    expect(log.map(({ count }) => count)).toEqual([1000, 200]);
    await app.sql.unsafe('drop trigger die_again on pending; drop table met');
  });
});

describe('a tenant that is deleted', () => {
  const pools: SteadyPool[] = [];
  let eraser: TenantEraser;
  let files: LocalFiles;
  let remover: RemoverService;
  let nowMs = Date.now();
  beforeAll(() => {
    const open = (role: 'parley_eraser' | 'parley_platform' | 'parley_worker') =>
      steadyPool(app.env.DATABASE_URL, role, { max: 1 });
    const [erasing, platform, worker] = [open('parley_eraser'), open('parley_platform'), open('parley_worker')];
    pools.push(erasing, platform, worker);
    const chain = new AuditChain(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID);
    eraser = new TenantEraser(erasing, platform, chain, { now: () => nowMs });
    files = new LocalFiles(app.env.FILES_DIR);
    remover = new RemoverService(worker, files, { now: () => nowMs });
  });
  afterAll(() => Promise.allSettled(pools.map((pool) => pool.close())));
  /** A minute apart. */
  const turns = async (n: number) => {
    for (let i = 0; i < n; i++, nowMs += 60_000) {
      await eraser.turn();
      await remover.turn();
    }
  };

  it('can be restored while the days of grace last, and loses nothing', async () => {
    const { tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    const params = { id: tenant.id };
    const { body } = await operator.call(deleteTenant, { params, query: { graceDays: 7 } });
    expect([body.status, Math.round((Date.parse(body.deletesAt ?? '') - Date.now()) / 86_400_000)]).toEqual([
      'deleting',
      7,
    ]);
    await turns(3);
    expect((await operator.call(suspendTenant, { params })).status).toBe(409);
    expect((await operator.call(restoreTenant, { params })).body).toMatchObject({ status: 'active', deletesAt: null });
    const rows = await app.sql`select 1 from accounts where id = ${account.id} and routing_key is not null`;
    expect(rows).toHaveLength(1);
  });

  it('is really gone after them: no row, no word of it anywhere', async () => {
    const [{ tenant, owner }, other] = [await app.newTenant({ name: 'PLANT-name' }), await app.newTenant()];
    const shared = await tenant.newMember('agent', { userId: other.owner.userId });
    await plant(tenant, owner);
    const kept = { 'idempotency-key': randomUUID() };
    const { logo } = (await app.as(owner).call(setTenantSettings, { body: { logo: dot } }, kept)).body;
    const words = ['PLANT-', tenant.id, owner.email, owner.userId, logo ?? ''];
    const planted = await residueOf(app.sql, words);
    expect(planted.length).toBeGreaterThan(20);
    expect(planted).toEqual(
      expect.arrayContaining([
        `${logo} in public.tenants`,
        `${logo} in public.idempotency_keys`,
        `${tenant.id} in public.tenant_storage`,
      ]),
    );
    const params = { id: tenant.id };
    const repeated = { 'idempotency-key': randomUUID() }; // its answer, kept for them, names the tenant
    await operator.call(deleteTenant, { params, query: { graceDays: 0 } }, repeated);
    const [file] = await app.sql<{ id: string }[]>`select id from attachments where tenant_id = ${tenant.id} limit 1`;
    const key = storageKey({ tenantId: tenant.id, id: file?.id ?? '' });
    await files.put(key, Readable.from([Buffer.from('PLANT-bytes')]));
    await turns(1);
    await intrude(tenant.id); // what came through a door that was just closing
    expect((await operator.call(restoreTenant, { params })).status).toBe(409);
    await turns(2);
    await expect(files.read(key)).rejects.toBeInstanceOf(FileMissing);
    expect((await operator.call(getTenant, { params })).status).toBe(404);
    // The install's own log alone remembers that there was such a tenant.
    const left = (await residueOf(app.sql, words)).filter((one) => !one.endsWith(' in public.audit_log'));
    expect(left).toEqual([]);
    const redis = await redisText(app.env);
    expect(['PLANT-', owner.email].filter((word) => redis.includes(word))).toEqual([]);
    const remembered = await app.sql`select action from audit_log where target_id = ${tenant.id} order by seq`;
    expect(remembered.map(({ action }) => action as string)).toEqual([
      'tenant.deletion_planned',
      'tenant.removal_begun',
      'tenant.deleted',
    ]);
    expect(await app.sql`select 1 from audit_log where tenant_id = ${tenant.id}`).toHaveLength(0);
    expect((await app.as(other.owner).call(listLabels)).status).toBe(200);
    expect(await app.sql`select 1 from users where id = ${shared.userId}`).toHaveLength(1);
    const platform = steadyPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
    const chain = new AuditChain(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID);
    expect((await verifyAudit(platform, chain)).tamperings).toEqual([]);
    await platform.close();
  });

  it('has no table that is left out', async () => {
    const tables = await app.sql<{ name: string }[]>`
      select c.relname name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id' order by 1`;
    const apart = ['attachments', 'members', 'audit_log', 'audit_heads'];
    expect(tables.map(({ name }) => name)).toEqual([...erasedTables, ...erasedAfterPeople, ...apart].sort());
  });

  it('keeps its log until then, whoever asks for its removal', async () => {
    const { tenant, owner } = await app.newTenant();
    await app.as(owner).call(createLabel, { body: { name: 'VIP', hue: 25 } });
    const eraser = steadyPool(app.env.DATABASE_URL, 'parley_eraser', { max: 1 });
    await eraser.begin({ begin: 'begin' }, async (sql) => {
      await sql.unsafe(`select set_config('app.tenant_id', '${tenant.id}', true)`);
      await sql.unsafe('delete from audit_log');
    });
    await eraser.close();
    expect(await app.sql`select 1 from audit_log where tenant_id = ${tenant.id}`).toHaveLength(1);
  });
});

type Owner = Awaited<ReturnType<TestApp['newTenant']>>['owner'];
type Tenant = Awaited<ReturnType<TestApp['newTenant']>>['tenant'];

/** Something in as many tables as can be. */
async function plant(tenant: Tenant, owner: Owner): Promise<void> {
  const agent = await tenant.newMember('agent', { name: 'PLANT-agent' });
  const { id: accountId } = await tenant.newAccount('evolution', {}, { name: 'PLANT-account' });
  await insertLabel(app.sql, tenant.id, 'PLANT-label');
  const things = await furnishConversation(app.sql, tenant, { accountId, memberId: agent.id, name: 'PLANT-talk' });
  const key = { 'idempotency-key': randomUUID() };
  await app.as(owner).call(createLabel, { body: { name: 'PLANT-kept', hue: 25 } }, key);
  const id = tenant.id;
  await app.sql`insert into message_edits values (${id}, ${things.messageId}, now(), '{"type":"text","text":"PLANT-edit"}')`;
  await app.sql`insert into reactions values (${id}, ${things.messageId}, 'us', 'PLANT-reaction', 'x', now())`;
  await app.sql`insert into participants values (${id}, ${things.conversationId}, 'phone:1', 'PLANT-participant', false, null)`;
  await app.sql`insert into reads values (${id}, ${agent.id}, ${things.conversationId}, 1)`;
  await app.sql`insert into account_hours values (${id}, ${accountId}, now(), 1, now())`;
  await intrude(id);
}

async function intrude(tenantId: string): Promise<void> {
  const [key, account] = [randomUUID(), randomUUID()];
  await app.sql`insert into webhooks (tenant_id, received_on, key, account_id, received_at, correlation_id, body)
    values (${tenantId}, now()::date, ${key}, ${account}, now(), 'PLANT-correlation', ${Buffer.from('PLANT-webhook')})`;
  await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival, chat)
    values (${tenantId}, now()::date, ${key}, ${account}, 1, 1, 'PLANT-chat')`;
}
