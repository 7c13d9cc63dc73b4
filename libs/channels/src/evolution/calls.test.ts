import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Outbound } from '../provider';
import { recordingServer, type Recorded, type Reply } from '../testing/recording-server';
import { evolution } from './evolution';
import { SUBSCRIBED } from './connect';

let server: Awaited<ReturnType<typeof recordingServer>>;
beforeAll(async () => {
  server = await recordingServer();
});
afterAll(() => server.close());

const config = (change: object = {}) =>
  evolution.config.parse({
    baseUrl: `${server.origin}/evolution`,
    instance: 't42 sales',
    apiKey: 'inst-key',
    ...change,
  });
const rosa: Outbound['to'] = {
  kind: 'direct',
  addresses: [
    { kind: 'lid', address: '88213004455667@lid' },
    { kind: 'phone', address: '+15550107788' },
  ],
};
const crew: Outbound['to'] = { kind: 'group', externalId: '120363041234567890@g.us' };
const text = (to: Outbound['to'] = rosa): Outbound => ({
  to,
  content: { type: 'text', text: 'Your order is ready' },
  reference: 'r1',
});
const send = (message: Outbound) => evolution.send(message, config(), fetch);
const sent = {
  key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: true, id: '3EB0A1B2C3D4E5F60718' },
  status: 'PENDING',
};
const failure = (status: number, message: unknown): Reply => ({
  status,
  body: { status, error: 'Error', response: { message } },
});

describe('send', () => {
  it('sends text to the phone, and gives the id and the address that the answer revealed', async () => {
    server.answers(() => ({ status: 201, body: sent }));
    expect(await send(text())).toEqual({
      outcome: 'accepted',
      externalId: '3EB0A1B2C3D4E5F60718',
      addresses: [{ kind: 'phone', address: '+15550107788' }],
    });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: '/evolution/message/sendText/t42%20sales',
        headers: { apikey: 'inst-key', 'content-type': 'application/json' },
        body: { number: '15550107788', text: 'Your order is ready' },
      },
    ]);
  });

  it('writes to a lid where no phone is known, and to a group by its whole JID', async () => {
    server.answers(() => ({ status: 201, body: sent }));
    await send(text({ kind: 'direct', addresses: [{ kind: 'lid', address: '88213004455667@lid' }] }));
    expect(await send(text(crew))).toEqual({ outcome: 'accepted', externalId: '3EB0A1B2C3D4E5F60718' });
    expect(server.requests.map(({ body }) => body)).toMatchObject([
      { number: '88213004455667@lid' },
      { number: '120363041234567890@g.us' },
    ]);
  });

  it('quotes with the words, so that the server need not know the message', async () => {
    server.answers(() => ({ status: 201, body: sent }));
    const quote = { externalId: '3A5F', own: false, text: 'Hi, is my order ready?' };
    await send({ ...text(), content: { type: 'text', text: 'Yes', quote } });
    const author = { kind: 'phone', address: '+15550103311' } as const;
    await send({
      ...text(crew),
      content: { type: 'text', text: 'Yes', quote: { externalId: '3A60', own: false, author } },
    });
    expect(server.requests.map(({ body }) => (body as { quoted: unknown }).quoted)).toEqual([
      {
        key: { id: '3A5F', remoteJid: '15550107788@s.whatsapp.net', fromMe: false },
        message: { conversation: 'Hi, is my order ready?' },
      },
      {
        key: {
          id: '3A60',
          remoteJid: '120363041234567890@g.us',
          fromMe: false,
          participant: '15550103311@s.whatsapp.net',
        },
      },
    ]);
  });

  it('reacts, and takes a reaction back', async () => {
    server.answers(() => ({ status: 201, body: sent }));
    const target = { externalId: '3A5F', own: false };
    for (const emoji of ['👍', '']) {
      expect(await send({ ...text(), content: { type: 'reaction', target, emoji } })).toMatchObject({
        outcome: 'accepted',
      });
    }
    const key = { id: '3A5F', remoteJid: '15550107788@s.whatsapp.net', fromMe: false };
    expect(server.requests).toMatchObject([
      { url: '/evolution/message/sendReaction/t42%20sales', body: { key, reaction: '👍' } },
      { body: { key, reaction: '' } },
    ]);
  });

  it('has no templates, and no way to a person without a WhatsApp address', async () => {
    server.answers(() => ({ status: 201, body: sent }));
    const template: Outbound = { ...text(), content: { type: 'template', name: 'a', language: 'en', parameters: [] } };
    expect(await send(template)).toMatchObject({ outcome: 'refused', reason: 'template' });
    const nobody = text({ kind: 'direct', addresses: [{ kind: 'username', address: 'rosa' }] });
    expect(await send(nobody)).toMatchObject({ outcome: 'refused', reason: 'recipient' });
    expect(server.requests).toEqual([]);
  });

  test.each<[what: string, reply: Reply, result: object]>([
    [
      'not on WhatsApp',
      failure(400, [{ jid: '1@s.whatsapp.net', exists: false, number: '1' }]),
      { outcome: 'refused', reason: 'recipient' },
    ],
    ['group not found', failure(404, ['Group not found']), { outcome: 'refused', reason: 'recipient' }],
    [
      'closed connection as 400',
      failure(400, ['Error: Connection Closed']),
      { outcome: 'refused', reason: 'disconnected' },
    ],
    ['closed connection as 500', failure(500, 'Connection Closed'), { outcome: 'refused', reason: 'disconnected' }],
    [
      'no socket',
      failure(500, ["Cannot read properties of undefined (reading 'onWhatsApp')"]),
      { outcome: 'refused', reason: 'disconnected' },
    ],
    [
      'not connected',
      failure(400, ['The "t42" instance is not connected']),
      { outcome: 'refused', reason: 'disconnected' },
    ],
    ['wrong key', failure(401, 'Unauthorized'), { outcome: 'refused', reason: 'auth', code: '401' }],
    ['no such instance', failure(404, ['The "t42" instance does not exist']), { outcome: 'refused', reason: 'auth' }],
    ['no such path', failure(404, ['Cannot POST /message/sendText/t42']), { outcome: 'refused', reason: 'auth' }],
    [
      'no licence',
      { status: 503, body: { error: 'service not activated', code: 'LICENSE_REQUIRED' } },
      { outcome: 'refused', reason: 'auth' },
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://elsewhere.example' } },
      { outcome: 'refused', reason: 'auth' },
    ],
    ['wrong shape', failure(400, [['text is required']]), { outcome: 'refused', reason: 'content' }],
    ['too large', failure(413, 'Payload Too Large'), { outcome: 'refused', reason: 'content' }],
    [
      'a proxy’s limit',
      { ...failure(429, 'rate limited'), headers: { 'retry-after': '2' } },
      { outcome: 'refused', reason: 'throttled', retryAfterMs: 2_000 },
    ],
    ['any other 500', failure(500, 'Internal'), { outcome: 'unknown' }],
    [
      'a gateway’s page',
      { status: 502, body: '<html>Bad Gateway</html>' },
      { outcome: 'unknown', detail: '502 <html>Bad Gateway</html>' },
    ],
    ['a timeout of the server’s', failure(408, 'timeout'), { outcome: 'unknown' }],
    [
      'a success that is none',
      { status: 200, body: { error: true, message: '[object Object]' } },
      { outcome: 'unknown' },
    ],
    ['a success without an id', { status: 201, body: {} }, { outcome: 'unknown' }],
    ['a success that is no JSON', { status: 201, body: 'OK' }, { outcome: 'unknown' }],
    ['a success beyond all size', { status: 201, body: `"${'x'.repeat(9_000_000)}"` }, { outcome: 'unknown' }],
  ])('understands %s', async (_what, reply, result) => {
    server.answers(() => reply);
    expect(await send(text())).toMatchObject(result);
    expect(server.requests).toHaveLength(1);
  });

  it('lets what happened before and after the connection be told apart by the caller', async () => {
    const other = await recordingServer();
    await other.close();
    const gone = config({ baseUrl: other.origin });
    await expect(evolution.send(text(), gone, fetch)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe('typing and read marks', () => {
  it('shows typing for as long as the server holds the answer', async () => {
    server.answers(() => ({ status: 201, body: {} }));
    await evolution.typing(rosa, null, config(), fetch);
    expect(server.requests).toMatchObject([
      {
        url: '/evolution/chat/sendPresence/t42%20sales',
        body: { number: '15550107788', presence: 'composing', delay: 3_000 },
      },
    ]);
  });

  it('marks messages read under the phone, for lids are dropped', async () => {
    server.answers(() => ({ status: 201, body: {} }));
    await evolution.markRead(
      rosa,
      [
        { externalId: 'A', own: false },
        { externalId: 'B', own: false },
      ],
      config(),
      fetch,
    );
    await evolution.markRead(rosa, [], config(), fetch);
    const key = { remoteJid: '15550107788@s.whatsapp.net', fromMe: false };
    expect(server.requests.map(({ body }) => body)).toEqual([
      {
        readMessages: [
          { id: 'A', ...key },
          { id: 'B', ...key },
        ],
      },
    ]);
  });

  it('throws the status, and none of the words, when the server refuses', async () => {
    server.answers(() => failure(401, 'Unauthorized'));
    await expect(evolution.typing(rosa, null, config(), fetch)).rejects.toThrow(/^Evolution answered 401$/);
  });
});

describe('findSent', () => {
  const since = new Date('2026-03-04T09:15:22.900Z');
  const second = Math.floor(since.getTime() / 1000);
  const record = (id: string, at: number, conversation: string, fromMe = true) => ({
    key: { id, remoteJid: '15550107788@s.whatsapp.net', fromMe },
    message: { conversation },
    messageTimestamp: at,
  });
  const page = (records: unknown[]): Reply => ({
    body: { messages: { total: records.length, pages: 1, currentPage: 1, records } },
  });
  const jidIn = ({ body }: Recorded) => (body as { where: { key: { remoteJid: string } } }).where.key.remoteJid;
  const find = (message = text()) => evolution.findSent(message, since, config(), fetch);

  it('finds the oldest of ours since then that says the same', async () => {
    server.answers((request) =>
      jidIn(request).endsWith('@lid')
        ? page([])
        : page([
            record('later', second + 60, 'Your order is ready'),
            record('this', second, ' Your  order is ready\n'),
            record('theirs', second, 'Your order is ready', false),
            { broken: true },
            record('earlier', second - 30, 'Your order is ready'),
          ]),
    );
    expect(await find()).toEqual({ externalId: 'this' });
    expect(server.requests.map(jidIn)).toEqual(['15550107788@s.whatsapp.net', '88213004455667@lid']);
    expect(server.requests[0]?.body).toMatchObject({ page: 1, offset: 50 });
  });

  it('finds nothing, which proves nothing', async () => {
    server.answers(() => page([record('other', second, 'Something else')]));
    expect(await find()).toBeNull();
  });

  it('turns pages while they are of that time, and no further', async () => {
    server.answers(({ body }) =>
      page(
        Array.from({ length: 50 }, (_, index) =>
          record(`${(body as { page: number }).page}-${index}`, second + 5, 'x'),
        ),
      ),
    );
    expect(
      await find({ ...text(), to: { kind: 'direct', addresses: [{ kind: 'phone', address: '+15550107788' }] } }),
    ).toBeNull();
    expect(server.requests).toHaveLength(4);
  });

  it('finds a reaction by its target', async () => {
    const reaction = (id: string, target: string) => ({
      ...record(id, second, ''),
      message: { reactionMessage: { key: { id: target }, text: '👍' } },
    });
    server.answers(() => page([reaction('no', 'B'), reaction('yes', 'A')]));
    const message: Outbound = {
      ...text(),
      content: { type: 'reaction', target: { externalId: 'A', own: false }, emoji: '👍' },
    };
    expect(await find(message)).toEqual({ externalId: 'yes' });
  });

  it('throws when the server cannot be asked', async () => {
    server.answers(() => failure(500, 'no'));
    await expect(find()).rejects.toThrow(/^Evolution answered 500$/);
  });
});

describe('connect', () => {
  const row = (name: string, more: object = {}) => ({
    name,
    connectionStatus: 'open',
    ownerJid: '15550102000@s.whatsapp.net',
    ...more,
  });

  /** A server with these answers by the end of the path before the instance's name. */
  function serving(answers: { state: Reply; link?: Reply; rows?: unknown[] }) {
    server.answers(({ url }) => {
      if (url.includes('/connectionState/')) return answers.state;
      if (url.endsWith('/instance/fetchInstances')) return { body: answers.rows ?? [] };
      if (url.includes('/instance/connect/')) return answers.link ?? { status: 500 };
      return { status: 404 };
    });
  }
  const state = (word: string): Reply => ({ body: { instance: { instanceName: 't42 sales', state: word } } });
  const check = (change: object = {}) => evolution.check(config(change), fetch);

  it('knows a linked phone and its number', async () => {
    serving({ state: state('open'), rows: [row('t42 sales')] });
    expect(await check()).toEqual({ state: 'connected', address: '+15550102000' });
  });

  it('asks for the code to scan where no phone is linked', async () => {
    const image = 'data:image/png;base64,iVBORw0KGgo=';
    serving({ state: state('close'), link: { body: { pairingCode: null, code: '2@Qk', base64: image, count: 1 } } });
    expect(await check()).toEqual({ state: 'needs_qr', qr: { image, pairingCode: null } });
    serving({ state: state('connecting'), link: { body: { count: 0 } } });
    expect(await check()).toEqual({ state: 'connecting' });
    serving({ state: state('close'), link: state('open'), rows: [row('t42 sales')] });
    expect(await check()).toMatchObject({ state: 'connected' });
    serving({ state: state('close'), link: { body: { error: true, message: 'x' } } });
    expect(await check()).toMatchObject({
      state: 'disconnected',
      detail: expect.stringContaining('Restart') as string,
    });
  });

  it('refuses a second instance of the same number', async () => {
    serving({ state: state('open'), rows: [row('t42 sales'), row('t42-old')] });
    await expect(check()).rejects.toMatchObject({
      name: 'ConnectError',
      field: 'instance',
      message: expect.stringContaining('t42-old') as string,
    });
    serving({ state: state('open'), rows: [row('t42 sales'), row('t42-old', { connectionStatus: 'close' })] });
    expect(await check()).toMatchObject({ state: 'connected' });
  });

  it('does not take the server’s key for the instance’s, where its calls would bear another', async () => {
    serving({ state: state('open'), rows: [row('t42 sales', { token: 'inst-other' })] });
    await expect(check()).rejects.toMatchObject({ field: 'keyOpens' });
    expect(await check({ keyOpens: 'server' })).toMatchObject({ state: 'connected' });
    expect(await check({ apiKey: 'inst-other' })).toMatchObject({ state: 'connected' });
  });

  test.each<[what: string, reply: Reply, field: string | undefined, words: RegExp]>([
    ['a wrong key', failure(401, 'Unauthorized'), 'apiKey', /refused the API key/],
    ['a key of another instance', failure(403, 'Forbidden'), 'apiKey', /token of the instance/],
    [
      'an unknown instance',
      failure(404, ['The "t42 sales" instance does not exist']),
      'instance',
      /no instance t42 sales/,
    ],
    ['another program', { status: 404, body: '<html></html>' }, 'baseUrl', /No Evolution API/],
    ['no licence', { status: 503, body: { code: 'LICENSE_REQUIRED' } }, 'baseUrl', /licence/],
    ['a server in trouble', { status: 500, body: {} }, 'baseUrl', /error of its own/],
    ['a proxy’s limit', { status: 429, body: {} }, undefined, /too much to do/],
  ])('says what is wrong with %s', async (_what, reply, field, words) => {
    serving({ state: reply });
    await expect(check()).rejects.toMatchObject({
      name: 'ConnectError',
      field,
      message: expect.stringMatching(words) as string,
    });
  });

  it('says that nobody answers', async () => {
    await expect(check({ baseUrl: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      field: 'baseUrl',
      message: 'No answer from 127.0.0.1:1. Check the server address, and that the server runs.',
    });
  });

  it('sets the webhook in the wrapped form, with all events that are read', async () => {
    server.answers(() => ({ status: 201, body: {} }));
    const settings = config({ webhookSecret: 'a-secret-of-thirty-two-characters', jwtKey: 'a-key-for-the-tokens' });
    const webhook = {
      url: 'https://inbox.example.org/api/webhooks/whatsapp/evolution/t0k3n',
      headers: evolution.webhookHeaders(settings),
      verifyToken: null,
    };
    await evolution.subscribe(webhook, settings, fetch);
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: '/evolution/webhook/set/t42%20sales',
        body: {
          webhook: {
            enabled: true,
            url: webhook.url,
            headers: { 'X-Parley-Secret': 'a-secret-of-thirty-two-characters', jwt_key: 'a-key-for-the-tokens' },
            byEvents: false,
            base64: false,
            events: SUBSCRIBED,
          },
        },
      },
    ]);
    server.answers(() => failure(401, 'Unauthorized'));
    await expect(evolution.subscribe(webhook, settings, fetch)).rejects.toMatchObject({ field: 'apiKey' });
  });
});
