import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageRef, Outbound } from '../provider';
import { recordingServer, type Recorded, type Reply } from '../testing/recording-server';
import { slack } from './slack';

const server = await recordingServer();
afterAll(() => server.close());
const config = slack.config.parse({ teamId: 'T0ACME0001', botToken: 'xoxb-secret', apiUrl: `${server.origin}/api` });

const method = ({ url }: Recorded) => url.split('/').at(-1)?.split('?')[0] ?? '';
const query = ({ url }: Recorded) => Object.fromEntries(new URL(url, server.origin).searchParams);
/** By method; what has no answer here fails the test. */
const answers = (replies: Record<string, object | Reply>) =>
  server.answers((request) => {
    const reply = replies[method(request)];
    if (!reply) return { status: 599 };
    return 'status' in reply || 'body' in reply ? reply : { body: { ok: true, ...reply } };
  });
const asked = () => server.requests.map(method);

const channel = { kind: 'group', externalId: 'C0SUPPORT1' } as const;
const person: Outbound['to'] = { kind: 'direct', addresses: [{ kind: 'slack', address: 'T0ACME0001:U0AGENT001' }] };
const text = (words: string, quote?: MessageRef, to: Outbound['to'] = channel): Outbound => ({
  to,
  reference: 'attempt-1',
  content: { type: 'text', text: words, ...(quote && { quote }) },
});
const send = (message: Outbound) => slack.send(message, config, fetch);
const posted = { channel: 'C0SUPPORT1', ts: '1767225605.000500' };

describe('a text', () => {
  it('is posted escaped, with our reference, and known by its channel and ts', async () => {
    answers({ 'chat.postMessage': posted });
    expect(await send(text('See you at 5 & bring <ID>'))).toEqual({
      outcome: 'accepted',
      externalId: 'C0SUPPORT1:1767225605.000500',
    });
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-secret', 'content-type': 'application/json; charset=utf-8' },
    });
    expect(request?.body).toEqual({
      channel: 'C0SUPPORT1',
      text: 'See you at 5 &amp; bring &lt;ID&gt;',
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: 'parley_message', event_payload: { reference: 'attempt-1' } },
    });
  });

  it('to a person opens their direct message, whose channel it is known by', async () => {
    answers({ 'chat.postMessage': { channel: 'D0DANA0001', ts: '1767225605.000500' } });
    expect(await send(text('Hi', undefined, person))).toMatchObject({ externalId: 'D0DANA0001:1767225605.000500' });
    expect(server.requests[0]?.body).toMatchObject({ channel: 'U0AGENT001' });
  });

  it('goes into the thread of what it answers: the message itself, or what that one answered', async () => {
    const customers: MessageRef = { externalId: 'C0SUPPORT1:1767225602.000200', own: false };
    const threads: [MessageRef, string][] = [
      [customers, '1767225602.000200'],
      [{ ...customers, quotes: { externalId: 'C0SUPPORT1:1767225600.000100' } }, '1767225600.000100'],
      [{ ...customers, own: true }, '1767225602.000200'],
    ];
    for (const [quote, thread] of threads) {
      answers({ 'chat.postMessage': posted });
      await send(text('on it', quote));
      expect(server.requests.map(({ body }) => body)).toMatchObject([{ thread_ts: thread }]);
    }
  });

  it('asks Slack where a thread of ours began', async () => {
    answers({
      'chat.postMessage': posted,
      'conversations.replies': { messages: [{ ts: '1767225603.000300', thread_ts: '1767225600.000100' }] },
    });
    const quote = {
      externalId: 'C0SUPPORT1:1767225603.000300',
      own: true,
      quotes: { externalId: 'C0SUPPORT1:1767225602.000200' },
    };
    await send(text('and this', quote));
    expect(asked()).toEqual(['conversations.replies', 'chat.postMessage']);
    expect(server.requests[1]?.body).toMatchObject({ thread_ts: '1767225600.000100' });
    answers({ 'conversations.replies': { status: 503, body: 'upstream' } });
    expect(await send(text('and this', quote))).toMatchObject({ outcome: 'refused', reason: 'provider' }); // nothing was posted
  });

  it('takes our app into a public channel, once', async () => {
    let joined = false;
    server.answers((request) => {
      if (method(request) === 'conversations.join') return ((joined = true), { body: { ok: true } });
      return { body: joined ? { ok: true, ...posted } : { ok: false, error: 'not_in_channel' } };
    });
    expect(await send(text('Hi'))).toMatchObject({ outcome: 'accepted' });
    expect(asked()).toEqual(['chat.postMessage', 'conversations.join', 'chat.postMessage']);
    const refused = { body: { ok: false, error: 'not_in_channel' } };
    answers({
      'chat.postMessage': refused,
      'conversations.join': { body: { ok: false, error: 'method_not_supported_for_channel_type' } },
    });
    expect(await send(text('Hi'))).toMatchObject({ reason: 'recipient', code: 'not_in_channel' });
    expect(asked()).toEqual(['chat.postMessage', 'conversations.join']);
    answers({ 'chat.postMessage': refused, 'conversations.join': {} });
    expect(await send(text('Hi'))).toMatchObject({ reason: 'recipient', code: 'not_in_channel' });
    expect(asked()).toEqual(['chat.postMessage', 'conversations.join', 'chat.postMessage']);
  });

  it('without an address, of a template or with a strange quote is refused unsent', async () => {
    answers({});
    expect(
      await send(text('x', undefined, { kind: 'direct', addresses: [{ kind: 'phone', address: '+15550107788' }] })),
    ).toMatchObject({ reason: 'recipient' });
    expect(await send(text('x', { externalId: 'nowhere', own: false }))).toMatchObject({ reason: 'content' });
    expect(
      await send({
        to: channel,
        reference: 'a',
        content: { type: 'template', name: 'x', language: 'en', parameters: [] },
      }),
    ).toMatchObject({ reason: 'template' });
    expect(server.requests).toEqual([]);
  });
});

describe('an answer that is no yes', () => {
  const result = async (reply: Reply) => {
    answers({ 'chat.postMessage': reply });
    return send(text('x'));
  };
  const says = (error: string, more: object = {}) => result({ body: { ok: false, error, ...more } });

  it.each([
    ['provider', ['service_unavailable', 'team_added_to_org', 'request_timeout']],
    ['auth', ['invalid_auth', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope']],
    [
      'recipient',
      ['channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action_thread_locked', 'user_not_found'],
    ],
    ['content', ['no_text', 'msg_too_long', 'invalid_blocks', 'a_code_of_tomorrow', 'constructor']],
  ])('is %s for %s', async (reason, codes) => {
    for (const code of codes) expect(await says(code)).toMatchObject({ outcome: 'refused', reason, code });
  });

  it('names the scope that is missing', async () => {
    expect(await says('missing_scope', { needed: 'chat:write', provided: 'users:read' })).toMatchObject({
      detail: 'missing_scope: chat:write',
    });
  });

  it('waits as long as it is told, in this channel alone', async () => {
    expect(
      await result({ status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }),
    ).toEqual({
      outcome: 'refused',
      reason: 'throttled',
      detail: 'ratelimited',
      code: 'ratelimited',
      retryAfterMs: 30_000,
      chatOnly: true,
    });
    expect(await result({ status: 429 })).toEqual({
      outcome: 'refused',
      reason: 'throttled',
      detail: '429',
      code: '429',
      chatOnly: true,
    });
    expect(await says('message_limit_exceeded')).toEqual({
      outcome: 'refused',
      reason: 'throttled',
      detail: 'message_limit_exceeded',
      code: 'message_limit_exceeded',
      retryAfterMs: 60_000,
    });
  });

  it('is unknown wherever it may have been posted', async () => {
    for (const reply of [
      { status: 500 },
      { status: 503, body: 'x' },
      { status: 408 },
      { status: 200, body: '<html>' },
      { body: { ok: true } },
    ])
      expect((await result(reply)).outcome).toBe('unknown');
    for (const code of ['fatal_error', 'internal_error'])
      expect(await says(code)).toEqual({ outcome: 'unknown', detail: code });
    expect(await result({ status: 404, body: 'no such page' })).toMatchObject({
      outcome: 'refused',
      reason: 'provider',
    });
  });
});

describe('a reaction', () => {
  const reaction = (emoji: string, before?: string): Outbound => ({
    to: channel,
    reference: 'attempt-1',
    content: {
      type: 'reaction',
      target: { externalId: 'C0SUPPORT1:1767225602.000200', own: false },
      emoji,
      ...(before !== undefined && { before }),
    },
  });
  const changes = () => server.requests.map((one) => [method(one), one.body]);
  const where = { channel: 'C0SUPPORT1', timestamp: '1767225602.000200' };
  const added = (name: string) => ['reactions.add', { ...where, name }];
  const removed = (name: string) => ['reactions.remove', { ...where, name }];

  it.each([
    ['is added', '👍', undefined, [added('+1')]],
    ['takes the place of the one before', '❤️', '👍', [added('heart'), removed('+1')]],
    ['that stands is added again, which changes nothing', '👍', '👍', [added('+1')]],
    ['is taken back', '', '👋🏽', [removed('wave::skin-tone-4')]],
    ['that was none has nothing to take back', '', undefined, []],
  ])('%s', async (_what, emoji, before, expected) => {
    answers({ 'reactions.add': {}, 'reactions.remove': {} });
    const result = await send(reaction(emoji, before));
    expect(result).toEqual({ outcome: 'accepted', externalId: 'C0SUPPORT1:1767225602.000200:attempt-1' });
    expect(changes()).toEqual(expected);
  });

  it('that stands already, or is gone already, is done', async () => {
    answers({
      'reactions.remove': { body: { ok: false, error: 'no_reaction' } },
      'reactions.add': { body: { ok: false, error: 'already_reacted' } },
    });
    expect((await send(reaction('❤️', '👍'))).outcome).toBe('accepted');
  });

  it('that Slack has no name of is refused unsent', async () => {
    answers({});
    expect(await send(reaction('x'))).toMatchObject({ outcome: 'refused', reason: 'content' });
    expect(server.requests).toEqual([]);
  });

  it('is found again by what stands', async () => {
    answers({
      'auth.test': { user_id: 'U0BRIDGE01' },
      'reactions.get': {
        message: {
          reactions: [
            { name: 'heart', users: ['U0BRIDGE01'] },
            { name: '+1', users: ['U0AGENT001'] },
          ],
        },
      },
    });
    const found = (emoji: string) => slack.findSent(reaction(emoji), new Date(), config, fetch);
    expect(await found('❤️')).toEqual({ externalId: 'C0SUPPORT1:1767225602.000200:attempt-1' });
    expect([await found(''), await found('👍')]).toEqual([null, null]);
  });
});

describe('a look-up', () => {
  const since = new Date('2026-01-01T00:00:00.500Z');
  const bearing = (ts: string, reference: string) => ({
    ts,
    text: 'x',
    metadata: { event_type: 'parley_message', event_payload: { reference } },
  });

  it('goes through the channel for our reference, page by page', async () => {
    let page = 0;
    server.answers(() => ({
      body: {
        ok: true,
        messages: page++
          ? [bearing('1767225605.000500', 'attempt-1')]
          : [bearing('1767225606.000000', 'another'), null, { text: 'x' }],
        response_metadata: { next_cursor: page < 2 ? 'c2' : '' },
      },
    }));
    expect(await slack.findSent(text('x'), since, config, fetch)).toEqual({
      externalId: 'C0SUPPORT1:1767225605.000500',
    });
    expect(server.requests.map(query)).toMatchObject([
      { channel: 'C0SUPPORT1', oldest: '1767225600.500000', include_all_metadata: 'true' },
      { cursor: 'c2' },
    ]);
  });

  it('goes through the thread, or a person’s direct message', async () => {
    answers({
      'conversations.replies': { messages: [bearing('1767225605.000500', 'attempt-1')] },
      'conversations.history': { messages: [] },
      'conversations.open': { channel: { id: 'D0DANA0001' } },
    });
    await slack.findSent(text('x', { externalId: 'C0SUPPORT1:1767225600.000100', own: false }), since, config, fetch);
    expect([asked(), query(server.requests[0] ?? ({} as Recorded))]).toMatchObject([
      ['conversations.replies'],
      { ts: '1767225600.000100' },
    ]);
    server.requests.length = 0;
    expect(await slack.findSent(text('x', undefined, person), since, config, fetch)).toBeNull();
    expect(asked()).toEqual(['conversations.open', 'conversations.history']);
  });

  it('goes through the thread that the message went into', async () => {
    answers({
      'conversations.replies': {
        messages: [{ ...bearing('1767225605.000500', 'attempt-1'), thread_ts: '1767225600.000100' }],
      },
    });
    const ours = {
      externalId: 'C0SUPPORT1:1767225603.000300',
      own: true,
      quotes: { externalId: 'C0SUPPORT1:1767225602.000200' },
    };
    await slack.findSent(text('x', ours), since, config, fetch);
    expect(server.requests.map((request) => query(request).ts)).toEqual(['1767225603.000300', '1767225600.000100']);
  });

  it('that is not answered throws, and says nothing of anybody', async () => {
    answers({ 'conversations.history': { body: { ok: false, error: 'ratelimited' } } });
    await expect(slack.findSent(text('x'), since, config, fetch)).rejects.toThrow('Slack answered 200, ratelimited');
  });
});

describe('connecting', () => {
  let test: Record<string, unknown>;
  beforeAll(() => {
    test = {
      ok: true,
      url: 'https://acme.slack.example/',
      team: 'Acme',
      team_id: 'T0ACME0001',
      user_id: 'U0BRIDGE01',
      bot_id: 'B0BRIDGE01',
    };
  });
  const check = (
    body: object,
    headers: Record<string, string> = { 'x-oauth-scopes': 'chat:write,channels:history,users:read' },
  ) => {
    answers({ 'auth.test': { body, headers } });
    return slack.check(config, fetch);
  };

  it('asks whose token it is, and what it may', async () => {
    expect(await check(test)).toEqual({ state: 'connected', address: 'acme.slack.example' });
    await expect(check({ ...test, team_id: 'T0OTHER001', team: 'Other' })).rejects.toMatchObject({
      field: 'teamId',
      message: expect.stringContaining('Other') as string,
    });
    await expect(check({ ...test, bot_id: undefined })).rejects.toMatchObject({ field: 'botToken' });
    await expect(check(test, { 'x-oauth-scopes': 'chat:write' })).rejects.toMatchObject({
      field: 'botToken',
      message: expect.stringContaining('channels:history, users:read') as string,
    });
    for (const error of ['invalid_auth', 'account_inactive', 'token_revoked'])
      await expect(check({ ok: false, error })).rejects.toMatchObject({ field: 'botToken' });
    await expect(check({ ok: false, error: 'internal_error' })).rejects.toMatchObject({ field: undefined });
    answers({ 'auth.test': { status: 404, body: '<html>' } });
    await expect(slack.check(config, fetch)).rejects.toMatchObject({ field: 'apiUrl' });
    await expect(slack.check({ ...config, apiUrl: 'http://127.0.0.1:1/api' }, fetch)).rejects.toMatchObject({
      field: 'apiUrl',
    });
  });

  it('hears in passing that the access is gone', async () => {
    answers({ 'auth.test': { body: { ok: false, error: 'token_revoked' } } });
    await expect(slack.standing(config, fetch)).rejects.toMatchObject({ name: 'ConnectError', field: 'botToken' });
    answers({ 'auth.test': test });
    expect(await slack.standing(config, fetch)).toEqual({ state: 'connected' });
  });
});

it('asks for names, and hands them over as the events that tell of a change', async () => {
  answers({
    'users.info': { user: { id: 'U0AGENT001', name: 'dana', profile: { display_name: 'Dana' } } },
    'conversations.info': { channel: { id: 'C0SUPPORT1', name: 'support' } },
    'conversations.members': { body: { ok: false, error: 'missing_scope' } },
    'auth.test': { user_id: 'U0BRIDGE01' },
  });
  const writer = (id: string) => ({ address: { kind: 'slack', address: `T0ACME0001:${id}` } as const, chat: channel });
  const [dana, app] = [writer('U0AGENT001'), writer('B0OTHER001')];
  const items = await slack.names({ people: [dana, app], groups: ['C0SUPPORT1'] }, config, fetch);
  // Nobody can be asked for an app.
  expect(asked()).toEqual(['users.info', 'conversations.info', 'auth.test', 'conversations.members']);
  expect(items.map(({ routingKey }) => routingKey)).toEqual(['T0ACME0001', 'T0ACME0001']);
  expect(items.flatMap((item) => slack.parse(item))).toEqual([
    { type: 'contact.named', addresses: [dana.address], name: 'Dana', chat: channel },
    { type: 'chat.renamed', chat: channel, title: '#support' },
  ]);
  answers({ 'users.info': { body: { ok: false, error: 'user_not_found' } } });
  expect(await slack.names({ people: [dana], groups: [] }, config, fetch)).toEqual([]);
  answers({ 'users.info': { status: 429 } });
  await expect(slack.names({ people: [dana], groups: [] }, config, fetch)).rejects.toThrow(/429/);
});

it('tells all who are in a channel but our app, unless they are too many', async () => {
  const ask = () => slack.names({ people: [], groups: ['C0SUPPORT1'] }, config, fetch);
  let pages: { members: string[]; next: string }[] = [];
  const serve = () =>
    server.answers((request) => {
      if (method(request) === 'auth.test') return { body: { ok: true, user_id: 'U0BRIDGE01' } };
      if (method(request) === 'conversations.info') return { body: { ok: true, channel: { id: 'C0SUPPORT1' } } };
      const page = pages[Number(query(request).cursor ?? 0)];
      return { body: { ok: true, members: page?.members, response_metadata: { next_cursor: page?.next } } };
    });
  pages = [
    { members: ['U0AGENT001', 'U0BRIDGE01'], next: '1' },
    { members: [], next: '2' }, // short, with more behind it
    { members: ['U0AGENT002'], next: '' },
  ];
  serve();
  const member = (id: string) => ({ addresses: [{ kind: 'slack', address: `T0ACME0001:${id}` }] });
  expect((await ask()).flatMap((item) => slack.parse(item))).toEqual([
    {
      type: 'participants.changed',
      chat: channel,
      action: 'replace',
      members: [member('U0AGENT001'), member('U0AGENT002')],
      at: null,
    },
  ]);
  const crowd = (from: number) => Array.from({ length: 600 }, (_, i) => `U${from + i}`);
  pages = [
    { members: crowd(1000), next: '1' },
    { members: crowd(2000), next: '' },
  ];
  serve();
  expect(await ask()).toEqual([]);
});

describe('an install', () => {
  const app = {
    clientId: '111.222',
    clientSecret: 'client-secret',
    authorizeUrl: 'https://slack.example/oauth/v2/authorize',
    apiUrl: `${server.origin}/api`,
  };
  const nowMs = Date.UTC(2026, 0, 1);
  const granted = {
    access_token: 'xoxe.xoxb-1-a',
    refresh_token: 'xoxe-1-r',
    expires_in: 43_200,
    team: { id: 'T0ACME0001', name: 'Acme Inc.' },
  };
  const form = () => Object.fromEntries(new URLSearchParams(String(server.requests[0]?.body)));
  const rotating = { ...config, refreshToken: 'xoxe-1-old', tokenExpiresAt: nowMs / 1000 + 43_200 };

  it('sends people to Slack with what it needs', () => {
    const url = new URL(
      slack.consentUrl(app, { state: 's1', redirectUri: 'https://inbox.example/slack/oauth_redirect' }),
    );
    expect(url.origin + url.pathname).toBe(app.authorizeUrl);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: '111.222',
      state: 's1',
      redirect_uri: 'https://inbox.example/slack/oauth_redirect',
    });
    expect(url.searchParams.get('scope')?.split(',')).toEqual(
      expect.arrayContaining(['chat:write', 'channels:history', 'im:history', 'users:read']),
    );
  });

  it('gets a workspace for a code', async () => {
    answers({ 'oauth.v2.access': granted });
    expect(await slack.install(app, { code: 'c1', redirectUri: 'https://inbox.example/x' }, fetch, nowMs)).toEqual({
      name: 'Acme Inc.',
      config: {
        teamId: 'T0ACME0001',
        apiUrl: app.apiUrl,
        botToken: 'xoxe.xoxb-1-a',
        refreshToken: 'xoxe-1-r',
        tokenExpiresAt: nowMs / 1000 + 43_200,
      },
    });
    expect(form()).toEqual({
      code: 'c1',
      redirect_uri: 'https://inbox.example/x',
      client_id: '111.222',
      client_secret: 'client-secret',
    });
    for (const reply of [
      { body: { ok: false, error: 'invalid_code' } },
      { body: { ok: false, error: 'bad_client_secret' } },
      { body: { ok: true, access_token: 'x', team: null, is_enterprise_install: true } },
    ]) {
      answers({ 'oauth.v2.access': reply });
      await expect(slack.install(app, { code: 'c1', redirectUri: 'x' }, fetch, nowMs)).rejects.toMatchObject({
        name: 'ConnectError',
      });
    }
  });

  it('renews two hours early, and says when that is over', async () => {
    expect(slack.renewAt(config)).toBeNull();
    expect(slack.renewAt(rotating)).toEqual(new Date(nowMs + 10 * 3_600_000));
    answers({ 'oauth.v2.access': { ...granted, access_token: 'xoxe.xoxb-1-b' } });
    expect(await slack.renew(app, rotating, fetch, nowMs)).toMatchObject({
      teamId: 'T0ACME0001',
      botToken: 'xoxe.xoxb-1-b',
      refreshToken: 'xoxe-1-r',
    });
    expect(form()).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'xoxe-1-old' });
    answers({ 'oauth.v2.access': { body: { ok: false, error: 'invalid_refresh_token' } } });
    await expect(slack.renew(app, rotating, fetch, nowMs)).rejects.toMatchObject({ field: 'botToken' });
    answers({ 'oauth.v2.access': { status: 503 } });
    await expect(slack.renew(app, rotating, fetch, nowMs)).rejects.not.toMatchObject({ name: 'ConnectError' });
  });

  it('is given back, also where it is gone', async () => {
    answers({ 'apps.uninstall': {} });
    await slack.uninstall(app, config, fetch);
    expect(server.requests[0]?.body).toEqual({ client_id: '111.222', client_secret: 'client-secret' });
    answers({ 'apps.uninstall': { body: { ok: false, error: 'account_inactive' } } });
    await slack.uninstall(app, config, fetch);
    answers({ 'apps.uninstall': { body: { ok: false, error: 'fatal_error' } } });
    await expect(slack.uninstall(app, config, fetch)).rejects.toThrow('fatal_error');
  });

  it('whose token ran out waits for its renewal', async () => {
    answers({
      'chat.postMessage': { body: { ok: false, error: 'token_expired' } },
      'auth.test': { body: { ok: false, error: 'token_expired' } },
    });
    expect(await slack.send(text('x'), rotating, fetch)).toMatchObject({ outcome: 'refused', reason: 'disconnected' });
    expect(await send(text('x'))).toMatchObject({ outcome: 'refused', reason: 'auth' });
    await expect(slack.standing(rotating, fetch)).rejects.toMatchObject({ field: undefined });
  });
});
