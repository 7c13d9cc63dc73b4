import { getAccount, listTemplates, updateAccount, type Account, type ProviderName } from '@parley/contracts/accounts';
import { markConversationRead, startConversation, type Conversation } from '@parley/contracts/conversations';
import type { OutboundContent } from '@parley/contracts/content';
import { createUpload } from '@parley/contracts/files';
import { checkMessage, retryMessage, sendMessage, sendTyping, type Message } from '@parley/contracts/messages';
import { FILE_PART } from '@parley/contracts/route';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectThroughApi } from './connect-through-api';
import { bubblesIn, Desk } from './desk';
import { conversationsOf } from './reading';
import { startSystem, type System } from './system';

const providers: ProviderName[] = ['evolution', 'cloud-api'];
/** Ticks come fast, except where a test looks at one on its way. */
const quick = { statusDelaysMs: { sent: 20, delivered: 40, read: 80 } };
const LONG = 90_000;

let system: System;
let sent = 0;
let phones = 0;

beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(async () => {
  await system?.close();
  console.log(
    `outbound: ${sent} sends, reactions, templates and refusals went their way on ${providers.length} providers`,
  );
});

/** A tenant with one account, for each test: an account that is refused stops, and its pace is its own. */
async function open(provider: ProviderName, settings: Record<string, unknown> = quick): Promise<Worker> {
  const { tenant, owner } = await system.app.newTenant();
  return new Worker(system, owner, await system.connect(tenant, provider, settings));
}

/** As an admin connects one, so that it can be connected again. */
async function openConnected(provider: ProviderName): Promise<Worker> {
  const { owner } = await system.app.newTenant();
  return new Worker(system, owner, await connectThroughApi(system, owner, provider, { settings: quick }));
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const newPhone = () => `+1202557${String(1000 + phones++)}`;
type Sent = Awaited<ReturnType<System['simulator']['sent']>>[number] & Record<string, unknown>;

/** A desk that sends. */
class Worker extends Desk {
  /** A customer writes first, which opens the window where there is one. */
  async meet(phone: string, text = 'hello'): Promise<Conversation> {
    await this.receive({ from: phone, name: 'Rita', text });
    return this.conversation(phone);
  }

  /** Answers the message's id. */
  async send(conversationId: string, content: OutboundContent, more: { replyTo?: string } = {}): Promise<string> {
    const answer = await this.caller.call(sendMessage, { body: { conversationId, content, ...more } });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202, body: { status: 'queued' } });
    sent++;
    return answer.body.messageId;
  }

  text(conversationId: string, text: string): Promise<string> {
    return this.send(conversationId, { type: 'text', text });
  }

  async file(
    conversationId: string,
    { bytes, ...known }: { bytes: Buffer; mimeType: string; fileName: string },
    caption: string | null = null,
  ): Promise<string> {
    const { body } = await this.caller.call(createUpload, { body: { ...known, sizeBytes: bytes.length } });
    const part = await this.caller.fetch(`/api/inbox/uploads/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': FILE_PART, 'upload-offset': '0' },
      body: new Uint8Array(bytes),
    });
    expect(part.status).toBe(204);
    return this.send(conversationId, { type: 'media', fileId: body.id, caption, width: null, height: null });
  }

  /** That message, as soon as it is so. */
  async message(phone: string, id: string, isSo: (message: Message) => boolean): Promise<Message> {
    const thread = await this.thread(phone, (all) => all.some((message) => message.id === id && isSo(message)));
    const found = thread.find((message) => message.id === id);
    if (!found) throw new Error('it was there a moment ago');
    return found;
  }

  delivered(phone: string, id: string, status: string): Promise<Message> {
    return this.message(phone, id, ({ delivery }) => delivery?.status === status);
  }

  /** What reached customers. */
  async arrived(): Promise<Sent[]> {
    return (await system.simulator.sent(this.account.provider, this.account.ref)) as Sent[];
  }

  async state(): Promise<Pick<Account, 'state' | 'paused' | 'stateDetail'>> {
    const { state, paused, stateDetail } = (await this.caller.call(getAccount, { params: { id: this.account.id } }))
      .body;
    return { state, paused, stateDetail };
  }

  faults(faults: Record<string, unknown>[]): Promise<unknown> {
    return system.simulator.faults(this.account.provider, this.account.ref, faults);
  }

  /** Calls that the provider got, besides sends. */
  async calls(part: string): Promise<Record<string, unknown>[]> {
    const entries = await system.simulator.journal(this.account.provider, this.account.ref);
    return entries.filter((entry) => entry.type === 'call' && JSON.stringify(entry).includes(part));
  }
}

describe.concurrent.each(providers)('%s', (provider) => {
  it('sends a text and an answer to one message, with all ticks', async () => {
    const [at, phone] = [await open(provider), newPhone()];
    const { id } = await at.meet(phone, 'Open today?');
    const [question] = bubblesIn(await at.thread(phone, (all) => all.length > 0));
    const text = await at.text(id, 'Until six. *Bold* and 👍');
    const answer = await at.send(id, { type: 'text', text: 'Come by' }, { replyTo: question?.id ?? '' });
    expect(await at.delivered(phone, text, 'read')).toMatchObject({
      direction: 'outbound',
      origin: 'agent',
      sender: { memberId: at.member.id },
    });
    expect((await at.delivered(phone, answer, 'read')).quote).toMatchObject({
      messageId: question?.id,
      text: 'Open today?',
    });
    expect(await at.arrived()).toMatchObject([
      { to: phone, kind: 'text', text: 'Until six. *Bold* and 👍' },
      { to: phone, kind: 'text', text: 'Come by', replyTo: expect.any(String) },
    ]);
    expect(bubblesIn(await at.thread(phone, () => true))).toHaveLength(3);
  });

  it('sends files, each as what it is, in their place among the texts', async () => {
    const [at, phone] = [await open(provider), newPhone()];
    const { id } = await at.meet(phone);
    await at.text(id, 'first');
    const picture = await at.file(id, { bytes: png, mimeType: 'image/png', fileName: 'pedal.png' }, 'the pedal');
    const pdf = Buffer.from('%PDF-1.4 x');
    const paper = await at.file(id, { bytes: pdf, mimeType: 'application/pdf', fileName: 'a.pdf' });
    const last = await at.text(id, 'last');
    await at.delivered(phone, last, 'read');
    expect(await at.delivered(phone, picture, 'read')).toMatchObject({
      content: { type: 'media', kind: 'image', caption: 'the pedal', file: { state: 'ready' } },
    });
    await at.delivered(phone, paper, 'read');
    expect((await at.arrived()).map(({ kind, text }) => [kind, text ?? null])).toEqual([
      ['text', 'first'],
      ['image', 'the pedal'],
      ['document', null],
      ['text', 'last'],
    ]);
    expect(bubblesIn(await at.thread(phone, () => true))).toHaveLength(5); // no echo stands beside its message
  });

  it('reacts, and takes it back', async () => {
    const [at, phone] = [await open(provider), newPhone()];
    const { id } = await at.meet(phone);
    const [target] = bubblesIn(await at.thread(phone, (all) => all.length > 0));
    if (!target) throw new Error('nothing to react to');
    await at.send(id, { type: 'reaction', messageId: target.id, emoji: '❤️' });
    // The provider's echo, which does not know whose it is, may be told before its answer.
    const reacted = await at.message(phone, target.id, ({ reactions }) => Boolean(reactions[0]?.by));
    expect(reacted.reactions).toEqual([{ emoji: '❤️', by: at.member.name, own: true }]);
    await at.send(id, { type: 'reaction', messageId: target.id, emoji: '' });
    await at.message(phone, target.id, ({ reactions }) => reactions.length === 0);
    expect(await at.arrived()).toMatchObject([
      { to: phone, kind: 'reaction', text: '❤️' },
      { to: phone, kind: 'reaction', text: '' },
    ]);
    expect(bubblesIn(await at.thread(phone, () => true))).toHaveLength(1);
  });

  it('tells what was read, and that somebody types', async () => {
    const [at, phone] = [await open(provider), newPhone()];
    const { id } = await at.meet(phone);
    const read = await at.caller.call(markConversationRead, { params: { id }, body: { seen: 1 } });
    expect(read).toMatchObject({ status: 200, body: { me: { seen: 1 } } });
    const readCall = provider === 'evolution' ? 'markMessageAsRead' : '"status":"read"';
    await at.until('the read mark', async () => (await at.calls(readCall)).length > 0);
    expect((await at.caller.call(sendTyping, { body: { conversationId: id } })).status).toBe(204);
    const typingCall = provider === 'evolution' ? 'sendPresence' : 'typing_indicator';
    await at.until('the sign of typing', async () => (await at.calls(typingCall)).length > 0);
    await at.caller.call(sendTyping, { body: { conversationId: id } }); // at most once every 3 s
    expect(await at.calls(typingCall)).toHaveLength(1);
  });

  it('writes first, with a template where the channel asks for one', async () => {
    const [at, phone] = [await open(provider), newPhone()];
    const start = (content: OutboundContent) =>
      at.caller.call(startConversation, { body: { accountId: at.account.id, to: phone, content } });
    const free = await start({ type: 'text', text: 'Good morning' });
    if (provider === 'cloud-api') {
      expect(free).toMatchObject({ status: 422, body: { code: 'window_closed' } });
      const first = await start({ type: 'template', name: 'hello', language: 'en_US', parameters: [] });
      expect(first.status).toBe(202);
      await at.delivered(phone, first.body.messageId, 'read');
      expect(await at.arrived()).toMatchObject([{ to: phone, kind: 'template', template: 'hello', language: 'en_US' }]);
    } else {
      expect(free.status).toBe(202);
      await at.delivered(phone, free.body.messageId, 'read');
      expect(await at.arrived()).toMatchObject([{ to: phone, kind: 'text', text: 'Good morning' }]);
    }
  });

  it('waits out a 429 and says so, then sends', async () => {
    const [at, phone] = [await open(provider), newPhone()];
    const { id } = await at.meet(phone);
    await at.faults([{ kind: '429', times: 1, ms: 3000 }]);
    const message = await at.text(id, 'patience');
    const waiting = await at.message(phone, message, ({ delivery }) => delivery?.reason === 'throttled');
    expect(waiting.delivery).toMatchObject({
      status: 'queued',
      detail: expect.stringMatching(/goes out by itself\.$/),
      canRetry: false,
    });
    expect((await at.delivered(phone, message, 'read')).delivery).toMatchObject({ reason: null, detail: null });
    expect(await at.arrived()).toMatchObject([{ text: 'patience' }]);
    expect(await at.state()).toMatchObject({ state: 'connected', paused: false });
  });

  it('stops an account whose access is refused, and goes on with what waits once that works', async () => {
    const [at, phone] = [await openConnected(provider), newPhone()];
    const { id } = await at.meet(phone);
    await at.faults([{ kind: 'auth', times: 1 }]);
    const refused = await at.text(id, 'refused');
    expect((await at.delivered(phone, refused, 'failed')).delivery).toMatchObject({
      reason: 'auth',
      detail: expect.stringMatching(
        /^WhatsApp refused the access of .+ An admin has to renew it; then send this again\.$/,
      ),
      canRetry: true,
    });
    expect(await at.state()).toMatchObject({
      state: 'needs_reauth',
      paused: true,
      stateDetail: expect.stringMatching(/Enter new credentials/),
    });
    const waiting = await at.text(id, 'waiting');
    expect(await at.message(phone, waiting, () => true)).toMatchObject({ delivery: { status: 'queued' } });
    expect(await at.arrived()).toEqual([]);
    const healed = await at.caller.call(updateAccount, { params: { id: at.account.id }, body: { config: {} } });
    expect(healed).toMatchObject({ status: 200, body: { state: 'connected', paused: false } });
    await at.delivered(phone, waiting, 'read');
    expect((await at.caller.call(retryMessage, { params: { id: refused } })).status).toBe(202);
    await at.delivered(phone, refused, 'read');
    expect((await at.arrived()).map(({ text }) => text)).toEqual(['waiting', 'refused']);
  });
});

/** What one of the contract's recipients does; what becomes of a message to it, and of the account. */
interface Row {
  is: string;
  status: Message['delivery'] extends infer D ? (D extends { status: infer S } ? S : never) : never;
  reason?: string | null;
  words?: RegExp;
  state?: string;
  paused?: boolean;
  arrives?: number;
}
const waits = /goes out (by itself|when it is back)\.$/;
const unknown = /^We do not know/;

const evolutionRows: [suffix: string, Row][] = [
  [
    '0404',
    { is: 'not on WhatsApp', status: 'failed', reason: 'recipient', words: /cannot reach this number/, arrives: 0 },
  ],
  [
    '0401',
    {
      is: 'a wrong key',
      status: 'failed',
      reason: 'auth',
      words: /refused the access/,
      state: 'needs_reauth',
      paused: true,
      arrives: 0,
    },
  ],
  ['0429', { is: 'throttled', status: 'queued', reason: 'throttled', words: waits, arrives: 0 }],
  [
    '0500',
    { is: 'a server in trouble, which does not say how far it came', status: 'unknown', words: unknown, arrives: 0 },
  ],
  [
    '0503',
    { is: 'a lost connection', status: 'queued', reason: 'disconnected', words: waits, state: 'needs_qr', arrives: 0 },
  ],
  ['0408', { is: 'taken, and never answered: its echo tells', status: 'read', reason: null, arrives: 1 }],
  ['0410', { is: 'failed afterwards', status: 'failed', reason: null, words: /does not say why/ }],
  ['0411', { is: 'never more than sent', status: 'sent', reason: null, arrives: 1 }],
  ['0412', { is: 'read before it was delivered', status: 'read', reason: null, arrives: 1 }],
  ['0413', { is: 'told of twice', status: 'read', reason: null, arrives: 1 }],
  ['0414', { is: 'answering from an address without a number', status: 'read', reason: null, arrives: 1 }],
];

const cloudRows: [suffix: string, Row][] = [
  ['9000', { is: 'never read', status: 'delivered', reason: null, arrives: 1 }],
  ['9001', { is: 'never more than sent', status: 'sent', reason: null, arrives: 1 }],
  [
    '9026',
    { is: 'undeliverable', status: 'failed', reason: 'recipient', words: /cannot reach this number/, arrives: 0 },
  ],
  ['9029', { is: 'too many at once, twice', status: 'read', reason: null, arrives: 1 }],
  [
    '9047',
    { is: 'outside the window after all', status: 'failed', reason: 'window', words: /Send a template/, arrives: 0 },
  ],
  [
    '9049',
    { is: 'spared by WhatsApp', status: 'failed', reason: 'recipient', words: /cannot reach this number/, arrives: 0 },
  ],
  ['9050', { is: 'opted out', status: 'failed', reason: 'recipient', words: /cannot reach this number/, arrives: 0 }],
  [
    '9053',
    {
      is: 'refused for its content',
      status: 'failed',
      reason: 'content',
      words: /Change it and send it again/,
      arrives: 0,
    },
  ],
  ['9056', { is: 'a pair too fast, twice', status: 'read', reason: null, arrives: 1 }],
  [
    '9131',
    {
      is: 'a locked account',
      status: 'failed',
      reason: 'auth',
      words: /refused the access/,
      state: 'restricted',
      paused: true,
      arrives: 0,
    },
  ],
  [
    '9190',
    {
      is: 'a dead token',
      status: 'failed',
      reason: 'auth',
      words: /refused the access/,
      state: 'needs_reauth',
      paused: true,
      arrives: 0,
    },
  ],
  ['9500', { is: 'trouble that passes', status: 'read', reason: null, arrives: 1 }],
  ['9503', { is: 'a broken edge', status: 'unknown', words: unknown, arrives: 0 }],
  ['9504', { is: 'taken, and never answered: its status tells', status: 'read', reason: null, arrives: 1 }],
  ['9062', { is: 'known under another number', status: 'read', reason: null, arrives: 1 }],
  ['9063', { is: 'known by user id alone', status: 'read', reason: null, arrives: 1 }],
];

describe.concurrent.each([
  ['evolution' as const, evolutionRows],
  ['cloud-api' as const, cloudRows],
])('recipients of %s', (provider, rows) => {
  it.each(rows)(
    '%s',
    async (suffix, { is, status, reason, words, state = 'connected', paused = false, arrives }) => {
      const at = await open(provider);
      const phone = `+1555010${suffix}`;
      const { conversationId, messageId } = await writeTo(at, phone);
      const { delivery } = await at.until(`a message to one ${is} to be ${status}`, async () => {
        const thread = await at.threadById(conversationId);
        const message = thread.find(({ id }) => id === messageId);
        const isSo =
          message?.delivery?.status === status && (reason === undefined || message.delivery.reason === reason);
        return isSo ? message : undefined;
      });
      if (words) expect(delivery?.detail).toMatch(words);
      else expect(delivery?.detail).toBeNull();
      expect(delivery?.canRetry).toBe(status === 'failed');
      await at.until(`the account to be ${state}`, async () => (await at.state()).state === state);
      expect(await at.state()).toMatchObject({ paused });
      if (arrives !== undefined)
        expect((await at.arrived()).filter(({ kind }) => kind === 'text')).toHaveLength(arrives);
      expect(
        bubblesIn(await at.threadById(conversationId)).filter(({ direction }) => direction === 'outbound'),
      ).toHaveLength(1);
    },
    LONG,
  );
});

/** To a recipient of the contracts; where there is a window, they have opened it. */
async function writeTo(at: Worker, phone: string): Promise<{ conversationId: string; messageId: string }> {
  if (at.account.provider === 'evolution') {
    const content = { type: 'text' as const, text: 'to whom it concerns' };
    const answer = await at.caller.call(startConversation, { body: { accountId: at.account.id, to: phone, content } });
    expect(answer.status).toBe(202);
    sent++;
    return answer.body;
  }
  await at.receive({ from: phone, name: 'Magic', text: 'hello' });
  const { id: conversationId } = await at.only();
  return { conversationId, messageId: await at.text(conversationId, 'to whom it concerns') };
}

describe.concurrent('cloud-api alone', () => {
  it('lists what is approved, and sends it by name with its parameters', async () => {
    const [at, phone] = [await open('cloud-api'), newPhone()];
    const { body } = await at.caller.call(listTemplates, { params: { id: at.account.id } });
    const template = body.items.find(({ name, language }) => name === 'order_ready' && language === 'en_US');
    expect(template).toMatchObject({ obstacle: null, body: 'Hello {{1}}, order {{2}} is ready for pickup.' });
    expect(new Set(body.items.map(({ name, language }) => `${name} ${language}`)).size).toBe(body.items.length);
    const parameters = (template?.parameters ?? []).map(({ place, name }) => ({
      place,
      name,
      value: `${place}-${name}`,
    }));
    const { id } = await at.meet(phone);
    const filled: OutboundContent = { type: 'template', name: 'order_ready', language: 'en_US', parameters };
    const message = await at.send(id, filled);
    expect((await at.delivered(phone, message, 'read')).content).toMatchObject({
      type: 'template',
      text: 'Hello body-1, order body-2 is ready for pickup.',
    });
    const [reached] = await at.arrived();
    expect(reached).toMatchObject({
      to: phone,
      template: 'order_ready',
      text: 'Hello body-1, order body-2 is ready for pickup.',
    });
    const refused = (content: OutboundContent) =>
      at.caller.call(sendMessage, { body: { conversationId: id, content } });
    for (const content of [
      { ...filled, name: 'no_such_template' },
      { ...filled, language: 'de' },
      { ...filled, parameters: parameters.slice(1) },
      { ...filled, parameters: [...parameters, { place: 'body' as const, name: '9', value: 'x' }] },
    ])
      expect(await refused(content)).toMatchObject({ status: 422, body: { code: 'invalid' } });
  });

  it('refuses free text once the window is closed, and takes a template', async () => {
    const [at, phone] = [await open('cloud-api'), newPhone()];
    await at.receive({
      from: phone,
      name: 'Rita',
      text: 'long ago',
      at: new Date(Date.now() - 25 * 3_600_000).toISOString(),
    });
    const { id, window } = await at.conversation(phone);
    expect(Date.parse(window?.closesAt ?? '')).toBeLessThan(Date.now());
    const [message] = bubblesIn(await at.thread(phone, (all) => all.length > 0));
    const contents: OutboundContent[] = [
      { type: 'text', text: 'too late' },
      { type: 'reaction', messageId: message?.id ?? '', emoji: '👍' },
    ];
    for (const content of contents) {
      const answer = await at.caller.call(sendMessage, { body: { conversationId: id, content } });
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'window_closed', detail: expect.stringMatching(/template/) },
      });
    }
    await at.delivered(
      phone,
      await at.send(id, { type: 'template', name: 'hello', language: 'en_US', parameters: [] }),
      'read',
    );
    await at.receive({ from: phone, text: 'here I am' });
    await at.bubble(phone, 3);
    await at.delivered(phone, await at.text(id, 'good to hear'), 'read');
  });
});

describe.concurrent('evolution alone', () => {
  it('has no templates', async () => {
    const [at, phone] = [await open('evolution'), newPhone()];
    const { id: conversationId } = await at.meet(phone);
    expect(await at.caller.call(listTemplates, { params: { id: at.account.id } })).toMatchObject({
      status: 422,
      body: { code: 'channel_cannot' },
    });
    const content: OutboundContent = { type: 'template', name: 'hello', language: 'en_US', parameters: [] };
    expect(await at.caller.call(sendMessage, { body: { conversationId, content } })).toMatchObject({
      status: 422,
      body: { code: 'channel_cannot' },
    });
  });

  it('writes into a group', async () => {
    const at = await open('evolution');
    await at.receive({ group: 'Crew', from: newPhone(), name: 'Ana', text: 'hello all' });
    const { id, kind } = await at.only();
    expect(kind).toBe('group');
    const messageId = await at.text(id, 'hello Ana');
    await at.until('the tick', async () =>
      (await at.threadById(id)).some((m) => m.id === messageId && m.delivery?.status === 'sent'),
    );
    expect(await at.arrived()).toMatchObject([{ to: expect.stringMatching(/@g\.us$/), text: 'hello Ana' }]);
  });

  it(
    'finds out by itself, and at once when asked, what became of a send that was never answered',
    async () => {
      const [at, one, other] = [await open('evolution'), newPhone(), newPhone()];
      const [first, second] = [await at.meet(one), await at.meet(other)];
      await at.faults([{ kind: 'late', times: 2, ms: 20_000 }, { kind: 'drop' }]);
      const [asked, found] = [await at.text(first.id, 'did it arrive?'), await at.text(second.id, 'and this?')];
      const { delivery } = await at.delivered(one, asked, 'unknown');
      expect(delivery).toMatchObject({ detail: expect.stringMatching(unknown), canRetry: false, canCheck: true });
      const answer = await at.caller.call(checkMessage, { params: { id: asked } });
      expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
      expect((await at.delivered(one, asked, 'accepted')).delivery).toMatchObject({ detail: null, canCheck: false });
      await at.delivered(other, found, 'accepted'); // looked up after 5 s
      expect((await at.arrived()).map(({ text }) => text).sort()).toEqual(['and this?', 'did it arrive?']);
    },
    LONG,
  );

  it('answers of somebody without a number stand under their hidden id', async () => {
    const [at, phone] = [await open('evolution'), '+15550100414'];
    await at.receive({ from: phone, name: 'Lida', text: 'from nowhere' });
    const { id, title } = await at.only();
    expect(title).toBe('Lida');
    const { contact } = await at.details('Lida');
    expect(contact?.identities).toEqual([{ kind: 'lid', address: expect.stringMatching(/@lid$/) }]);
    const messageId = await at.text(id, 'to nowhere');
    await at.until('the tick', async () =>
      (await at.threadById(id)).some((m) => m.id === messageId && m.delivery?.status === 'read'),
    );
    expect(await conversationsOf(at.caller)).toHaveLength(1);
  });
});
