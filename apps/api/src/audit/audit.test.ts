import { createAccount, deleteAccount, updateAccount } from '@parley/contracts/accounts';
import { exportAudit, listAudit, type AuditEntry } from '@parley/contracts/audit';
import { createLabel } from '@parley/contracts/labels';
import { verifyAudit } from '@parley/inbox/audit/audit-verifier';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { AuditChain } from '@parley/platform/audit-chain';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember } from '@parley/testing/tenant';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let platform: SteadyPool;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  platform = steadyPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
});
afterAll(async () => {
  await platform?.close();
  await app?.close();
});

const SECRET = 'a-key-that-nobody-may-read';
const evolution = { baseUrl: 'http://127.0.0.1:9', instance: 'sales', apiKey: SECRET };

const label = (owner: TestMember, name: string, headers = {}) =>
  app.as(owner).call(createLabel, { body: { name, hue: 25 } }, headers);
const entries = async (owner: TestMember, query = {}) => (await app.as(owner).call(listAudit, { query })).body.items;

describe('the audit log', () => {
  it('says who changed what, when, from where, and in which call', async () => {
    const { owner } = await app.newTenant();
    const { body } = await label(owner, 'VIP', { 'user-agent': 'Test/1', 'x-request-id': 'audited-call' });
    expect(await entries(owner)).toEqual([
      {
        seq: 1,
        at: expect.stringMatching(/^20\d\d-/) as string,
        actor: { kind: 'member', id: owner.id, name: owner.name, asMemberId: null },
        action: 'label.created',
        target: { kind: 'label', id: body.id },
        before: null,
        after: { name: 'VIP', hue: 25 },
        address: '127.0.0.1',
        userAgent: 'Test/1',
        correlationId: 'audited-call',
      },
    ]);
  });

  it('holds what an account was and is, and never a secret', async () => {
    const { owner } = await app.newTenant();
    const caller = app.as(owner);
    const body = { provider: 'evolution' as const, name: 'Sales', config: evolution };
    const { body: account } = await caller.call(createAccount, { body });
    const params = { id: account.id };
    await caller.call(updateAccount, { params, body: { name: 'Support', config: { apiKey: `${SECRET}-2` } } });
    await caller.call(updateAccount, { params, body: { name: 'Support' } }); // changes nothing
    await caller.call(deleteAccount, { params });
    await caller.call(deleteAccount, { params });
    const log = (await entries(owner)).reverse();
    expect(log.map(({ action, before, after }) => [action, before, after])).toEqual([
      [
        'account.created',
        null,
        expect.objectContaining({ name: 'Sales', 'config.instance': 'sales', newSecrets: ['apiKey', 'webhookSecret'] }),
      ],
      ['account.updated', { name: 'Sales' }, { name: 'Support', newSecrets: ['apiKey'] }],
      ['account.deleted', { name: 'Support', provider: 'evolution' }, null],
    ]);
    const rows = await app.sql`select a::text from audit_log a`;
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });

  it('is not written when the change is not made', async () => {
    const { owner } = await app.newTenant();
    await label(owner, 'VIP');
    expect((await label(owner, 'vip')).status).toBe(409);
    expect(await entries(owner)).toHaveLength(1);
  });

  it('is found by action, actor, target and time, page by page', async () => {
    const { tenant, owner } = await app.newTenant();
    const manager = await tenant.newMember('manager');
    const [one] = [await label(owner, 'One'), await label(manager, 'Two'), await label(owner, 'Three')];
    const seqs = async (query: object) => (await entries(owner, query)).map(({ seq }) => seq);
    expect(await seqs({})).toEqual([3, 2, 1]);
    expect(await seqs({ actor: manager.id })).toEqual([2]);
    expect(await seqs({ target: one.body.id })).toEqual([1]);
    expect(await seqs({ action: 'account.created' })).toEqual([]);
    const { at } = (await entries(owner))[0] as AuditEntry;
    expect(await seqs({ from: at })).toContain(3);
    expect(await seqs({ until: at })).not.toContain(3);
    const first = await app.as(owner).call(listAudit, { query: { limit: 2 } });
    const next = await app.as(owner).call(listAudit, { query: { limit: 2, cursor: first.body.nextCursor ?? '' } });
    expect([first.body.items.length, next.body.items.map(({ seq }) => seq), next.body.nextCursor]).toEqual([
      2,
      [1],
      null,
    ]);
  });

  it('is exported whole, the export with it', async () => {
    const { owner } = await app.newTenant();
    for (let i = 0; i < 3; i++) await label(owner, `Label ${i}`);
    const response = await app.as(owner).fetch(`/api${exportAudit.path}`);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
    const lines = (await response.text()).trimEnd().split('\n');
    const actions = lines.map((line) => (JSON.parse(line) as AuditEntry).action);
    expect(actions).toEqual(['label.created', 'label.created', 'label.created', 'audit.exported']);
    expect((await app.as(owner).fetch(`/api${exportAudit.path}?action=nonsense`)).status).toBe(422);
  });

  it('has no gap and no twin when many write at once', async () => {
    const { owner } = await app.newTenant();
    await Promise.all(Array.from({ length: 20 }, (_, i) => label(owner, `Label ${i}`)));
    expect((await entries(owner)).map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
  });
});

describe('no role', () => {
  test.each(['parley_app', 'parley_worker', 'parley_intake', 'parley_platform', 'parley_search'])(
    'may change or remove an entry: %s',
    async (role) => {
      for (const privilege of ['update', 'delete', 'truncate']) {
        const [row] = await app.sql`select has_table_privilege(${role}, 'audit_log', ${privilege}) may`;
        expect([privilege, row?.may]).toEqual([privilege, false]);
      }
      const [row] = await app.sql`select has_any_column_privilege(${role}, 'audit_log', 'update') may`;
      expect(row?.may).toBe(false);
    },
  );
});

describe('the verifier', () => {
  const verify = () => verifyAudit(platform, new AuditChain(app.env.CREDENTIALS_KEYS, app.env.CREDENTIALS_KEY_ID));
  const found = async (id: string) =>
    (await verify()).tamperings.filter(({ chain }) => chain === id).map(({ seq, what }) => `${seq} ${what}`);
  const grown = async (rows = 6) => {
    const world = await app.newTenant();
    for (let i = 1; i <= rows; i++) await label(world.owner, `Label ${i}`);
    return { ...world, id: world.tenant.id };
  };

  it('finds nothing in what nobody touched, over all tenants, and says where each ends', async () => {
    const [one, other] = [await grown(2), await grown(3)];
    const { ends, tamperings } = await verify();
    expect([await found(one.id), await found(other.id)]).toEqual([[], []]);
    expect(tamperings).toEqual([]);
    const rows = await app.sql`select hash from audit_log where tenant_id = ${other.id} and seq = 3`;
    expect(ends).toContainEqual({ chain: other.id, seq: 3, hash: rows[0]?.hash as string });
  });

  it('names each row that was edited, whatever of it', async () => {
    const { id } = await grown();
    await app.sql`update audit_log set actor_name = 'Somebody else' where tenant_id = ${id} and seq = 2`;
    await app.sql`update audit_log set at = at + interval '1 ms' where tenant_id = ${id} and seq = 3`;
    await app.sql`update audit_log set hash = 'AAAA' where tenant_id = ${id} and seq = 5`;
    expect(await found(id)).toEqual(['2 edited', '3 edited', '5 edited']);
  });

  it('names each row that was deleted', async () => {
    const { id } = await grown();
    await app.sql`delete from audit_log where tenant_id = ${id} and seq in (1, 4)`;
    expect(await found(id)).toEqual(['1 deleted', '4 deleted']);
  });

  it('names each row that was moved', async () => {
    const { id } = await grown();
    const move = (from: number, to: number) =>
      app.sql`update audit_log set seq = ${to} where tenant_id = ${id} and seq = ${from}`;
    for (const [from, to] of [[2, 100], [5, 2], [100, 5]] as const) await move(from, to); // prettier-ignore
    expect(await found(id)).toEqual(['2 moved', '5 moved']);
    const [moved] = (await verify()).tamperings.filter(({ chain }) => chain === id);
    expect(moved?.detail).toBe('label.created was written as 5');
  });

  it('is not deceived by rows that were numbered anew over a gap', async () => {
    const { id } = await grown();
    await app.sql`delete from audit_log where tenant_id = ${id} and seq = 3`;
    for (const seq of [4, 5, 6])
      await app.sql`update audit_log set seq = seq - 1 where tenant_id = ${id} and seq = ${seq}`;
    expect(await found(id)).toEqual(['3 moved', '4 moved', '5 moved', '6 cut off']);
  });

  it('names each row that was cut off the end, also once the log went on', async () => {
    const { id, owner } = await grown();
    await app.sql`delete from audit_log where tenant_id = ${id} and seq > 4`;
    expect(await found(id)).toEqual(['5 cut off', '6 cut off']);
    await label(owner, 'Later');
    expect(await found(id)).toEqual(['5 deleted', '6 deleted', '7 noticed before']);
  });

  it('misses them too when the end was written anew', async () => {
    const { id, owner } = await grown();
    await app.sql`delete from audit_log where tenant_id = ${id} and seq > 4`;
    await app.sql`update audit_heads h set seq = 4, hash = l.hash from audit_log l
      where h.tenant_id = ${id} and l.tenant_id = ${id} and l.seq = 4`;
    expect(await found(id)).toEqual(['4 head changed']);
    await label(owner, 'Later');
    expect(await found(id)).toEqual(['5 noticed before']);
  });

  it('sees a log that was emptied, and an end that is gone', async () => {
    const [{ id }, other] = [await grown(3), await grown(2)];
    await app.sql`delete from audit_log where tenant_id = ${id}`;
    expect(await found(id)).toEqual(['1 cut off', '2 cut off', '3 cut off']);
    await app.sql`delete from audit_heads where tenant_id = ${other.id}`;
    expect(await found(other.id)).toEqual(['3 head changed']);
    await label(other.owner, 'Later');
    expect(await found(other.id)).toEqual(['3 noticed before']);
  });

  it('misses a whole log, with its end or with one that never was written to, and also once it went on', async () => {
    for (const blank of [false, true]) {
      const { id, owner } = await grown(3);
      await app.sql`delete from audit_log where tenant_id = ${id}`;
      if (blank) await app.sql`update audit_heads set seq = 0, hash = '', seal = '' where tenant_id = ${id}`;
      else await app.sql`delete from audit_heads where tenant_id = ${id}`;
      expect((await found(id)).map((one) => one.slice(2))).toEqual(['head changed']);
      await label(owner, 'Later');
      expect(await found(id)).toEqual(['1 noticed before']);
    }
  });

  it('takes no row that somebody else made', async () => {
    const { id } = await grown(2);
    await app.sql`insert into audit_log select tenant_id, 3, at, 'system', null, null, null, 'label.created', null, null, null, null, null, null,
      null, key_id, hash, repeat('A', 43) from audit_log where tenant_id = ${id} and seq = 2`;
    expect(await found(id)).toEqual(['3 edited', '3 head changed']);
  });

  it('says so when the key is gone', async () => {
    const { id } = await grown(1);
    const other = new AuditChain({ k2: Buffer.alloc(32, 1).toString('base64') }, 'k2');
    const { tamperings } = await verifyAudit(platform, other);
    const own = tamperings.filter(({ chain }) => chain === id);
    expect(own.map(({ what }) => what)).toEqual(['unknown key', 'head changed']);
  });

  // The last of all: it takes everything.
  it('misses every log, the install’s too, when all of them were emptied', async () => {
    const { id } = await grown(1);
    await app.sql`truncate audit_log, audit_heads`;
    expect([await found(id), await found(INSTALL_CHAIN)]).toEqual([['1 head changed'], ['1 head changed']]);
  });
});
