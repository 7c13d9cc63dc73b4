import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, openStage, until, type Stage } from '../testing/harness';

/** Webhooks leave concurrently: what is to arrive in order needs time between. */
const APART = [1000, 4000, 7000];
const KEY = 'simulated-evolution-key';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ SIMULATOR_TIME_SCALE: '50' });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.receiver.received.length = 0;
});

interface Account {
  ref: string;
  token: string;
  post(path: string, body?: unknown, method?: string): ReturnType<typeof call>;
  receive(event: Record<string, unknown>): Promise<{ externalId: string }>;
}

/** An instance of its own, whose webhook is the receiver. */
async function newAccount(
  options: Record<string, unknown> = {},
  webhook: Record<string, unknown> = {},
): Promise<Account> {
  const { ref, config } = await stage.control('POST', '/evolution/accounts', options);
  const api = (path: string, body?: unknown, method = 'POST') =>
    call(method, `${stage.origin}/evolution${path.replace('{name}', ref)}`, body, { apikey: config.apiKey });
  await api('/webhook/set/{name}', {
    webhook: {
      enabled: true,
      url: `${stage.receiver.url}/hooks/${ref}`,
      headers: { 'X-Parley-Secret': 's3cr3t' },
      byEvents: false,
      base64: false,
      events: [],
      ...webhook,
    },
  });
  stage.receiver.received.length = 0;
  return {
    ref,
    token: config.apiKey,
    post: api,
    receive: (event) => stage.control('POST', `/evolution/accounts/${ref}/receive`, event),
  };
}

const event = (name: string, count = 1) =>
  until(() => stage.receiver.events(name).length >= count && stage.receiver.events(name).at(-1), name);

describe('auth', () => {
  it('says whether the instance exists before it looks at the key', async () => {
    const { ref } = await newAccount();
    const at = `${stage.origin}/evolution/instance/connectionState`;
    expect((await call('GET', `${at}/nobody`, undefined, { apikey: 'wrong' })).status).toBe(404);
    expect((await call('GET', `${at}/nobody`, undefined, { apikey: 'wrong' })).json.response.message).toEqual([
      'The "nobody" instance does not exist',
    ]);
    expect((await call('GET', `${at}/${ref}`, undefined, { apikey: 'wrong' })).json).toEqual({
      status: 401,
      error: 'Unauthorized',
      response: { message: 'Unauthorized' },
    });
    expect((await call('GET', `${at}/${ref}`, undefined, { apikey: KEY })).json).toEqual({
      instance: { instanceName: ref, state: 'open' },
    });
  });

  it('refuses a name in use before it looks at the key, and an instance token as global key', async () => {
    const { ref, token } = await newAccount();
    const create = `${stage.origin}/evolution/instance/create`;
    expect((await call('POST', create, { instanceName: ref }, { apikey: 'wrong' })).status).toBe(403);
    expect((await call('POST', create, { instanceName: 'free' }, { apikey: token })).status).toBe(401);
    expect((await call('POST', `${stage.origin}/evolution/verify-creds`, {}, { apikey: token })).status).toBe(401);
    expect((await call('POST', `${stage.origin}/evolution/verify-creds`, {}, { apikey: KEY })).status).toBe(200);
  });

  it('answers an unknown path in the words of the server', async () => {
    const { status, json } = await call('POST', `${stage.origin}/evolution/message/sendAll/x`, {});
    expect({ status, json }).toEqual({
      status: 404,
      json: { status: 404, error: 'Not Found', response: { message: ['Cannot POST /message/sendAll/x'] } },
    });
  });
});

describe('webhook settings', () => {
  it('wants the body wrapped, and the events named', async () => {
    const { post } = await newAccount();
    expect((await post('/webhook/set/{name}', { enabled: true, url: 'http://127.0.0.1:1/' })).status).toBe(400);
    expect((await post('/webhook/set/{name}', { webhook: { enabled: true, url: 'http://127.0.0.1:1/' } })).status).toBe(
      500,
    );
    expect(
      (await post('/webhook/set/{name}', { webhook: { enabled: true, url: 'http://127.0.0.1:1/', events: ['NOPE'] } }))
        .status,
    ).toBe(400);
    expect((await post('/webhook/find/{name}', undefined, 'GET')).json).toMatchObject({
      enabled: true,
      events: [],
      webhookByEvents: false,
      headers: { 'X-Parley-Secret': 's3cr3t' },
    });
  });

  it('sends only subscribed events, to a path of their own where asked', async () => {
    const { receive } = await newAccount({}, { byEvents: true, events: ['MESSAGES_UPSERT'] });
    await receive({ kind: 'typing', from: '+15550301001' });
    await receive({ from: '+15550301001', text: 'hi' });
    const upsert = await event('messages.upsert');
    expect(stage.receiver.received.map(({ url }) => url)).toEqual([expect.stringMatching(/\/messages-upsert$/)]);
    expect(upsert.destination).not.toContain('messages-upsert');
  });

  it('turns jwt_key into a token over fixed claims', async () => {
    const { receive } = await newAccount(
      {},
      { headers: { jwt_key: 'k', Authorization: 'mine' }, events: ['MESSAGES_UPSERT'] },
    );
    await receive({ from: '+15550301002' });
    await event('messages.upsert');
    const headers = stage.receiver.received[0]?.headers ?? {};
    const [head = '', claims = '', signature] = String(headers.authorization).replace('Bearer ', '').split('.');
    const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(decoded).toEqual({ iat: decoded.iat, exp: decoded.iat + 600, app: 'evolution', action: 'webhook' });
    expect(createHmac('sha256', 'k').update(`${head}.${claims}`).digest('base64url')).toBe(signature);
    expect(headers.jwt_key).toBeUndefined();
  });
});

describe('retries', () => {
  it('tries again after a 500, and stops at the first 2xx', async () => {
    const { receive } = await newAccount({}, { events: ['MESSAGES_UPSERT'] });
    stage.receiver.answer('15550302001', 500, 503);
    await receive({ from: '+15550302001' });
    await until(() => stage.receiver.received.length === 3);
    const bodies = new Set(stage.receiver.received.map(({ body }) => body));
    expect(bodies.size).toBe(1);
  });

  it.each([400, 401, 403, 404, 422])('drops the event for good at %i', async (status) => {
    const { ref, receive } = await newAccount({}, { events: ['MESSAGES_UPSERT'] });
    stage.receiver.answer('15550302002', status);
    const { externalId } = await receive({ from: '+15550302002' });
    const entry = await until(async () =>
      (await journalOf(ref)).find(({ type, outcome }) => type === 'webhook' && outcome !== 'pending'),
    );
    expect(entry).toMatchObject({
      outcome: 'refused',
      attempts: [{ status }],
      about: [{ what: 'message', externalId }],
    });
    expect(stage.receiver.received).toHaveLength(1);
  });
});

describe('messages in', () => {
  it('has the envelope of the contract', async () => {
    const { ref, token, receive } = await newAccount();
    const { externalId } = await receive({
      from: '+15550303001',
      name: 'Rosa Lind',
      text: 'Hi 👋 there',
      at: '2026-03-04T09:15:22Z',
    });
    const upsert = await event('messages.upsert');
    expect(upsert).toMatchObject({
      event: 'messages.upsert',
      instance: ref,
      server_url: `${stage.origin}/evolution`,
      apikey: token,
      data: {
        key: {
          remoteJid: '15550303001@s.whatsapp.net',
          remoteJidAlt: '15550303001@s.whatsapp.net',
          fromMe: false,
          id: externalId,
          participant: '',
          addressingMode: 'lid',
        },
        pushName: 'Rosa Lind',
        status: 'DELIVERY_ACK',
        message: { conversation: 'Hi 👋 there' },
        messageType: 'conversation',
        messageTimestamp: 1772615722,
        source: 'android',
      },
    });
    expect(stage.receiver.received.at(-1)?.headers['x-parley-secret']).toBe('s3cr3t');
    expect(externalId).toMatch(/^3A[0-9A-F]{18}$/);
  });

  it.each([
    ['none', { remoteJid: '15550303002@s.whatsapp.net' }],
    ['2.2', { remoteJid: expect.stringMatching(/^\d{14}@lid$/) }],
    [
      '2.3.1',
      {
        remoteJid: '15550303002@s.whatsapp.net',
        previousRemoteJid: expect.stringMatching(/@lid$/),
        senderPn: '15550303002@s.whatsapp.net',
      },
    ],
    [
      '2.3.6',
      { remoteJid: expect.stringMatching(/@lid$/), remoteJidAlt: '15550303002@s.whatsapp.net', addressingMode: 'lid' },
    ],
    [
      '2.4',
      { remoteJid: '15550303002@s.whatsapp.net', remoteJidAlt: expect.stringMatching(/@lid$/), addressingMode: 'pn' },
    ],
    ['only', { remoteJid: expect.stringMatching(/@lid$/), addressingMode: 'lid' }],
  ])('names the customer as version %s does', async (lid, key) => {
    const { receive } = await newAccount();
    await receive({ from: '+15550303002', lid });
    const { data } = await event('messages.upsert');
    const { fromMe: _fromMe, id: _id, participant: _participant, ...rest } = data.key;
    expect(rest).toEqual(key);
  });

  it.each([
    ['image', 'imageMessage', { mimetype: 'image/jpeg', height: 720, width: 960, caption: 'look' }],
    ['video', 'videoMessage', { mimetype: 'video/mp4', gifPlayback: false }],
    ['audio', 'audioMessage', { ptt: false }],
    ['voice', 'audioMessage', { ptt: true, mimetype: 'audio/ogg; codecs=opus' }],
    ['document', 'documentMessage', { fileName: 'invoice.pdf', mimetype: 'application/pdf' }],
    ['sticker', 'stickerMessage', { mimetype: 'image/webp' }],
    ['location', 'locationMessage', { degreesLatitude: 38.7139 }],
    ['contact', 'contactMessage', { vcard: expect.stringContaining('BEGIN:VCARD') }],
    ['poll', 'pollCreationMessageV3', { selectableOptionsCount: 1 }],
    ['choice', 'buttonsResponseMessage', { selectedButtonId: 'ok' }],
    ['unsupported', 'placeholderMessage', { type: 'MASK_LINKED_DEVICES' }],
  ])('writes a %s as %s', async (kind, messageType, body) => {
    const { receive } = await newAccount();
    await receive({ from: '+15550303003', kind, text: kind === 'choice' ? 'Confirm' : 'look' });
    const { data } = await event('messages.upsert');
    expect(data.messageType).toBe(messageType);
    expect(data.message[messageType]).toMatchObject(body);
  });

  it('writes bytes and long numbers as each version does', async () => {
    const { receive } = await newAccount();
    await receive({ from: '+15550303004', kind: 'image' });
    await receive({ from: '+15550303004', kind: 'image', bytes: 'base64', ts: 'string' });
    await receive({ from: '+15550303004', kind: 'image', bytes: 'buffer', ts: 'long' });
    await event('messages.upsert', 3);
    const shapes = stage.receiver
      .events('messages.upsert')
      .map(({ data }) => [
        typeof data.message.imageMessage.mediaKey,
        typeof data.message.imageMessage.fileLength,
        typeof data.messageTimestamp,
      ]);
    expect(shapes.sort()).toEqual(
      [
        ['object', 'object', 'number'],
        ['object', 'object', 'object'],
        ['string', 'string', 'string'],
      ].sort(),
    );
  });

  it('gives the file of a message to whoever asks for it', async () => {
    const { post, receive } = await newAccount();
    const { externalId } = await receive({ from: '+15550303005', kind: 'image', text: 'cup', media: 'cup' });
    const { status, json } = await post('/chat/getBase64FromMediaMessage/{name}', {
      message: { key: { id: externalId } },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      mediaType: 'imageMessage',
      caption: 'cup',
      mimetype: 'image/jpeg',
      size: { height: 960, width: 720 },
    });
    expect(Buffer.from(json.base64, 'base64').subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(
      (await post('/chat/getBase64FromMediaMessage/{name}', { message: { key: { id: 'NOPE' } } })).json.response
        .message,
    ).toEqual(['Message not found']);
  });

  it('quotes, reacts, edits and deletes by the id of the message', async () => {
    const { post, receive } = await newAccount();
    const sent = (await post('/message/sendText/{name}', { number: '15550303006', text: 'Shall we deliver?' })).json;
    await receive({ from: '+15550303006', text: 'yes', replyTo: sent.key.id });
    expect((await event('messages.upsert')).data.contextInfo).toMatchObject({
      stanzaId: sent.key.id,
      quotedMessage: { conversation: 'Shall we deliver?' },
    });
    await receive({ from: '+15550303006', kind: 'reaction', target: sent.key.id, emoji: '👍' });
    expect((await event('messages.upsert', 2)).data.message.reactionMessage).toMatchObject({
      key: { id: sent.key.id, fromMe: true },
      text: '👍',
    });
    const { externalId } = await receive({ from: '+15550303006', text: 'tomorow' });
    await receive({ kind: 'edit', target: externalId, text: 'tomorrow' });
    expect((await event('messages.edited')).data).toMatchObject({
      key: { id: externalId, fromMe: false },
      type: 14,
      editedMessage: { conversation: 'tomorrow' },
    });
    expect((await event('messages.update')).data).toMatchObject({ keyId: externalId, status: 'SERVER_ACK' });
    await receive({ kind: 'delete', target: externalId });
    expect((await event('messages.delete')).data).toMatchObject({ id: externalId, fromMe: false, status: 'DELETED' });
  });

  it('writes in groups under the sender, and tells who comes and goes', async () => {
    const { post, receive } = await newAccount();
    await receive({ group: 'Depot crew', from: '+15550303007', name: 'Rosa', text: 'morning' });
    const { data } = await event('messages.upsert');
    expect(data.key).toMatchObject({
      remoteJid: expect.stringMatching(/^120363\d+@g\.us$/),
      participant: expect.stringMatching(/@lid$/),
      participantAlt: '15550303007@s.whatsapp.net',
    });
    expect((await event('groups.upsert')).data).toMatchObject([{ subject: 'Depot crew' }]);
    await receive({ kind: 'participants', group: 'Depot crew', action: 'add', participants: ['+15550303008'] });
    expect((await event('group-participants.update')).data).toMatchObject({
      id: data.key.remoteJid,
      action: 'add',
      participants: [{ phoneNumber: '15550303008@s.whatsapp.net' }],
    });
    const { json } = await post('/group/fetchAllGroups/{name}?getParticipants=true', undefined, 'GET');
    expect(json).toMatchObject([{ id: data.key.remoteJid, subject: 'Depot crew', size: 3 }]);
    expect((await post('/group/fetchAllGroups/{name}', undefined, 'GET')).status).toBe(400);
    expect((await post('/group/findGroupInfos/{name}?groupJid=1@g.us', undefined, 'GET')).status).toBe(404);
  });

  it('tells of what the business wrote on its own phone', async () => {
    const { receive } = await newAccount();
    await receive({ from: '+15550303009', fromMe: true, text: 'on my way' });
    expect((await event('messages.upsert')).data).toMatchObject({
      key: { fromMe: true, remoteJid: '15550303009@s.whatsapp.net' },
      message: { conversation: 'on my way' },
    });
  });

  it('waits with everything behind an edit whose webhook is slow', async () => {
    const { receive } = await newAccount({}, { events: ['MESSAGES_UPSERT', 'MESSAGES_EDITED'] });
    const { externalId } = await receive({ from: '+15550303010', text: 'a' });
    await event('messages.upsert');
    stage.receiver.answer('15550303010', 500, 500);
    await receive({ kind: 'edit', target: externalId, text: 'b' });
    await receive({ from: '+15550303010', text: 'c' });
    await event('messages.upsert', 2);
    expect(stage.receiver.received.map(({ json }) => json.event)).toEqual([
      'messages.upsert',
      'messages.edited',
      'messages.edited',
      'messages.edited',
      'messages.upsert',
    ]);
  });
});

describe('messages out', () => {
  it('answers 201, echoes as send.message and goes through the statuses in order', async () => {
    const { ref, post } = await newAccount({ settings: { statusAddress: 'pn', statusDelaysMs: APART } });
    const { status, json } = await post('/message/sendText/{name}', {
      number: '15550304001',
      text: 'Your order is ready',
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      key: { remoteJid: '15550304001@s.whatsapp.net', fromMe: true },
      pushName: 'Você',
      status: 'PENDING',
      message: { conversation: 'Your order is ready' },
      messageType: 'conversation',
    });
    expect(json.key.id).toMatch(/^3EB0[0-9A-F]{18}$/);
    await event('messages.update', 3);
    expect(stage.receiver.events('send.message').map(({ data }) => data.key.id)).toEqual([json.key.id]);
    expect(stage.receiver.events('messages.upsert')).toEqual([]);
    const updates = stage.receiver.events('messages.update').map(({ data }) => data);
    expect(updates.map(({ status: word }) => word)).toEqual(['SERVER_ACK', 'DELIVERY_ACK', 'READ']);
    expect(updates[0]).toMatchObject({ keyId: json.key.id, fromMe: true, remoteJid: '15550304001@s.whatsapp.net' });
    expect(updates[0].messageId).not.toBe(json.key.id);
    expect(await stage.control('GET', `/evolution/accounts/${ref}/sent`)).toMatchObject([
      { to: '+15550304001', kind: 'text', text: 'Your order is ready', externalId: json.key.id },
    ]);
  });

  it.each([
    [
      'sendMedia',
      {
        mediatype: 'document',
        media: Buffer.from('hello').toString('base64'),
        fileName: 'a.txt',
        mimetype: 'text/plain',
      },
      'documentMessage',
    ],
    ['sendWhatsAppAudio', { audio: Buffer.from('hello').toString('base64') }, 'audioMessage'],
    ['sendSticker', { sticker: Buffer.from('hello').toString('base64') }, 'stickerMessage'],
    ['sendLocation', { latitude: 1, longitude: 2, name: 'Depot', address: '12 Quay' }, 'locationMessage'],
    [
      'sendContact',
      { contact: [{ fullName: 'Ted Orr', wuid: '15550203311', phoneNumber: '+1 555 020 3311' }] },
      'contactMessage',
    ],
    ['sendPoll', { name: 'Lunch?', selectableCount: 1, values: ['Soup', 'Rice'] }, 'pollCreationMessageV3'],
  ])('takes %s', async (method, body, messageType) => {
    const { post } = await newAccount();
    const { status, json } = await post(`/message/${method}/{name}`, { number: '15550304002', ...body });
    expect([status, json.messageType]).toEqual([201, messageType]);
  });

  it('names what is missing', async () => {
    const { post } = await newAccount();
    expect((await post('/message/sendText/{name}', { number: '15550304003' })).json.response.message).toEqual([
      'instance requires property "text"',
    ]);
    expect(
      (await post('/message/sendLocation/{name}', { number: '1', latitude: 1, longitude: 2, name: 'x' })).json.response
        .message,
    ).toEqual(['instance requires property "address"']);
  });

  it('lets a quote go when it knows nothing of the message, and reacts without a bubble', async () => {
    const { ref, post, receive } = await newAccount();
    const { externalId } = await receive({ from: '+15550304004', text: 'hi' });
    const quoted = await post('/message/sendText/{name}', {
      number: '15550304004',
      text: 'yo',
      quoted: { key: { id: externalId } },
    });
    expect(quoted.json.contextInfo).toMatchObject({ stanzaId: externalId, quotedMessage: { conversation: 'hi' } });
    expect(
      (await post('/message/sendText/{name}', { number: '15550304004', text: 'yo', quoted: { key: { id: 'NOPE' } } }))
        .json.contextInfo,
    ).toBeNull();
    const reaction = {
      key: { id: externalId, remoteJid: '15550304004@s.whatsapp.net', fromMe: false },
      reaction: '👍',
    };
    expect((await post('/message/sendReaction/{name}', reaction)).json.message.reactionMessage).toMatchObject({
      key: { id: externalId, fromMe: false },
      text: '👍',
    });
    expect(
      (await stage.control('GET', `/evolution/accounts/${ref}/sent`)).map(
        ({ kind, text }: { kind: string; text: string }) => [kind, text],
      ),
    ).toEqual([
      ['text', 'yo'],
      ['text', 'yo'],
      ['reaction', '👍'],
    ]);
  });

  it('edits, deletes, reads and types', async () => {
    const { ref, post, receive } = await newAccount();
    const { externalId } = await receive({ from: '+15550304005', text: 'hi' });
    const { json } = await post('/message/sendText/{name}', { number: '15550304005', text: 'helo' });
    const { key } = json;
    expect((await post('/chat/updateMessage/{name}', { number: '15550304005', text: 'hello', key })).status).toBe(200);
    expect((await event('send.message.update')).data.message.protocolMessage.editedMessage.conversation).toBe('hello');
    expect(
      (await post('/chat/updateMessage/{name}', { number: '15550304099', text: 'x', key })).json.response.message,
    ).toEqual(['RemoteJid does not match']);
    expect((await post('/chat/deleteMessageForEveryone/{name}', key, 'DELETE')).status).toBe(201);
    expect((await event('messages.delete')).data).toMatchObject({
      key: { id: key.id, fromMe: true },
      status: 'DELETED',
    });
    expect((await stage.control('GET', `/evolution/accounts/${ref}/sent`))[0]).toMatchObject({
      text: 'hello',
      edited: true,
      deleted: true,
    });
    const read = { readMessages: [{ id: externalId, remoteJid: '15550304005@s.whatsapp.net', fromMe: false }] };
    expect((await post('/chat/markMessageAsRead/{name}', read)).json).toEqual({
      message: 'Read messages',
      read: 'success',
    });
    expect(
      (await post('/chat/sendPresence/{name}', { number: '15550304005', presence: 'composing', delay: 500 })).status,
    ).toBe(201);
  });

  it('finds messages newest first, by page', async () => {
    const { post, receive } = await newAccount();
    for (const text of ['1', '2', '3'])
      await receive({ from: '+15550304006', text, at: Date.now() + Number(text) * 1000 });
    const { json } = await post('/chat/findMessages/{name}', {
      where: { key: { remoteJid: '15550304006@s.whatsapp.net' } },
      page: 1,
      offset: 2,
    });
    expect(json.messages).toMatchObject({ total: 3, pages: 2, currentPage: 1 });
    expect(
      json.messages.records.map((each: { message: { conversation: string } }) => each.message.conversation),
    ).toEqual(['3', '2']);
  });

  it('can tell the first status before it answers', async () => {
    const { ref, post } = await newAccount();
    await stage.control('PUT', `/evolution/accounts/${ref}/settings`, { statusFirst: true });
    const answered = post('/message/sendText/{name}', { number: '15550304007', text: 'x' }).then(
      () => stage.receiver.events('send.message').length,
    );
    expect(await answered).toBe(1);
  });
});

describe('magic recipients', () => {
  const send = (account: Account, suffix: string) =>
    account.post('/message/sendText/{name}', { number: `1555010${suffix}`, text: 'x' });

  it('refuse', async () => {
    const account = await newAccount();
    expect((await send(account, '0404')).json.response.message).toEqual([
      { jid: '15550100404@s.whatsapp.net', exists: false, number: '15550100404' },
    ]);
    expect((await send(account, '0401')).status).toBe(401);
    const limited = await send(account, '0429');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    expect([
      (await send(account, '0500')).status,
      (await send(account, '0500')).status,
      (await send(account, '0500')).status,
    ]).toEqual([500, 500, 201]);
    expect((await account.post('/message/sendText/{name}', { number: '15550200404', text: 'x' })).status).toBe(201);
  });

  it('0503 closes the instance', async () => {
    const account = await newAccount();
    expect((await send(account, '0503')).json.response.message).toEqual(['Error: Connection Closed']);
    expect((await account.post('/instance/connectionState/{name}', undefined, 'GET')).json.instance.state).toBe(
      'close',
    );
    expect((await event('connection.update')).data).toMatchObject({ state: 'close', statusReason: 401 });
  });

  it('0408 is sent, and never answered', async () => {
    const account = await newAccount();
    const request = fetch(`${stage.origin}/evolution/message/sendText/${account.ref}`, {
      method: 'POST',
      headers: { apikey: account.token, 'content-type': 'application/json' },
      body: JSON.stringify({ number: '15550100408', text: 'x' }),
      signal: AbortSignal.timeout(400),
    });
    await expect(request).rejects.toThrow();
    expect((await event('send.message')).data.message.conversation).toBe('x');
    expect(await stage.control('GET', `/evolution/accounts/${account.ref}/sent`)).toHaveLength(1);
  });

  it('0410 fails later, 0411 stays sent, 0412 reads before it is delivered, 0413 comes twice', async () => {
    const account = await newAccount({ settings: { statusDelaysMs: APART } });
    const statuses = async (suffix: string, count: number) => {
      const { key } = (await send(account, suffix)).json;
      const own = () => stage.receiver.events('messages.update').filter(({ data }) => data.keyId === key.id);
      await until(() => own().length >= count);
      return own().map(({ data }) => data.status);
    };
    expect(await statuses('0410', 1)).toEqual(['ERROR']);
    expect(await statuses('0412', 3)).toEqual(['SERVER_ACK', 'READ', 'DELIVERY_ACK']);
    expect(await statuses('0413', 6)).toHaveLength(6);
    expect(await statuses('0411', 1)).toEqual(['SERVER_ACK']);
  });

  it('0414 answers from a LID without a number', async () => {
    const account = await newAccount();
    await account.receive({ from: '+15550100414', text: 'hi' });
    const { data } = await event('messages.upsert');
    expect(JSON.stringify(data)).not.toContain('15550100414@s');
    const { json } = await account.post('/message/sendText/{name}', { number: data.key.remoteJid, text: 'yo' });
    expect(await stage.control('GET', `/evolution/accounts/${account.ref}/sent`)).toMatchObject([
      { to: '+15550100414', externalId: json.key.id },
    ]);
  });
});

describe('connection', () => {
  it('goes from code to code until the phone scans one', async () => {
    const account = await newAccount({ connected: false });
    const qr = (await account.post('/instance/connect/{name}', undefined, 'GET')).json;
    expect(qr).toMatchObject({
      base64: expect.stringMatching(/^data:image\/png;base64,iVBOR/),
      count: expect.any(Number),
    });
    const next = await event('qrcode.updated'); // 45 s, at fifty times the pace
    expect(next.data.qrcode.code).not.toBe(qr.code);
    await account.receive({ kind: 'connection', state: 'open' });
    expect((await event('connection.update')).data).toMatchObject({
      state: 'open',
      statusReason: 200,
      wuid: expect.stringMatching(/@s\.whatsapp\.net$/),
    });
    expect((await account.post('/instance/connect/{name}', undefined, 'GET')).json.instance.state).toBe('open');
  });

  it('gives up after the last code', async () => {
    const account = await newAccount({ connected: false, settings: { qrSeconds: 2, qrLimit: 2 } });
    expect(
      (await until(() => stage.receiver.events('connection.update').find(({ data }) => data.state === 'refused'))).data
        .statusReason,
    ).toBe(428);
    expect(stage.receiver.events('qrcode.updated').at(-1).data).toMatchObject({ statusCode: 500 });
    expect((await account.post('/instance/restart/{name}')).json).toEqual({ error: true, message: '[object Object]' });
  });

  it('reconnects after a drop by itself, and then tells what came meanwhile', async () => {
    const account = await newAccount();
    await account.receive({ kind: 'connection', state: 'drop', code: 408 });
    await account.receive({ from: '+15550305001', text: 'while away' });
    expect(
      (await account.post('/message/sendText/{name}', { number: '15550305001', text: 'x' })).json.response.message,
    ).toEqual(['Error: Connection Closed']);
    await event('messages.upsert');
    expect(stage.receiver.events('connection.update').map(({ data }) => data.state)).toEqual(['connecting', 'open']);
  });

  it('is told of a log-out, and of a deletion', async () => {
    const account = await newAccount();
    await account.receive({ kind: 'connection', state: 'logout' });
    expect((await event('status.instance')).data).toMatchObject({ status: 'closed', disconnectionReasonCode: 401 });
    expect((await event('logout.instance')).data).toBeNull();
    expect((await account.post('/instance/logout/{name}', undefined, 'DELETE')).status).toBe(400);
    expect((await account.post('/instance/delete/{name}', undefined, 'DELETE')).status).toBe(200);
    expect((await event('instance.delete')).data.instanceName).toBe(account.ref);
    expect((await account.post('/instance/connectionState/{name}', undefined, 'GET')).status).toBe(404);
  });

  it('is created by the API itself, with a webhook and a code', async () => {
    const webhook = { url: `${stage.receiver.url}/own`, byEvents: false, base64: false, headers: {}, events: [] };
    const { status, json } = await call(
      'POST',
      `${stage.origin}/evolution/instance/create`,
      {
        instanceName: 't42',
        integration: 'WHATSAPP-BAILEYS',
        qrcode: true,
        token: 'tok',
        number: '15550305002',
        webhook,
      },
      { apikey: KEY },
    );
    expect(status).toBe(201);
    expect(json).toMatchObject({
      instance: { instanceName: 't42', status: 'connecting' },
      hash: 'tok',
      qrcode: { count: 1, pairingCode: expect.stringMatching(/^\w{8}$/) },
    });
    expect((await stage.control('GET', '/evolution/accounts/t42')).config).toEqual({
      baseUrl: `${stage.origin}/evolution`,
      instance: 't42',
      apiKey: 'tok',
    });
  });
});

function journalOf(ref: string): Promise<{ type: string; outcome: string }[]> {
  return stage.control('GET', `/evolution/accounts/${ref}/journal`);
}
