import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startApp, type TestApp } from '@parley/testing/app';
import { miscounted } from '@parley/testing/stored-bytes';
import { afterAll, beforeAll, expect, it } from 'vitest';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({});
});
afterAll(() => app?.close());

const states = ['pending', 'ready', 'failed', 'uploading', 'uploaded', 'removed'] as const;

it('counts what each tenant keeps, whatever happens to files, many at a time and at the same time', async () => {
  const tenants = [await app.newTenant(), await app.newTenant(), await app.newTenant()].map(({ tenant }) => tenant.id);
  const { sql } = app;
  const random = numbers(20_261_122);
  const one = <T>(some: readonly T[]) => some[random(some.length)] as T;
  const rows = (count: number) =>
    Array.from({ length: count }, () => ({
      tenant_id: one(tenants),
      id: randomUUID(),
      kind: 'document',
      state: one(states),
      size_bytes: one([null, 0, random(5_000_000_000)]),
      due_at: new Date(),
      expires_at: new Date(),
    }));
  /** Of a few files by chance: at once, so that two change the same ones. */
  const some = () =>
    sql`id = any(array(select id from attachments order by md5(id::text || ${random(1_000_000)}) limit ${1 + random(8)} for update))`;
  const steps = [
    () => sql`insert into attachments ${sql(rows(1 + random(6)))}`,
    () => sql`update attachments set state = ${one(states)} where ${some()}`,
    () => sql`update attachments set size_bytes = ${random(9_000_000)} where ${some()}`,
    () => sql`update attachments set state = ${one(states)}, size_bytes = ${random(9_000_000)} where ${some()}`,
    () => sql`delete from attachments where ${some()}`,
    () => sql`insert into attachments ${sql(rows(1))} on conflict do nothing`,
  ];
  for (let round = 0; round < 60; round++) {
    const together = Array.from({ length: 3 }, () => one(steps)());
    for (const outcome of await Promise.allSettled(together))
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('deadlock'); // nothing of it stands then
    expect([round, await miscounted(sql)]).toEqual([round, []]);
  }
  const kept = await sql`select 1 from tenant_storage where bytes > 0`;
  expect(kept.length).toBeGreaterThan(0);
});

it('waits for who counts only where it has something to count: no part of an upload does, nor a file that is still to come', async () => {
  const { sql } = app;
  const { tenant } = await app.newTenant();
  const here = { tenant_id: tenant.id, kind: 'document', due_at: new Date(), expires_at: new Date() };
  const upload = { ...here, id: randomUUID(), state: 'uploading', size_bytes: 1_000, received_bytes: 0 };
  await sql`insert into attachments ${sql(upload)}`;
  const counting = await sql.reserve();
  await counting`begin`;
  await counting`update tenant_storage set bytes = bytes where tenant_id = ${tenant.id}`;
  const other = await sql.reserve();
  await other`set lock_timeout = '1s'`; // as our roles have it
  const change = (part: Record<string, unknown>) =>
    other`update attachments set ${other(part)} where id = ${upload.id}`;
  await other`insert into attachments ${other({ ...here, id: randomUUID(), state: 'pending' })}`;
  await change({ due_at: new Date() });
  await change({ received_bytes: 500 });
  await change({ received_bytes: 1_000, state: 'uploaded' });
  await change({ state: 'ready' });
  await expect(change({ state: 'removed' })).rejects.toThrow('lock timeout');
  await counting`commit`;
  await change({ state: 'removed' });
  await other`delete from attachments where id = ${upload.id}`;
  await other`reset lock_timeout`;
  for (const connection of [counting, other]) connection.release();
  expect(await sql`select bytes::int from tenant_storage where tenant_id = ${tenant.id}`).toEqual([{ bytes: 0 }]);
});

it('counts what was here before anybody counted', async () => {
  const { sql } = app;
  await sql`drop table tenant_storage`;
  await sql`drop function count_stored_bytes cascade`;
  const { tenant } = await app.newTenant();
  const here = { tenant_id: tenant.id, kind: 'document', due_at: new Date(), expires_at: new Date() };
  for (const state of states)
    await sql`insert into attachments ${sql([10, 200, null].map((size_bytes) => ({ ...here, id: randomUUID(), state, size_bytes })))}`;
  const migration = path.resolve(import.meta.dirname, '../../../../drizzle/0039_stored_bytes.sql');
  for (const statement of (await readFile(migration, 'utf8')).split('--> statement-breakpoint'))
    await sql.unsafe(statement);
  expect(await sql`select bytes::int from tenant_storage where tenant_id = ${tenant.id}`).toEqual([{ bytes: 630 }]);
  expect(await miscounted(sql)).toEqual([]);
});

/** The same numbers each time, below `most`. */
function numbers(seed: number) {
  let state = seed;
  return (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}
