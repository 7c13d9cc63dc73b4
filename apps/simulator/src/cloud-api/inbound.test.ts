import { describe, expect, it } from 'vitest';
import { until } from '../testing/harness';
import { calls, messages, newNumber, someMessages, stage, text, values } from '../testing/cloud-api-stage';

describe('messages in', () => {
  it('has the envelope of the contract', async () => {
    const { config, receive } = await newNumber({ phone: '15550214477' });
    const { externalId } = await receive({
      from: '+15550403001',
      name: 'Sample Customer',
      text: 'still open?',
      at: '2026-01-01T10:00:00Z',
    });
    await someMessages();
    expect(calls()[0]?.json).toEqual({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: config.wabaId,
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550214477', phone_number_id: config.phoneNumberId },
                contacts: [
                  {
                    profile: { name: 'Sample Customer' },
                    wa_id: '15550403001',
                    user_id: expect.stringMatching(/^US\.\d{16}$/),
                  },
                ],
                messages: [
                  {
                    from: '15550403001',
                    from_user_id: expect.stringMatching(/^US\.\d{16}$/),
                    id: externalId,
                    timestamp: '1767261600',
                    type: 'text',
                    text: { body: 'still open?' },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    expect(externalId).toMatch(/^wamid\./);
  });

  it.each([
    ['image', { text: 'look' }, 'image', { mime_type: 'image/jpeg', caption: 'look' }],
    ['video', {}, 'video', { mime_type: 'video/mp4' }],
    ['audio', {}, 'audio', { voice: false }],
    ['voice', {}, 'audio', { voice: true, mime_type: 'audio/ogg; codecs=opus' }],
    ['document', {}, 'document', { filename: 'invoice.pdf' }],
    ['sticker', {}, 'sticker', { animated: false }],
    ['location', { title: 'Harbor' }, 'location', { latitude: 38.7139, name: 'Harbor' }],
    ['choice', { style: 'template-button', id: 'C', text: 'Confirm' }, 'button', { payload: 'C', text: 'Confirm' }],
    [
      'choice',
      { style: 'list', id: 's', text: '10:00' },
      'interactive',
      { type: 'list_reply', list_reply: { id: 's', title: '10:00' } },
    ],
    ['order', {}, 'order', { product_items: [{ product_retailer_id: 'SKU-9' }] }],
    ['unsupported', { type: 'poll' }, 'unsupported', { type: 'poll' }],
  ])('writes a %s (%o) as %s', async (kind, more, type, part) => {
    const { receive } = await newNumber();
    await receive({ from: '+15550403002', kind, ...more });
    const [message] = await someMessages();
    expect(message.type).toBe(type);
    expect(message[type]).toMatchObject(part);
  });

  it('writes contacts, quotes, forwards, referrals and welcomes', async () => {
    const { receive } = await newNumber();
    const { externalId } = await receive({ from: '+15550403003', kind: 'contact' });
    await receive({ from: '+15550403003', replyTo: externalId, text: 'him' });
    await receive({ from: '+15550403003', forwarded: true, text: 'fwd' });
    await receive({ from: '+15550403003', referral: true, text: 'offer?' });
    await receive({ from: '+15550403003', kind: 'welcome' });
    const all = await someMessages(5);
    const by = (find: (message: any) => boolean) => all.find(find); // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(by(({ type }) => type === 'contacts').contacts[0]).toMatchObject({
      name: { formatted_name: 'Ted Orr' },
      phones: [{ wa_id: '15550203311' }],
    });
    expect(by(({ text: part }) => part?.body === 'him').context).toMatchObject({ from: '15550403003', id: externalId });
    expect(by(({ text: part }) => part?.body === 'fwd').context).toEqual({ forwarded: true });
    expect(by(({ referral }) => referral).referral).toMatchObject({ source_type: 'ad' });
    expect(by(({ type }) => type === 'request_welcome')).not.toHaveProperty('text');
  });

  it('takes a reaction back without an emoji', async () => {
    const { receive } = await newNumber();
    const { externalId } = await receive({ from: '+15550403004' });
    await receive({ from: '+15550403004', kind: 'reaction', target: externalId, emoji: '👍' });
    await receive({ from: '+15550403004', kind: 'reaction', target: externalId, emoji: '' });
    const reactions = (await someMessages(3)).filter(({ type }) => type === 'reaction').map(({ reaction }) => reaction);
    expect(reactions).toContainEqual({ message_id: externalId, emoji: '👍' });
    expect(reactions).toContainEqual({ message_id: externalId });
  });

  it('tells of edits and deletions where the number lives in the Business app too, else not', async () => {
    const shared = await newNumber();
    const { externalId } = await shared.receive({ from: '+15550403005', text: 'a' });
    await shared.receive({ kind: 'edit', target: externalId, text: 'b' });
    await shared.receive({ kind: 'delete', target: externalId });
    const all = await someMessages(3);
    expect(all.find(({ type }) => type === 'edit').edit).toMatchObject({
      original_message_id: externalId,
      message: { type: 'text', text: { body: 'b' } },
    });
    expect(all.find(({ type }) => type === 'revoke').revoke).toEqual({ original_message_id: externalId });

    stage.receiver.received.length = 0;
    const plain = await newNumber({ settings: { coexistence: false } });
    const other = await plain.receive({ from: '+15550403005', text: 'a' });
    await plain.receive({ kind: 'edit', target: other.externalId, text: 'b' });
    await plain.receive({ kind: 'delete', target: other.externalId });
    await plain.receive({ from: '+15550403005', text: 'c' });
    expect((await someMessages(3)).map(({ type }) => type).sort()).toEqual(['text', 'text', 'unsupported']);
  });

  it('hides the number of who goes by a username', async () => {
    const { receive, send, ref } = await newNumber();
    await receive({ from: '+15550403006', hidePhone: true, username: 'rosa.l', text: 'hi' });
    const [message] = await someMessages();
    expect(calls()[0]?.body).not.toContain('15550403006');
    expect(message.from_user_id).toMatch(/^US\./);
    const { json } = await send(undefined as unknown as string, { recipient: message.from_user_id, ...text('yo') });
    expect(json.contacts).toEqual([{ input: message.from_user_id, user_id: message.from_user_id }]);
    expect(await stage.control('GET', `/cloud-api/accounts/${ref}/sent`)).toMatchObject([
      { to: '+15550403006', text: 'yo' },
    ]);
  });

  it('tells of changed numbers, ids and wishes, of echoes, groups and the account', async () => {
    const { receive } = await newNumber();
    await receive({ from: '+15550403007', kind: 'system', newPhone: '+15550403008' });
    expect((await someMessages())[0]).toMatchObject({
      type: 'system',
      from: '15550403007',
      system: { type: 'user_changed_number', wa_id: '15550403008' },
    });
    expect(values()[0].contacts).toBeUndefined();
    await receive({ from: '+15550403009', fromMe: true, text: 'typed on the phone' });
    expect((await until(() => values('smb_message_echoes')[0])).message_echoes[0]).toMatchObject({
      to: '15550403009',
      text: { body: 'typed on the phone' },
    });
    await receive({ from: '+15550403009', kind: 'preference', state: 'stop' });
    expect((await until(() => values('user_preferences')[0])).user_preferences[0]).toMatchObject({
      wa_id: '15550403009',
      value: 'stop',
    });
    await receive({ from: '+15550403009', kind: 'user-id-update' });
    expect((await until(() => values('user_id_update')[0])).user_id_update[0].user_id).toMatchObject({
      previous: expect.stringMatching(/^US/),
      current: expect.stringMatching(/^US/),
    });
    await receive({ group: 'Ride club', from: '+15550403009', text: 'who rides?' });
    const inGroup = await until(() => messages().find(({ group_id: group }) => group));
    await receive({ kind: 'participants', group: inGroup.group_id, participants: ['+15550403010'] });
    expect((await until(() => values('group_participants_update')[0])).groups[0]).toMatchObject({
      type: 'group_participants_add',
      added_participants: [{ wa_id: '15550403010' }],
    });
    await receive({ kind: 'account-event', event: 'account_update' });
    expect((await until(() => values('account_update')[0])).event).toBe('DISABLED_UPDATE');
  });

  it('tells of files that could not be fetched, and of trouble without a message', async () => {
    const { receive } = await newNumber();
    await receive({ from: '+15550403011', kind: 'video', code: 131052 });
    expect((await someMessages())[0]).toMatchObject({ type: 'video', errors: [{ code: 131052 }] });
    await receive({
      kind: 'account-event',
      event: 'messages',
      data: { errors: [{ code: 130429, title: 'Rate limit hit' }] },
    });
    const trouble = await until(() => values().find(({ errors }) => errors));
    expect(trouble).toMatchObject({ metadata: { phone_number_id: expect.any(String) }, errors: [{ code: 130429 }] });
  });
});
