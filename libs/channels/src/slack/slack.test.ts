import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fixtures } from '../testing/fixtures';
import { emojiOf, nameOf } from './emoji';
import { toMrkdwn, toPlain } from './mrkdwn';
import { slack } from './slack';

const all = fixtures('slack');
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const fixture = (name: string) =>
  all.find(([file]) => file === name)?.[1].call ?? { headers: {}, body: Buffer.alloc(0) };

test.each(all)('parses %s', (_name, { call, items, events }) => {
  const cut = slack.split(call);
  expect(cut.map(({ routingKey, chat, at }) => ({ routingKey, chat, at }))).toEqual(items);
  expect(cut.flatMap((item) => slack.parse(item))).toEqual(events);
});

describe('split', () => {
  it('names the chat as parse does', () => {
    for (const [name, { call }] of all) {
      for (const item of slack.split(call)) {
        for (const event of slack.parse(item)) {
          if (!('chat' in event) || !event.chat || item.chat === undefined) continue;
          const chat = event.chat.kind === 'group' ? event.chat.externalId : event.chat.addresses[0].address;
          expect(item.chat, name).toBe(chat);
        }
      }
    }
  });

  it('keeps every call as it came', () => {
    for (const [, { call }] of all)
      for (const item of slack.split(call)) expect(Buffer.compare(item.body, call.body)).toBe(0);
  });

  const keyOf = (call: object) => slack.split({ headers: {}, body: bodyOf(call) }).map(({ key }) => key);
  const called = (event: object, more: object = {}) => ({
    type: 'event_callback',
    team_id: 'T1A',
    api_app_id: 'A1',
    event_id: 'Ev1',
    event,
    ...more,
  });

  it('gives a repeated event the same key, and what a client sent twice', () => {
    const message = { type: 'message', channel: 'C1', ts: '1.1', text: 'x' };
    expect(keyOf(called(message))).toEqual(keyOf(called(message, { event_time: 7 })));
    expect(keyOf(called(message))).not.toEqual(keyOf(called(message, { event_id: 'Ev2' })));
    expect(keyOf(called(message))).not.toEqual(keyOf(called(message, { team_id: 'T2B' })));
    const sent = (ts: string, id: string, type = 'message') =>
      keyOf(called({ ...message, type, ts, client_msg_id: 'm-1' }, { event_id: id }));
    expect(sent('1.1', 'Ev1')).toEqual(sent('2.1', 'Ev2'));
    expect(sent('1.1', 'Ev1')).not.toEqual(sent('1.1', 'Ev2', 'app_mention'));
  });

  it('never gives two things one key', () => {
    const id = fc.oneof(fc.constantFrom('a', 'a","b', '["a"]', 'a\0'), fc.string());
    const happened = fc.record({
      event_id: id,
      event: fc.record({
        type: fc.constantFrom('message', 'reaction_added'),
        channel: fc.constantFrom('C1', 'C2'),
        client_msg_id: fc.option(id, { nil: undefined }),
      }),
    });
    fc.assert(
      fc.property(happened, happened, (one, other) => {
        const name = ({ event, event_id }: typeof one) =>
          JSON.stringify([event.type, event.client_msg_id ? [event.channel, event.client_msg_id] : event_id]);
        const known = (text: string | undefined) => !text?.includes('\0') && (text?.isWellFormed() ?? true);
        fc.pre(
          [one, other].every(({ event, event_id }) => event_id !== '' && known(event_id) && known(event.client_msg_id)),
        );
        expect(keyOf(called(one.event, one)).join() === keyOf(called(other.event, other)).join()).toBe(
          name(one) === name(other),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

it('throws for a known kind of another shape, and passes over unknown kinds', () => {
  const parse = (event: object) => slack.parse({ body: bodyOf({ type: 'event_callback', team_id: 'T1A', event }) });
  expect(() => parse({ type: 'message', channel: 'C1', text: 'x' })).toThrow();
  expect(() => parse({ type: 'reaction_added', user: 'U1' })).toThrow();
  expect(() => parse({ type: 'message', subtype: 'message_deleted', channel: 'C1' })).toThrow();
  expect(parse({ type: 'something_new' })).toEqual([]);
});

describe('verify', () => {
  // Made for the contract: §2.1.
  const vector = {
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    timestamp: '1531420618',
    body: 'token=x&team_id=T1&text=94070',
  };
  const signature = 'v0=5795ea232e635a184afca3fee3edab500a9240d8d8790c24165c5e5b82b1e636';
  const now = 1_531_420_618_000;
  const call = (headers: Record<string, string | undefined>, body = vector.body) => ({
    headers,
    body: Buffer.from(body),
  });
  const good = { 'x-slack-signature': signature, 'x-slack-request-timestamp': vector.timestamp };
  const secrets = [{ signingSecret: vector.secret }];

  it('takes what is signed with the secret, old or new', () => {
    expect(slack.verify(call(good), secrets, now)).toBe(true);
    expect(slack.verify(call(good), [{ signingSecret: 'newer-secret' }, ...secrets], now)).toBe(true);
    expect(slack.verify(call(good), [{ signingSecret: 'another' }], now)).toBe(false);
    expect(slack.verify(call(good), [], now)).toBe(false);
    expect(slack.verify(call(good), [{ signingSecret: '' }], now)).toBe(false);
  });

  it('refuses another body, no header, and any digit changed', () => {
    expect(slack.verify(call(good, `${vector.body}0`), secrets, now)).toBe(false);
    for (const missing of Object.keys(good))
      expect(slack.verify(call({ ...good, [missing]: undefined }), secrets, now)).toBe(false);
    for (const odd of ['NaN', '', '1e9', '-1531420618', '1531420618.5'])
      expect(slack.verify(call({ ...good, 'x-slack-request-timestamp': odd }), secrets, now)).toBe(false);
    expect(slack.verify(call({ ...good, 'x-slack-signature': signature.replace('v0', 'v1') }), secrets, now)).toBe(
      false,
    );
    for (let at = 3; at < signature.length; at++) {
      const changed = signature.slice(0, at) + (signature[at] === '0' ? '1' : '0') + signature.slice(at + 1);
      expect(slack.verify(call({ ...good, 'x-slack-signature': changed }), secrets, now)).toBe(false);
    }
  });

  it('refuses what is more than five minutes away, before or ahead', () => {
    for (const [seconds, is] of [
      [300, true],
      [-300, true],
      [301, false],
      [-301, false],
    ] as const)
      expect(slack.verify(call(good), secrets, now + seconds * 1000)).toBe(is);
  });

  it('lets the unsigned test of a command’s address through, which says nothing', () => {
    const probe = call({}, 'ssl_check=1&token=x&team_id=T1');
    expect(slack.verify(probe, secrets, now)).toBe(true);
    expect(slack.split(probe)).toEqual([]);
    expect(slack.verify(call({}, 'ssl_check=0&command=%2Fparley'), secrets, now)).toBe(false);
    expect(slack.verify(call({}, '{"ssl_check":1}'), secrets, now)).toBe(false);
  });

  it('answers the challenge, and nothing else', () => {
    expect(slack.reply(fixture('url-verification'))).toEqual({
      type: 'application/json',
      body: '{"challenge":"c-9f3a"}',
    });
    expect(slack.reply(fixture('text'))).toBeNull();
    expect(slack.reply(fixture('button'))).toBeNull();
    const body = bodyOf({ type: 'url_verification', challenge: 'c' });
    const timestamp = String(now / 1000);
    const hmac = createHmac('sha256', vector.secret).update(`v0:${timestamp}:`).update(body).digest('hex');
    const signed = { headers: { 'x-slack-signature': `v0=${hmac}`, 'x-slack-request-timestamp': timestamp }, body };
    expect(slack.verify(signed, secrets, now)).toBe(true);
  });
});

describe('text', () => {
  it.each([
    ['<@U123|dana> and <@U124>', '@dana and @unknown'],
    ['<#C123|support> <#C123|> <#C123>', '#support #private-channel #private-channel'],
    ['<!here> <!channel|channel> <!subteam^S1|@ops> <!subteam^S1>', '@here @channel @ops @group'],
    ['<!date^1767225600^{date_short}|1 Jan> <!foo|label> <!foo>', '1 Jan <label> <foo>'],
    [
      '<https://a.example/x> <https://a.example/x|a.example/x> <https://a.example|site>',
      'https://a.example/x https://a.example/x site (https://a.example)',
    ],
    ['<tel:+15550107788|+1 555 010 7788>', '+1 555 010 7788'],
    ['&lt;b&gt; &amp;lt; &amp;amp;', '<b> &lt; &amp;'],
    [':+1: :flag-br: :wave::skin-tone-6: :nobody_knows: 10:30:45', '👍 🇧🇷 👋🏿 :nobody_knows: 10:30:45'],
    ['*b* `:tada: <https://a.example|a>` ```&lt;x&gt; <@U1>```', '*b* `:tada: https://a.example` ```<x> @U1```'],
    ['• one\n    ◦ two\n1. three • four\n`• code`', '- one\n    - two\n1. three • four\n`• code`'],
    ['< a <b', '< a <b'],
  ])('reads %s', (stored, seen) => expect(toPlain(stored)).toBe(seen));

  it('writes nothing that mentions or links by itself, and keeps quotes and marks', () => {
    expect(toMrkdwn('a & b <!channel> <@U1> @channel\n> quoted\n*bold*')).toBe(
      'a &amp; b &lt;!channel&gt; &lt;@U1&gt; @channel\n> quoted\n*bold*',
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(toMrkdwn(text)).not.toMatch(/</);
        expect(toMrkdwn(text).replace(/^> /gm, '')).not.toMatch(/>/);
      }),
    );
  });

  it('reads what it wrote', () => {
    const words = fc.string().filter((text) => !/[:`•◦▪]/.test(text));
    fc.assert(fc.property(words, (text) => void expect(toPlain(toMrkdwn(text))).toBe(text)));
  });

  it('knows every emoji both ways', () => {
    for (const emoji of ['👍', '❤️', '❤', '👋🏽', '🇧🇷', '👩‍💻', '👩🏾‍💻', '1️⃣'])
      expect(emojiOf(nameOf(emoji) ?? '')?.replaceAll('\uFE0F', '')).toBe(emoji.replaceAll('\uFE0F', ''));
    expect([emojiOf('thumbsup'), emojiOf('nobody_knows'), nameOf('x'), nameOf(''), nameOf(':own_parrot:')]).toEqual([
      '👍',
      undefined,
      undefined,
      undefined,
      'own_parrot',
    ]);
    expect([emojiOf('constructor'), emojiOf('__proto__')]).toEqual([undefined, undefined]);
  });
});

it('takes a workspace by its id, and its own address alone', () => {
  const parsed = slack.config.parse({
    teamId: ' T0ACME0001 ',
    botToken: ' xoxb-1 ',
    apiUrl: 'http://127.0.0.1:3110/slack/api/',
  });
  expect(parsed).toEqual({ teamId: 'T0ACME0001', botToken: 'xoxb-1', apiUrl: 'http://127.0.0.1:3110/slack/api' });
  expect(slack.config.parse({ teamId: 'T0ACME0001', botToken: 'x' }).apiUrl).toBe('https://slack.com/api');
  expect(() => slack.config.parse({ teamId: 'acme', botToken: 'x' })).toThrow();
  expect(slack.secrets(parsed)).toEqual({});
});
