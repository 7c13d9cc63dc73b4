import type { TemplateParameter } from '@parley/contracts/content';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Outbound } from '../provider';
import { recordingServer, type Reply } from '../testing/recording-server';
import { cloudApi } from './cloud-api';

let server: Awaited<ReturnType<typeof recordingServer>>;
beforeAll(async () => {
  server = await recordingServer();
});
afterAll(() => server.close());

const config = (change: object = {}) =>
  cloudApi.config.parse({
    baseUrl: `${server.origin}/cloud-api/`,
    phoneNumberId: '4190',
    wabaId: '2716',
    accessToken: 'EAAG',
    ...change,
  });
const rosa: Outbound['to'] = {
  kind: 'direct',
  addresses: [
    { kind: 'bsuid', address: 'US.44' },
    { kind: 'phone', address: '+15550182236' },
  ],
};
const hidden: Outbound['to'] = { kind: 'direct', addresses: [{ kind: 'bsuid', address: 'US.44' }] };
const group: Outbound['to'] = { kind: 'group', externalId: 'Z3Jw' };
const text = (to: Outbound['to'] = rosa): Outbound => ({
  to,
  content: { type: 'text', text: 'Until six.' },
  reference: 'attempt-1',
});
const send = (message: Outbound) => cloudApi.send(message, config(), fetch);
const taken = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '+15550182236', wa_id: '15550182236' }],
  messages: [{ id: 'wamid.OUT1' }],
};
const failure = (status: number, code: number, more: object = {}): Reply => ({
  status,
  body: {
    error: {
      message: `(#${code}) x`,
      type: 'OAuthException',
      code,
      error_data: { details: 'why' },
      fbtrace_id: 'AbC',
      ...more,
    },
  },
});
const bodies = () => server.requests.map(({ body }) => body);

describe('send', () => {
  it('sends text with our reference, and gives the id and the number as WhatsApp knows it', async () => {
    server.answers(() => ({ body: { ...taken, contacts: [{ input: '+5511987654321', wa_id: '551187654321' }] } }));
    expect(await send(text())).toEqual({
      outcome: 'accepted',
      externalId: 'wamid.OUT1',
      addresses: [{ kind: 'phone', address: '+551187654321' }],
    });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: '/cloud-api/v25.0/4190/messages',
        headers: { authorization: 'Bearer EAAG', 'content-type': 'application/json' },
      },
    ]);
    expect(bodies()).toEqual([
      {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: '+15550182236',
        type: 'text',
        text: { body: 'Until six.', preview_url: false },
        biz_opaque_callback_data: 'attempt-1',
      },
    ]);
  });

  it('writes to a user id where no phone is known, and to a group by its id', async () => {
    server.answers(() => ({
      body: { messages: [{ id: 'wamid.OUT2' }], contacts: [{ input: 'US.44', user_id: 'US.44' }] },
    }));
    expect(await send(text(hidden))).toMatchObject({ addresses: [{ kind: 'bsuid', address: 'US.44' }] });
    expect(await send(text(group))).toEqual({ outcome: 'accepted', externalId: 'wamid.OUT2' });
    expect(bodies()).toMatchObject([
      { recipient_type: 'individual', recipient: 'US.44' },
      { recipient_type: 'group', to: 'Z3Jw' },
    ]);
    expect(bodies()[0]).not.toHaveProperty('to');
  });

  it('quotes, reacts, and takes a reaction back', async () => {
    server.answers(() => ({ body: taken }));
    const target = { externalId: 'wamid.T1', own: false };
    await send({ ...text(), content: { type: 'text', text: 'See https://harborbikes.example', quote: target } });
    await send({ ...text(), content: { type: 'reaction', target, emoji: '❤️' } });
    await send({ ...text(), content: { type: 'reaction', target, emoji: '' } });
    expect(bodies()).toMatchObject([
      { context: { message_id: 'wamid.T1' }, text: { preview_url: true } },
      { type: 'reaction', reaction: { message_id: 'wamid.T1', emoji: '❤️' } },
      { type: 'reaction', reaction: { message_id: 'wamid.T1', emoji: '' } },
    ]);
  });

  it('fills numbered parameters by their order, and the end of a button’s address', async () => {
    server.answers(() => ({
      body: { ...taken, messages: [{ id: 'wamid.OUT3', message_status: 'held_for_quality_assessment' }] },
    }));
    const parameters: TemplateParameter[] = [
      { place: 'body', name: '10', value: 'ten' },
      { place: 'body', name: '2', value: '#88' },
      { place: 'button', name: '1', value: 't/88' },
      { place: 'header', name: '1', value: '88' },
      { place: 'body', name: '1', value: 'Sample' },
    ];
    const content = { type: 'template', name: 'order_ready', language: 'en_US', parameters } as const;
    expect(await send({ ...text(), content })).toMatchObject({ outcome: 'accepted', externalId: 'wamid.OUT3' });
    expect(bodies()).toMatchObject([
      {
        type: 'template',
        template: {
          name: 'order_ready',
          language: { code: 'en_US' },
          components: [
            { type: 'header', parameters: [{ type: 'text', text: '88' }] },
            { type: 'body', parameters: [{ text: 'Sample' }, { text: '#88' }, { text: 'ten' }] },
            { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 't/88' }] },
          ],
        },
      },
    ]);
  });

  it('names named parameters, and leaves the components out where nothing varies', async () => {
    server.answers(() => ({ body: taken }));
    const named = {
      type: 'template',
      name: 'hello',
      language: 'pt_BR',
      parameters: [{ place: 'body', name: 'first_name', value: 'Ana' }],
    } as const;
    await send({ ...text(), content: { ...named, parameters: [...named.parameters] } });
    await send({ ...text(), content: { ...named, parameters: [] } });
    expect(bodies()).toMatchObject([
      {
        template: {
          components: [{ type: 'body', parameters: [{ type: 'text', parameter_name: 'first_name', text: 'Ana' }] }],
        },
      },
      { template: { name: 'hello', language: { code: 'pt_BR' } } },
    ]);
    expect((bodies()[1] as { template: object }).template).not.toHaveProperty('components');
  });

  const usage = {
    'x-business-use-case-usage': '{"2716":[{"type":"messaging","call_count":100,"estimated_time_to_regain_access":7}]}',
  };
  test.each<[what: string, reply: Reply, result: object]>([
    [
      'the number’s throughput',
      failure(429, 130429),
      { outcome: 'refused', reason: 'throttled', code: '130429', detail: '130429 why' },
    ],
    ['the same as a 400', failure(400, 130429), { outcome: 'refused', reason: 'throttled' }],
    ['the pair’s pace', failure(400, 131056), { outcome: 'refused', reason: 'throttled', retryAfterMs: 6_000 }],
    [
      'the app’s limit with a time',
      { ...failure(400, 80007), headers: usage },
      { outcome: 'refused', reason: 'throttled', retryAfterMs: 420_000 },
    ],
    [
      'the app’s limit without one',
      failure(400, 4),
      { outcome: 'refused', reason: 'throttled', retryAfterMs: 300_000 },
    ],
    [
      'the app’s limit with a broken header',
      { ...failure(400, 4), headers: { 'x-business-use-case-usage': '{' } },
      { reason: 'throttled', retryAfterMs: 300_000 },
    ],
    [
      'an upgrade of the number',
      failure(503, 131057),
      { outcome: 'refused', reason: 'provider', retryAfterMs: 60_000 },
    ],
    ['too many reports', failure(400, 131048), { outcome: 'refused', reason: 'throttled', retryAfterMs: 3_600_000 }],
    ['a failed message', failure(500, 131000), { outcome: 'refused', reason: 'provider' }],
    ['an expired token', failure(401, 190, { error_subcode: 463 }), { outcome: 'refused', reason: 'auth' }],
    ['a missing permission', failure(403, 230), { outcome: 'refused', reason: 'auth' }],
    ['a locked account', failure(403, 131031), { outcome: 'refused', reason: 'auth' }],
    ['a hidden number', failure(400, 100, { error_subcode: 33 }), { outcome: 'refused', reason: 'auth' }],
    ['a wrong parameter', failure(400, 100), { outcome: 'refused', reason: 'content' }],
    ['a closed window', failure(400, 131047), { outcome: 'refused', reason: 'window' }],
    ['an unreachable person', failure(400, 131026), { outcome: 'refused', reason: 'recipient' }],
    ['marketing held back', failure(400, 131049), { outcome: 'refused', reason: 'recipient' }],
    ['a template of another language', failure(404, 132001), { outcome: 'refused', reason: 'template' }],
    ['a code that nobody knows', failure(400, 999_999), { outcome: 'refused', reason: 'content' }],
    [
      'such a code that passes',
      failure(400, 999_999, { is_transient: true }),
      { outcome: 'refused', reason: 'provider' },
    ],
    ['such a code of a server in trouble', failure(500, 999_999), { outcome: 'unknown' }],
    ['“unknown error”', failure(500, 1), { outcome: 'unknown' }],
    ['“service unavailable”', failure(503, 2), { outcome: 'unknown' }],
    ['a page of a server in trouble', { status: 503, body: '<html>' }, { outcome: 'unknown', detail: '503 <html>' }],
    [
      'a proxy’s limit',
      { status: 429, headers: { 'retry-after': '3' }, body: 'slow' },
      { outcome: 'refused', reason: 'throttled', retryAfterMs: 3_000 },
    ],
    ['a proxy’s refusal', { status: 403, body: '<html>' }, { outcome: 'refused', reason: 'provider' }],
    ['a success without an id', { body: { messages: [] } }, { outcome: 'unknown' }],
    ['a success that is no JSON', { body: 'OK' }, { outcome: 'unknown' }],
  ])('understands %s', async (_what, reply, result) => {
    server.answers(() => reply);
    expect(await send(text())).toMatchObject(result);
    expect(server.requests).toHaveLength(1);
  });

  it('has no way to a person without phone or user id', async () => {
    server.answers(() => ({ body: taken }));
    const lid = text({ kind: 'direct', addresses: [{ kind: 'lid', address: '88@lid' }] });
    expect(await send(lid)).toMatchObject({ outcome: 'refused', reason: 'recipient' });
    expect(server.requests).toEqual([]);
  });

  it('throws where the answer never ends', async () => {
    server.answers(() => ({ body: taken }));
    const impatient: typeof fetch = (input, init) => fetch(input, { ...init, signal: AbortSignal.abort() });
    await expect(cloudApi.send(text(), config(), impatient)).rejects.toThrow();
  });
});

describe('typing and read marks', () => {
  it('answers a message: without one, and in groups, there is nothing to show', async () => {
    server.answers(() => ({ body: { success: true } }));
    await cloudApi.typing(rosa, { externalId: 'wamid.T1', own: false }, config(), fetch);
    await cloudApi.typing(rosa, null, config(), fetch);
    await cloudApi.typing(group, { externalId: 'wamid.T1', own: false }, config(), fetch);
    expect(bodies()).toEqual([
      { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.T1', typing_indicator: { type: 'text' } },
    ]);
  });

  it('marks the newest read, and with it those before', async () => {
    server.answers(() => ({ body: { success: true } }));
    await cloudApi.markRead(
      rosa,
      [
        { externalId: 'wamid.T1', own: false },
        { externalId: 'wamid.T2', own: false },
      ],
      config(),
      fetch,
    );
    await cloudApi.markRead(rosa, [], config(), fetch);
    expect(bodies()).toEqual([{ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.T2' }]);
  });

  it('throws the code, and none of the words, when Meta refuses', async () => {
    server.answers(() => failure(400, 100));
    await expect(cloudApi.markRead(rosa, [{ externalId: 'x', own: false }], config(), fetch)).rejects.toThrow(
      /^Meta answered 400, code 100$/,
    );
  });
});

describe('templates', () => {
  const template = (name: string, components: object[], more: object = {}) => ({
    id: '1',
    name,
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components,
    ...more,
  });
  const body = { type: 'BODY', text: 'Hello {{1}}, order {{2}} is ready.', example: { body_text: [['Sample', '88']] } };
  async function listed(...elements: object[]) {
    server.answers(() => ({ body: { data: elements } }));
    return cloudApi.templates(config(), fetch);
  }

  it('tells what to fill in, with Meta’s examples', async () => {
    const buttons = [
      { type: 'QUICK_REPLY', text: 'Confirm' },
      {
        type: 'URL',
        text: 'Track',
        url: 'https://harborbikes.example/{{1}}',
        example: ['https://harborbikes.example/t/88'],
      },
      { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550104477' },
    ];
    const header = { type: 'HEADER', format: 'TEXT', text: 'Order {{1}} update', example: { header_text: ['88'] } };
    expect(
      await listed(
        template('order_ready', [header, body, { type: 'FOOTER', text: 'Harbor Bikes' }, { type: 'BUTTONS', buttons }]),
      ),
    ).toEqual([
      {
        name: 'order_ready',
        language: 'en_US',
        category: 'UTILITY',
        header: 'Order {{1}} update',
        body: 'Hello {{1}}, order {{2}} is ready.',
        footer: 'Harbor Bikes',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Confirm' },
          { type: 'URL', text: 'Track' },
          { type: 'PHONE_NUMBER', text: 'Call' },
        ],
        parameters: [
          { place: 'header', name: '1', example: '88' },
          { place: 'body', name: '1', example: 'Sample' },
          { place: 'body', name: '2', example: '88' },
          { place: 'button', name: '1', example: 't/88' },
        ],
        obstacle: null,
      },
    ]);
    expect(server.requests[0]?.url).toMatch(
      /^\/cloud-api\/v25\.0\/2716\/message_templates\?.*status=APPROVED.*limit=100$/,
    );
  });

  it('asks for each placeholder once, named ones by name, numbered ones in order', async () => {
    const named = {
      type: 'body',
      text: 'Hi {{first_name}}, {{ day }}, {{first_name}}',
      example: { body_text_named_params: [{ param_name: 'day', example: 'Monday' }] },
    };
    const mixed = { type: 'BODY', text: 'Then {{2}} before {{1}} and {{10}}' };
    const [one, other] = await listed(template('a', [named]), template('b', [mixed]));
    expect(one?.parameters).toEqual([
      { place: 'body', name: 'first_name', example: null },
      { place: 'body', name: 'day', example: 'Monday' },
    ]);
    expect(other?.parameters.map(({ name }) => name)).toEqual(['1', '2', '10']);
  });

  test.each<[what: string, components: object[], more: object, words: RegExp | null]>([
    ['a picture at its head', [{ type: 'HEADER', format: 'IMAGE' }, body], {}, /begins with a picture/],
    ['a place at its head', [{ type: 'HEADER', format: 'location' }, body], {}, /begins with a place/],
    ['a login code', [body], { category: 'AUTHENTICATION' }, /login code/],
    [
      'a code to copy',
      [body, { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy' }] }],
      {},
      /button \(Copy\)/,
    ],
    ['a form', [body, { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Book' }] }], {}, /button \(Book\)/],
    ['cards', [body, { type: 'CAROUSEL', cards: [] }], {}, /cards/],
    ['words alone', [body], {}, null],
  ])('says whether one with %s can be sent from here', async (_what, components, more, words) => {
    const [listedOne] = await listed(template('a', components, more));
    if (words) expect(listedOne?.obstacle).toMatch(words);
    else expect(listedOne?.obstacle).toBeNull();
  });

  it('follows all pages by their cursor, and never to another host', async () => {
    server.answers(({ url }) => {
      const after = new URL(url, server.origin).searchParams.get('after');
      const next = { cursors: { after: after === null ? 'c1' : 'c2' }, next: 'https://evil.example/steal' };
      if (after === null) return { body: { data: [template('a', [body])], paging: next } };
      if (after === 'c1')
        return {
          body: {
            data: [template('b', [body]), { shape: 'unknown' }, template('c', [body], { status: 'PAUSED' })],
            paging: next,
          },
        };
      return { body: { data: [template('d', [body])], paging: { cursors: { after: 'c2' } } } };
    });
    expect((await cloudApi.templates(config(), fetch)).map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    expect(server.requests).toHaveLength(3);
  });

  it('stops where a cursor leads back to itself', async () => {
    server.answers(() => ({
      body: { data: [template('a', [body])], paging: { cursors: { after: 'c' }, next: 'https://x' } },
    }));
    expect(await cloudApi.templates(config(), fetch)).toHaveLength(2);
  });
});

describe('connect', () => {
  const number = {
    id: '4190',
    display_phone_number: '+1 555-010-4477',
    verified_name: 'Harbor Bikes',
    status: 'CONNECTED',
  };

  function serving(answers: { number?: Reply; numbers?: Reply; templates?: Reply; apps?: Reply; subscribe?: Reply }) {
    server.answers(({ method, url }) => {
      if (url.includes('/2716/phone_numbers'))
        return answers.numbers ?? { body: { data: [{ id: '1' }, { id: '4190' }] } };
      if (url.includes('/2716/message_templates')) return answers.templates ?? { body: { data: [] } };
      if (url.includes('/2716/subscribed_apps') && method === 'POST')
        return answers.subscribe ?? { body: { success: true } };
      if (url.includes('/2716/subscribed_apps'))
        return answers.apps ?? { body: { data: [{ whatsapp_business_api_data: { id: '88' } }] } };
      return answers.number ?? { body: number };
    });
  }
  const check = () => cloudApi.check(config(), fetch);

  it('runs the four proofs, and tells the number', async () => {
    serving({});
    expect(await check()).toEqual({ state: 'connected', address: '+15550104477' });
    expect(server.requests.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
      'GET /cloud-api/v25.0/4190',
      'GET /cloud-api/v25.0/2716/phone_numbers',
      'GET /cloud-api/v25.0/2716/message_templates',
      'GET /cloud-api/v25.0/2716/subscribed_apps',
    ]);
  });

  test.each([
    ['RESTRICTED', 'restricted'],
    ['PENDING', 'disconnected'],
    ['FLAGGED', 'connected'],
  ])('says in words what %s means', async (status, state) => {
    serving({ number: { body: { ...number, status } } });
    expect(await check()).toMatchObject({ state, detail: expect.not.stringContaining(status) as string });
  });

  test.each<[what: string, answers: Parameters<typeof serving>[0], field: string | undefined, words: RegExp]>([
    ['an expired token', { number: failure(401, 190, { error_subcode: 463 }) }, 'accessToken', /has expired/],
    ['a wrong token', { number: failure(401, 190) }, 'accessToken', /refused the access token/],
    ['a missing permission', { templates: failure(403, 10) }, 'accessToken', /whatsapp_business_management/],
    [
      'a hidden number',
      { number: failure(400, 100, { error_subcode: 33 }) },
      'phoneNumberId',
      /no phone number with this id/,
    ],
    [
      'a hidden account',
      { numbers: failure(400, 100, { error_subcode: 33 }) },
      'wabaId',
      /no WhatsApp Business account with this id/,
    ],
    ['a deleted number', { number: failure(400, 33) }, 'phoneNumberId', /was deleted/],
    [
      'a number of another account',
      { numbers: { body: { data: [{ id: '1' }] } } },
      'phoneNumberId',
      /belongs to another/,
    ],
    ['too many calls', { number: failure(400, 80007) }, undefined, /too often/],
    ['Meta in trouble', { number: { status: 503, body: '<html>' } }, undefined, /trouble of its own/],
    ['something else at the address', { number: { status: 404, body: '<html>' } }, 'baseUrl', /Graph API/],
  ])('says what is wrong with %s', async (_what, answers, field, words) => {
    serving(answers);
    await expect(check()).rejects.toMatchObject({
      name: 'ConnectError',
      field,
      message: expect.stringMatching(words) as string,
    });
  });

  it('subscribes the platform’s app to the account, with nothing to override', async () => {
    serving({});
    const webhook = {
      url: 'https://inbox.example.org/api/webhooks/whatsapp/cloud-api',
      headers: {},
      verifyToken: 'platform',
    };
    await cloudApi.subscribe(webhook, config(), fetch);
    expect(server.requests).toMatchObject([
      { method: 'POST', url: '/cloud-api/v25.0/2716/subscribed_apps', body: undefined },
      { method: 'GET' },
    ]);
  });

  const own = { appSecret: 's', verifyToken: 'words-of-ours' };
  const webhook = {
    url: 'https://inbox.example.org/api/webhooks/whatsapp/cloud-api/k3y',
    headers: {},
    verifyToken: 'words-of-ours',
  };

  it('has a tenant’s own app call its own address', async () => {
    serving({});
    await cloudApi.subscribe(webhook, config(own), fetch);
    expect(bodies()[0]).toEqual({ override_callback_uri: webhook.url, verify_token: 'words-of-ours' });
  });

  it('says that Meta could not reach us, or did not subscribe', async () => {
    serving({ subscribe: failure(400, 2200, { message: '(#2200) Callback verification failed' }) });
    await expect(cloudApi.subscribe(webhook, config(own), fetch)).rejects.toThrow(/could not reach https:/);
    serving({ apps: { body: { data: [] } } });
    await expect(cloudApi.subscribe(webhook, config(own), fetch)).rejects.toMatchObject({ field: 'wabaId' });
    const long = { ...webhook, url: `https://inbox.example.org/${'x'.repeat(200)}` };
    await expect(cloudApi.subscribe(long, config(own), fetch)).rejects.toThrow(/200 characters/);
  });
});
