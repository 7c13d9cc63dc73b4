import 'reflect-metadata';
import { createPool, type Pool } from '@parley/db/pools';
import { NestFactory } from '@nestjs/core';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { evolution } from '@parley/channels/evolution/evolution';
import { seeTenants } from '@parley/platform/statements';
import { PlatformModule } from '@parley/platform/platform.module';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { buffersOf, nodesOf, printPlan, removedBy, sum, type Plan } from '@parley/testing/plans/plan';
import { startPlanTap, type PlanTap } from '@parley/testing/plans/plan-tap';
import { changeCall, evolutionCall, statusCall, textCall } from '@parley/testing/system/provider-calls';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { IntakeModule } from '../intake/intake.module';
import { IntakeService } from '../intake/intake.service';
import { lockChats } from './chats';
import { LanesModule } from './lanes.module';
import { LanesService } from './lanes.service';
import type { Told } from './told';

@Module({ imports: [IntakeModule, LanesModule] })
class Parts {}

/** So many chats speak in a story. */
const CHATS = 20;
const MANY = 10_000;
/** Of one statement for a whole story, 260 items in three batches. */
const MOST_PAGES = 2000;
const MOST_REMOVED = 1000;

let app: TestApp;
let tap: PlanTap;
let parts: INestApplicationContext;
let account: TestAccount;

beforeAll(async () => {
  app = await startApp({});
  tap = await startPlanTap(app.env.DATABASE_URL);
  const root = { module: Parts, imports: [PlatformModule.forRoot({ ...app.env, DATABASE_URL: tap.url })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
  const tables = await app.sql<{ name: string }[]>`select relname name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  for (const { name } of tables) await app.sql`alter table ${app.sql(name)} set (autovacuum_enabled = off)`;
  account = await (await app.newTenant()).tenant.newAccount('evolution');
});
afterAll(async () => {
  await parts?.close();
  await tap?.close();
  await app?.close();
});

/** Everything that can be told of chats: of new ones, then of those that are known. */
async function story(n: number): Promise<Plan[]> {
  const at = new Date(Date.now() - 60_000);
  const chats = Array.from({ length: CHATS }, (_, i) => ({ from: `+1202${n}55${1000 + i}`, id: `S${n}-${i}` }));
  tap.take();
  await drained(chats.map(({ from, id }) => textCall(account, { id, from, text: 'hello', name: 'Rosa', at })));
  await drained(chats.flatMap(({ from, id }, i) => sequel(from, id, `1203630${n}${1000 + i}@g.us`)));
  return tap.take().filter(({ text }) => !text.includes('pending'));
}

function sequel(from: string, id: string, group: string): string[] {
  const [early, late] = [new Date(Date.now() - 120_000), new Date()];
  const jid = `${from.slice(1)}@s.whatsapp.net`;
  const said = { messageType: 'conversation', messageTimestamp: Math.floor(late.getTime() / 1000) };
  const quote = { stanzaId: id, participant: jid, quotedMessage: { conversation: 'hello' } };
  const sent = { key: { remoteJid: jid, fromMe: true, id: `${id}X` }, message: { conversation: 'sent' }, ...said };
  const inGroup = { remoteJid: group, fromMe: false, id: `${id}G`, participant: jid };
  return [
    textCall(account, { id: `${id}E`, from, text: 'came late', at: early }),
    textCall(account, { id: `${id}P`, from, text: 'typed on the phone', own: true, at: late }),
    statusCall(account, `${id}P`, 'read'),
    changeCall(account, { id: `${id}C`, target: id, at: late, from, what: { edit: 'Hello' } }),
    changeCall(account, { id: `${id}R`, target: id, at: late, from, what: { react: '👍' } }),
    changeCall(account, { id: `${id}D`, target: `${id}E`, at: late, from, what: 'delete' }),
    evolutionCall(account, 'messages.upsert', sent),
    evolutionCall(account, 'messages.upsert', {
      key: { remoteJid: jid, fromMe: false, id: `${id}Q`, remoteJidAlt: `77${from.slice(1)}@lid` },
      message: { conversation: 'yes' },
      contextInfo: quote,
      ...said,
    }),
    evolutionCall(account, 'contacts.update', { remoteJid: jid, pushName: 'Rosa Lind' }),
    evolutionCall(account, 'groups.update', [{ id: group, subject: 'Night crew' }]),
    evolutionCall(account, 'messages.upsert', { key: inGroup, message: { conversation: 'in a group' }, ...said }),
    evolutionCall(account, 'group-participants.update', { id: group, author: jid, participants: [jid], action: 'add' }),
  ];
}

/** Keeps all calls, then drains them at once. */
async function drained(bodies: string[]): Promise<void> {
  const headers = { 'x-parley-secret': String(account.config.webhookSecret) };
  const token = account.webhookPath.split('/').at(-1) ?? '';
  for (const body of bodies)
    await parts.get(IntakeService).take(evolution, token, { headers, body: Buffer.from(body) }, 'test');
  const lanes = parts.get(LanesService);
  const waits = () => app.sql<{ lane: number }[]>`select distinct lane from pending where dead is null`;
  for (let rows = await waits(); rows.length; rows = await waits()) {
    for (const { lane } of rows) lanes.ring(lane);
    await lanes.settled();
  }
  expect(await app.sql`select from pending`).toHaveLength(0);
}

/** Other people's chats of the same account, with a message each. No statistics: nobody has looked at the tables since. */
async function fill(): Promise<void> {
  const id = (kind: number) => `('0000000${kind}-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`;
  const [contact, chat, conversation, message, attempt] = [1, 2, 3, 4, 5].map(id);
  const phone = `'+1999' || n`;
  const inserts = [
    `contacts (tenant_id, id, name) select $1::uuid, ${contact}, 'Rosa'`,
    `identities (tenant_id, kind, address, contact_id) select $1::uuid, 'phone', ${phone}, ${contact}`,
    `conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text)
      select $1::uuid, ${conversation}, 'direct', $2::uuid, ${chat}, ${contact}, 'Rosa', 'rosa'`,
    `chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
      select $1::uuid, ${chat}, $2::uuid, ${conversation}, 'direct', ${phone}, ${contact}`,
    `chat_addresses (tenant_id, account_id, address, chat_id) select $1::uuid, $2::uuid, ${phone}, ${chat}`,
    `messages (tenant_id, id, conversation_id, chat_id, direction, content, position, dated)
      select $1::uuid, ${message}, ${conversation}, ${chat}, 'inbound', '{"type":"text","text":"hi"}', n, n`,
    `deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, status, place, due_at, attempt_id, expires_at)
      select $1::uuid, ${message}, $2::uuid, ${chat}, ${conversation}, ${message}, 6, n, now(), ${attempt}, now()`,
    `attempts (tenant_id, id, delivery_id, chat_id, status, started_at, external_id)
      select $1::uuid, ${attempt}, ${message}, ${chat}, 6, now(), 'OLD' || n`,
    `externals (tenant_id, account_id, external_id, message_id) select $1::uuid, $2::uuid, 'OLD' || n, ${message}`,
  ];
  await app.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const insert of inserts) {
      const parameters = insert.includes('$2') ? [account.tenantId, account.id] : [account.tenantId];
      await tx.unsafe(`insert into ${insert} from generate_series(1, ${MANY}) n`, parameters);
    }
  });
}

/** Of each statement of a story: how much it read altogether. */
function costs(plans: Plan[]): { text: string; pages: number; removed: number; plan: string }[] {
  return [...Map.groupBy(plans, ({ text }) => text)].map(([text, ran]) => ({
    text,
    pages: sum(ran.map(({ root }) => buffersOf(root))),
    removed: sum(ran.flatMap(({ root }) => nodesOf(root).map((node) => node['Actual Loops'] * removedBy(node)))),
    plan: ran.map(printPlan).join('\n'),
  }));
}

// Nobody analyses the tables here: in an install the first minutes pass before somebody does.
it('reads what a batch is about, however much the tables have grown since its statements were planned', async () => {
  const pool = createPool(tap.url, 'parley_worker', { max: 1 });
  onTestFinished(() => pool.end());
  await story(1); // every statement is planned while there is nothing
  const young = await lookedUp(pool, 1);
  await fill();
  expect(await lookedUp(pool, 2)).toEqual(young);

  for (const n of [2, 3, 4]) await story(n); // as many transactions again, and more
  const greedy = costs(await story(5)).filter(({ pages, removed }) => pages > MOST_PAGES || removed > MOST_REMOVED);
  expect(greedy.map(({ text, plan }) => `${text}\n${plan}`)).toEqual([]);
});

/** What looking for the conversations of messages that nobody has heard of reads, on a connection whose plan stays. */
async function lookedUp(pool: Pool, n: number): Promise<{ removed: number }> {
  const { id: accountId, tenantId } = account;
  const told = Array.from({ length: CHATS }, (_, i) => {
    const event = { type: 'delivery.updated', externalId: `NEW${n}-${i}`, status: 'read', at: null } as const;
    return { tenantId, accountId, event } as Told;
  });
  tap.take();
  await pool.begin(async (sql) => {
    await seeTenants(sql, [tenantId]);
    await lockChats(sql, told);
  });
  const [{ removed } = { removed: NaN }] = costs(tap.take().filter(({ text }) => text.includes('chat_addresses')));
  return { removed };
}

it('asks in a group for the person of who is in it, and not of all who ever left', async () => {
  const [id, said] = ['120363099000000001@g.us', { messageType: 'conversation', message: { conversation: 'hi' } }];
  const key = { remoteJid: id, fromMe: false, id: 'LEFT', participant: '15550103311@s.whatsapp.net' };
  const messageTimestamp = Math.floor(Date.now() / 1000);
  await drained([evolutionCall(account, 'messages.upsert', { key, messageTimestamp, ...said })]);
  const left = await app.sql`insert into participants (tenant_id, conversation_id, address, left_at)
    select tenant_id, id, '+1999' || n, now() from conversations, generate_series(1, ${MANY}::int) n where title = ${id}`;
  expect(left.count).toBe(MANY);
  tap.take();
  const participants = ['15550103312@s.whatsapp.net'];
  await drained([evolutionCall(account, 'group-participants.update', { id, participants, action: 'add' })]);
  const seats = costs(tap.take().filter(({ text }) => text.includes('p.left_at is not null')));
  expect(seats).toHaveLength(1);
  expect(seats.filter(({ pages }) => pages > MANY + MOST_PAGES)).toEqual([]); // their rows are passed over, at a page each
});
