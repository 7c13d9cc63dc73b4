import { describe, expect, it } from 'vitest';
import { event, newAccount, stage } from '../testing/evolution-stage';

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

  it('wraps, mentions and rounds as WhatsApp does', async () => {
    const { receive } = await newAccount();
    await receive({ from: '+15550303011', text: 'gone tomorrow', wrap: 'ephemeralMessage' });
    expect((await event('messages.upsert')).data.message.ephemeralMessage.message.conversation).toBe('gone tomorrow');
    await receive({ group: 'Crew', from: '+15550303011', text: '@you', mentions: ['+15550303012'] });
    expect((await event('messages.upsert', 2)).data.contextInfo.mentionedJid).toEqual(['15550303012@s.whatsapp.net']);
    await receive({ from: '+15550303011', kind: 'video', round: true });
    expect((await event('messages.upsert', 3)).data.messageType).toBe('ptvMessage');
  });

  it('puts the file into the event where the webhook is set so', async () => {
    const { receive } = await newAccount({}, { base64: true });
    await receive({ from: '+15550303013', kind: 'sticker' });
    const { message } = (await event('messages.upsert')).data;
    expect(Buffer.from(message.base64, 'base64').subarray(8, 12).toString()).toBe('WEBP');
  });

  it('tells of typing always, or only where presence was shown, if it is that strict', async () => {
    const { post, receive } = await newAccount({ settings: { presence: 'subscribed' } });
    await receive({ from: '+15550303014', kind: 'typing' });
    await post('/chat/sendPresence/{name}', { number: '15550303014', presence: 'available', delay: 0 });
    await receive({ from: '+15550303014', kind: 'typing', state: 'recording' });
    const { data } = await event('presence.update');
    expect(Object.values(data.presences)).toMatchObject([{ lastKnownPresence: 'recording' }]);
    expect(stage.receiver.events('presence.update')).toHaveLength(1);
  });
});
