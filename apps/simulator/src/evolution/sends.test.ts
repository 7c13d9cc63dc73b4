import { describe, expect, it } from 'vitest';
import { until } from '../testing/harness';
import { APART, event, newAccount, stage, type Account } from '../testing/evolution-stage';

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
    const patience = new AbortController();
    const request = fetch(`${stage.origin}/evolution/message/sendText/${account.ref}`, {
      method: 'POST',
      headers: { apikey: account.token, 'content-type': 'application/json' },
      body: JSON.stringify({ number: '15550100408', text: 'x' }),
      signal: patience.signal,
    });
    const unanswered = expect(request).rejects.toThrow();
    expect((await event('send.message')).data.message.conversation).toBe('x');
    expect(await stage.control('GET', `/evolution/accounts/${account.ref}/sent`)).toHaveLength(1);
    patience.abort();
    await unanswered;
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
