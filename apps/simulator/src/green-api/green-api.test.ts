import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, openStage, until, type Stage } from '../testing/harness';

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
  id: string;
  token: string;
  ask(method: string, body?: unknown): ReturnType<typeof call>;
  receive(event: Record<string, unknown>): Promise<{ externalId: string }>;
  control(at: string, body?: unknown): ReturnType<Stage['control']>;
}

/** An instance of its own, whose webhook is the receiver. */
async function newAccount(options: Record<string, unknown> = {}): Promise<Account> {
  const { settings, ...others } = options;
  const quick = { limits: false, statusDelaysMs: [500, 1500, 4500], retryMs: 500, ...(settings as object) };
  const { ref, config } = await stage.control('POST', '/green-api/accounts', {
    connected: true,
    settings: quick,
    ...others,
  });
  const at = `/green-api/accounts/${ref}`;
  const webhook = { url: `${stage.receiver.url}/hooks/${ref}`, headers: { Authorization: 'Bearer s3cr3t' } };
  await stage.control('PUT', at, { webhook });
  return {
    ref,
    id: config.idInstance,
    token: config.apiTokenInstance,
    ask: (method, body) =>
      call(
        body === undefined ? 'GET' : 'POST',
        `${config.apiUrl}/waInstance${config.idInstance}/${method}/${config.apiTokenInstance}`,
        body,
      ),
    receive: (event) => stage.control('POST', `${at}/receive`, event),
    control: (name, body) => stage.control(body === undefined ? 'GET' : 'PUT', `${at}/${name}`, body),
  };
}

const told = (type: string) =>
  stage.receiver.received.filter(({ json }) => json?.typeWebhook === type).map(({ json }) => json);
const until1 = (type: string, count = 1) => until(() => told(type).length >= count && told(type), type);

describe('routing', () => {
  it('refuses an unknown instance, a wrong token, a wrong verb and an unknown method, in that order', async () => {
    const { id, token } = await newAccount();
    const at = `${stage.origin}/green-api`;
    const answers = await Promise.all([
      call('GET', `${at}/waInstance999/getStateInstance/${token}`),
      call('GET', `${at}/waInstance${id}/getStateInstance/wrong`),
      call('POST', `${at}/waInstance${id}/getStateInstance/${token}`, {}),
      call('GET', `${at}/waInstance${id}/dance/${token}`),
    ]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [403, 'Forbidden'],
      [401, 'Unauthorized'],
      [404, 'Not Found'],
      [404, 'Not Found'],
    ]);
  });

  it('keeps the limits a second, unless they are switched off', async () => {
    const { ask } = await newAccount({ settings: { limits: true } });
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => ask('getStateInstance')))).map(
      ({ status }) => status,
    );
    expect(statuses).toContain(429);
  });

  it('has demo accounts that are connected', async () => {
    expect(await stage.control('GET', '/green-api/accounts')).toEqual(
      expect.arrayContaining(
        ['acme-green-api', 'globex-green-api'].map((ref) => expect.objectContaining({ ref, state: 'open' })),
      ),
    );
  });
});

describe('messages out', () => {
  it('answers with an id, echoes, and goes through the statuses in order', async () => {
    const { ask, control } = await newAccount();
    const { status, json } = await ask('sendMessage', { chatId: '15550304001@c.us', message: 'Until six.' });
    expect([status, json.idMessage]).toEqual([200, expect.stringMatching(/^BAE5[0-9A-F]{16}$/)]);
    const statuses = await until1('outgoingMessageStatus', 3);
    expect(statuses.map(({ status: word }) => word)).toEqual(['sent', 'delivered', 'read']);
    expect(stage.receiver.received[0]).toMatchObject({
      headers: { authorization: 'Bearer s3cr3t' },
      json: {
        typeWebhook: 'outgoingAPIMessageReceived',
        idMessage: json.idMessage,
        senderData: { chatId: '15550304001@c.us' },
      },
    });
    expect(await control('sent')).toMatchObject([
      { to: '+15550304001', text: 'Until six.', externalId: json.idMessage },
    ]);
  });

  it('keeps what is sent while no phone is linked, and lets it out when one is', async () => {
    const { ask, receive, control } = await newAccount();
    await receive({ kind: 'connection', state: 'notAuthorized' });
    expect((await ask('sendMessage', { chatId: '15550304002@c.us', message: 'Later' })).status).toBe(200);
    expect((await ask('showMessagesQueue')).json).toHaveLength(1);
    expect(await control('sent')).toEqual([]);
    await receive({ kind: 'connection', state: 'open' });
    await until1('outgoingMessageStatus', 3);
    expect((await until1('stateInstanceChanged', 2)).map(({ stateInstance }) => stateInstance)).toEqual([
      'notAuthorized',
      'authorized',
    ]);
    expect(await control('sent')).toHaveLength(1);
  });

  it.each([
    ['sendLocation', { latitude: 1, longitude: 2, nameLocation: 'Depot' }, 'locationMessage'],
    ['sendContact', { contact: { phoneContact: 15550203311, firstName: 'Ted', lastName: 'Orr' } }, 'contactMessage'],
    ['sendPoll', { message: 'Lunch?', options: [{ optionName: 'Soup' }, { optionName: 'Rice' }] }, 'pollMessage'],
  ])('takes %s', async (method, body, typeMessage) => {
    const { ask } = await newAccount();
    expect((await ask(method, { chatId: '15550304003@c.us', ...body })).status).toBe(200);
    expect((await until1('outgoingAPIMessageReceived'))[0].messageData.typeMessage).toBe(typeMessage);
  });

  it('fetches a file, and serves it in public until the link ends', async () => {
    const { ask } = await newAccount();
    const { json } = await ask('uploadFile', 'hello');
    expect((await call('GET', json.urlFile)).status).toBe(200);
    const sent = await ask('sendFileByUrl', {
      chatId: '15550304004@c.us',
      urlFile: json.urlFile,
      fileName: 'a.pdf',
      caption: 'signed',
    });
    expect(sent.status).toBe(200);
    const [echo] = await until1('outgoingAPIMessageReceived');
    expect(echo.messageData).toMatchObject({
      typeMessage: 'documentMessage',
      fileMessageData: { caption: 'signed', fileName: 'a.pdf' },
    });
    expect((await call('GET', json.urlFile.replace(/files\/\d+/, 'files/1'))).status).toBe(404);
    const renewed = await ask('downloadFile', { chatId: '15550304004@c.us', idMessage: sent.json.idMessage });
    expect((await call('GET', renewed.json.downloadUrl)).status).toBe(200);
  });

  it('acts on magic recipients', async () => {
    const { ask } = await newAccount();
    const send = async (suffix: string) =>
      (await ask('sendMessage', { chatId: `1555010${suffix}@c.us`, message: 'x' })).status;
    expect([await send('0401'), await send('0429'), await send('0466')]).toEqual([401, 429, 466]);
    expect([await send('0500'), await send('0500'), await send('0500')]).toEqual([502, 502, 200]);
    expect([await send('0404'), await send('0410'), await send('0499')]).toEqual([200, 200, 200]);
    await until(() =>
      ['noAccount', 'failed', 'suspended'].every((word) =>
        told('outgoingMessageStatus').some(({ status }) => status === word),
      ),
    );
    expect((await ask('getStateInstance')).json).toEqual({ stateInstance: 'suspended' });
  });

  it('keeps its oddities', async () => {
    const { ask } = await newAccount();
    expect(await ask('getGroupData', { groupId: '1@g.us' })).toMatchObject({
      status: 200,
      json: 'Error: item-not-found',
    });
    expect((await ask('checkWhatsapp', { phoneNumber: '15550107788' })).text).toMatch(/Validation failed/);
    const { json } = await ask('sendMessage', { chatId: '15550304005@c.us', message: 'x' });
    await until1('outgoingAPIMessageReceived');
    expect(await ask('deleteMessage', { chatId: '15550304005@c.us', idMessage: json.idMessage })).toMatchObject({
      status: 200,
      text: '',
    });
  });
});

describe('notifications', () => {
  it('stand in a line: what is refused holds up all behind it, and comes again', async () => {
    const { receive } = await newAccount();
    stage.receiver.answer('first', 503, 503);
    for (const text of ['first', 'second', 'third']) await receive({ from: '+15550304010', text });
    await until1('incomingMessageReceived', 5);
    expect(told('incomingMessageReceived').map(({ messageData }) => messageData.textMessageData.textMessage)).toEqual([
      'first',
      'first',
      'first',
      'second',
      'third',
    ]);
  });

  it('are dropped after a day, and so is what waits for a phone', async () => {
    const { ask, receive } = await newAccount({ settings: { retryMs: 3_600_000 } });
    stage.receiver.answer('old', ...Array.from({ length: 40 }, () => 503));
    await receive({ from: '+15550304014', text: 'old' });
    await until1('incomingMessageReceived');
    await receive({ kind: 'connection', state: 'notAuthorized' });
    await ask('sendMessage', { chatId: '15550304015@c.us', message: 'too late' });
    await stage.control('PUT', '/clock', { offsetMs: 25 * 3_600_000 });
    await receive({ kind: 'connection', state: 'open' });
    await receive({ from: '+15550304014', text: 'new' });
    await until(() =>
      told('incomingMessageReceived').some(({ messageData }) => messageData.textMessageData.textMessage === 'new'),
    );
    expect(told('outgoingAPIMessageReceived')).toEqual([]);
    await stage.control('PUT', '/clock', { offsetMs: 0 });
  });

  it('are kept over a restart', async () => {
    const { receive } = await newAccount({ settings: { retryMs: 3_000_000 } });
    stage.receiver.answer('held', 500);
    await receive({ from: '+15550304011', text: 'held' });
    await until1('incomingMessageReceived');
    await stage.restart();
    await until1('incomingMessageReceived', 2);
  });

  it('are fetched where there is no address, each until it is deleted', async () => {
    const { ask, receive, id, token } = await newAccount();
    await ask('setSettings', { webhookUrl: '' });
    await receive({ from: '+15550304012', text: 'polled' });
    const first = await ask('receiveNotification');
    expect(first.json).toMatchObject({
      receiptId: expect.any(Number),
      body: { typeWebhook: 'incomingMessageReceived' },
    });
    expect((await ask('receiveNotification')).json).toEqual(first.json);
    const at = `${stage.origin}/green-api/waInstance${id}/deleteNotification/${token}/${first.json.receiptId}`;
    expect((await call('DELETE', at)).json).toEqual({ result: true });
    expect((await ask('receiveNotification')).json).toBeNull();
  });

  it('respect every flag', async () => {
    const { ask, receive } = await newAccount();
    await ask('setSettings', { incomingWebhook: 'no', outgoingMessageWebhook: 'no' });
    await receive({ from: '+15550304013', text: 'unheard' });
    await receive({ from: '+15550304013', text: 'from the phone', fromMe: true });
    await ask('setSettings', { incomingWebhook: 'yes' });
    await receive({ from: '+15550304013', text: 'heard' });
    expect(
      (await until1('incomingMessageReceived')).map(({ messageData }) => messageData.textMessageData.textMessage),
    ).toEqual(['heard']);
    expect(told('outgoingMessageReceived')).toEqual([]);
  });
});

describe('messages in', () => {
  it('stay on a phone that is not linked', async () => {
    const { ask, receive } = await newAccount();
    await receive({ kind: 'connection', state: 'notAuthorized' });
    const from = '+15550304019';
    const { externalId: target } = await receive({ from, text: 'unheard' });
    await receive({ from, kind: 'reaction', emoji: '👍', target });
    await receive({ from, kind: 'call' });
    await receive({ kind: 'connection', state: 'open' });
    await receive({ from, text: 'heard' });
    const heard = await until1('incomingMessageReceived');
    expect(heard.map(({ messageData }) => messageData.textMessageData.textMessage)).toEqual(['heard']);
    expect(told('incomingCall')).toEqual([]);
    const { json: past } = await ask('getChatHistory', { chatId: '15550304019@c.us', count: 10 });
    expect(past.map(({ textMessage }: { textMessage: string }) => textMessage)).toEqual(['heard', 'unheard']);
  });

  it.each([
    [{ kind: 'image', text: 'blue' }, 'imageMessage'],
    [{ kind: 'voice' }, 'audioMessage'],
    [{ kind: 'sticker' }, 'stickerMessage'],
    [{ kind: 'location' }, 'locationMessage'],
    [{ kind: 'contact' }, 'contactMessage'],
    [{ kind: 'contacts', contacts: [{ name: 'A' }, { name: 'B' }] }, 'contactsArrayMessage'],
    [{ kind: 'poll' }, 'pollMessage'],
    [{ kind: 'choice', style: 'list' }, 'listResponseMessage'],
    [{ kind: 'unsupported', type: 'event' }, 'eventMessage'],
    [{ kind: 'text', text: 'x', forwarded: 'often' }, 'extendedTextMessage'],
  ])('tells of %j', async (event, typeMessage) => {
    const { receive } = await newAccount();
    await receive({ from: '+15550304020', ...event });
    expect((await until1('incomingMessageReceived'))[0].messageData.typeMessage).toBe(typeMessage);
  });

  it('tells of replies, reactions, edits, deletions, votes and calls', async () => {
    const { receive } = await newAccount();
    const from = '+15550304021';
    const { externalId: target } = await receive({ from, text: 'first' });
    await receive({ from, text: 'answer', replyTo: target });
    await receive({ from, kind: 'reaction', emoji: '👍', target });
    await receive({ from, kind: 'edit', text: 'edited', target });
    await receive({ from, kind: 'delete', target });
    const { externalId: poll } = await receive({ from, kind: 'poll' });
    await receive({ from, kind: 'vote', target: poll });
    await receive({ from, kind: 'call' });
    await until1('incomingCall');
    const all = told('incomingMessageReceived').map(({ messageData }) => messageData);
    expect(all.map(({ typeMessage }) => typeMessage)).toEqual([
      'textMessage', 'extendedTextMessage', 'reactionMessage', 'editedMessage', 'deletedMessage', 'pollMessage', 'pollUpdateMessage',
    ]); // prettier-ignore
    expect([
      all[1].quotedMessage.stanzaId,
      all[2].quotedMessage.stanzaId,
      all[3].editedMessageData.stanzaId,
      all[4].deletedMessageData.stanzaId,
    ]).toEqual([target, target, target, target]);
  });

  it('names groups, own phones, lids and what is raw', async () => {
    const { receive } = await newAccount();
    await receive({ from: '+15550304022', group: 'Depot crew', text: 'truck is late' });
    await receive({ from: '+15550304022', text: 'from our phone', fromMe: true });
    await receive({ from: '+15550304022', text: 'by lid', lid: 'only', ts: 'string' });
    await receive({ kind: 'raw', body: { typeWebhook: 'strange', x: 1 }, signature: 'bad' });
    await until1('strange');
    const [group, lid] = told('incomingMessageReceived');
    expect(group.senderData).toMatchObject({
      chatId: expect.stringMatching(/@g\.us$/),
      chatName: 'Depot crew',
      sender: '15550304022@c.us',
    });
    expect(lid).toMatchObject({
      timestamp: expect.any(String),
      senderData: { chatId: expect.stringMatching(/@lid$/) },
    });
    expect(told('outgoingMessageReceived')[0].senderData.chatId).toBe('15550304022@c.us');
    expect(stage.receiver.received.at(-1)?.headers.authorization).toBe('Bearer wrong');
  });
});

describe('the login', () => {
  it('shows a code until it is scanned', async () => {
    const { ask, receive } = await newAccount({ connected: false });
    const { json } = await ask('qr');
    expect(json).toMatchObject({ type: 'qrCode', message: expect.stringMatching(/^iVBOR/) });
    await receive({ kind: 'connection', state: 'open' });
    expect((await ask('qr')).json.type).toBe('alreadyLogged');
    expect((await ask('getStateInstance')).json).toEqual({ stateInstance: 'authorized' });
  });

  it('is done by the code that its own number is given', async () => {
    const { ask } = await newAccount({ connected: false, phone: '15550305001' });
    expect((await ask('getAuthorizationCode', { phoneNumber: '15550305001' })).text).toMatch(/Validation failed/);
    expect((await ask('getAuthorizationCode', { phoneNumber: 15550305001 })).json.code).toHaveLength(8);
    await until1('stateInstanceChanged');
  });

  it('restarts the instance when its settings change', async () => {
    const { ask } = await newAccount({ settings: { restartMs: 1_000_000 } });
    await ask('setSettings', { delaySendMessagesMilliseconds: 1_000 });
    expect((await ask('sendMessage', { chatId: '15550304030@c.us', message: 'x' })).text).toMatch(
      /instance in starting process/,
    );
    await stage.control('PUT', '/clock', { offsetMs: 1_000_000 });
    await until(async () => (await ask('getSettings')).json.delaySendMessagesMilliseconds === 1_000);
    expect((await ask('getStateInstance')).json).toEqual({ stateInstance: 'authorized' });
    await stage.control('PUT', '/clock', { offsetMs: 0 });
  });
});
