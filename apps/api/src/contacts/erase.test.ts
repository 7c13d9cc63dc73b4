import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { listAudit } from '@parley/contracts/audit';
import { eraseContact, updateContact } from '@parley/contracts/contacts';
import { getConversation, listConversations, markConversationRead } from '@parley/contracts/conversations';
import { sendMessage } from '@parley/contracts/messages';
import { listEvents } from '@parley/contracts/realtime';
import { ContactEraser } from '@parley/inbox/erasing/contact-eraser';
import { ErasingModule } from '@parley/inbox/erasing/erasing.module';
import { FetcherModule } from '@parley/inbox/files/fetcher.module';
import { storageKey } from '@parley/inbox/files/file-links';
import { RemoverService } from '@parley/inbox/files/remover.service';
import { LanesModule } from '@parley/inbox/lanes/lanes.module';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { FileMissing, type FileStore } from '@parley/platform/file-store';
import { FILES, PLATFORM, PlatformModule } from '@parley/platform/platform.module';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { redisText } from '@parley/testing/canaries';
import { TestStream } from '@parley/testing/event-stream';
import { residueOf } from '@parley/testing/residue';
import type { TestTenant } from '@parley/testing/tenant';
import { miscounted } from '@parley/testing/stored-bytes';
import { waitFor } from '@parley/testing/wait-for';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

// What is to be erased comes as it does in life: webhooks through the lanes, and calls of the API.

let app: TestApp;
let worker: INestApplicationContext;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  class Worker {}
  const root = {
    module: Worker,
    imports: [PlatformModule.forRoot(app.env), LanesModule, ErasingModule, FetcherModule],
  };
  worker = await NestFactory.createApplicationContext(root, { logger: false });
});
afterAll(async () => {
  expect(await miscounted(app.sql)).toEqual([]);
  await worker?.close();
  await app?.close();
});

const [BEN, GROUP, UNMET] = ['15550103312', '120363041234567890@g.us', '120363049999999999@g.us'];
/** Another number in each test, so that each looks for its own. */
let RITA = '12025550100';
const jid = (digits: string) => `${digits}@s.whatsapp.net`;
let sentAt = Math.floor(Date.now() / 1000) - 3600;

interface Said {
  id: string;
  by: string;
  name: string;
  group?: boolean;
  message: object;
  contextInfo?: object;
}

/** As contract "Evolution API" has it. */
function said({ id, by, name, group = false, message, contextInfo }: Said) {
  const key = { remoteJid: group ? GROUP : jid(by), fromMe: false, id, ...(group ? { participant: jid(by) } : {}) };
  const kind = Object.keys(message)[0];
  const data = { key, pushName: name, message, contextInfo, messageType: kind, messageTimestamp: sentAt++ };
  return { event: 'messages.upsert', data };
}
const text = (words: string) => ({ conversation: words });
const reaction = (id: string) => ({ reactionMessage: { key: { remoteJid: GROUP, fromMe: false, id }, text: '🙏' } });
const rita = (id: string, message: object, more: Partial<Said> = {}) =>
  said({ id, by: RITA, name: 'PLANT-push', message, ...more });
const ben = (id: string, message: object, more: Partial<Said> = {}) =>
  said({ id, by: BEN, name: 'KEPT-Ben', message, ...more });
const members = (id: string, subject: string) => ({
  event: 'groups.upsert',
  data: [{ id, subject, participants: [RITA, BEN].map((one) => ({ id: jid(one), admin: null })) }],
});
const promoted = (by: string, whom: string) => ({
  event: 'group-participants.update',
  data: { id: GROUP, author: jid(by), participants: [jid(whom)], action: 'promote' },
});
const quoting = (id: string, words: string) => ({
  contextInfo: { stanzaId: id, participant: jid(RITA), quotedMessage: text(words) },
});

async function post(account: TestAccount, ...bodies: object[]): Promise<void> {
  for (const body of bodies) {
    const headers = { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) };
    const whole = JSON.stringify({ instance: account.config.instance, destination: 'x', ...body });
    const taken = await fetch(app.url + account.webhookPath, { method: 'POST', headers, body: whole });
    expect(taken.status).toBe(200);
  }
}

/** What came is written, each batch alone: what waits for another is there when it comes. */
async function brought(account: TestAccount, ...bodies: object[]): Promise<void> {
  for (const body of bodies) {
    await post(account, body);
    await applied();
  }
}

async function applied(): Promise<void> {
  const lanes = worker.get(LanesService, { strict: false });
  for (;;) {
    const rows = await app.sql<{ lane: number }[]>`select distinct lane from pending where dead is null`;
    if (!rows.length) return;
    for (const { lane } of rows) lanes.ring(lane);
    await lanes.settled();
  }
}

const turn = () => worker.get(ContactEraser, { strict: false }).turn();

async function contactOf({ id }: TestTenant, digits: string): Promise<string> {
  const [row] = await app.sql<
    { contact_id: string }[]
  >`select contact_id from identities where tenant_id = ${id} and address = ${`+${digits}`}`;
  return row?.contact_id ?? '';
}

/** Bytes of theirs that lie in the store. Answers how to look for them. */
async function fetched({ id: tenantId }: TestTenant): Promise<() => Promise<unknown>> {
  const [file] = await app.sql<{ id: string }[]>`update attachments set state = 'ready', handle = null, size_bytes = 5
    where tenant_id = ${tenantId} returning id`;
  const [files, key] = [worker.get<FileStore>(FILES, { strict: false }), storageKey({ tenantId, id: file?.id ?? '' })];
  await files.put(key, Readable.from([Buffer.from('bytes')]));
  return () => files.read(key).then((stream) => stream.destroy());
}

const idsOf = async (rows: Promise<readonly { id: string }[]>) => (await rows).map(({ id }) => id);
const wordsOf = ({ id }: TestTenant) =>
  app.sql<{ text: string | null }[]>`select content ->> 'text' "text" from messages
    where tenant_id = ${id} and direction <> 'system' order by position`.then((rows) =>
    rows.map((row) => row.text ?? ''),
  );

/** Rita's talk, and a group where she and Ben write, quote and come and go. */
async function furnish() {
  const { tenant, owner } = await app.newTenant();
  RITA = `${Number(RITA) + 1}`;
  const account = await tenant.newAccount();
  await brought(
    account,
    rita('D1', text('PLANT-direct')),
    rita('D2', text('PLANT-more')),
    rita('D5', { documentMessage: { fileName: 'PLANT-file.pdf', mimetype: 'application/pdf' } }),
    rita('D3', { editedMessage: { message: { protocolMessage: edit('D1', 'PLANT-edited') } } }),
    rita('D4', { conversation: { unreadable: 'PLANT-broken' } }),
    ben('B1', text('KEPT-direct')),
    members(GROUP, 'KEPT-group'),
    ben('G1', text('KEPT-hello'), { group: true }),
    rita('G2', text('PLANT-in-group'), { group: true }),
    rita('G3', reaction('G1'), { group: true }),
    rita('G4', reaction('NEVER-CAME'), { group: true }),
    ben('G5', text('KEPT-answer'), { group: true, ...quoting('G2', 'PLANT-in-group') }),
    ben('G6', text('KEPT-other'), {
      group: true,
      contextInfo: { stanzaId: 'G2', quotedMessage: text('PLANT-quoted') },
    }),
    ben('B2', text('KEPT-privately'), quoting('G2', 'PLANT-in-group')),
    promoted(BEN, RITA),
    promoted(RITA, BEN),
    members(UNMET, 'KEPT-unmet'),
  );
  const conversations = await app.sql<{ id: string; kind: string; title: string }[]>`
    select id, kind, title from conversations where tenant_id = ${tenant.id}`;
  const group = conversations.find(({ kind }) => kind === 'group')?.id ?? '';
  const contactId = await contactOf(tenant, RITA);
  const [talk = ''] = await idsOf(app.sql`select id from conversations where contact_id = ${contactId}`);
  return { tenant, owner, account, group, talk, contactId };
}

const edit = (id: string, words: string) => ({
  key: { id },
  type: 14,
  editedMessage: text(words),
  timestampMs: `${Date.now()}`,
});

it('is erased so that nothing of them remains in any table, and everybody else is whole', async () => {
  const { tenant, owner, group, talk, contactId } = await furnish();
  const [caller, params] = [app.as(owner), { id: contactId }];
  const key = () => ({ 'idempotency-key': randomUUID() });
  await caller.call(updateContact, { params, body: { name: 'PLANT-named' } }, key());
  await caller.call(markConversationRead, { params: { id: talk }, body: { seen: 1 } });
  const [first = ''] = await idsOf(
    app.sql`select id from messages where conversation_id = ${group} and sender_contact_id = ${contactId}`,
  );
  const answers = [
    { conversationId: talk, content: { type: 'text' as const, text: 'PLANT-answer' } },
    { conversationId: group, replyTo: first, content: { type: 'text' as const, text: 'KEPT-reply' } },
  ];
  for (const body of answers) expect((await caller.call(sendMessage, { body }, key())).status).toBe(202);
  const theirs = await idsOf(app.sql`select id from messages where sender_contact_id = ${contactId}`);
  const [chat = ''] = await idsOf(app.sql`select id from chats where conversation_id = ${talk}`);
  const words = ['PLANT', RITA, contactId, talk, chat, ...theirs];
  const before = await residueOf(app.sql, words);
  expect(before.length).toBeGreaterThan(30);
  const planted = [...new Set(before.map((one) => one.split(' in ')[1]))].sort();
  expect(planted).toEqual(TABLES);
  const kept = await wordsOf(tenant);
  const look = await fetched(tenant);
  await look();

  expect((await caller.call(eraseContact, { params })).status).toBe(202);
  expect((await caller.call(eraseContact, { params })).status).toBe(202);
  await turn();

  await worker.get(RemoverService, { strict: false }).turn();
  await expect(look()).rejects.toBeInstanceOf(FileMissing);
  expect(await app.sql`select 1 from attachments where tenant_id = ${tenant.id}`).toEqual([]);
  const left = await residueOf(app.sql, words);
  const redis = await redisText(app.env);
  expect(['PLANT', RITA, contactId].filter((word) => redis.includes(word))).toEqual([]);
  expect(left.filter((one) => !isAllowed(one, contactId, first))).toEqual([]);
  expect(await wordsOf(tenant)).toEqual(kept.filter((one) => one.startsWith('KEPT')));
  const lines = await app.sql<{ content: object }[]>`select content from messages
    where conversation_id = ${group} and content ->> 'event' like 'participants%' order by position`;
  expect(lines.map(({ content }) => content)).toMatchObject([
    { event: 'participants_promoted', by: 'KEPT-Ben', to: ['…'] },
    { event: 'participants_promoted', by: null, to: ['KEPT-Ben'] },
  ]);
  const seats = await app.sql<{ address: string }[]>`select address from participants where tenant_id = ${tenant.id}`;
  expect(seats.map(({ address }) => address)).toEqual([`+${BEN}`]);
  const [unmet] = await app.sql<{ waiting: { title: string; members: object } }[]>`
    select waiting from externals where tenant_id = ${tenant.id} and external_id = ${`group:${UNMET}`}`;
  expect(unmet?.waiting).toMatchObject({ title: 'KEPT-unmet', members: { [`+${BEN}`]: {} } });
  expect(await residueOf(app.sql, ['KEPT-direct', 'KEPT-hello'])).toContain('KEPT-direct in public.webhooks');
  expect((await caller.call(getConversation, { params: { id: talk } })).status).toBe(404);
  expect((await caller.call(listConversations)).body.items.map(({ title }) => title).sort()).toEqual([
    'KEPT-Ben',
    'KEPT-group',
  ]);
  expect((await caller.call(eraseContact, { params })).status).toBe(404);
  const log = (await caller.call(listAudit, { query: { target: contactId } })).body.items;
  expect(log).toMatchObject([
    { action: 'contact.erased', actor: { kind: 'system' }, after: { conversations: 1, messages: 7 } },
    { action: 'contact.erasure_begun', actor: { id: owner.id } },
    { action: 'contact.renamed', after: null },
  ]);
});

/** The log keeps whom it was done to; a reply of ours keeps the number of what it answered, and nothing that was in it. */
function isAllowed(one: string, contactId: string, answered: string): boolean {
  return [`${contactId} in public.audit_log`, `${answered} in public.messages`].includes(one);
}

/** In all of these something of theirs stood; webhooks once more under the name of their day. */
const TABLES = [
  expect.stringMatching(/^parts.webhooks_/),
  'public.attachments',
  'public.audit_log',
  ...['public.chat_addresses', 'public.chats', 'public.contacts', 'public.conversations', 'public.deliveries'],
  ...['public.events', 'public.externals', 'public.idempotency_keys', 'public.identities', 'public.message_edits'],
  ...[
    'public.messages',
    'public.participants',
    'public.pending',
    'public.reactions',
    'public.reads',
    'public.search_texts',
    'public.webhooks',
  ],
];

it('makes streams and programs begin again, and calls nothing gone that lives', async () => {
  const { tenant, owner, account, contactId } = await furnish();
  const caller = app.as(owner);
  const stream = await TestStream.open({ url: app.url, cookie: owner.cookie });
  const { nextCursor } = (await caller.call(listEvents, { query: { after: 0 } })).body;
  await caller.call(eraseContact, { params: { id: contactId } });
  await turn();
  await waitFor('the open screen to begin again', () => stream.resets.length === 1 && stream.ended);
  expect(stream.events.filter(({ type }) => type === 'conversation.removed')).toEqual([]);
  const late = await caller.call(listEvents, { query: { after: Number(nextCursor) } });
  expect(late.body).toMatchObject({ code: 'cursor_gone' });
  expect(await tenant.events()).toEqual([]);
  const [head] = stream.resets;
  const again = await TestStream.open({ url: app.url, cookie: owner.cookie, lastEventId: head ?? 0 });
  await brought(account, ben('B9', text('KEPT-later')));
  await waitFor('what comes after', () => again.events.some(({ type }) => type === 'message.created'));
  expect(again.resets).toEqual([]);
  again.cut();
});

it('leaves what was taken and not applied yet to the lanes, and a number of the tenant’s own to all who name it', async () => {
  const { tenant, owner, account, contactId } = await furnish();
  const other = await tenant.newAccount('evolution', {}, { name: 'Other' });
  await post(account, ben('W1', text(`KEPT-call +${RITA}, or just ${RITA}`)));
  const erasing = app.as(owner).call(eraseContact, { params: { id: contactId } });
  expect((await erasing).status).toBe(202);
  const turned = turn();
  await waitFor('the eraser to pass by', async () => {
    const [row] = await app.sql`select 1 from erasures where tenant_id = ${tenant.id} and messages > 0`;
    return row;
  });
  await applied();
  await turned;
  expect(await wordsOf(tenant)).toContain(`KEPT-call +${RITA}, or just ${RITA}`);
  expect(await app.sql`select 1 from erasures where tenant_id = ${tenant.id}`).toHaveLength(0);
  expect(await residueOf(app.sql, [`or just ${RITA}`])).not.toContain(`or just ${RITA} in public.webhooks`);

  await app.sql`update accounts set address = ${`+${RITA}`} where id = ${other.id}`;
  await brought(account, rita('D8', text('to the other number')));
  await brought(other, { ...ben('O1', text('KEPT-to-the-other')), sender: jid(RITA) });
  const id = await contactOf(tenant, RITA);
  await app.as(owner).call(eraseContact, { params: { id } });
  await turn();
  expect(await contactOf(tenant, RITA)).toBe('');
  expect(await residueOf(app.sql, ['KEPT-to-the-other'])).toContain('KEPT-to-the-other in public.webhooks');
});

it('goes through a tenant page by page', async () => {
  const { tenant, owner, account, contactId, group } = await furnish();
  const [t, a] = [tenant.id, account.id];
  const [chat = ''] = await idsOf(app.sql`select id from chats where conversation_id = ${group}`);
  await app.sql`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position)
    select ${t}, gen_random_uuid(), ${group}, ${chat}, 'inbound', '{"type":"text","text":"KEPT-many"}', n from generate_series(1, 2500) n`;
  await app.sql`insert into webhooks (tenant_id, received_on, key, account_id, received_at, correlation_id, body)
    select ${t}, (now() at time zone 'utc')::date - n % 2, gen_random_uuid(), ${a}, now(), 'c', '{"many":true}' from generate_series(1, 900) n`;
  await app.sql`insert into events (tenant_id, seq, type, at, data) select ${t}, 1000 + n, 'many', now(), '"type":"many"' from generate_series(1, 2500) n`;
  await app.sql`insert into idempotency_keys (tenant_id, member_id, key, fingerprint, response)
    select ${t}, ${owner.id}, n::text, 'x', '{"status":200,"body":{}}' from generate_series(1, 2500) n`;
  await app.as(owner).call(eraseContact, { params: { id: contactId } });
  await turn();
  expect(await residueOf(app.sql, [RITA])).toEqual([]);
  expect(await app.sql`select 1 from events where tenant_id = ${t}`).toHaveLength(0);
  const rows = await app.sql`select 1 from messages where tenant_id = ${t} and content ->> 'text' = 'KEPT-many'`;
  expect(rows).toHaveLength(2500);
  expect(await app.sql`select 1 from webhooks where tenant_id = ${t} and body = '{"many":true}'`).toHaveLength(900);
});

it('is finished by another worker, wherever one dies', async () => {
  const { tenant, owner, contactId, talk } = await furnish();
  expect((await residueOf(app.sql, [RITA])).length).toBeGreaterThan(5);
  await app.as(owner).call(eraseContact, { params: { id: contactId } });
  const pool = steadyPool(app.env.DATABASE_URL, 'parley_eraser', { max: 1 });
  let deaths = 0;
  for (let steps = 1; ; steps += 2) {
    let left = steps;
    const dying = { begin: (...call: Parameters<SteadyPool['begin']>) => (left-- > 0 ? pool.begin(...call) : died()) };
    const db = worker.get(TenantDb, { strict: false });
    const one = new ContactEraser(dying as SteadyPool, worker.get(PLATFORM, { strict: false }), db);
    const outcome = await one.turn().then(
      () => 'done',
      (error: Error) => error.message,
    );
    if (outcome === 'done') break;
    expect(outcome).toBe('the worker died');
    deaths++;
    await app.sql`update erasures set lease_until = now() - interval '1 second' where tenant_id = ${tenant.id}`;
  }
  await pool.close();
  expect(deaths).toBeGreaterThan(10);
  const texts = await wordsOf(tenant);
  expect(texts.filter((one) => !one.startsWith('KEPT'))).toEqual([]);
  expect(await residueOf(app.sql, [talk, RITA])).toEqual([]);
  const log = await app.sql<
    { action: string }[]
  >`select action from audit_log where target_id = ${contactId} order by seq`;
  expect(log.map(({ action }) => action)).toEqual(['contact.erasure_begun', 'contact.erased']);
});

const died = () => Promise.reject(new Error('the worker died'));
