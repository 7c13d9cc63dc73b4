import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fixtures } from '../testing/fixtures';
import { cloudApi } from './cloud-api';

const all = fixtures('cloud-api');
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const split = (body: Uint8Array) => cloudApi.split({ headers: {}, body });
const bodyNamed = (name: string) => all.find(([file]) => file === name)?.[1].call.body ?? Buffer.alloc(0);
const parsed = (name: string) => JSON.parse(Buffer.from(bodyNamed(name)).toString()) as object;

/** A call about one number. */
function call(value: object, field = 'messages') {
  const metadata = { display_phone_number: '15550104477', phone_number_id: '419027735610882' };
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: '271650338812904', changes: [{ field, value: { metadata, ...value } }] }],
  };
}

test.each(all)('parses %s', (_name, { call: { body }, items, events }) => {
  const cut = split(body);
  expect(cut.map(({ routingKey, groupKey, chat, at }) => ({ routingKey, groupKey, chat, at }))).toEqual(items);
  expect(cut.flatMap((item) => cloudApi.parse(item))).toEqual(events);
});

describe('split', () => {
  it('names the chat as parse does', () => {
    for (const [
      name,
      {
        call: { body },
      },
    ] of all) {
      for (const item of split(body)) {
        for (const event of cloudApi.parse(item)) {
          if (!('chat' in event) || !event.chat) continue;
          expect(item.chat, name).toBe(
            event.chat.kind === 'group' ? event.chat.externalId : event.chat.addresses[0].address,
          );
        }
      }
    }
  });

  it('keeps a lone item as it came, and gives each of many an envelope of its own', () => {
    expect(split(bodyNamed('text'))[0]?.body).toBe(bodyNamed('text'));
    const items = split(bodyNamed('batch-of-two-tenants'));
    const foreign = items.filter((item) => Buffer.from(item.body).includes('500000000000001'));
    expect(foreign).toHaveLength(1);
    expect(items.every((item) => split(item.body).length === 1)).toBe(true);
  });

  it('cuts a thousand messages of as many people quickly, each with its own contact', () => {
    const people = Array.from({ length: 1_000 }, (_, index) => `1555${String(index).padStart(7, '0')}`);
    const contacts = people.map((wa_id) => ({ wa_id, profile: { name: `Name of ${wa_id}` } })).toReversed();
    const messages = people.map((from) => ({
      from,
      id: `wamid.${from}`,
      timestamp: '1767261600',
      type: 'text',
      text: { body: 'x' },
    }));
    const before = process.cpuUsage();
    const events = split(bodyOf(call({ contacts, messages }))).flatMap((item) => cloudApi.parse(item));
    const { user, system } = process.cpuUsage(before); // of this process alone, µs
    expect(user + system).toBeLessThan(2_000_000);
    expect(events).toHaveLength(1_000);
    for (const event of events) {
      expect(event).toMatchObject({
        from: { name: `Name of ${event.type === 'message.received' ? event.externalId.slice(6) : ''}` },
      });
    }
  });

  it('gives a message the same key in another batch, and in another chat of the same call another', () => {
    const message = { from: '15550182236', id: 'wamid.A', timestamp: '1767261600', type: 'text', text: { body: 'x' } };
    const [alone] = split(bodyOf(call({ messages: [message] })));
    const [first, second] = split(bodyOf(call({ messages: [message, { ...message, id: 'wamid.B' }] })));
    expect(first?.key).toBe(alone?.key);
    expect(second?.key).not.toBe(alone?.key);
  });

  it('never gives two things one key', () => {
    const id = fc.oneof(fc.constantFrom('A', 'A","B', '["A"]', 'A\0', 'sent'), fc.string({ minLength: 1 }));
    const word = fc.constantFrom('sent', 'delivered', 'read', 'failed');
    const member = fc.option(fc.constantFrom('1', '2', 'sent'), { nil: undefined });
    const message = fc.record({ id, type: fc.constant('text') });
    const happened = fc.oneof(
      message.map((one) => call({ messages: [one] })),
      message.map((one) => call({ message_echoes: [one] }, 'smb_message_echoes')),
      fc.record({ id, status: word, recipient_participant_id: member }).map((one) => call({ statuses: [one] })),
      fc.record({ code: fc.nat(10) }).map((one) => call({ errors: [one] })),
      fc.record({ event: id }).map((one) => ({
        object: 'whatsapp_business_account',
        entry: [{ id: 'W', time: 1, changes: [{ field: 'account_update', value: one }] }],
      })),
    );
    const keyOf = (body: object) =>
      split(bodyOf(body))
        .map((item) => item.key)
        .join();
    fc.assert(
      fc.property(happened, happened, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not let one broken element take the others along', () => {
    const good = { from: '15550182236', id: 'wamid.A', timestamp: '1767261600', type: 'text', text: { body: 'x' } };
    const broken = call({ messages: [good, 'x', { ...good, id: 'wamid.B', text: 7 }, null], statuses: 'x' });
    const body = bodyOf({ ...broken, entry: [...broken.entry, 'x', { id: 'W', changes: [{ field: 'messages' }] }] });
    const items = split(body);
    expect(items).toHaveLength(7);
    const fates = items.map((item) => {
      try {
        return cloudApi.parse(item).length;
      } catch {
        return 'unreadable';
      }
    });
    expect(fates).toEqual([1, 'unreadable', 'unreadable', 'unreadable', 'unreadable', 'unreadable', 'unreadable']);
    expect(items[2]?.chat).toBe('+15550182236');
  });

  it('cuts at any depth, with nothing of one account in another’s row', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const text = JSON.stringify(parsed('batch-of-two-tenants')).replace('"body":"one"', `"body":"one","extra":${deep}`);
    const items = split(Buffer.from(text));
    expect(Buffer.from(items[0]?.body ?? []).includes(deep)).toBe(true);
    expect(items.flatMap((item) => cloudApi.parse(item))).toHaveLength(4);
    expect(items.filter((item) => Buffer.from(item.body).includes('500000000000001'))).toHaveLength(1);
    expect(() => cloudApi.parse({ body: Buffer.from(text) })).toThrow(/exactly one/);
  });

  it('does not let a call grow: neither by what its items share nor by their number', () => {
    const long = 'x'.repeat(1_000_000);
    const messages = Array.from({ length: 1_000 }, (_, index) => ({
      from: '15550182236',
      id: `wamid.${index}`,
      timestamp: '1',
      type: 'text',
      text: { body: 'x' },
    }));
    const contacts = [{ wa_id: '15550182236', profile: { name: 'Sample' }, more: long }];
    const value = {
      ...call({ contacts, messages }).entry[0]?.changes[0]?.value,
      messaging_product: long,
      metadata: { phone_number_id: '4190', more: long },
    };
    const items = split(
      bodyOf({ object: long, entry: [{ id: 'W', time: long, changes: [{ field: 'messages', value }] }] }),
    );
    expect(items.reduce((sum, { body }) => sum + body.byteLength, 0)).toBeLessThan(1_000_000);
    expect(items.map((item) => cloudApi.parse(item))).toHaveLength(1_000);
    expect(() => split(bodyOf(call({ messages: new Array(1_000_000).fill(0) })))).toThrow(/more than Meta sends/);
    expect(() => split(bodyOf({ entry: [{ changes: new Array(1_000_000).fill(0) }] }))).toThrow(/more than Meta sends/);
  });
});

describe('what nobody should send', () => {
  it('throws for a known type of another shape', () => {
    const message = { from: '15550182236', id: 'wamid.A', timestamp: '1767261600' };
    for (const broken of [
      { type: 'text' },
      { type: 'image' },
      { type: 'location', location: {} },
      { type: 'edit' },
      { type: 'system', system: { type: 'user_changed_number' } },
    ]) {
      expect(() => cloudApi.parse({ body: bodyOf(call({ messages: [{ ...message, ...broken }] })) })).toThrow();
    }
  });
});

describe('verify', () => {
  const secrets = [{ appSecret: 'new-secret' }, { appSecret: 'old-secret' }];
  const sign = (signed: Uint8Array | string, secret = 'old-secret') =>
    `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
  const verify = (body: Uint8Array | string, signature: string | undefined, known = secrets) =>
    cloudApi.verify({ headers: { 'x-hub-signature-256': signature }, body: Buffer.from(body) }, known, Date.now());

  it('takes the exact bytes, signed with any secret that is valid', () => {
    const body = '{"a":"\\u00e3 \\ud83d\\ude00 \\/"}';
    expect(verify(body, sign(body))).toBe(true);
    expect(verify(body, sign(body, 'new-secret'))).toBe(true);
    expect(verify(body, sign(body, 'another'))).toBe(false);
    expect(verify(body, sign(body), [])).toBe(false);
    expect(verify(body, sign(body, ''), [{ appSecret: '' }])).toBe(false);
  });

  it('takes a body that was written out in UTF-8 on the way, signed in the escaped form', () => {
    const escaped = '{"a":"Ol\\u00e1 \\ud83d\\ude00 \\u4f60"}';
    expect(verify('{"a":"Olá 😀 你"}', sign(escaped))).toBe(true);
    expect(verify('{"a":"Ola 😀 你"}', sign(escaped))).toBe(false);
  });

  it('refuses what is missing or no signature', () => {
    for (const wrong of [
      undefined,
      '',
      'sha256=',
      sign('{}').toUpperCase(),
      sign('{}').slice(0, -1),
      sign('{}').replace('sha256', 'sha1'),
      `${sign('{}')}0`,
    ]) {
      expect(verify('{}', wrong)).toBe(false);
    }
  });

  it('refuses a body or a signature with any bit changed', () => {
    const body = Buffer.from(JSON.stringify(parsed('text')).slice(0, 120));
    for (let at = 0; at < body.length * 8; at++) expect(verify(flipped(body, at), sign(body))).toBe(false);
    const signature = Buffer.from(sign(body), 'latin1');
    for (let at = 0; at < signature.length * 8; at++)
      expect(verify(body, flipped(signature, at).toString('latin1'))).toBe(false);
  });

  function flipped(bytes: Buffer, bit: number): Buffer {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy;
  }
});

describe('handshake', () => {
  const secrets = [{ verifyToken: 'words-of-ours' }];
  const answer = (query: string) => cloudApi.handshake(new URLSearchParams(query), secrets);

  it('echoes the challenge to who knows the token', () => {
    expect(answer('hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=words-of-ours')).toBe('1158201444');
  });

  it('refuses everybody else', () => {
    expect(answer('hub.mode=subscribe&hub.challenge=1&hub.verify_token=other')).toBeNull();
    expect(answer('hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=words-of-ours')).toBeNull();
    expect(answer('hub.mode=subscribe&hub.verify_token=words-of-ours')).toBeNull();
    expect(answer('')).toBeNull();
    expect(cloudApi.handshake(new URLSearchParams('hub.mode=subscribe&hub.challenge=1'), [{}])).toBeNull();
  });
});

describe('config', () => {
  const given = { phoneNumberId: '419027735610882', wabaId: '271650338812904', accessToken: 't' };

  it('is Meta’s own API unless said, and takes a trailing slash off', () => {
    expect(cloudApi.config.parse(given)).toMatchObject({ baseUrl: 'https://graph.facebook.com', version: 'v25.0' });
    expect(cloudApi.config.parse({ ...given, baseUrl: 'http://127.0.0.1:3110/cloud-api/' }).baseUrl).toBe(
      'http://127.0.0.1:3110/cloud-api',
    );
  });

  it('wants an app’s secret and verify token together', () => {
    expect(() => cloudApi.config.parse({ ...given, appSecret: 's' })).toThrow(/both/);
    const own = cloudApi.config.parse({ ...given, appSecret: 's', verifyToken: 'words-of-ours' });
    expect(cloudApi.secrets(own)).toEqual({ appSecret: 's', verifyToken: 'words-of-ours' });
    expect(cloudApi.secrets(cloudApi.config.parse(given))).toEqual({});
  });
});
