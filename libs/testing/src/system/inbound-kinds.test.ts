import { getAccount, listAccounts, type ProviderName } from '@parley/contracts/accounts';
import { Content } from '@parley/contracts/content';
import { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStream } from '../event-stream';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { bubblesIn, Desk, linesIn } from './desk';
import { evolutionCall, postAs, textCall, untilApplied } from './provider-calls';
import { conversationsOf } from './reading';
import { startSystem, type LiveAccount, type System } from './system';

const providers = ['evolution', 'cloud-api'] as const satisfies ProviderName[];

let system: System;
let tenant: TestTenant;
let admin: TestMember;
let accounts: Record<(typeof providers)[number], LiveAccount>;
let stream: TestStream;
let phones = 0;

beforeAll(async () => {
  system = await startSystem();
  ({ tenant, owner: admin } = await system.app.newTenant());
  accounts = {
    evolution: await system.connect(tenant, 'evolution'),
    'cloud-api': await system.connect(tenant, 'cloud-api'),
  };
  stream = await TestStream.open({ url: system.app.url, cookie: admin.cookie, after: 0 });
}, 120_000);
afterAll(async () => {
  stream?.cut();
  await system?.close();
});

const desk = (provider: (typeof providers)[number]) => new Desk(system, admin, accounts[provider]);
/** Far from the magic numbers. */
const newPhone = () => `+1202556${String(1000 + phones++)}`;

const file = (kind: string, mimeType: unknown = expect.any(String)) => ({ type: 'media', kind, mimeType });
const unsupported = (kind: string) => ({ type: 'unsupported', kind });
const choice = (text: string, id: unknown = 'ok') => ({ type: 'choice', id, text });
const place = { latitude: 38.7139, longitude: -9.1394 };
const cards = [
  { name: 'Ted Orr', phone: '+15550103311', email: 'ted@example.com', organisation: 'Depot' },
  { name: 'Ana Pell', phone: '+15550103312' },
];
const items = [{ product: 'SKU-9', quantity: 2, price: 19.5, currency: 'USD' }];

/** What a customer does; what the thread shows of it, on each provider. */
type Kind = [name: string, event: Record<string, unknown>, evolution: object, cloudApi: object];
const same = (name: string, event: Record<string, unknown>, shown: object): Kind => [name, event, shown, shown];
const kinds: Kind[] = [
  same('text', { text: 'Open today?' }, { type: 'text', text: 'Open today?' }),
  same('image', { text: 'the blue one' }, { ...file('image', 'image/jpeg'), caption: 'the blue one' }),
  same('video', { text: 'look' }, { ...file('video', 'video/mp4'), caption: 'look' }),
  same('audio', {}, file('audio', 'audio/mp4')),
  same('voice', {}, file('voice', 'audio/ogg; codecs=opus')),
  same(
    'document',
    { fileName: 'quote-118.pdf' },
    { ...file('document', 'application/pdf'), fileName: 'quote-118.pdf' },
  ),
  same('sticker', {}, file('sticker', 'image/webp')),
  same(
    'location',
    { ...place, title: 'Depot 4', address: '12 Quay Rd' },
    { type: 'location', ...place, name: 'Depot 4', address: '12 Quay Rd', live: false },
  ),
  [
    'location live',
    { kind: 'location', ...place, live: true },
    { type: 'location', ...place, live: true },
    unsupported('live_location'),
  ],
  same(
    'contact',
    { contacts: cards.slice(0, 1) },
    {
      type: 'contacts',
      contacts: [{ name: 'Ted Orr', phones: ['+15550103311'], emails: ['ted@example.com'], organisation: 'Depot' }],
    },
  ),
  same(
    'contacts',
    { contacts: cards },
    { type: 'contacts', contacts: [{ name: 'Ted Orr' }, { name: 'Ana Pell', phones: ['+15550103312'] }] },
  ),
  same('choice of a template', { kind: 'choice', style: 'template-button', text: 'Confirm' }, choice('Confirm')),
  same('choice of a button', { kind: 'choice', style: 'button', text: 'Confirm' }, choice('Confirm')),
  same(
    'choice of a list',
    { kind: 'choice', style: 'list', text: '10:00', description: 'Tuesday' },
    { ...choice('10:00'), description: 'Tuesday' },
  ),
  [
    'choice of a form',
    { kind: 'choice', style: 'flow', text: 'Sent' },
    choice('Sent'),
    choice('Sent', expect.anything()),
  ],
  [
    'poll',
    { text: 'Lunch?', options: ['Soup', 'Rice'] },
    { type: 'poll', question: 'Lunch?', options: ['Soup', 'Rice'], selectable: 1 },
    unsupported('poll'),
  ],
  ['order', { text: 'to pick up', items }, unsupported('order'), { type: 'order', text: 'to pick up', items }],
  same(
    'unsupported',
    { type: 'groupInviteMessage' },
    { type: 'unsupported', kind: expect.stringMatching(/^groupInvite/) },
  ),
];

describe.concurrent.each(providers)('%s', (provider) => {
  it.each(kinds)('shows what it is: %s', async (name, event, evolution, cloudApi) => {
    const [at, from] = [desk(provider), newPhone()];
    const [kind = name] = name.split(' ');
    const wanted = provider === 'evolution' ? evolution : cloudApi;
    await at.receive({ from, name: 'Rita', kind, ...event });
    const message = await at.bubble(from);
    expect(Content.parse(message.content)).toMatchObject(wanted);
    expect(message).toMatchObject({ direction: 'inbound', sender: { name: 'Rita' }, origin: null, delivery: null });
    expect(await at.conversation(from)).toMatchObject({ title: 'Rita', received: 1, kind: 'direct', status: 'open' });
  });

  it('shows what is quoted, passed on, reacted to, edited and deleted', async () => {
    const [at, from] = [desk(provider), newPhone()];
    const first = await at.receive({ from, name: 'Rita', text: 'Shall I come?' });
    await at.bubble(from);
    await at.receive({ from, text: 'I mean today', replyTo: first });
    expect((await at.bubble(from, 2)).quote).toMatchObject({ messageId: expect.any(String), text: 'Shall I come?' });
    await at.receive({ from, text: 'from a friend', forwarded: true });
    expect(await at.bubble(from, 3)).toMatchObject({ forwarded: true, quote: null });

    const changed = (isReady: (message: ReturnType<typeof bubblesIn>[number]) => boolean) =>
      at.thread(from, (thread) => bubblesIn(thread).some(isReady));
    await at.receive({ from, kind: 'reaction', target: first, emoji: '👍' });
    await changed(({ reactions }) => reactions.some(({ emoji, by, own }) => emoji === '👍' && by === 'Rita' && !own));
    await at.receive({ from, kind: 'reaction', target: first, emoji: '' });
    await changed(
      ({ content, reactions }) => content.type === 'text' && content.text === 'Shall I come?' && !reactions.length,
    );
    await at.receive({ from, kind: 'edit', target: first, text: 'Shall I come over?' });
    await changed(
      ({ content, editedAt }) => content.type === 'text' && content.text === 'Shall I come over?' && editedAt !== null,
    );
    await at.receive({ from, kind: 'delete', target: first });
    const thread = await changed(({ deletedAt }) => deletedAt !== null);
    expect(bubblesIn(thread)).toHaveLength(3);
    expect(await at.conversation(from)).toMatchObject({ received: 3 });
  });

  it('shows what was typed on our own phone as ours', async () => {
    const [at, from] = [desk(provider), newPhone()];
    await at.receive({ from, text: 'Open today?' });
    await at.bubble(from);
    await at.receive({ from, fromMe: true, text: 'Until six.' });
    expect(await at.bubble(from, 2)).toMatchObject({
      direction: 'outbound',
      origin: 'phone',
      content: { text: 'Until six.' },
      delivery: { status: 'sent' },
    });
    expect(await at.conversation(from)).toMatchObject({ received: 1, answered: 1, waitingSince: null });
  });

  it('shows a group as one conversation, with who wrote and who came and went', async () => {
    const [at, group] = [desk(provider), `Crew ${newPhone().slice(1)}`];
    const [ana, ben, eve] = [newPhone(), newPhone(), newPhone()];
    await at.receive({ group, from: ana, name: 'Ana', text: 'first' });
    await at.receive({ group, from: ben, name: 'Ben', text: 'second' });
    const conversation = await at.until('the group', async () => {
      const all = await conversationsOf(at.caller, { account: at.account.id });
      return all.find(({ kind, received }) => kind === 'group' && received === 2);
    });
    expect(conversation).toMatchObject({ contactId: null, window: provider === 'evolution' ? null : {} });
    if (provider === 'evolution') expect((await at.conversation(group)).title).toBe(group); // its name is told beside
    const q = provider === 'evolution' ? group : conversation.title;
    const thread = bubblesIn(await at.thread(q, (all) => bubblesIn(all).length === 2));
    expect(thread.map(({ sender, content }) => [sender.name, 'text' in content && content.text]).sort()).toEqual([
      ['Ana', 'first'],
      ['Ben', 'second'],
    ]);
    await at.receive({ kind: 'participants', group, from: ana, action: 'add', participants: [eve] });
    await at.thread(q, (all) => linesIn(all).some(({ event }) => event === 'participants_added'));
    expect((await at.details(q)).participants.map(({ address }) => address)).toContain(eve);
    await at.receive({ kind: 'participants', group, from: ana, action: 'remove', participants: [eve] });
    await at.thread(q, (all) => linesIn(all).some(({ event }) => event === 'participants_removed'));
    expect((await at.details(q)).participants.map(({ address }) => address)).not.toContain(eve);
  });

  it('keeps what cannot be read in its place, and goes on behind it', async () => {
    const account = await tenant.newAccount(provider);
    const from = newPhone();
    const at = new Desk(system, admin, { ...account, ref: '' });
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const broken = (id: string) => textCall(account, { id, from, text: 'BROKEN' }).replace('"BROKEN"', deep);
    const posted = [
      textCall(account, { id: 'K1', from, text: 'before' }),
      broken('K2'),
      textCall(account, { id: 'K3', from, text: 'nul\u0000 and \ud83d lone' }).replace('nul', '\\u0000nul'),
      textCall(account, { id: 'K4', from, text: 'after' }),
    ];
    for (const body of posted) expect(await postAs(system, account, body)).toBe(200);
    await untilApplied(system, [account]);
    const thread = bubblesIn(await at.thread(from, (all) => bubblesIn(all).length === 4));
    expect(thread.map(({ content }) => ('text' in content ? content.text : content.type)).sort()).toEqual([
      'after',
      'before',
      'nul and \ufffd lone',
      'unreadable',
    ]);
    const [kept] = await system.app.sql<
      { n: number }[]
    >`select count(*)::int n from webhooks where account_id = ${account.id}
      and convert_from(body, 'UTF8') like ${`%${deep}%`}`;
    expect(kept?.n).toBe(1);

    // What names no chat stands with the account.
    const change = { field: 'messages', value: 7 };
    const entry = [{ id: account.config.wabaId, changes: [change] }];
    const torn =
      provider === 'evolution'
        ? '{"event":"messages.upsert","data":['
        : JSON.stringify({ object: 'whatsapp_business_account', entry });
    expect(await postAs(system, account, torn)).toBe(200);
    await at.until('the account to say so', async () => {
      const { body } = await at.caller.call(getAccount, { params: { id: account.id } });
      return body.unreadable === 1;
    });
  });
});

describe.concurrent('evolution alone', () => {
  it('knows one person under every form of address', async () => {
    const at = desk('evolution');
    for (const lid of ['none', 'only', '2.2', '2.3.0', '2.3.1', '2.3.6', '2.3.7', '2.4']) {
      const from = newPhone();
      await at.receive({ from, name: `By ${lid}`, text: 'one', lid });
      await at.until(
        `the chat by ${lid}`,
        async () => (await conversationsOf(at.caller, { account: at.account.id, q: `By ${lid}` }))[0],
      );
      await at.receive({ from, name: `By ${lid}`, text: 'two', lid: '2.3.0' });
      await at.bubble(from, 2);
      const { contact } = await at.details(from);
      expect(
        contact?.identities.map(({ kind }) => kind),
        lid,
      ).toEqual(['lid', 'phone']);
      expect(contact?.identities.find(({ kind }) => kind === 'phone')?.address).toBe(from);
    }
  });

  it('tells that somebody types, and keeps no word of it', async () => {
    const [at, from] = [desk('evolution'), newPhone()];
    await at.receive({ from, name: 'Tia', text: 'hi' });
    const { id } = await at.conversation(from);
    const typing = (wanted: boolean) =>
      at.until(`typing to be ${wanted}`, async () =>
        stream.ephemeral.some(({ conversationId, typing: is }) => conversationId === id && is === wanted),
      );
    await at.receive({ kind: 'typing', from });
    await typing(true);
    await at.receive({ kind: 'typing', from, state: 'available' });
    await typing(false);
    for (const event of stream.ephemeral) expect(EphemeralEvent.parse(event)).toEqual(event);
    await at.bubble(from);
  });

  it('shows a call and what became of it, a vote, and a name that came alone', async () => {
    const [at, from] = [desk('evolution'), newPhone()];
    const poll = await at.receive({ from, name: 'Cal', kind: 'poll', text: 'Lunch?', options: ['Soup', 'Rice'] });
    await at.bubble(from);
    await at.receive({ from, kind: 'vote', target: poll, options: ['Rice'] });
    expect(await at.bubble(from, 2)).toMatchObject({
      content: { type: 'choice', text: 'Rice' },
      quote: { text: 'Lunch?' },
    });
    const [asked] = bubblesIn(await at.thread(from, () => true));
    const votes = [
      { option: 'Soup', count: 0 },
      { option: 'Rice', count: 1 },
    ];
    const content = { type: 'poll', question: 'Lunch?', selectable: 1, votes };
    expect(asked).toMatchObject({ content, editedAt: null });
    await at.receive({ from, kind: 'call', id: 'C0FFEE', state: 'offer' });
    expect((await at.bubble(from, 3)).content).toMatchObject({ type: 'call', outcome: 'ringing', video: false });
    await at.receive({ from, kind: 'call', id: 'C0FFEE', state: 'timeout' });
    await at.thread(from, (all) =>
      bubblesIn(all).some(
        ({ content, editedAt }) => content.type === 'call' && content.outcome === 'missed' && editedAt === null,
      ),
    );
    await at.receive({ from, name: 'Callum', kind: 'contact-update' });
    await at.until('the new name', async () => (await at.conversation(from)).title === 'Callum');
  });

  it('makes a message of edits, reactions and deletions that came before it', async () => {
    const account = await tenant.newAccount('evolution');
    const [from, at] = [newPhone(), new Desk(system, admin, { ...account, ref: '' })];
    const key = { remoteJid: `${from.slice(1)}@s.whatsapp.net`, fromMe: false, id: 'E1' };
    const edit = { key, type: 14, editedMessage: { conversation: 'edited' }, timestampMs: String(Date.now() + 1000) };
    await postAs(system, account, evolutionCall(account, 'messages.edited', edit));
    await postAs(system, account, evolutionCall(account, 'messages.delete', { ...key, status: 'DELETED' }));
    await untilApplied(system, [account]);
    await postAs(system, account, textCall(account, { id: 'E1', from, text: 'as it was' }));
    expect(await at.bubble(from)).toMatchObject({
      content: { text: 'edited' },
      editedAt: expect.any(String),
      deletedAt: expect.any(String),
    });
  });

  it('follows the connection, and shows the code to scan to admins alone', async () => {
    const account = await system.connect(tenant, 'evolution');
    const at = new Desk(system, admin, account);
    const state = (wanted: string) =>
      at.until(`the account to be ${wanted}`, async () => {
        const { body } = await at.caller.call(getAccount, { params: { id: account.id } });
        return body.state === wanted ? body : undefined;
      });
    await at.receive({ kind: 'connection', state: 'drop' });
    await state('connecting');
    await state('connected');
    await at.receive({ kind: 'connection', state: 'logout', code: 401 });
    expect((await state('needs_qr')).stateDetail).toMatch(/Scan the code again/);
    await at.receive({ kind: 'qr' });
    const shown = await at.until('the code', async () => {
      const { body } = await at.caller.call(getAccount, { params: { id: account.id } });
      return body.qr;
    });
    expect(shown.image).toMatch(/^data:image\/png;base64,/);
    const agent = system.app.as(await tenant.newMember('agent'));
    expect((await agent.call(getAccount, { params: { id: account.id } })).status).toBe(403);
    const seen = (await agent.call(listAccounts)).body.items.find(({ id }) => id === account.id);
    expect(JSON.stringify(seen)).not.toContain('base64');
    await at.receive({ kind: 'connection', state: 'open' });
    expect(await state('connected')).toMatchObject({
      qr: null,
      stateDetail: null,
      address: expect.stringMatching(/^\+\d+$/),
    });
    await at.receive({ kind: 'connection', state: 'logout', code: 403 });
    await state('restricted');
    await at.receive({ kind: 'connection', state: 'remove' });
    await state('needs_reauth');
  });
});

describe.concurrent('cloud-api alone', () => {
  it('knows one person by number and user id, also when the number is hidden or changes', async () => {
    const at = desk('cloud-api');
    const [from, next] = [newPhone(), newPhone()];
    await at.receive({ from, name: 'Uma', text: 'with my number' });
    await at.bubble(from);
    await at.receive({ from, hidePhone: true, username: 'uma', text: 'without' });
    expect(await at.bubble(from, 2)).toMatchObject({ content: { text: 'without' } });
    expect((await at.details(from)).contact?.identities.map(({ kind }) => kind)).toEqual(['bsuid', 'phone']);
    await at.receive({ from, kind: 'system', type: 'user_changed_number', newPhone: next, hidePhone: false });
    await at.thread(from, (all) => linesIn(all).some(({ event }) => event === 'number_changed'));
    await at.receive({ from: next, text: 'from my new number' });
    expect(await at.bubble(next, 3)).toMatchObject({ content: { text: 'from my new number' } });
    expect((await at.conversation(next)).id).toBe((await at.conversation(from)).id);
  });

  it('makes nothing of a welcome, of wishes and of what concerns the templates', async () => {
    const [at, from] = [desk('cloud-api'), newPhone()];
    await at.receive({ from, kind: 'welcome' });
    await at.receive({ from, kind: 'preference', state: 'stop' });
    await at.receive({ from, name: 'Wim', text: 'so' });
    expect(await at.bubble(from)).toMatchObject({ content: { text: 'so' } });
  });

  it('follows what Meta says of the account, and links a new user id', async () => {
    const account = await system.connect(tenant, 'cloud-api');
    const [at, from] = [new Desk(system, admin, account), newPhone()];
    const state = (wanted: string) =>
      at.until(`the account to be ${wanted}`, async () => {
        const { body } = await at.caller.call(getAccount, { params: { id: account.id } });
        return body.state === wanted ? body : undefined;
      });
    await at.receive({ kind: 'connection', state: 'close' });
    expect((await state('restricted')).stateDetail).toMatch(/WhatsApp blocked this account/);
    await at.receive({ kind: 'connection', state: 'open' });
    await state('connected');
    await at.receive({ from, name: 'Ida', text: 'hi' });
    await at.bubble(from);
    await at.receive({ from, kind: 'user-id-update' });
    await at.thread(from, (all) => linesIn(all).some(({ event }) => event === 'number_changed'));
    expect((await at.details(from)).contact?.identities.filter(({ kind }) => kind === 'bsuid')).toHaveLength(2);
  });
});

it('streamed nothing that the contract does not have, in one row without a gap', async () => {
  const [head] = await system.app.sql<
    { n: number }[]
  >`select max(seq)::int n from events where tenant_id = ${tenant.id}`;
  await desk('evolution').until('the stream to be at the head', async () => stream.lastId >= (head?.n ?? 0));
  for (const event of stream.events) expect(RealtimeEvent.parse(event)).toEqual(event);
  expect(stream.events.map(({ seq }) => seq)).toEqual(stream.events.map((_event, i) => i + 1));
  const pending = () => system.app.sql`select from pending where tenant_id = ${tenant.id} and dead is null`;
  await waitFor('nothing to wait', async () => (await pending()).length === 0);
  console.log(
    `kinds: ${kinds.length} kinds of content on each of ${providers.length} providers, ${stream.events.length} events and ${stream.ephemeral.length} ephemeral ones on one stream`,
  );
});
