import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fixtures } from '../testing/fixtures';
import { evolution } from './evolution';
import { isAuthentic } from './verify';

const all = fixtures('evolution');
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const keyOf = (value: unknown) => evolution.split({ headers: {}, body: bodyOf(value) }).map((item) => item.key);

test.each(all)('parses %s', (_name, { call, items, events }) => {
  const cut = evolution.split(call);
  expect(cut.map(({ routingKey, chat, at }) => ({ routingKey, chat, at }))).toEqual(items);
  expect(cut.flatMap((item) => evolution.parse(item))).toEqual(events);
});

describe('split', () => {
  it('names the chat as parse does', () => {
    for (const [, { call }] of all) {
      for (const item of evolution.split(call)) {
        for (const event of evolution.parse(item)) {
          if (!('chat' in event) || !event.chat || item.chat === undefined) continue;
          expect(item.chat).toBe(event.chat.kind === 'group' ? event.chat.externalId : event.chat.addresses[0].address);
        }
      }
    }
  });

  it('keeps a single item as it came', () => {
    for (const [name, { call }] of all) {
      const items = evolution.split(call);
      if (items.length === 1 && !['exposed-token', 'integration-whatsapp-business'].includes(name)) {
        expect(Buffer.compare(items[0]?.body ?? Buffer.alloc(0), call.body)).toBe(0);
      }
    }
  });

  it('never keeps a key that the server sends along', () => {
    const token = 'EAAG"x\\y-token';
    const update = { keyId: '3EB0', remoteJid: '1@lid', fromMe: true, status: 'READ' };
    for (const data of [update, [update, { ...update, keyId: '3EB1' }]]) {
      const call = { headers: {}, body: bodyOf({ event: 'messages.update', instance: 'a', data, apikey: token }) };
      for (const item of evolution.split(call)) {
        expect(Buffer.from(item.body).includes(JSON.stringify(token))).toBe(false);
        expect(evolution.parse(item)).toHaveLength(1);
      }
    }
  });

  it('gives a repeated call the same keys, in whatever envelope it comes again', () => {
    const message = {
      event: 'messages.upsert',
      instance: 'a',
      data: { key: { id: 'A', remoteJid: '1@lid' }, messageType: 'conversation' },
    };
    expect(keyOf({ ...message, date_time: '1' })).toEqual(keyOf({ ...message, date_time: '2' }));
  });

  it('tells apart what says the same twice: a member who joins, leaves and joins again', () => {
    const joined = {
      event: 'group-participants.update',
      instance: 'a',
      data: { id: '1@g.us', action: 'add', participants: ['2@lid'] },
    };
    expect(keyOf({ ...joined, date_time: '1' })).not.toEqual(keyOf({ ...joined, date_time: '2' }));
  });

  it('never gives two things one key', () => {
    const id = fc.oneof(fc.constantFrom('A', 'A","B', '["A"]', 'A\0', ''), fc.string());
    const jid = fc.constantFrom('1@s.whatsapp.net', '1@lid', '2@g.us');
    const key = fc.record({ id, remoteJid: jid, fromMe: fc.boolean() });
    const happened = fc.oneof(
      fc.record({
        event: fc.constantFrom('messages.upsert', 'send.message'),
        data: fc.record({ key, messageType: fc.constantFrom('conversation', 'reactionMessage') }),
      }),
      fc.record({
        event: fc.constant('messages.update'),
        data: fc.record({
          keyId: id,
          fromMe: fc.boolean(),
          status: fc.constantFrom('READ', 'DELIVERY_ACK', 3, 4, '4'),
        }),
      }),
      fc.record({
        event: fc.constantFrom('messages.edited', 'send.message.update'),
        data: fc.record({ key: fc.record({ id }), type: fc.constant(14), timestampMs: fc.nat() }),
      }),
      fc.record({ event: fc.constant('messages.delete'), data: fc.record({ id, remoteJid: jid }) }),
    );
    fc.assert(
      fc.property(happened, happened, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(keyOf({ ...one, instance: 'a' }).join() === keyOf({ ...other, instance: 'a' }).join()).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what nobody should send', () => {
  it('is cut at any depth, and stays whole where it holds more than any server gathers', () => {
    const deep = `{"x":${'['.repeat(10_000)}"\\ud800"${']'.repeat(10_000)}}`;
    const ack = '{"keyId":"A","remoteJid":"15550107788@s.whatsapp.net","fromMe":true,"status":"READ"';
    const split = (data: string) =>
      evolution.split({
        headers: {},
        body: Buffer.from(`{"event":"messages.update","instance":"a","data":[${data}]}`),
      });
    const [shallow, torn] = split(`${ack}},${ack},"extra":${deep}}`);
    expect(shallow?.body.byteLength).toBeLessThan(200);
    expect(Buffer.from(torn?.body ?? []).includes(deep)).toBe(true);
    expect(evolution.parse(torn ?? { body: Buffer.alloc(0) })).toMatchObject([{ status: 'read' }]);
    expect(split(Array.from({ length: 1_001 }, () => `${ack}}`).join())).toHaveLength(1);
  });

  it('throws for a known kind of another shape, and passes over unknown kinds', () => {
    const parse = (event: string, data: unknown) => evolution.parse({ body: bodyOf({ event, instance: 'a', data }) });
    expect(() =>
      parse('messages.upsert', { key: { id: 'A', remoteJid: '1@s.whatsapp.net' }, messageTimestamp: 1 }),
    ).toThrow();
    expect(() =>
      parse('messages.upsert', {
        key: { id: 'A', remoteJid: '13135550002@new.server' },
        message: { conversation: 'x' },
        messageTimestamp: 1,
      }),
    ).toThrow(/address/);
    expect(() => parse('messages.update', { status: 'READ' })).toThrow();
    expect(parse('something.new', { a: 1 })).toEqual([]);
  });
});

describe('verify', () => {
  const now = Date.UTC(2026, 2, 4, 9, 15);
  const secrets = [
    { webhookSecret: 'a-secret-of-thirty-two-characters', jwtKey: 'a-key-for-tokens', instanceKey: 'inst-7f3c9a52' },
  ];
  const body = bodyOf({ event: 'call', instance: 'a', data: {}, sender: '15550102000@s.whatsapp.net', apikey: null });
  const withHeaders = (headers: Record<string, string | undefined>, bytes: Uint8Array = body) =>
    isAuthentic({ headers, body: bytes }, secrets, now);
  const secret = { 'x-parley-secret': 'a-secret-of-thirty-two-characters' };

  function token(claims: object, key = 'a-key-for-tokens', alg = 'HS256') {
    const head = [
      { alg, typ: 'JWT' },
      { app: 'evolution', action: 'webhook', iat: now / 1000, exp: now / 1000 + 600, ...claims },
    ];
    const signed = head.map((part) => bodyOf(part).toString('base64url')).join('.');
    return { authorization: `Bearer ${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}` };
  }

  it('takes the secret, old and new, and nothing near it', () => {
    expect(withHeaders(secret)).toBe(true);
    expect(
      evolution.verify({ headers: secret, body }, [{ webhookSecret: 'newer-secret-newer-secret' }, ...secrets], now),
    ).toBe(true);
    for (const wrong of [
      {},
      { 'x-parley-secret': '' },
      { 'x-parley-secret': 'a-secret' },
      { 'x-parley-secret': `${secret['x-parley-secret']}x` },
    ]) {
      expect(withHeaders(wrong)).toBe(false);
    }
    expect(evolution.verify({ headers: secret, body }, [], now)).toBe(false);
  });

  it('takes a token of the key for forty minutes after its end, as retries reuse it', () => {
    expect(withHeaders(token({}))).toBe(true);
    expect(withHeaders(token({ iat: now / 1000 - 2_900, exp: now / 1000 - 2_300 }))).toBe(true);
    expect(withHeaders(token({ iat: now / 1000 - 3_100, exp: now / 1000 - 2_500 }))).toBe(false);
    expect(withHeaders(token({ iat: now / 1000 + 9_000, exp: now / 1000 + 9_600 }))).toBe(false);
    expect(withHeaders(token({}, 'another-key-for-it'))).toBe(false);
    expect(withHeaders(token({}, 'a-key-for-tokens', 'none'))).toBe(false);
    expect(withHeaders(token({ app: 'other' }))).toBe(false);
    expect(withHeaders({ authorization: 'Bearer x.y.z' })).toBe(false);
  });

  it('refuses a token with any bit changed', () => {
    const { authorization } = token({});
    for (let at = 'Bearer '.length; at < authorization.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32]) {
        const flipped =
          authorization.slice(0, at) +
          String.fromCharCode(authorization.charCodeAt(at) ^ bit) +
          authorization.slice(at + 1);
        expect(withHeaders({ authorization: flipped })).toBe(false);
      }
    }
  });

  it('refuses a key that is not the instance’s, where that is known and the call is the instance’s own', () => {
    const bearing = (apikey: unknown, sender: unknown = '15550102000@s.whatsapp.net') =>
      bodyOf({ event: 'call', apikey, sender });
    expect(withHeaders(secret, bearing('inst-7f3c9a52'))).toBe(true);
    expect(withHeaders(secret, bearing('another'))).toBe(false);
    expect(withHeaders(secret, bearing('meta-token', null))).toBe(true);
    const config = {
      baseUrl: 'http://evo.internal:8080',
      instance: 'a',
      apiKey: 'global',
      webhookSecret: secret['x-parley-secret'],
    };
    const ofServer = evolution.secrets({ ...config, keyOpens: 'server' });
    expect(evolution.verify({ headers: secret, body: bearing('another') }, [ofServer], now)).toBe(true);
  });

  it('leaves what cannot be read to split', () => {
    expect(withHeaders(secret, Buffer.from('{"event"'))).toBe(true);
  });
});

describe('config', () => {
  it('makes a webhook secret, takes a trailing slash off, and refuses names that climb out of the path', () => {
    const parsed = evolution.config.parse({
      baseUrl: 'http://127.0.0.1:3110/evolution/',
      instance: ' acme ',
      apiKey: 'k',
    });
    expect(parsed).toMatchObject({
      baseUrl: 'http://127.0.0.1:3110/evolution',
      instance: 'acme',
      keyOpens: 'instance',
    });
    expect(parsed.webhookSecret).toHaveLength(43);
    expect(evolution.webhookHeaders(parsed)).toEqual({ 'X-Parley-Secret': parsed.webhookSecret });
    expect(() => evolution.config.parse({ baseUrl: 'http://a', instance: '..', apiKey: 'k' })).toThrow();
    expect(() => evolution.config.parse({ baseUrl: 'file:///etc', instance: 'a', apiKey: 'k' })).toThrow();
  });
});
