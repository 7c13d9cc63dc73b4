import { describe, expect, it } from 'vitest';
import {
  APART,
  HOUR_MS,
  type PhoneNumber,
  calls,
  newNumber,
  someMessages,
  someStatuses,
  stage,
  text,
  values,
} from '../testing/cloud-api-stage';

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
    const quick = await newNumber({ settings: { perSecond: 0.01 } });
    const codes = async (number: PhoneNumber, to: (n: number) => string) => {
      const answers = [];
      for (let n = 0; n < 3; n += 1) answers.push(await number.send(to(n), text('x')));
      return answers.map(({ json }) => json.error?.code ?? 200);
    };
    expect(await codes(pair, () => '+15550405006')).toEqual([200, 200, 131056]);
    expect(await codes(quick, (n) => `+1555040510${n}`)).toEqual([200, 130429, 130429]);
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
    const patience = new AbortController();
    const hanging = fetch(`${stage.origin}/cloud-api/v25.0/${config.phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${config.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: to('9504'), ...text('x') }),
      signal: patience.signal,
    });
    const unanswered = expect(hanging).rejects.toThrow();
    expect((await someStatuses())[0].status).toBe('sent');
    patience.abort();
    await unanswered;
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
