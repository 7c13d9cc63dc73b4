import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Outbound } from '../provider';
import { recordingServer, type Reply } from '../testing/recording-server';
import { greenApi } from './green-api';

let server: Awaited<ReturnType<typeof recordingServer>>;
beforeAll(async () => {
  server = await recordingServer();
});
afterAll(() => server.close());

const TOKEN = 'd75b9f04c1a2e3d4f5061728394a5b6c7d8e9f0011223344aa';
const config = (change: object = {}) =>
  greenApi.config.parse({
    apiUrl: `${server.origin}/green-api/`,
    idInstance: '7103000123',
    apiTokenInstance: TOKEN,
    webhookUrlToken: 'b3f1c0d9e8-sample-token',
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
  content: { type: 'text', text: 'Until six.' },
  reference: 'r1',
});
const path = (method: string) => `/green-api/waInstance7103000123/${method}/${TOKEN}`;

describe('send', () => {
  it('writes to the phone where one is known, to a lid where not, and to a group', async () => {
    server.answers(() => ({ body: { idMessage: 'BAE5F0AA11223344' } }));
    expect(await greenApi.send(text(), config(), fetch)).toEqual({
      outcome: 'accepted',
      externalId: 'BAE5F0AA11223344',
    });
    const lid: Outbound['to'] = { kind: 'direct', addresses: [{ kind: 'lid', address: '88213004455667@lid' }] };
    await greenApi.send(text(lid), config(), fetch);
    await greenApi.send(text(crew), config(), fetch);
    expect(server.requests.map(({ method, url }) => [method, url])).toEqual(
      Array.from({ length: 3 }, () => ['POST', path('sendMessage')]),
    );
    expect(server.requests.map(({ body }) => (body as { chatId: string }).chatId)).toEqual([
      '15550107788@c.us',
      '88213004455667@lid',
      '120363041234567890@g.us',
    ]);
  });

  it('knows a message under its chat, unless the service itself made the id', async () => {
    server.answers(() => ({ body: { idMessage: '3A00C0FFEE0011223344' } }));
    expect(await greenApi.send(text(), config(), fetch)).toMatchObject({
      externalId: '15550107788@c.us/3A00C0FFEE0011223344',
    });
  });

  it('quotes by the provider’s id alone', async () => {
    server.answers(() => ({ body: { idMessage: 'BAE5F0AA11223344' } }));
    for (const externalId of ['15550107788@c.us/3A5F/0C22', 'BAE5F0AA11223355']) {
      const quote = { externalId, own: false };
      await greenApi.send({ ...text(), content: { type: 'text', text: 'Yes', quote } }, config(), fetch);
    }
    expect(server.requests.map(({ body }) => (body as { quotedMessageId: string }).quotedMessageId)).toEqual([
      '3A5F/0C22',
      'BAE5F0AA11223355',
    ]);
  });
});

it('shows typing, and marks one message or the whole chat read', async () => {
  server.answers(() => ({ body: '' }));
  const one = { externalId: '15550107788@c.us/3A5F', own: false };
  await greenApi.typing(rosa, null, config(), fetch);
  await greenApi.markRead(rosa, [one], config(), fetch);
  await greenApi.markRead(rosa, [one, { externalId: '15550107788@c.us/3A60', own: false }], config(), fetch);
  await greenApi.markRead(rosa, [], config(), fetch);
  const chatId = '15550107788@c.us';
  expect(server.requests.map(({ url, body }) => [url, body])).toEqual([
    [path('sendTyping'), { chatId, typingTime: 3_000 }],
    [path('readChat'), { chatId, idMessage: '3A5F' }],
    [path('readChat'), { chatId }],
  ]);
});

describe('findSent', () => {
  const since = new Date('2026-03-04T09:15:22.900Z');
  const second = Math.floor(since.getTime() / 1000);
  const record = (idMessage: string, timestamp: number, textMessage: string, type = 'outgoing') => ({
    type,
    idMessage,
    timestamp,
    textMessage,
  });

  it('finds the oldest of ours since then that says the same', async () => {
    server.answers(() => ({
      body: [
        record('BAE5000000000003', second + 60, 'Until six.'),
        record('BAE5000000000002', second, ' Until  six.\n'),
        record('3A00', second, 'Until six.', 'incoming'),
        { broken: true },
        record('BAE5000000000001', second - 30, 'Until six.'),
      ],
    }));
    expect(await greenApi.findSent(text(), since, config(), fetch)).toEqual({ externalId: 'BAE5000000000002' });
    expect(server.requests.map(({ url, body }) => [url, body])).toEqual([
      [path('getChatHistory'), { chatId: '15550107788@c.us', count: 100 }],
    ]);
  });

  it('finds nothing, which proves nothing, and throws when it cannot be asked', async () => {
    server.answers(() => ({ body: [record('BAE5000000000001', second, 'Something else')] }));
    expect(await greenApi.findSent(text(), since, config(), fetch)).toBeNull();
    server.answers(() => ({ status: 429, body: 'Too Many Requests' }));
    await expect(greenApi.findSent(text(), since, config(), fetch)).rejects.toThrow(/^GREEN-API answered 429$/);
  });
});

describe('history', () => {
  const second = 1_772_615_722;
  const period = { from: new Date(second * 1000), to: new Date((second + 60) * 1000), nowMs: (second + 90) * 1000 };
  const chatId = '15550107788@c.us';
  const common = { chatId, timestamp: second, senderId: chatId, senderName: 'Rosa Lind' };
  const file = { downloadUrl: 'https://media.example.org/5c1f.jpg', caption: 'blue', mimeType: 'image/jpeg' };
  const incoming = [
    { ...common, type: 'incoming', idMessage: '3A04', typeMessage: 'locationMessage', timestamp: second + 59 },
    { ...common, type: 'incoming', idMessage: '3A03', typeMessage: 'imageMessage', ...file, timestamp: second + 2 },
    { ...common, type: 'incoming', idMessage: '3A02', typeMessage: 'reactionMessage', textMessage: '👍' },
    { ...common, type: 'incoming', idMessage: '3A01', typeMessage: 'textMessage', textMessage: 'Open today?' },
    {
      ...common,
      type: 'incoming',
      idMessage: '3A00',
      typeMessage: 'textMessage',
      textMessage: 'x',
      timestamp: second - 1,
    },
    {
      ...common,
      type: 'incoming',
      idMessage: '3A05',
      typeMessage: 'textMessage',
      textMessage: 'y',
      timestamp: second + 60,
    },
    { broken: true },
  ];
  const outgoing = [
    { ...common, type: 'outgoing', idMessage: '3A06', typeMessage: 'extendedTextMessage', textMessage: 'Until six.' },
    { ...common, type: 'outgoing', idMessage: '3EB0608D6A2901063D63', typeMessage: 'textMessage', textMessage: 'z' },
  ];

  it('is the notifications that did not come, oldest first, under their keys', async () => {
    server.answers(({ url }) => ({ body: url.includes('Incoming') ? incoming : outgoing }));
    const items = await greenApi.history(period, config(), fetch);
    expect(server.requests.map(({ url }) => url)).toEqual([
      `${path('lastIncomingMessages')}?minutes=3`,
      `${path('lastOutgoingMessages')}?minutes=3`,
    ]);
    const events = items.flatMap((item) => greenApi.parse(item));
    expect(events).toMatchObject([
      { externalId: `${chatId}/3A01`, content: { text: 'Open today?' }, from: { name: 'Rosa Lind' }, history: true },
      { externalId: `${chatId}/3A06`, content: { text: 'Until six.' }, own: 'device', history: true },
      { externalId: '3EB0608D6A2901063D63', own: 'api', history: true },
      { content: { type: 'media', kind: 'image', caption: 'blue' }, sentAt: new Date((second + 2) * 1000) },
      { content: { type: 'unsupported', kind: 'location' } },
    ]);
    const told = greenApi.split({
      headers: {},
      body: Buffer.from(
        JSON.stringify({
          typeWebhook: 'incomingMessageReceived',
          instanceData: { idInstance: 7103000123 },
          idMessage: '3A01',
          timestamp: second,
          senderData: { chatId, sender: chatId },
        }),
      ),
    });
    expect(items[0]).toMatchObject({ key: told[0]?.key, chat: '+15550107788', routingKey: '7103000123' });
  });
});

describe('connect', () => {
  function serving(answers: Record<string, Reply>) {
    server.answers(({ url }) => answers[url.split('/')[3] ?? ''] ?? { status: 404, body: 'Not Found' });
  }
  const state = (stateInstance: string): Reply => ({ body: { stateInstance } });
  const check = () => greenApi.check(config(), fetch);

  it('knows a linked phone and its number, as text or number', async () => {
    for (const phone of ['15550102000', 15550102000]) {
      serving({ getStateInstance: state('authorized'), getWaSettings: { body: { phone } } });
      expect(await check()).toEqual({ state: 'connected', address: '+15550102000' });
    }
    const suspendedUntil = Date.UTC(2026, 2, 4, 9, 15) / 1000;
    serving({ getStateInstance: state('suspended'), getWaSettings: { body: { suspendedUntil } } });
    expect(await check()).toMatchObject({ detail: expect.stringMatching(/until 2026-03-04 09:15 UTC\.$/) as string });
    serving({ getStateInstance: state('authorized'), getWaSettings: { status: 429 } });
    expect(await check()).toEqual({ state: 'connected' });
  });

  it('says what a restricted, blocked, starting or new instance needs', async () => {
    serving({ getStateInstance: state('suspended') });
    expect(await check()).toMatchObject({ state: 'connected', detail: expect.stringMatching(/nobody new/) as string });
    serving({ getStateInstance: state('blocked') });
    expect(await check()).toMatchObject({ state: 'restricted' });
    serving({ getStateInstance: state('starting') });
    expect(await check()).toMatchObject({ state: 'connecting' });
    serving({ getStateInstance: { body: 'null' } });
    expect(await check()).toMatchObject({ state: 'connecting' });
  });

  it('asks for the code to scan where no phone is linked', async () => {
    const asked = async (body: object) => {
      serving({ getStateInstance: state('notAuthorized'), qr: { body } });
      return check();
    };
    expect(await asked({ type: 'qrCode', message: 'iVBORw0KGgo=' })).toMatchObject({
      state: 'needs_qr',
      qr: { image: 'data:image/png;base64,iVBORw0KGgo=', pairingCode: null },
    });
    expect(await asked({ type: 'alreadyLogged', message: '' })).toEqual({ state: 'connecting' });
    serving({ getStateInstance: state('notAuthorized'), getWaSettings: { body: { logoutProcess: true } } });
    expect(await check()).toMatchObject({ state: 'needs_qr', detail: expect.stringMatching(/logged out/) as string });
    expect(server.requests.map(({ url }) => url)).not.toContain(path('qr'));
    expect(await asked({ type: 'error', message: 'x' })).toMatchObject({
      detail: expect.stringMatching(/Restart/) as string,
    });
    expect(await asked({ type: 'PassKeyRequire' })).toMatchObject({
      detail: expect.stringMatching(/console/) as string,
    });
  });

  it('gives a code to type in, for a number as a number', async () => {
    serving({ getAuthorizationCode: { body: { status: true, code: 'QK7RW3TZ' } } });
    expect(await greenApi.pairingCode('+15550102000', config(), fetch)).toBe('QK7RW3TZ');
    expect(server.requests[0]?.body).toEqual({ phoneNumber: 15550102000 });
    serving({ getAuthorizationCode: { body: { status: false } } });
    await expect(greenApi.pairingCode('+15550102000', config(), fetch)).rejects.toMatchObject({ name: 'ConnectError' });
  });

  it('sets the webhook, its token, and every notification that is read', async () => {
    const setSettings = { body: { saveSettings: true } };
    const url = 'https://inbox.example.org/api/webhooks/whatsapp/green-api/t0k3n';
    const subscribe = () => greenApi.subscribe({ url, headers: {}, verifyToken: null }, config(), fetch);
    serving({ getSettings: { body: { incomingWebhook: 'no', delaySendMessagesMilliseconds: 500 } }, setSettings });
    await subscribe();
    const wanted = server.requests.at(-1)?.body;
    expect(wanted).toMatchObject({
      webhookUrl: url,
      webhookUrlToken: 'b3f1c0d9e8-sample-token',
      incomingWebhook: 'yes',
      outgoingAPIMessageWebhook: 'yes',
      editedMessageWebhook: 'yes',
    });
    serving({ getSettings: { body: {} }, setSettings: { body: { saveSettings: false } } });
    await expect(subscribe()).rejects.toThrow();
    serving({
      getSettings: { body: { ...(wanted as object), stateWebhook: true, incomingCallWebhook: 'no' } },
      setSettings,
    });
    await subscribe();
    expect(server.requests.at(-1)?.body).toEqual({ incomingCallWebhook: 'yes' });
    serving({ getSettings: { body: wanted }, setSettings });
    await subscribe();
    expect(server.requests.map(({ url: asked }) => asked)).toEqual([path('getSettings')]);
  });

  test.each<[what: string, reply: Reply, field: string | undefined, words: RegExp]>([
    ['a wrong token', { status: 401, body: 'Unauthorized' }, 'apiTokenInstance', /API token/],
    ['a wrong instance', { status: 403, body: 'Forbidden' }, 'idInstance', /idInstance/],
    ['another program', { status: 404, body: '<html></html>' }, 'apiUrl', /apiUrl/],
    ['an answer of another kind', { body: { stateInstance: 'onVacation' } }, 'apiUrl', /no state/],
    ['an expired instance', { status: 400, body: { message: 'Instance account is expired' } }, undefined, /expired/],
    ['a limit', { status: 429, body: '' }, undefined, /too often/],
    ['trouble of its own', { status: 502, body: '' }, undefined, /error of its own/],
  ])('says what is wrong with %s', async (_what, reply, field, words) => {
    serving({ getStateInstance: reply });
    await expect(check()).rejects.toMatchObject({
      name: 'ConnectError',
      field,
      message: expect.stringMatching(words) as string,
    });
  });
});

describe('verify', () => {
  const secrets = [{ webhookUrlToken: 'b3f1c0d9e8-sample-token' }];
  const verify = (authorization?: string) =>
    greenApi.verify({ headers: { authorization }, body: new Uint8Array() }, secrets, 0);

  it('takes the token after its scheme, or as it was set', () => {
    expect(verify('Bearer b3f1c0d9e8-sample-token')).toBe(true);
    expect(verify('b3f1c0d9e8-sample-token')).toBe(true);
    expect(verify('Basic b3f1c0d9e8-sample-token')).toBe(false);
    expect(verify('bearer')).toBe(false);
    expect(verify()).toBe(false);
  });
});

it('makes a webhook token without blanks, and takes no id or token that climbs out of the path', () => {
  const parsed = config({ webhookUrlToken: undefined });
  expect(parsed).toMatchObject({ apiUrl: `${server.origin}/green-api`, mediaUrl: 'https://media.green-api.com' });
  expect(parsed.webhookUrlToken).toMatch(/^[\w-]{43}$/);
  expect(greenApi.webhookHeaders(parsed)).toEqual({ Authorization: `Bearer ${parsed.webhookUrlToken}` });
  for (const wrong of [
    { idInstance: '../1' },
    { apiTokenInstance: 'a/b' },
    { webhookUrlToken: 'sixteen characters' },
  ]) {
    expect(() => config(wrong)).toThrow();
  }
});
