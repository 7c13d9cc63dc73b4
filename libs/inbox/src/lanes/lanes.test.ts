import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { evolution } from '@parley/channels/evolution/evolution';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestAccount } from '@parley/testing/account';
import type { TestConversation } from '@parley/testing/conversation';
import type { TestTenant } from '@parley/testing/tenant';
import { PlatformModule } from '@parley/platform/platform.module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConversations } from '../conversations/conversation.view';
import { loadMessages } from '../messages/message.view';
import { IntakeModule } from '../intake/intake.module';
import { IntakeService } from '../intake/intake.service';
import { LanesModule } from './lanes.module';
import { LanesService } from './lanes.service';

@Module({ imports: [IntakeModule, LanesModule] })
class Parts {}

let app: TestApp;
let parts: INestApplicationContext;

beforeAll(async () => {
  app = await startApp({});
  const root = { module: Parts, imports: [PlatformModule.forRoot(app.env)] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
});
afterAll(async () => {
  await parts?.close();
  await app?.close();
});

interface Said {
  id: string;
  from?: string;
  text?: string;
  /** Seconds. */
  at?: number;
  fromMe?: boolean;
  lid?: string;
  name?: string;
}

const START = Math.floor(Date.now() / 1000) - 3600;

function envelope(account: TestAccount, event: string, data: unknown): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      event,
      instance: account.config.instance,
      data,
      destination: 'x',
      date_time: '2026-01-01T00:00:00.000Z',
    }),
  );
}

function upsert(
  account: TestAccount,
  { id, from = '15550107788', text = 'hello', at = START, fromMe = false, lid, name = 'Rosa' }: Said,
): Uint8Array {
  const key = { remoteJid: `${from}@s.whatsapp.net`, fromMe, id, ...(lid ? { remoteJidAlt: `${lid}@lid` } : {}) };
  return envelope(account, 'messages.upsert', {
    key,
    pushName: name,
    message: { conversation: text },
    messageType: 'conversation',
    messageTimestamp: at,
  });
}

/** Posts bodies as the provider would, then waits until all are applied. */
async function post(account: TestAccount, ...bodies: Uint8Array[]): Promise<void> {
  for (const body of bodies) await take(account, body);
  await applied();
}

async function take(account: TestAccount, body: Uint8Array): Promise<void> {
  const headers = { 'x-parley-secret': String(account.config.webhookSecret) };
  const token = account.webhookPath.split('/').at(-1) ?? '';
  const taken = await parts.get(IntakeService).take(evolution, token, { headers, body }, 'test');
  expect(taken).toMatchObject({ outcome: 'kept', nobodys: 0 });
}

async function applied(): Promise<void> {
  const lanes = parts.get(LanesService);
  for (;;) {
    const rows = await app.sql<
      { lane: number }[]
    >`select distinct lane from pending where dead is null and (due_at is null or due_at < now())`;
    if (!rows.length) return;
    for (const { lane } of rows) lanes.ring(lane);
    await lanes.settled();
  }
}

async function newAccount(): Promise<{ tenant: TestTenant; account: TestAccount }> {
  const { tenant } = await app.newTenant();
  return { tenant, account: await tenant.newAccount('evolution') };
}

function thread(tenant: TestTenant) {
  return app.sql<{ text: string; direction: string; late: boolean; position: number; conversation_id: string }[]>`
    select content->>'text' as text, direction, late, position, conversation_id from messages
    where tenant_id = ${tenant.id} and direction <> 'system' order by position, id`;
}

describe('once', () => {
  it('makes one message of five copies, and one conversation of ten first messages', async () => {
    const { tenant, account } = await newAccount();
    const copies = Array.from({ length: 5 }, () => upsert(account, { id: 'A1', text: 'same' }));
    const others = Array.from({ length: 9 }, (_, i) => upsert(account, { id: `B${i}`, text: `b${i}` }));
    await Promise.all([...copies, ...others].map((body) => take(account, body)));
    await applied();
    const rows = await thread(tenant);
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map((r) => r.conversation_id)).size).toBe(1);
  });

  it('is not fooled when a copy comes on another day', async () => {
    const { tenant, account } = await newAccount();
    await post(account, upsert(account, { id: 'A1' }));
    await app.sql`delete from webhooks where tenant_id = ${tenant.id}`;
    await post(account, upsert(account, { id: 'A1' }));
    expect(await thread(tenant)).toHaveLength(1);
    expect(await tenant.events()).toHaveLength(1);
  });
});

describe('one person under two addresses', () => {
  it('joins phone and LID when an item names both, whichever came first', async () => {
    const { tenant, account } = await newAccount();
    const lidOnly = envelope(account, 'messages.upsert', {
      key: { remoteJid: '88213004455667@lid', fromMe: false, id: 'L1' },
      pushName: 'Rosa',
      message: { conversation: 'by lid' },
      messageType: 'conversation',
      messageTimestamp: START,
    });
    await post(
      account,
      lidOnly,
      upsert(account, { id: 'L2', text: 'both', lid: '88213004455667', at: START + 1 }),
      upsert(account, { id: 'L3', text: 'phone', at: START + 2 }),
    );
    const rows = await thread(tenant);
    expect(rows.map((r) => r.text)).toEqual(['by lid', 'both', 'phone']);
    expect(new Set(rows.map((r) => r.conversation_id)).size).toBe(1);
    expect(await app.sql`select 1 from contacts where tenant_id = ${tenant.id}`).toHaveLength(1);
  });

  it('tells of an address that it learns, is found by it, and is called by a number once one is known', async () => {
    const { tenant, account } = await newAccount();
    const key = { remoteJid: '77213004455667@lid', fromMe: false, id: 'N1' };
    const lidOnly = { key, message: { conversation: 'lid' }, messageType: 'conversation', messageTimestamp: START };
    await post(account, envelope(account, 'messages.upsert', lidOnly));
    await post(account, upsert(account, { id: 'N2', lid: '77213004455667', name: '', at: START + 1 }));
    const identities = [
      { kind: 'lid', address: '77213004455667@lid' },
      { kind: 'phone', address: '+15550107788' },
    ];
    expect((await tenant.events()).slice(1)).toMatchObject([
      { type: 'message.created', conversation: { title: '+15550107788' } },
      { type: 'contact.updated', contact: { name: null, identities } },
    ]);
    const [found] = await app.sql`select search_text from conversations where tenant_id = ${tenant.id}`;
    expect(found?.search_text).toContain('+15550107788');
  });

  it('suggests a merge, and merges nothing, when both are known apart', async () => {
    const { tenant, account } = await newAccount();
    const lidOnly = envelope(account, 'messages.upsert', {
      key: { remoteJid: '99213004455667@lid', fromMe: false, id: 'M1' },
      pushName: 'R',
      message: { conversation: 'lid' },
      messageType: 'conversation',
      messageTimestamp: START,
    });
    await post(account, lidOnly, upsert(account, { id: 'M2', text: 'phone' }));
    await post(account, upsert(account, { id: 'M3', text: 'both', lid: '99213004455667' }));
    expect(await app.sql`select 1 from contacts where tenant_id = ${tenant.id}`).toHaveLength(2);
    expect(await app.sql`select 1 from merge_suggestions where tenant_id = ${tenant.id}`).toHaveLength(1);
    expect(await thread(tenant)).toHaveLength(3);
  });
});

it('takes over the name that a provider learns, once in each conversation, but not over a member’s', async () => {
  const { tenant, account } = await newAccount();
  const [first, second] = [account, await tenant.newAccount('evolution')];
  for (const one of [first, second]) await post(one, upsert(one, { id: 'W1', name: '' }));
  await post(first, upsert(first, { id: 'W2', name: 'Rosa', at: START + 1 }));
  const named = (await tenant.events()).filter((e) => e.type === 'contact.updated');
  expect(named.map((e) => e.contact.name)).toEqual(['Rosa', 'Rosa']);
  const titles = await app.sql`select title from conversations where tenant_id = ${tenant.id}`;
  expect(titles.map((c) => c.title)).toEqual(['Rosa', 'Rosa']);
  await app.sql`update contacts set name = 'Ms Lind', named_by = 'member' where tenant_id = ${tenant.id}`;
  await post(first, upsert(first, { id: 'W3', name: 'Rosie', at: START + 2 }));
  expect(await app.sql`select name from contacts where tenant_id = ${tenant.id}`).toEqual([{ name: 'Ms Lind' }]);
});

describe('order', () => {
  it('puts a late message where the provider dates it, and says so after a minute', async () => {
    const { tenant, account } = await newAccount();
    await post(
      account,
      upsert(account, { id: 'O1', text: '1', at: START }),
      upsert(account, { id: 'O3', text: '3', at: START + 300 }),
    );
    await post(
      account,
      upsert(account, { id: 'O2', text: '2', at: START + 100 }),
      upsert(account, { id: 'O4', text: '4', at: START + 290 }),
    );
    const rows = await thread(tenant);
    expect(rows.map((r) => [r.text, r.late])).toEqual([
      ['1', false],
      ['2', true],
      ['4', false],
      ['3', false],
    ]);
  });

  it('gives the same thread for any order of arrival', async () => {
    const orders = [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
      [1, 4, 0, 3, 2],
      [3, 1, 4, 2, 0],
    ];
    for (const [n, order] of orders.entries()) {
      for (const atOnce of [true, false]) {
        const { tenant, account } = await newAccount();
        const bodies = order.map((i) => upsert(account, { id: `P${n}-${i}`, text: String(i), at: START + i * 10 }));
        if (atOnce) await post(account, ...bodies);
        else for (const body of bodies) await post(account, body);
        expect(
          (await thread(tenant)).map((r) => r.text),
          `${order} ${atOnce}`,
        ).toEqual(['0', '1', '2', '3', '4']);
      }
    }
  });

  it('puts one that is late behind what came at the end with it, below an answer of ours', async () => {
    for (const atOnce of [true, false]) {
      const { tenant, account } = await newAccount();
      await post(account, upsert(account, { id: 'L1', text: '1', at: START }));
      const [chat] = await app.sql<TestConversation[]>`
        select c.id, c.tenant_id "tenantId", c.account_id "accountId", c.chat_id "chatId", c.contact_id "contactId", '' phone
        from conversations c where c.tenant_id = ${tenant.id}`;
      if (!chat) throw new Error('no conversation');
      const sentAt = new Date((START + 200) * 1000);
      await tenant.newMessage(chat, { direction: 'outbound', text: 'ours', sentAt });
      const bodies = [3, 5, 4].map((n) => upsert(account, { id: `L${n}`, text: String(n), at: START + 210 + n * 10 }));
      if (atOnce) await post(account, ...bodies);
      else for (const body of bodies) await post(account, body);
      expect((await thread(tenant)).map((r) => r.text)).toEqual(['1', 'ours', '3', '4', '5']);
    }
  });

  it('keeps arrival among equal dates', async () => {
    const { tenant, account } = await newAccount();
    const bodies = ['a', 'b', 'c', 'd'].map((text, i) => upsert(account, { id: `T${i}`, text, at: START }));
    await post(account, ...bodies);
    expect((await thread(tenant)).map((r) => r.text)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('changes', () => {
  const edit = (account: TestAccount, id: string, text: string, ms: number) =>
    envelope(account, 'messages.edited', {
      key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id },
      type: 14,
      editedMessage: { conversation: text },
      timestampMs: String(ms),
    });
  const react = (account: TestAccount, id: string, emoji: string, at: number) =>
    envelope(account, 'messages.upsert', {
      key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id: `R${id}${at}${emoji}` },
      pushName: 'Rosa',
      messageType: 'reactionMessage',
      messageTimestamp: at,
      message: {
        reactionMessage: {
          key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id },
          text: emoji,
          senderTimestampMs: String(at * 1000),
        },
      },
    });

  it('ends in the same state whatever comes first: message, edits or reactions', async () => {
    const make = (account: TestAccount) => [
      upsert(account, { id: 'C1', text: 'first' }),
      edit(account, 'C1', 'second', (START + 5) * 1000),
      edit(account, 'C1', 'third', (START + 9) * 1000),
      react(account, 'C1', '👍', START + 6),
      react(account, 'C1', '❤️', START + 8),
    ];
    for (const order of [
      [0, 1, 2, 3, 4],
      [2, 1, 4, 3, 0],
      [4, 0, 2, 1, 3],
      [3, 4, 1, 0, 2],
    ]) {
      for (const atOnce of [true, false]) {
        const { tenant, account } = await newAccount();
        const bodies = order.flatMap((i) => make(account)[i] ?? []);
        if (atOnce) await post(account, ...bodies);
        else for (const body of bodies) await post(account, body);
        expect(
          (await thread(tenant)).map((r) => r.text),
          `${order}`,
        ).toEqual(['third']);
        const reactions = await app.sql`select emoji from reactions where tenant_id = ${tenant.id}`;
        expect(reactions, `${order} ${atOnce}`).toMatchObject([{ emoji: '❤️' }]);
        const [c] = await app.sql`select preview from conversations where tenant_id = ${tenant.id}`;
        expect(c).toEqual({ preview: 'third' });
      }
    }
  });

  it('believes the later one of two that are dated alike', async () => {
    const { tenant, account } = await newAccount();
    await post(account, upsert(account, { id: 'S1', text: 'first' }));
    for (const text of ['second', 'third']) await post(account, edit(account, 'S1', text, (START + 5) * 1000));
    for (const emoji of ['👍', '❤️']) await post(account, react(account, 'S1', emoji, START + 6));
    expect((await thread(tenant)).map((r) => r.text)).toEqual(['third']);
    expect(await app.sql`select emoji from reactions where tenant_id = ${tenant.id}`).toMatchObject([{ emoji: '❤️' }]);
  });

  it('remembers when somebody reacted alike again', async () => {
    const { tenant, account } = await newAccount();
    await post(account, upsert(account, { id: 'S2' }), react(account, 'S2', '👍', START + 2));
    await post(account, react(account, 'S2', '👍', START + 9));
    await post(account, react(account, 'S2', '❤️', START + 5));
    expect(await app.sql`select emoji from reactions where tenant_id = ${tenant.id}`).toMatchObject([{ emoji: '👍' }]);
    expect((await tenant.events()).map((e) => e.type)).toEqual(['message.created', 'message.updated']);
  });

  it('leaves a tombstone where a deletion comes before its message', async () => {
    const { tenant, account } = await newAccount();
    const gone = envelope(account, 'messages.delete', {
      remoteJid: '15550107788@s.whatsapp.net',
      fromMe: false,
      id: 'D1',
      status: 'DELETED',
    });
    await post(account, gone);
    await post(account, upsert(account, { id: 'D1', text: 'oops' }));
    const [row] = await app.sql`select deleted_at from messages where tenant_id = ${tenant.id}`;
    expect(row?.deleted_at).not.toBeNull();
  });
});

it('changes the caption below a file, and leaves the file what it is', async () => {
  const { tenant, account } = await newAccount();
  const key = { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id: 'F1' };
  const file = { mimetype: 'image/jpeg', fileLength: 83412, width: 960, height: 1280, caption: 'the blue one' };
  const image = { key, messageType: 'imageMessage', messageTimestamp: START, message: { imageMessage: file } };
  const caption = { imageMessage: { caption: 'the red one' } };
  const edit = { key, type: 14, editedMessage: caption, timestampMs: String((START + 5) * 1000) };
  await post(account, envelope(account, 'messages.upsert', image));
  await post(account, envelope(account, 'messages.edited', edit));
  const [message] = await app.sql`select content from messages where tenant_id = ${tenant.id}`;
  expect(message?.content).toMatchObject({
    mimeType: 'image/jpeg',
    sizeBytes: 83412,
    width: 960,
    caption: 'the red one',
  });
});

describe('a group', () => {
  const GROUP = '120363041234567890@g.us';
  const [ana, ben] = ['15550103311@s.whatsapp.net', '15550103312@s.whatsapp.net'];
  const snapshot = (account: TestAccount, subject: string) =>
    envelope(account, 'groups.upsert', [
      {
        id: GROUP,
        subject,
        participants: [
          { id: ana, admin: 'admin' },
          { id: ben, admin: null },
        ],
      },
    ]);
  const joined = (account: TestAccount, jid: string) =>
    envelope(account, 'group-participants.update', { id: GROUP, author: ana, participants: [jid], action: 'add' });
  const written = (account: TestAccount) =>
    envelope(account, 'messages.upsert', {
      key: { remoteJid: GROUP, fromMe: false, id: 'G1', participant: ana },
      pushName: 'Ana',
      message: { conversation: 'hello all' },
      messageType: 'conversation',
      messageTimestamp: START,
    });
  const shown = async (tenant: TestTenant) => ({
    titles: (await app.sql`select title, search_text from conversations where tenant_id = ${tenant.id}`).map(
      (c) => c.title as string,
    ),
    members: (
      await app.sql`select address, admin from participants where tenant_id = ${tenant.id} and left_at is null order by address`
    ).map((p) => `${p.address}${p.admin ? ' admin' : ''}`),
    lines: (
      await app.sql`select content->>'event' as event from messages where tenant_id = ${tenant.id} and direction = 'system'`
    ).length,
  });

  it('has the name and members that were told before anybody wrote in it', async () => {
    for (const atOnce of [true, false]) {
      const { tenant, account } = await newAccount();
      const bodies = [snapshot(account, 'Depot crew'), joined(account, '15550103313@s.whatsapp.net'), written(account)];
      if (atOnce) await post(account, ...bodies);
      else for (const body of bodies) await post(account, body);
      expect(await shown(tenant), `${atOnce}`).toMatchObject({
        titles: ['Depot crew'],
        members: ['+15550103311 admin', '+15550103312', '+15550103313'],
      });
      expect((await tenant.events())[0]).toMatchObject({
        type: 'message.created',
        conversation: { title: 'Depot crew' },
      });
    }
  });

  it('learns its name without a word, and says so when it changes', async () => {
    const { tenant, account } = await newAccount();
    await post(account, written(account));
    await post(account, snapshot(account, 'Depot crew'));
    expect(await shown(tenant)).toMatchObject({ titles: ['Depot crew'], lines: 0 });
    await post(account, snapshot(account, 'Night crew'));
    expect(await shown(tenant)).toMatchObject({ titles: ['Night crew'], lines: 1 });
  });

  const said = async (tenant: TestTenant) => {
    const rows = await app.sql<{ event: string; to: string[] }[]>`
      select content->>'event' as event, content->'to' as to from messages where tenant_id = ${tenant.id} and direction = 'system'
      order by position, id`;
    return rows.map(({ event, to }) => [event.replace('participants_', ''), ...to].join(' '));
  };
  let lists = 0;
  /** Never the same bytes twice: those would be a repeat. */
  const list = (account: TestAccount, ...participants: { id: string; phoneNumber?: string; admin?: string }[]) =>
    envelope(account, 'groups.upsert', [{ id: GROUP, subject: 'Depot crew', participants, creation: ++lists }]);

  // Some providers tell of nobody who comes or goes, only of all who are there: the lines come from what differs.
  it('says who came, went and became an admin since the list before, and nothing of the first list', async () => {
    const { tenant, account } = await newAccount();
    await post(account, written(account));
    await post(account, list(account, { id: ana }, { id: ben, admin: 'admin' }));
    expect(await said(tenant)).toEqual([]);
    const cleo = '15550103314@s.whatsapp.net';
    await post(account, list(account, { id: ana, admin: 'admin' }, { id: cleo }));
    expect(await said(tenant)).toEqual(['added +15550103314', 'removed +15550103312', 'promoted Ana']);
    await post(account, list(account, { id: ana, admin: 'admin' }, { id: cleo }, { id: ben }));
    expect((await said(tenant)).slice(3)).toEqual(['added +15550103312']);
    expect((await shown(tenant)).members).toEqual(['+15550103311 admin', '+15550103312', '+15550103314']);
  });

  it('lets who looks hear of the first list, which makes no line', async () => {
    const { tenant, account } = await newAccount();
    await post(account, written(account));
    const before = (await tenant.events()).length;
    await post(account, envelope(account, 'groups.upsert', [{ id: GROUP, participants: [{ id: ana }, { id: ben }] }]));
    expect((await tenant.events()).slice(before)).toMatchObject([{ type: 'conversation.updated' }]);
    expect(await said(tenant)).toEqual([]);
  });

  it('knows somebody in a list by any address of theirs', async () => {
    const { tenant, account } = await newAccount();
    await post(account, written(account));
    await post(account, list(account, { id: ana }, { id: '77120009988776@lid' }));
    const known = { id: '77120009988776@lid', phoneNumber: '15550103319@s.whatsapp.net' };
    await post(account, list(account, { id: ana }, known));
    expect(await said(tenant)).toEqual([]);
    expect((await shown(tenant)).members).toEqual(['+15550103311', '+15550103319']);
  });

  // A list may come before the word that made it, and a word may come again in another envelope.
  it('says once that somebody came or went', async () => {
    const { tenant, account } = await newAccount();
    const left = (jid: string) =>
      envelope(account, 'group-participants.update', { id: GROUP, participants: [jid], action: 'remove' });
    await post(account, written(account));
    await post(account, list(account, { id: ana }));
    await post(account, list(account, { id: ana }, { id: ben }));
    await post(account, joined(account, ben));
    expect(await said(tenant)).toEqual(['added +15550103312']);
    await post(account, left(ben));
    await post(account, list(account, { id: ana }));
    expect(await said(tenant)).toEqual(['added +15550103312', 'removed +15550103312']);
  });

  it('takes no rank from who is said to come and was there', async () => {
    const { tenant, account } = await newAccount();
    await post(account, written(account));
    await post(account, list(account, { id: ana }, { id: ben, admin: 'admin' }));
    await post(account, joined(account, ben));
    expect((await shown(tenant)).members).toEqual(['+15550103311', '+15550103312 admin']);
    await post(account, list(account, { id: ana }, { id: ben, admin: 'admin' }));
    expect(await said(tenant)).toEqual([]);
  });

  describe('that is left out', () => {
    const ignore = (account: TestAccount, allowed: string[] = []) =>
      app.sql`update accounts set ignores_groups = true, allowed_groups = ${allowed} where id = ${account.id}`;
    const other = '120363049999999999@g.us';
    const inGroup = (account: TestAccount, id: string, group = GROUP) =>
      envelope(account, 'messages.upsert', {
        key: { remoteJid: group, fromMe: false, id, participant: ana },
        pushName: 'Ana',
        message: { conversation: id },
        messageType: 'conversation',
        messageTimestamp: START,
      });
    const left = async (tenant: TestTenant) => ({
      titles: (await shown(tenant)).titles,
      texts: (await thread(tenant)).map(({ text }) => text),
      contacts: (await app.sql`select 1 from contacts where tenant_id = ${tenant.id}`).length,
      waiting: (await app.sql`select 1 from pending where tenant_id = ${tenant.id}`).length,
    });

    it('makes no message, no conversation and nobody a contact, and people are heard as ever', async () => {
      const { tenant, account } = await newAccount();
      await ignore(account);
      const bodies = [inGroup(account, 'one'), snapshot(account, 'Depot crew'), joined(account, ben)];
      await post(account, ...bodies, upsert(account, { id: 'P1', text: 'in person' }));
      expect(await left(tenant)).toEqual({ titles: ['Rosa'], texts: ['in person'], contacts: 1, waiting: 0 });
    });

    it('is heard all the same where it is allowed', async () => {
      const { tenant, account } = await newAccount();
      await ignore(account, [GROUP]);
      await post(account, inGroup(account, 'heard'), inGroup(account, 'not heard', other));
      expect(await left(tenant)).toMatchObject({ texts: ['heard'], waiting: 0 });
    });

    it('keeps the conversation that it has, which goes on once it is heard again', async () => {
      const { tenant, account } = await newAccount();
      await post(account, inGroup(account, 'before'));
      await ignore(account);
      await post(account, inGroup(account, 'meanwhile'));
      await app.sql`update accounts set ignores_groups = false where id = ${account.id}`;
      await post(account, inGroup(account, 'after'));
      expect(await left(tenant)).toMatchObject({ titles: [GROUP], texts: ['before', 'after'] });
    });
  });
});

describe('what comes again', () => {
  const placeholder = (account: TestAccount, id: string) =>
    envelope(account, 'messages.upsert', {
      key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id },
      pushName: 'Rosa',
      message: { placeholderMessage: { type: 'MASK_LINKED_DEVICES' } },
      messageType: 'placeholderMessage',
      messageTimestamp: START,
    });
  const shown = (tenant: TestTenant) =>
    app.sql`select m.content->>'type' as type, m.content->>'text' as text, m.edited_at, c.preview, c.received, c.last_type
      from messages m join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id where m.tenant_id = ${tenant.id}`;
  const readable = {
    type: 'text',
    text: 'read it',
    edited_at: null,
    preview: 'read it',
    last_type: 'text',
    received: 1,
  };

  it('takes the place of what could not be shown, at once or later, and never the other way round', async () => {
    for (const atOnce of [true, false]) {
      for (const readableFirst of [true, false]) {
        const { tenant, account } = await newAccount();
        const bodies = [placeholder(account, 'X1'), upsert(account, { id: 'X1', text: 'read it' })];
        if (readableFirst) bodies.reverse();
        if (atOnce) await post(account, ...bodies);
        else for (const body of bodies) await post(account, body);
        expect(await shown(tenant), `${atOnce} ${readableFirst}`).toEqual([readable]);
      }
    }
  });

  it('is told as a change of the message and of the list', async () => {
    const { tenant, account } = await newAccount();
    await post(account, placeholder(account, 'X2'));
    await post(account, upsert(account, { id: 'X2', text: 'read it' }));
    expect(await tenant.events()).toMatchObject([
      { type: 'message.created', message: { content: { type: 'unsupported' } } },
      { type: 'message.updated', message: { content: { type: 'text', text: 'read it' }, editedAt: null } },
      { type: 'conversation.updated', conversation: { lastMessage: { preview: 'read it' }, received: 1 } },
    ]);
  });
});

describe('a call', () => {
  const call = (account: TestAccount, status: string, at: number) =>
    envelope(account, 'call', {
      chatId: '15550107788@s.whatsapp.net',
      from: '15550107788@s.whatsapp.net',
      id: 'CALL1',
      date: new Date(at * 1000).toISOString(),
      status,
      isVideo: false,
    });

  it('shows what became of it, and never as edited', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { tenant, account } = await newAccount();
      const told = [call(account, 'offer', START), call(account, 'timeout', START + 20)];
      for (const i of order) await post(account, told[i] ?? new Uint8Array());
      const last = (await tenant.events())
        .filter((e) => e.type === 'message.created' || e.type === 'message.updated')
        .at(-1);
      expect(last).toMatchObject({ message: { content: { type: 'call', outcome: 'missed' }, editedAt: null } });
    }
  });
});

describe('what cannot be read', () => {
  const broken = (account: TestAccount, id: string) =>
    envelope(account, 'messages.upsert', {
      key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id },
      message: { conversation: { not: 'a text' } },
      messageType: 'conversation',
      messageTimestamp: START + 1,
    });

  it('is kept in its place, and a replay fills the place', async () => {
    const { tenant, account } = await newAccount();
    await post(
      account,
      upsert(account, { id: 'U1', text: 'before' }),
      broken(account, 'U2'),
      upsert(account, { id: 'U3', text: 'after', at: START + 2 }),
    );
    const thread = await app.sql`
      select coalesce(content->>'text', content->>'type') as words from messages where tenant_id = ${tenant.id} order by position`;
    expect(thread.map(({ words }) => words)).toEqual(['before', 'unreadable', 'after']);
    const [dead] = await app.sql`select key, dead from pending where tenant_id = ${tenant.id}`;
    expect(dead?.dead).toBeTruthy();

    await app.sql`update webhooks set body = ${Buffer.from(upsert(account, { id: 'U2', text: 'mended', at: START + 1 }))} where tenant_id = ${tenant.id} and key = ${dead?.key}`;
    await app.sql`update pending set dead = null, arrival = arrival - 10000000::bigint * 2048 where tenant_id = ${tenant.id}`;
    await applied();
    const texts = await app.sql`select content->>'text' as text from messages where tenant_id = ${tenant.id}`;
    expect(texts.map((t) => t.text).sort()).toEqual(['after', 'before', 'mended']);
    expect((await tenant.events()).at(-1)).toMatchObject({
      type: expect.stringMatching(/message.updated|conversation.updated/),
    });
  });

  it('stands with its account when its chat cannot be read, and tells the tenant', async () => {
    const { tenant, account } = await newAccount();
    await post(account, Buffer.from('{"event":"messages.upsert","instance":5,"data":['));
    const [row] = await app.sql`select unreadable from accounts where id = ${account.id}`;
    expect(row).toEqual({ unreadable: 1 });
    expect((await tenant.events()).at(-1)).toMatchObject({ type: 'account.updated', account: { unreadable: 1 } });
  });
});

it('shows no words of a message that was deleted before it came, or edited after', async () => {
  const { tenant, account } = await newAccount();
  const gone = { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id: 'X1', status: 'DELETED' };
  await post(account, envelope(account, 'messages.delete', gone));
  await post(account, upsert(account, { id: 'X1', text: 'my secret' }));
  const [summary] = await app.sql`select preview, last_type from conversations where tenant_id = ${tenant.id}`;
  expect(summary).toEqual({ preview: '', last_type: 'deleted' });
});

it('counts with its account what is unreadable in a group that nobody has met', async () => {
  const { tenant, account } = await newAccount();
  const key = {
    remoteJid: '120363041234567890@g.us',
    fromMe: false,
    id: 'G1',
    participant: '15550107788@s.whatsapp.net',
  };
  const broken = {
    key,
    message: { conversation: { not: 'a text' } },
    messageType: 'conversation',
    messageTimestamp: START,
  };
  await post(account, envelope(account, 'messages.upsert', broken), upsert(account, { id: 'G2' }));
  expect(await app.sql`select unreadable from accounts where id = ${account.id}`).toEqual([{ unreadable: 1 }]);
  expect(await thread(tenant)).toHaveLength(1);
});

it('reopens a resolved conversation, keeps an active assignee and writes a line', async () => {
  const { tenant, account } = await newAccount();
  const agent = await tenant.newMember('agent');
  await post(account, upsert(account, { id: 'S1' }));
  await app.sql`update conversations set status = 'resolved', assignee_id = ${agent.id} where tenant_id = ${tenant.id}`;
  await post(account, upsert(account, { id: 'S2', text: 'again', at: START + 60 }));
  const [conversation] =
    await app.sql`select status, assignee_id, received, preview from conversations where tenant_id = ${tenant.id}`;
  expect(conversation).toEqual({ status: 'open', assignee_id: agent.id, received: 2, preview: 'again' });
  const kinds =
    await app.sql`select content->>'event' as event from messages where tenant_id = ${tenant.id} order by position`;
  expect(kinds.map((k) => k.event)).toEqual([null, 'reopened', null]);
});

it('counts what we wrote on the phone as an answer', async () => {
  const { tenant, account } = await newAccount();
  await post(
    account,
    upsert(account, { id: 'F1' }),
    upsert(account, { id: 'F2', fromMe: true, text: 'from the phone', at: START + 5 }),
  );
  const [c] =
    await app.sql`select received, answered, waiting_since, last_direction from conversations where tenant_id = ${tenant.id}`;
  expect(c).toEqual({ received: 1, answered: 1, waiting_since: null, last_direction: 'outbound' });
  expect((await tenant.events()).map((e) => e.type)).toEqual(['message.created', 'message.created']);
});

it('numbers events without a gap and lets each carry its conversation', async () => {
  const { tenant, account } = await newAccount();
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => take(account, upsert(account, { id: `E${i}`, from: `1555010${1000 + i}` }))),
  );
  await applied();
  const events = await tenant.events();
  expect(events.map((e) => e.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  expect(events.every((e) => e.type === 'message.created' && e.conversation.received === 1)).toBe(true);
});

// A batch says what it wrote without reading it again: with labels, an assignee, an answer, a quote, a line that says it
// was reopened, a message that comes late, and one from the phone.
it('shows in its events exactly what is read afterwards', async () => {
  const { tenant, account } = await newAccount();
  const [old, late] = ['15550101001', '15550101002'];
  await post(
    account,
    upsert(account, { id: 'V1', from: old, at: START }),
    upsert(account, { id: 'V2', from: late, at: START + 60 }),
  );
  const { id: memberId } = await tenant.newMember('agent');
  const ids = await app.sql<
    { id: string }[]
  >`select id from conversations where tenant_id = ${tenant.id} order by dated`;
  const [opened] = ids;
  await app.sql`update conversations set status = 'resolved', assignee_id = ${memberId} where id = ${opened?.id ?? ''}`;
  for (const name of ['b', 'a', 'c']) {
    const label = randomUUID();
    await app.sql`insert into labels (tenant_id, id, name, name_key, hue) values (${tenant.id}, ${label}, ${name}, ${name}, 1)`;
    await app.sql`insert into conversation_labels (tenant_id, conversation_id, label_id) values (${tenant.id}, ${opened?.id ?? ''}, ${label})`;
  }
  await post(
    account,
    upsert(account, { id: 'V3', from: old, at: START + 90, text: 'again  "so" \\ \n' + 'long '.repeat(400) }),
    upsert(account, { id: 'V4', from: late, at: START + 30 }),
    upsert(account, { id: 'V5', from: '15550101003', at: START + 91, name: 'Ada' }),
    upsert(account, { id: 'V6', from: '15550101003', at: START + 92, fromMe: true }),
    upsert(account, { id: 'V7', from: '15550101004', at: START + 93 }),
  );
  const events = (await tenant.events()).filter((e) => e.type === 'message.created');
  expect(events.length).toBe(8); // and the line
  const key = (id: string) => ({ tenantId: tenant.id, id });
  const messages = await loadMessages(
    app.sql,
    events.map((e) => key(e.message.id)),
  );
  const conversations = await loadConversations(app.sql, [...new Set(events.map((e) => e.conversation.id))].map(key));
  for (const { message } of events) expect(message).toEqual(messages.find((m) => m.id === message.id));
  const last = new Map(events.map((e) => [e.conversation.id, e.conversation]));
  for (const [id, conversation] of last) expect(conversation).toEqual(conversations.find((c) => c.id === id));
});

it('lets an echo wait for a slow send as long as that takes, and buries it not', async () => {
  const { tenant, account } = await newAccount();
  await post(account, upsert(account, { id: 'W1' }));
  const [chat] = await app.sql`select id, conversation_id from chats where tenant_id = ${tenant.id}`;
  const id = randomUUID();
  await app.sql`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, origin, position, delivery)
    values (${tenant.id}, ${id}, ${chat?.conversation_id}, ${chat?.id}, 'outbound', ${app.sql.json({ type: 'text', text: 'slow' })}, 'agent', ${(START + 9) * 1e6}, 0)`;
  await app.sql`insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, status, head, place, due_at, expires_at, lease_until)
    values (${tenant.id}, ${id}, ${account.id}, ${chat?.id}, ${chat?.conversation_id}, ${id}, 1, true, 1, now(), now() + interval '1 day', now() + interval '30 s')`;
  const echo = {
    key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: true, id: 'W2' },
    pushName: 'Você',
    status: 'PENDING',
    message: { conversation: 'slow' },
    messageType: 'conversation',
    messageTimestamp: START + 9,
  };
  await take(account, envelope(account, 'send.message', echo));
  for (let i = 0; i < 7; i++) {
    await app.sql`update pending set due_at = null, arrival = arrival - 3000000::bigint * 2048 where tenant_id = ${tenant.id}`;
    await applied();
  }
  expect(await app.sql`select dead, due_at is not null as waits from pending where tenant_id = ${tenant.id}`).toEqual([
    { dead: null, waits: true },
  ]);
});

// What arrived late was written long before, and its edits are dated by the provider.
it('keeps what a message said before in the order in which it was said', async () => {
  const { tenant, account } = await newAccount();
  const edit = (text: string, at: number) =>
    envelope(account, 'messages.edited', {
      key: { id: 'E1', remoteJid: '15550107788@s.whatsapp.net' },
      type: 14,
      editedMessage: { conversation: text },
      timestampMs: at * 1000,
    });
  await post(account, upsert(account, { id: 'E1', text: 'first' }));
  await post(account, edit('second', START), edit('last', START + 90), edit('third', START + 60)); // one batch
  await post(account, edit('fourth', START + 75));
  const rows =
    await app.sql`select content->>'text' as text from message_edits where tenant_id = ${tenant.id} order by at`;
  expect(rows.map(({ text }) => text as string)).toEqual(['first', 'second', 'third', 'fourth']);
  expect(await thread(tenant)).toMatchObject([{ text: 'last' }]);
});
