import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/harness';
import { calls, newNumber, type PhoneNumber, someMessages, stage } from '../testing/cloud-api-stage';

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
    const at = (number: PhoneNumber, text: string) => ({
      provider: 'cloud-api',
      ref: number.ref,
      from: '+15550402004',
      text,
    });
    // All at one moment: a batch is over soon.
    await stage.control(
      'POST',
      '/receive',
      [1, 2, 3].flatMap((n) => [at(one, `a${n}`), at(two, `b${n}`)]),
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
