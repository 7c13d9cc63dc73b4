import { AssertionError } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { cloudApiSample } from '../cloud-api/cloud-api.sample';
import { evolutionSample } from '../evolution/evolution.sample';
import { greenApiSample } from '../green-api/green-api.sample';
import { slackSample } from '../slack/slack.sample';
import { FileGone, type AnyProvider, type Item, type SendResult } from '../provider';
import { Unreadable } from '../unreadable';
import { checks, tryCheck } from './conformance';
import type { Sample } from './sample';

/** An adapter that is whole but for one thing. */
const breaking = (sample: Sample, change: (whole: AnyProvider) => Partial<AnyProvider>): Sample => ({
  ...sample,
  provider: { ...sample.provider, ...change(sample.provider) },
});
const green = (change: (whole: AnyProvider) => Partial<AnyProvider>) => breaking(greenApiSample, change);
const evolution = (change: (whole: AnyProvider) => Partial<AnyProvider>) => breaking(evolutionSample, change);

const items = (whole: AnyProvider, change: (item: Item) => Partial<Item>): Partial<AnyProvider> => ({
  split: (call) => whole.split(call).map((item) => ({ ...item, ...change(item) })),
});
const results = (
  whole: AnyProvider,
  change: (result: SendResult, config: unknown) => SendResult,
): Partial<AnyProvider> => ({
  send: async (message, config, http) => change(await whole.send(message, config, http), config),
});
const refused: SendResult = { outcome: 'refused', reason: 'disconnected', detail: 'no answer' };
/** What the kit writes. */
const WORDS = 'Until six, Sample.';
const text = (body: Uint8Array) => Buffer.from(body).toString();

const broken: [broken: string, sample: Sample, check: RegExp][] = [
  ['believes every call', green(() => ({ verify: () => true })), /^a call is believed/],
  ['believes nobody', green(() => ({ verify: () => false })), /^a call is believed/],
  [
    'forgets the old secret at once',
    green((whole) => ({ verify: (call, secrets, now) => whole.verify(call, secrets.slice(0, 1), now) })),
    /^a call is believed/,
  ],
  [
    'takes an absent proof for an empty secret',
    green(() => ({
      verify: ({ headers }, secrets) =>
        secrets.some(({ webhookUrlToken }) => (headers.authorization ?? 'Bearer ') === `Bearer ${webhookUrlToken}`),
    })),
    /^a call is believed/,
  ],
  [
    'asks the network while it reads',
    green((whole) => ({
      parse: (item) => {
        void fetch('http://127.0.0.1:9').catch(() => undefined);
        return whole.parse(item);
      },
    })),
    /^recorded calls/,
  ],
  [
    'reads by the clock',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) => (event.type === 'message.received' ? { ...event, sentAt: new Date() } : event)),
    })),
    /^recorded calls/,
  ],
  [
    'names another chat when it cuts than when it reads',
    green((whole) => items(whole, ({ chat }) => ({ chat: chat && `${chat}x` }))),
    /^an item says/,
  ],
  [
    'cannot cut its own items again',
    green((whole) => ({ ...items(whole, () => ({ key: randomUUID() })) })),
    /^an item says/,
  ],
  ['makes a key by chance', green((whole) => items(whole, () => ({ key: randomUUID() }))), /^a key is the same/],
  [
    'has one key for the same id in two chats',
    green((whole) => items(whole, ({ key }) => ({ key: key.replace(/"[^"]*@[^"]*",/, '') }))),
    /^a key is the same/,
  ],
  [
    'has one key for a message and its edit',
    evolution((whole) => items(whole, ({ body }) => ({ key: text(body).match(/"id":"[^"]*"/)?.[0] ?? text(body) }))),
    /^a key is the same/,
  ],
  [
    'names an edit by its own id',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) =>
            event.type === 'message.edited' ? { ...event, externalId: `${event.externalId}-edit` } : event,
          ),
    })),
    /^what an edit/,
  ],
  [
    'stumbles over hostile calls',
    green((whole) => ({
      parse: (item) => {
        const call = JSON.parse(text(item.body)) as { senderData: { chatId: string } };
        if (call.senderData.chatId.length > 100) return [];
        return whole.parse(item);
      },
    })),
    /^hostile calls/,
  ],
  [
    'tells of people in an error',
    green((whole) => ({
      parse: (item) => {
        try {
          return whole.parse(item);
        } catch {
          throw new Unreadable(`cannot read ${text(item.body)}`);
        }
      },
    })),
    /^hostile calls/,
  ],
  [
    'lets NUL through',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) =>
            event.type === 'message.received' && event.content.type === 'text'
              ? { ...event, content: { type: 'text', text: `${event.content.text}\0` } }
              : event,
          ),
    })),
    /^hostile calls/,
  ],
  [
    'cuts a long text',
    green((whole) => ({
      send: (message, config, http) =>
        whole.send(
          {
            ...message,
            content:
              message.content.type === 'text'
                ? { ...message.content, text: message.content.text.slice(0, 4_096) }
                : message.content,
          },
          config,
          http,
        ),
    })),
    /^a text goes out/,
  ],
  [
    'forgets the quote',
    green((whole) => ({
      send: (message, config, http) =>
        whole.send(
          {
            ...message,
            content: message.content.type === 'text' ? { type: 'text', text: message.content.text } : message.content,
          },
          config,
          http,
        ),
    })),
    /^a quote and a reaction/,
  ],
  [
    'declares reactions and has none',
    green((whole) => ({ capabilities: (config) => ({ ...whole.capabilities(config), react: true }) })),
    /^a quote and a reaction/,
  ],
  [
    'reacts though it declares no reactions',
    evolution((whole) => ({ capabilities: (config) => ({ ...whole.capabilities(config), react: false }) })),
    /^a quote and a reaction/,
  ],
  [
    'declares templates and has none',
    green((whole) => ({ capabilities: (config) => ({ ...whole.capabilities(config), templates: true }) })),
    /^its abilities/,
  ],
  [
    'can look up and does not say so',
    green((whole) => ({ capabilities: (config) => ({ ...whole.capabilities(config), lookUp: false }) })),
    /^its abilities/,
  ],
  [
    'promises receipts that never come',
    green((whole) => ({
      parse: (item) =>
        whole.parse(item).filter((event) => event.type !== 'delivery.updated' || event.status !== 'read'),
    })),
    /^receipts go/,
  ],
  [
    'sends the name of a template in its place',
    green((whole) => ({
      send: ({ content, ...message }, config, http) =>
        whole.send(
          { ...message, content: content.type === 'template' ? { type: 'text', text: content.name } : content },
          config,
          http,
        ),
    })),
    /^a template goes/,
  ],
  [
    'sends to nobody',
    green((whole) => ({
      send: (message, config, http) => whole.send({ ...message, to: greenApiSample.person }, config, http),
    })),
    /^somebody without/,
  ],
  [
    'takes every failure for a refusal',
    green((whole) => results(whole, (result) => (result.outcome === 'unknown' ? refused : result))),
    /^each answer/,
  ],
  [
    'takes a refusal for doubt',
    green((whole) =>
      results(whole, (result) => (result.outcome === 'refused' ? { outcome: 'unknown', detail: '' } : result)),
    ),
    /^each answer/,
  ],
  [
    'says accepted without an id from the provider',
    green((whole) =>
      results(whole, (result) => (result.outcome === 'unknown' ? { outcome: 'accepted', externalId: 'x' } : result)),
    ),
    /^each answer/,
  ],
  [
    'tries again by itself',
    green((whole) => ({
      send: async (message, config, http) => {
        const first = await whole.send(message, config, http);
        return first.outcome === 'accepted' ? first : whole.send(message, config, http);
      },
    })),
    /^each answer/,
  ],
  [
    'does not wait as long as it is told',
    green((whole) =>
      results(whole, (result) => (result.outcome === 'refused' ? { ...result, retryAfterMs: 1 } : result)),
    ),
    /^a wait that/,
  ],
  [
    'takes silence for a refusal',
    green((whole) => ({ send: (message, config, http) => whole.send(message, config, http).catch(() => refused) })),
    /^no answer is never/,
  ],
  [
    'follows redirects',
    green((whole) => ({
      send: (message, config, http) =>
        whole.send(message, config, (url, init) => http(url, { ...init, redirect: 'follow' })),
    })),
    /^a redirect/,
  ],
  [
    'goes past the fetch that it is given',
    green((whole) => ({ send: (message, config) => whole.send(message, config, fetch) })),
    /^every call goes/,
  ],
  [
    'shows a secret in what the provider said',
    green((whole) =>
      results(whole, (result, config) =>
        result.outcome === 'accepted' ? result : { ...result, detail: JSON.stringify(config) },
      ),
    ),
    /^no secret/,
  ],
  [
    'shows a secret in an error',
    green((whole) => ({
      markRead: async (_to, _messages, config) => {
        throw new Error(`could not be asked: ${JSON.stringify(whole.config.parse(config))}`);
      },
    })),
    /^no secret/,
  ],
  [
    'shows the beginning of a secret in a long answer that is cut',
    green((whole) =>
      results(whole, (result, config) =>
        result.outcome === 'accepted'
          ? result
          : { ...result, detail: (config as { apiTokenInstance: string }).apiTokenInstance.slice(0, 10) },
      ),
    ),
    /^no secret/,
  ],
  [
    'shows the words of a JSON answer as they came',
    green((whole) => ({
      send: async (message, config, http) => {
        let said = '';
        const kept: typeof fetch = async (url, init) => {
          const response = await http(url, init);
          said =
            (
              (await response
                .clone()
                .json()
                .catch(() => ({}))) as { message?: string }
            ).message ?? '';
          return response;
        };
        const result = await whole.send(message, config, kept);
        return result.outcome === 'accepted' ? result : { ...result, detail: said };
      },
    })),
    /^no secret/,
  ],
  [
    'names the address of a call that came to nothing',
    green((whole) => ({
      send: (message, config, http) => {
        const named: typeof fetch = (url, init) =>
          http(url, init).catch(() => Promise.reject(new Error(`no answer from ${String(url)}`)));
        return whole.send(message, config, named);
      },
    })),
    /^no secret/,
  ],
  [
    'shows a secret in what a check finds',
    green((whole) => ({
      check: async (config, http) => ({
        state: 'connected',
        detail: (await whole.check?.(config, http).catch(() => undefined)) ? '' : JSON.stringify(config),
      }),
    })),
    /^no secret/,
  ],
  [
    'throws over a proof that is none',
    green((whole) => ({
      verify: (call, secrets, now) =>
        decodeURIComponent(call.headers.authorization ?? '') !== '' && whole.verify(call, secrets, now),
    })),
    /^a call is believed/,
  ],
  [
    'believes a proof for ever that has an end',
    breaking(slackSample, (whole) => ({ verify: (call, secrets) => whole.verify(call, secrets, Date.now()) })),
    /^a call is believed/,
  ],
  [
    'asks the network once it has read',
    green((whole) => ({
      parse: (item) => {
        setImmediate(() => void fetch('http://127.0.0.1:9'));
        return whole.parse(item);
      },
    })),
    /^recorded calls/,
  ],
  [
    'knows a thing by its bytes',
    green((whole) => items(whole, ({ body }) => ({ key: text(body) }))),
    /^a key is the same/,
  ],
  [
    'names a status by more than the send was named',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) =>
            event.type === 'delivery.updated' ? { ...event, externalId: `chat/${event.externalId}` } : event,
          ),
    })),
    /^what an edit/,
  ],
  [
    'tells a deletion as an edit',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) =>
            event.type === 'message.deleted'
              ? { ...event, type: 'message.edited', content: { type: 'text', text: '' }, at: new Date(0) }
              : event,
          ),
    })),
    /^what an edit/,
  ],
  [
    'writes to a kind of address that is not its own',
    green((whole) => ({
      send: (message, config, http) => {
        const elsewhere = message.to.kind === 'direct' && message.to.addresses[0].kind === 'slack';
        return whole.send(elsewhere ? { ...message, to: greenApiSample.person } : message, config, http);
      },
    })),
    /^somebody without/,
  ],
  [
    'leaves out what is said with a file',
    green((whole) => ({
      send: ({ content, ...message }, config, http) => {
        const silent = content.type === 'media' ? { ...content, caption: null } : content;
        return whole.send({ ...message, content: silent }, config, http);
      },
    })),
    /^a file goes out/,
  ],
  [
    'sends as a document what it does not declare',
    green((whole) => ({
      send: ({ content, ...message }, config, http) => {
        const forced = content.type === 'media' ? { ...content, kind: 'document' as const } : content;
        return whole.send({ ...message, content: forced }, config, http);
      },
    })),
    /^a file goes out/,
  ],
  [
    'finds a send that is older than the one meant',
    green((whole) => ({
      findSent: async (message, _since, config, http) =>
        (await whole.findSent?.(message, new Date(0), config, http)) ?? null,
    })),
    /^a lost send/,
  ],
  [
    'finds any send',
    evolution((whole) => ({
      findSent: async (message, since, config, http) =>
        (await whole.findSent?.({ ...message, content: { type: 'text', text: WORDS } }, since, config, http)) ?? null,
    })),
    /^a lost send/,
  ],
  [
    'finds nothing where it could not ask',
    green((whole) => ({
      findSent: async (...asked) => (await whole.findSent?.(...asked).catch(() => null)) ?? null,
    })),
    /^a lost send/,
  ],
  [
    'hides that nothing was marked read',
    green((whole) => ({ markRead: async (...asked) => whole.markRead?.(...asked).catch(() => undefined) })),
    /^typing and read/,
  ],
  [
    'marks another message read',
    evolution((whole) => ({
      markRead: async (to, messages, config, http) =>
        whole.markRead?.(
          to,
          messages.map((one) => ({ ...one, externalId: 'OTHER' })),
          config,
          http,
        ),
    })),
    /^typing and read/,
  ],
  [
    'marks the chat read where nothing was',
    green((whole) => ({
      markRead: async (to, messages, config, http) =>
        whole.markRead?.(to, messages.length ? messages : [{ externalId: 'OTHER', own: false }], config, http),
    })),
    /^typing and read/,
  ],
  [
    'tells the past as news',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) => (event.type === 'message.received' ? { ...event, history: undefined } : event)),
    })),
    /^the past comes/,
  ],
  [
    'knows the past by keys of its own',
    evolution((whole) => ({
      history: async (...asked) =>
        ((await whole.history?.(...asked)) ?? []).map((item) => ({ ...item, key: `past ${item.key}` })),
    })),
    /^the past comes/,
  ],
  [
    'takes a past that it could not ask for as empty',
    green((whole) => ({ history: async (...asked) => (await whole.history?.(...asked).catch(() => [])) ?? [] })),
    /^the past comes/,
  ],
  [
    'tells of those who are in a group that they came',
    green((whole) => ({
      parse: (item) =>
        whole
          .parse(item)
          .map((event) => (event.type === 'participants.changed' ? { ...event, action: 'add' as const } : event)),
    })),
    /^a group tells/,
  ],
  [
    'takes groups that it could not ask for as none',
    green((whole) => ({ groups: async (...asked) => (await whole.groups?.(...asked).catch(() => [])) ?? [] })),
    /^a group tells/,
  ],
  [
    'lists the first page of templates',
    breaking(cloudApiSample, (whole) => ({
      templates: async (config, http) => {
        const first: typeof fetch = async (url, init) => {
          const body = (await (await http(url, init)).json()) as object;
          return Response.json({ ...body, paging: {} });
        };
        return (await whole.templates?.(config, first)) ?? [];
      },
    })),
    /^templates are/,
  ],
  [
    'finds every server in order',
    green(() => ({ check: async () => ({ state: 'connected' }) })),
    /^a server that is not there/,
  ],
  [
    'throws what no person understands',
    green(() => ({
      check: async () => {
        throw new TypeError('fetch failed');
      },
    })),
    /^a server that is not there/,
  ],
  [
    'takes a file for gone while its server is in trouble',
    green(() => ({
      fetchFile: async () => {
        throw new FileGone('The provider has this file no more.');
      },
    })),
    /^files can be asked for/,
  ],
  [
    'makes another config of its own',
    green((whole) => ({
      config: whole.config.pipe(z.unknown().transform((one) => ({ ...(one as object), at: randomUUID() }))),
    })),
    /^a config is/,
  ],
];

test.each(broken)('an adapter fails that %s', async (_broken, sample, rule) => {
  const [check, ...others] = checks.filter(({ name }) => rule.test(name));
  expect(others).toEqual([]);
  if (!check) throw new Error(`no check ${rule.source}`);
  // Anything else would be a fault of the kit, or of the broken adapter.
  await expect(tryCheck(check, sample)).rejects.toThrow(AssertionError);
});

test('every check has an adapter that it fails', () => {
  const unbroken = checks.filter(({ name }) => broken.every(([, , rule]) => !rule.test(name)));
  expect(unbroken.map(({ name }) => name)).toEqual([]);
});
