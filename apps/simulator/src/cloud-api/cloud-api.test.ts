import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, openStage, until, type Stage } from '../testing/harness';

/** Webhooks leave concurrently: what is to arrive in order needs time between. */
const APART = [1000, 4000, 7000];
const HOUR_MS = 3_600_000;
let stage: Stage;
/** WABAs of the test that runs: what an earlier one left under way is not its business. */
const mine = new Set<string>();

beforeAll(async () => {
  stage = await openStage({
    SIMULATOR_TIME_SCALE: '50',
    CLOUD_API_APP_SECRET: 'platform-secret',
    CLOUD_API_VERIFY_TOKEN: 'platform-verify',
  });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.receiver.received.length = 0;
  mine.clear();
});

interface Change {
  field: string;
  value: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what came over the wire
}

interface Number {
  ref: string;
  config: Record<string, string>;
  graph(method: string, path: string, body?: unknown, headers?: Record<string, string>): ReturnType<typeof call>;
  send(to: string, part: Record<string, unknown>): ReturnType<typeof call>;
  receive(event: Record<string, unknown>): Promise<{ externalId: string }>;
}

async function newNumber(options: Record<string, unknown> = {}): Promise<Number> {
  const { ref, config } = await stage.control('POST', '/cloud-api/accounts', options);
  mine.add(config.wabaId);
  const graph: Number['graph'] = (method, path, body, headers = {}) =>
    call(method, `${stage.origin}/cloud-api/v25.0${path}`, body, {
      authorization: `Bearer ${config.accessToken}`,
      ...headers,
    });
  return {
    ref,
    config,
    graph,
    send: (to, part) =>
      graph('POST', `/${config.phoneNumberId}/messages`, { messaging_product: 'whatsapp', to, ...part }),
    receive: (event) => stage.control('POST', `/cloud-api/accounts/${ref}/receive`, event),
  };
}

const text = (body: string) => ({ type: 'text', text: { body } });
const calls = () =>
  stage.receiver.received.filter(({ json }) => json?.entry?.some?.(({ id }: { id: string }) => mine.has(id)));
const changes = (): Change[] =>
  calls().flatMap(({ json }) => json.entry.flatMap((entry: { changes: Change[] }) => entry.changes));
const values = (field = 'messages') =>
  changes()
    .filter((change) => change.field === field)
    .map((change) => change.value);
const messages = () => values().flatMap((value) => value.messages ?? []);
const statuses = () => values().flatMap((value) => value.statuses ?? []);
const someMessages = (count = 1) => until(() => messages().length >= count && messages(), 'messages');
const someStatuses = (count = 1) => until(() => statuses().length >= count && statuses(), 'statuses');

describe('auth', () => {
  it('tells a missing, an unknown and an expired token from a foreign object', async () => {
    const [mine, theirs] = [await newNumber(), await newNumber()];
    const path = `/${mine.config.phoneNumberId}`;
    expect((await mine.graph('GET', path, undefined, { authorization: '' })).json.error).toMatchObject({ code: 190 });
    expect((await mine.graph('GET', path, undefined, { authorization: 'Bearer made-up' })).status).toBe(401);
    expect((await mine.graph('GET', path, undefined, { authorization: 'Bearer expired-1' })).json.error).toMatchObject({
      code: 190,
      error_subcode: 463,
    });
    const foreign = await mine.graph('GET', `/${theirs.config.phoneNumberId}`);
    expect([foreign.status, foreign.json.error.code, foreign.json.error.error_subcode]).toEqual([400, 100, 33]);
    expect((await mine.graph('GET', '/no/such/path')).json.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it('refuses a token without the permission', async () => {
    const number = await newNumber({ settings: { scopes: ['whatsapp_business_management'] } });
    const { status, json } = await number.send('+15550401000', text('x'));
    expect([status, json.error.code]).toEqual([403, 10]);
  });

  it('shows the fields of a number, its WABA and its subscription', async () => {
    const { config, graph } = await newNumber({ name: 'Harbor Bikes' });
    const { json } = await graph(
      'GET',
      `/${config.phoneNumberId}?fields=id,verified_name,status,throughput,health_status`,
    );
    expect(json).toMatchObject({
      id: config.phoneNumberId,
      verified_name: 'Harbor Bikes',
      status: 'CONNECTED',
      throughput: { level: 'STANDARD' },
    });
    expect((await graph('GET', `/${config.phoneNumberId}?fields=nope`)).json.error.code).toBe(100);
    expect((await graph('GET', `/${config.wabaId}/phone_numbers?limit=100`)).json.data).toMatchObject([
      { id: config.phoneNumberId },
    ]);
    expect((await graph('GET', `/${config.wabaId}/subscribed_apps`)).json.data).toHaveLength(1);
  });
});

describe('webhooks', () => {
  it('signs the escaped bytes that it sends', async () => {
    const { receive } = await newNumber();
    await receive({ from: '+15550402001', name: 'José', text: 'Olá 👋 a/b' });
    await someMessages();
    const { body, headers, url } = await until(() => calls()[0]);
    expect(url).toBe('/api/webhooks/whatsapp/cloud-api');
    expect(body).toContain('Ol\\u00e1 \\ud83d\\udc4b a\\/b');
    expect(body).toMatch(/^[\x20-\x7e]*$/);
    expect(headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', 'platform-secret').update(body).digest('hex')}`,
    );
  });

  it.each([
    ['bad', (signature: string, good: string) => expect(signature).not.toBe(good)],
    ['missing', (signature: string | undefined) => expect(signature).toBeUndefined()],
  ])('can be told to sign as %s', async (signature, check) => {
    const { receive } = await newNumber({ settings: { signature } });
    await receive({ from: '+15550402002' });
    await someMessages();
    const { body, headers } = await until(() => calls()[0]);
    check(
      headers['x-hub-signature-256'] as string,
      `sha256=${createHmac('sha256', 'platform-secret').update(body).digest('hex')}`,
    );
  });

  it('keeps trying the same bytes until it is answered 200', async () => {
    const { receive } = await newNumber();
    stage.receiver.answer('15550402003', 500, 204, 404);
    await receive({ from: '+15550402003' });
    await until(() => calls().length === 4);
    expect(new Set(calls().map(({ body }) => body)).size).toBe(1);
  });

  it('puts several numbers and tenants into one call when it batches', async () => {
    const settings = { batchMs: 2000 };
    const [one, two] = [await newNumber({ settings }), await newNumber({ settings })];
    await Promise.all(
      [1, 2, 3].flatMap((n) => [
        one.receive({ from: '+15550402004', text: `a${n}` }),
        two.receive({ from: '+15550402004', text: `b${n}` }),
      ]),
    );
    await someMessages(6);
    expect(calls()).toHaveLength(1);
    const entries = calls()[0]?.json.entry;
    expect(entries.map(({ id }: { id: string }) => id).sort()).toEqual([one.config.wabaId, two.config.wabaId].sort());
    expect(entries[0].changes[0].value.messages).toHaveLength(3);
  });

  it('prefers the number, then the WABA, then the app, and asks each before it takes it', async () => {
    const { config, graph, receive } = await newNumber({ app: 'own' });
    const seen: Record<string, string>[] = [];
    stage.receiver.challenge = (query) => (seen.push(query), { status: 200, body: query['hub.challenge'] ?? '' });
    const override = (at: string) => ({ override_callback_uri: `${stage.receiver.url}/${at}`, verify_token: 'v' });
    expect((await graph('POST', `/${config.wabaId}/subscribed_apps`, override('waba'))).json).toEqual({
      success: true,
    });
    expect(seen[0]).toMatchObject({ 'hub.mode': 'subscribe', 'hub.verify_token': 'v' });
    await receive({ from: '+15550402005' });
    await until(() => stage.receiver.received.find(({ url }) => url === '/waba'));
    expect((await graph('POST', `/${config.phoneNumberId}`, { webhook_configuration: override('phone') })).status).toBe(
      200,
    );
    await receive({ from: '+15550402005' });
    const { body, headers } = await until(() => stage.receiver.received.find(({ url }) => url === '/phone'));
    expect(headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', config.appSecret ?? '')
        .update(body)
        .digest('hex')}`,
    );
    stage.receiver.challenge = () => ({ status: 200, body: 'something else' });
    expect(
      (await graph('POST', `/${config.phoneNumberId}`, { webhook_configuration: override('wrong') })).json.error.code,
    ).toBe(100);
    stage.receiver.challenge = (query) => ({ status: 200, body: query['hub.challenge'] ?? '' });
  });

  it('sends a body as it is given, signed as asked', async () => {
    const { receive } = await newNumber();
    await receive({ kind: 'raw', body: '{"object":"whatsapp_business_account","entry":"\\u0000"}', signature: 'good' });
    const { body, headers } = await until(() =>
      stage.receiver.received.find(({ body: sent }) => sent.includes('u0000')),
    );
    expect(body).toBe('{"object":"whatsapp_business_account","entry":"\\u0000"}');
    expect(headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', 'platform-secret').update(body).digest('hex')}`,
    );
  });
});

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
});

describe('media', () => {
  it('is found by its id, and downloaded with the token, for five minutes', async () => {
    const { graph, receive, config } = await newNumber();
    await receive({ from: '+15550404001', kind: 'image', media: 'cup' });
    const [{ image }] = await someMessages();
    const { json } = await graph('GET', `/${image.id}?phone_number_id=${config.phoneNumberId}`);
    expect(json).toMatchObject({ messaging_product: 'whatsapp', mime_type: 'image/jpeg', id: image.id });
    const auth = { authorization: `Bearer ${config.accessToken}` };
    expect((await call('GET', json.url, undefined, auth)).headers.get('content-type')).toBe('image/jpeg');
    expect((await call('GET', json.url)).status).toBe(401);
    expect((await call('GET', json.url.replace(/hash=./, 'hash=z'), undefined, auth)).status).toBe(404);
    await stage.control('PUT', '/clock', { offsetMs: 6 * 60_000 });
    expect((await call('GET', json.url, undefined, auth)).status).toBe(404);
    await stage.control('PUT', '/clock', { offsetMs: 0 });
    expect((await graph('DELETE', `/${image.id}`)).json).toEqual({ success: true });
    expect((await graph('GET', `/${image.id}`)).json.error.code).toBe(100);
  });

  it('is uploaded and sent, if it is of a kind that can be', async () => {
    const { config, receive, send } = await newNumber();
    await receive({ from: '+15550404002' });
    const upload = async (type: string, bytes: number) => {
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('file', new Blob([new Uint8Array(bytes)], { type }), 'f');
      const response = await fetch(`${stage.origin}/cloud-api/v25.0/${config.phoneNumberId}/media`, {
        method: 'POST',
        body: form,
        headers: { authorization: `Bearer ${config.accessToken}` },
      });
      return (await response.json()) as { id: string; error: { code: number } };
    };
    const { id } = await upload('image/jpeg', 100);
    expect((await send('+15550404002', { type: 'image', image: { id, caption: 'ready' } })).status).toBe(200);
    expect((await send('+15550404002', { type: 'video', video: { id } })).json.error.code).toBe(131053);
    expect((await send('+15550404002', { type: 'image', image: { id, link: 'http://x/' } })).json.error.code).toBe(
      131009,
    );
    expect((await upload('image/heic', 100)).error.code).toBe(100);
    expect((await upload('image/png', 6_000_000)).error.code).toBe(131053);
  });
});

describe('messages out', () => {
  it('accepts, and goes from sent to read with what was to be echoed', async () => {
    const { ref, receive, send } = await newNumber({ settings: { statusDelaysMs: APART } });
    await receive({ from: '+15550405001' });
    const { status, json } = await send('+15550405001', { biz_opaque_callback_data: 'out_01', ...text('Yes') });
    expect(status).toBe(200);
    expect(json).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: '+15550405001', wa_id: '15550405001' }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    const all = await someStatuses(3);
    expect(all.map((each) => each.status)).toEqual(['sent', 'delivered', 'read']);
    expect(all[0]).toMatchObject({
      id: json.messages[0].id,
      recipient_id: '15550405001',
      biz_opaque_callback_data: 'out_01',
      pricing: { pricing_model: 'PMP' },
    });
    expect(all[2]).not.toHaveProperty('pricing');
    expect(values().find((value) => value.statuses).contacts[0].wa_id).toBe('15550405001');
    expect(await stage.control('GET', `/cloud-api/accounts/${ref}/sent`)).toMatchObject([
      { to: '+15550405001', kind: 'text', text: 'Yes', externalId: json.messages[0].id },
    ]);
  });

  it.each([
    [{ messaging_product: undefined, ...text('x') }, 100],
    [{ type: 'text' }, 131008],
    [text('x'.repeat(4097)), 131009],
    [{ type: 'carrier-pigeon' }, 131051],
    [{ type: 'image', image: { id: '1' } }, 100],
    [{ type: 'sticker', sticker: { link: 'http://x/', caption: 'no' } }, 131009],
    [{ type: 'contacts', contacts: [{ name: { formatted_name: 'A' } }] }, 131008],
    [{ type: 'interactive', interactive: { type: 'button', body: { text: 'x' }, action: { buttons: [] } } }, 131009],
    [{ biz_opaque_callback_data: 'x'.repeat(513), ...text('x') }, 131009],
  ])('refuses %o', async (part, code) => {
    const { send } = await newNumber();
    expect((await send('+15550405002', part)).json.error.code).toBe(code);
  });

  it('refuses the number itself', async () => {
    const { send } = await newNumber({ phone: '15550405003' });
    expect((await send('+15550405003', text('x'))).json.error.code).toBe(131021);
  });

  it('outside the window accepts, then fails; a template gets through; a customer opens it', async () => {
    const { send, receive, ref } = await newNumber({ settings: { statusDelaysMs: APART } });
    const closed = await send('+15550405004', text('x'));
    expect((await someStatuses())[0]).toMatchObject({
      id: closed.json.messages[0].id,
      status: 'failed',
      errors: [{ code: 131047 }],
    });
    expect(values().find((value) => value.statuses)).not.toHaveProperty('contacts');
    expect(
      (await send('+15550405004', { type: 'template', template: { name: 'hello', language: { code: 'en_US' } } })).json
        .messages[0].message_status,
    ).toBe('accepted');
    await receive({ from: '+15550405004' });
    await stage.control('PUT', '/clock', { offsetMs: 23 * HOUR_MS });
    await send('+15550405004', text('y'));
    await stage.control('PUT', '/clock', { offsetMs: 25 * HOUR_MS });
    await stage.control('PUT', `/cloud-api/accounts/${ref}/settings`, { windowErrors: 'sync' });
    expect((await send('+15550405004', text('z'))).json.error.code).toBe(131047);
    await stage.control('PUT', '/clock', { offsetMs: 0 });
    const sent = await stage.control('GET', `/cloud-api/accounts/${ref}/sent`);
    expect(sent.map((each: { text: string }) => each.text)).toEqual([expect.stringContaining('Hello!'), 'y']);
  });

  it('reads up to a message, types, and knows which message that is', async () => {
    const { send, receive, graph, config } = await newNumber();
    const { externalId } = await receive({ from: '+15550405005' });
    const read = {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: externalId,
      typing_indicator: { type: 'text' },
    };
    expect((await graph('POST', `/${config.phoneNumberId}/messages`, read)).json).toEqual({ success: true });
    expect(
      (await graph('POST', `/${config.phoneNumberId}/messages`, { ...read, message_id: 'wamid.NOPE' })).json.error.code,
    ).toBe(100);
    expect(
      (await send('+15550405005', { type: 'reaction', reaction: { message_id: externalId, emoji: '❤️' } })).status,
    ).toBe(200);
    expect((await someStatuses()).map(({ status }) => status)).toEqual(['sent']);
  });

  it('limits a pair and a number', async () => {
    const pair = await newNumber({ settings: { pairBurst: 2 } });
    const quick = await newNumber({ settings: { perSecond: 2 } });
    const codes = async (number: Number, to: (n: number) => string) => {
      const answers = [];
      for (let n = 0; n < 3; n += 1) answers.push(await number.send(to(n), text('x')));
      return answers.map(({ json }) => json.error?.code ?? 200);
    };
    expect(await codes(pair, () => '+15550405006')).toEqual([200, 200, 131056]);
    expect(await codes(quick, (n) => `+1555040510${n}`)).toEqual([200, 200, 130429]);
  });

  it('limits management calls, and says for how long', async () => {
    const { config, graph } = await newNumber({ settings: { managementPerHour: 1 } });
    await graph('GET', `/${config.wabaId}/message_templates`);
    const { json, headers } = await graph('GET', `/${config.wabaId}/message_templates`);
    expect(json.error.code).toBe(80007);
    expect(JSON.parse(headers.get('x-business-use-case-usage') ?? '')).toHaveProperty(config.wabaId ?? '');
  });
});

describe('magic recipients', () => {
  const to = (suffix: string) => `+1555010${suffix}`;

  it.each([
    ['9056', [131056, 131056, 200]],
    ['9029', [130429, 130429, 200]],
    ['9500', [131000, 200]],
    ['9131', [131031]],
    ['9190', [190]],
  ])('%s refuses at once', async (suffix, codes) => {
    const { send } = await newNumber();
    for (const code of codes) expect((await send(to(suffix), text('x'))).json.error?.code ?? 200).toBe(code);
  });

  it.each([
    ['9026', [131026]],
    ['9049', [131049]],
    ['9050', [131050]],
    ['9053', [131053]],
  ])('%s fails later', async (suffix, codes) => {
    const { send, receive } = await newNumber();
    await receive({ from: to(suffix) });
    await send(to(suffix), text('x'));
    expect((await someStatuses()).map((status) => status.errors?.[0]?.code)).toEqual(codes);
  });

  it('9503 breaks, 9504 never answers, 9062 is spelled differently, 9063 has no number', async () => {
    const { config, ref, send, receive } = await newNumber({ settings: { statusDelaysMs: APART } });
    const broken = await send(to('9503'), text('x'));
    expect([broken.status, broken.headers.get('content-type')]).toEqual([503, expect.stringContaining('text/html')]);
    await receive({ from: to('9504') });
    const hanging = fetch(`${stage.origin}/cloud-api/v25.0/${config.phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${config.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: to('9504'), ...text('x') }),
      signal: AbortSignal.timeout(300),
    });
    await expect(hanging).rejects.toThrow();
    expect((await someStatuses())[0].status).toBe('sent');
    await receive({ from: to('9062') });
    expect((await send(to('9062'), text('x'))).json.contacts).toEqual([{ input: to('9062'), wa_id: '1555109062' }]);
    stage.receiver.received.length = 0;
    await receive({ from: to('9063') });
    await someMessages();
    expect(calls()[0]?.body).not.toContain('15550109063');
    const sent = await stage.control('GET', `/cloud-api/accounts/${ref}/sent`);
    expect(sent.map((each: { to: string }) => each.to)).toEqual([to('9504'), to('9062')]);
  });
});

describe('templates', () => {
  const template = (name: string, components?: unknown[], code = 'en_US') => ({
    type: 'template',
    template: { name, language: { code }, ...(components && { components }) },
  });
  const body = (...texts: string[]) => ({
    type: 'body',
    parameters: texts.map((each) => ({ type: 'text', text: each })),
  });

  it.each([
    ['unknown', template('nope'), 132001],
    ['in no such language', template('hello', undefined, 'en'), 132001],
    ['still pending', template('feedback_request', [body('x')]), 132001],
    ['rejected', template('flash_offer', [body('x')]), 132001],
    ['paused', template('loyalty_points', [body('1')], 'pt_BR'), 132015],
    ['short of values', template('delivery_update'), 132000],
    ['with too many values', template('hello', [body('x')]), 132000],
    ['with a line break', template('delivery_update', [body('a\nb')]), 132012],
    ['with an empty value', template('delivery_update', [body('')]), 131008],
    ['unnamed where names are wanted', template('appointment_reminder', [body('a', 'b', 'c')]), 132012],
    [
      'with the wrong header',
      template('new_arrival', [{ type: 'header', parameters: [{ type: 'text', text: 'x' }] }, body('x')]),
      132012,
    ],
    [
      'without the value of a button',
      template('order_ready', [{ type: 'header', parameters: [{ type: 'text', text: '88' }] }, body('a', 'b')]),
      131008,
    ],
  ])('refuses one %s', async (_what, part, code) => {
    const { send } = await newNumber();
    const { status, json } = await send('+15550406001', part);
    expect(json.error?.code).toBe(code);
    if (code === 132001) expect(status).toBe(404);
  });

  it('puts values in place, by order and by name, and answers with the payload of a button', async () => {
    const { ref, send } = await newNumber();
    const header = { type: 'header', parameters: [{ type: 'text', text: '88' }] };
    const buttons = [
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'CONFIRM_88' }] },
      { type: 'button', sub_type: 'url', index: 2, parameters: [{ type: 'text', text: '88' }] },
    ];
    expect(
      (await send('+15550406002', template('order_ready', [header, body('Rosa', '#88'), ...buttons]))).status,
    ).toBe(200);
    const named = ['first_name:Rosa', 'date:Friday', 'time:9'].map((pair) => ({
      type: 'text',
      parameter_name: pair.split(':')[0],
      text: pair.split(':')[1],
    }));
    expect(
      (await send('+15550406002', template('appointment_reminder', [{ type: 'body', parameters: named }]))).status,
    ).toBe(200);
    const sent = await stage.control('GET', `/cloud-api/accounts/${ref}/sent`);
    expect(sent.map((each: { text: string }) => each.text)).toEqual([
      'Hello Rosa, order #88 is ready for pickup.',
      'Hi Rosa, we expect you on Friday at 9. Does that still work for you?',
    ]);
    const chat = await call('GET', `${stage.origin}/phone/cloud-api/${ref}/messages?chat=15550406002`);
    expect(chat.json[0].content.buttons[0]).toEqual({
      text: 'Confirm',
      reply: { style: 'template-button', id: 'CONFIRM_88' },
    });
  });

  it('lists by page, by filter and by field', async () => {
    const { config, graph } = await newNumber();
    const names: string[] = [];
    let next: string | undefined =
      `${stage.origin}/cloud-api/v25.0/${config.wabaId}/message_templates?limit=5&fields=name,status`;
    while (next) {
      const { json }: Awaited<ReturnType<typeof call>> = await call('GET', next, undefined, {
        authorization: `Bearer ${config.accessToken}`,
      });
      names.push(...json.data.map(({ name }: { name: string }) => name));
      next = json.paging.next;
    }
    expect(names).toHaveLength(13);
    const approved = (await graph('GET', `/${config.wabaId}/message_templates?status=APPROVED&limit=100`)).json.data;
    expect(approved).toHaveLength(10);
    expect(
      approved.find(
        ({ name, language }: { name: string; language: string }) =>
          name === 'appointment_reminder' && language === 'pt_BR',
      ),
    ).toMatchObject({ parameter_format: 'NAMED' });
  });

  it('reviews what is created, and tells', async () => {
    const { config, graph } = await newNumber();
    const create = (name: string) =>
      graph('POST', `/${config.wabaId}/message_templates`, {
        name,
        language: 'en_US',
        category: 'UTILITY',
        components: [{ type: 'BODY', text: 'Hello there' }],
      });
    const { json } = await create('promo_pause');
    expect(json).toEqual({ id: expect.stringMatching(/^\d+$/), status: 'PENDING', category: 'UTILITY' });
    await create('promo_reject');
    const updates = await until(
      () => values('message_template_status_update').length >= 3 && values('message_template_status_update'),
    );
    expect(updates.filter((each) => each.message_template_name === 'promo_pause').map((each) => each.event)).toEqual([
      'APPROVED',
      'PAUSED',
    ]);
    expect(updates.find((each) => each.message_template_name === 'promo_reject')).toMatchObject({
      event: 'REJECTED',
      message_template_language: 'en-US',
      message_template_id: expect.any(Number),
      reason: 'INVALID_FORMAT',
    });
    expect((await graph('GET', `/${json.id}?fields=status`)).json).toEqual({ id: json.id, status: 'PAUSED' });
    expect((await graph('DELETE', `/${config.wabaId}/message_templates?name=promo_pause`)).json).toEqual({
      success: true,
    });
    expect((await create('promo_pause')).json.error.error_subcode).toBe(2388023);
    await stage.control('PUT', '/clock', { offsetMs: 31 * 24 * HOUR_MS });
    expect((await create('promo_pause')).status).toBe(200);
    await stage.control('PUT', '/clock', { offsetMs: 0 });
  });
});

describe('blocking', () => {
  it('blocks who wrote today, and then hears nothing more of them', async () => {
    const { config, graph, receive } = await newNumber();
    await receive({ from: '+15550407001' });
    await someMessages();
    const users = (...numbers: string[]) => ({
      messaging_product: 'whatsapp',
      block_users: numbers.map((user) => ({ user })),
    });
    expect(
      (await graph('POST', `/${config.phoneNumberId}/block_users`, users('+15550407001'))).json.block_users.added_users,
    ).toHaveLength(1);
    const partial = await graph('POST', `/${config.phoneNumberId}/block_users`, users('+15550407002'));
    expect([partial.status, partial.json.error.code]).toEqual([400, 139100]);
    expect((await graph('GET', `/${config.phoneNumberId}/block_users`)).json.data).toMatchObject([
      { wa_id: '15550407001' },
    ]);
  });
});
