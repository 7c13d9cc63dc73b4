import 'reflect-metadata';
import { createHmac, randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { cloudApi } from '@parley/channels/cloud-api/cloud-api';
import { PlatformModule } from '@parley/platform/platform.module';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { nodesOf, type PlanNode } from '@parley/testing/plans/plan';
import { startPlanTap, type PlanTap } from '@parley/testing/plans/plan-tap';
import { tapPostgres, tapRedis, type StatementTap } from '@parley/testing/statement-tap';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IntakeModule } from '../intake/intake.module';
import { IntakeService } from '../intake/intake.service';
import { LanesModule } from './lanes.module';
import { LanesService } from './lanes.service';

// What a message costs does not depend on the machine: it is counted, and may not grow unseen. See docs/benchmarks.md.

@Module({ imports: [IntakeModule, LanesModule] })
class Parts {}

const TENANTS = 10;
const CHATS = 20;
let app: TestApp;
let parts: INestApplicationContext;
let postgres: StatementTap;
let redis: StatementTap;
let plans: PlanTap;
let accounts: TestAccount[];

beforeAll(async () => {
  app = await startApp({});
  plans = await startPlanTap(app.env.DATABASE_URL);
  await app.sql.unsafe(`alter database "${new URL(plans.url).pathname.slice(1)}" set auto_explain.log_wal = on`);
  [postgres, redis] = [await tapPostgres(plans.url), await tapRedis(app.env.REDIS_URL)];
  const env = { ...app.env, DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  parts = await NestFactory.createApplicationContext(
    { module: Parts, imports: [PlatformModule.forRoot(env)] },
    { logger: false },
  );
  accounts = await Promise.all(
    Array.from({ length: TENANTS }, async () => (await app.newTenant()).tenant.newAccount('cloud-api')),
  );
  await drained(calls(TENANTS * CHATS)); // every chat is known, and every statement prepared
});
afterAll(async () => {
  await parts?.close();
  await Promise.all([postgres?.close(), redis?.close()]);
  await plans?.close(); // while its database is there
  await app?.close();
});

const TEXT = 'Hello, I would like to know when my order leaves the warehouse. '.repeat(25);

/** One text each, of two kilobytes as Meta sends it: from chat to chat, and from account to account. */
function calls(count: number, { fresh = false } = {}): Uint8Array[] {
  const seconds = String(Math.floor(Date.now() / 1000));
  return Array.from({ length: count }, (_, i) => {
    const account = accounts[i % TENANTS];
    const chat = Math.floor(i / TENANTS) % CHATS;
    const from = fresh ? `1666${Math.floor(Math.random() * 1e7)}` : `155501${String(chat).padStart(5, '0')}`;
    return bodyOf(account, {
      contacts: [{ profile: { name: 'Rosa' }, wa_id: from }],
      messages: [{ from, id: `wamid.${randomUUID()}`, timestamp: seconds, type: 'text', text: { body: TEXT } }],
    });
  });
}

/** Of every kind in turn: a text, a reaction to one before, a status that comes before its message, something nobody knows. */
function mixed(count: number): Uint8Array[] {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const first = `wamid.${randomUUID()}`;
  return Array.from({ length: count }, (_, i) => {
    const from = `155501${String(Math.floor(i / 4) % CHATS).padStart(5, '0')}`;
    const head = { from, id: i ? `wamid.${randomUUID()}` : first, timestamp };
    const reaction = { message_id: first, emoji: '👍' };
    const kinds = [
      { messages: [{ ...head, type: 'text', text: { body: TEXT } }] },
      { messages: [{ ...head, type: 'reaction', reaction }] },
      { statuses: [{ id: head.id, recipient_id: from, status: 'delivered', timestamp }] },
      { messages: [{ ...head, type: 'unsupported' }] },
    ];
    return bodyOf(accounts[0], { contacts: [{ profile: { name: 'Rosa' }, wa_id: from }], ...kinds[i % kinds.length] });
  });
}

function bodyOf(account: TestAccount | undefined, value: object): Uint8Array {
  const metadata = { display_phone_number: '15550001000', phone_number_id: account?.config.phoneNumberId };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  const entry = [{ id: account?.config.wabaId, changes: [change] }];
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}

/** Keeps all calls, the first before the others, which may point at it; then drains all lanes at once. */
async function drained([first, ...others]: Uint8Array[]): Promise<void> {
  if (first) await keep(first);
  await Promise.all(others.map(keep));
  const lanes = parts.get(LanesService);
  const waits = () => app.sql<{ lane: number }[]>`select distinct lane from pending where dead is null`;
  for (const { lane } of await waits()) lanes.ring(lane);
  await lanes.settled();
  expect(await waits()).toEqual([]);
}

function keep(body: Uint8Array) {
  const hmac = createHmac('sha256', app.env.CLOUD_API_APP_SECRET ?? '').update(body);
  const headers = { 'x-hub-signature-256': `sha256=${hmac.digest('hex')}` };
  return parts.get(IntakeService).take(cloudApi, '', { headers, body }, 'test');
}

/** Of each transaction of the drains that wrote: its statements. */
function batches(): string[][] {
  const all: string[][] = [];
  const open = new Map<number, string[]>();
  for (const { by, line, text } of postgres.take()) {
    if (by !== 'drain' || text === 'discard plans') continue; // ever more seldom, between two transactions
    if (text === 'begin') all.push(setAndGet(open, line, []));
    open.get(line)?.push(text);
  }
  return all.filter((texts) => texts.some((text) => text.includes('insert into messages')));
}

function setAndGet<T>(map: Map<number, T>, key: number, value: T): T {
  map.set(key, value);
  return value;
}

/** Of each batch, how many statements; of an unexpected number one batch is told whole. */
function counted(expected: number): number[] {
  const all = batches();
  const odd = all.find((texts) => texts.length !== expected);
  if (odd) console.log(odd.map((text) => text.replaceAll(/\s+/g, ' ').slice(0, 80)).join('\n'));
  return [...new Set(all.map((texts) => texts.length))];
}

describe('statements of a batch, BEGIN and COMMIT among them', () => {
  it.each([1, 50, 190])('of %i texts in known chats: 11', async (count) => {
    postgres.take();
    await drained(calls(count));
    expect(counted(11)).toEqual([11]);
  });

  it.each([1, 50, 190])('of %i texts of people nobody met before: 14', async (count) => {
    postgres.take();
    await drained(calls(count, { fresh: true }));
    expect(counted(14)).toEqual([14]);
  });

  it.each([8, 48, 188])('of %i of every kind: 15', async (count) => {
    postgres.take();
    await drained(mixed(count));
    expect(counted(15)).toEqual([15]);
  });
});

it('tells Redis once for each flush, and once for each tenant of a batch', async () => {
  [postgres, redis].map((tap) => tap.take());
  const count = 190;
  await drained(calls(count));
  const said = postgres.take();
  const flushes = said.filter(({ text }) => text.includes('insert into webhooks')).length;
  const batches = said.filter(({ text }) => text.includes('insert into messages')).length;
  const heard: string[] = [];
  await waitFor('the last publish', () => {
    heard.push(...redis.take().map(({ text }) => text));
    return heard.filter((text) => text.startsWith('publish')).length >= TENANTS || undefined;
  });
  expect(heard.length, heard.join('\n')).toBeLessThanOrEqual(flushes + batches * TENANTS);
  expect(heard.length / count).toBeLessThan(0.3);
});

// The record of each COMMIT and the locks of foreign keys, some 100 bytes, stand in no plan. Whole pages, which the first
// change after a checkpoint writes, hang on when that was: it is measured once they are written.
it('writes at most 7 kB of WAL for a text of 2 kB, besides whole pages', async () => {
  const count = 190;
  const bytes = await waitFor('a round without whole pages', async () => {
    plans.take();
    await drained(calls(count));
    const told = plans.take().map(({ root }) => walOf(root));
    const sum = (field: 'WAL Bytes' | 'WAL FPI') => told.reduce((all, one) => all + one[field], 0);
    return sum('WAL FPI') === 0 && sum('WAL Bytes');
  });
  expect(bytes / count).toBeGreaterThan(4000);
  expect(bytes / count).toBeLessThan(7000);
});

interface WalNode extends PlanNode {
  'CTE Name'?: string;
  'WAL Bytes'?: number;
  'WAL FPI'?: number;
}

/** A node counts what it asked others for, but nobody asks for a part whose rows nobody reads. */
function walOf(root: PlanNode) {
  const nodes: WalNode[] = nodesOf(root);
  const read = new Set(nodes.map((node) => node['CTE Name'] && `CTE ${node['CTE Name']}`));
  const unread = nodes.filter((node) => node['Node Type'] === 'ModifyTable' && !read.has(node['Subplan Name']));
  const sum = (field: 'WAL Bytes' | 'WAL FPI') =>
    [...new Set<WalNode>([root, ...unread])].reduce((all, node) => all + (node[field] ?? 0), 0);
  return { 'WAL Bytes': sum('WAL Bytes'), 'WAL FPI': sum('WAL FPI') };
}
