import { gzipSync } from 'node:zlib';
import { listTemplates, updateAccount, type ProviderName } from '@parley/contracts/accounts';
import { updateContact } from '@parley/contracts/contacts';
import { sendMessage, type Message } from '@parley/contracts/messages';
import type { AnyRoute, InputOf } from '@parley/contracts/route';
import { routes } from '@parley/contracts/routes';
import { createPool } from '@parley/db/pools';
import { createMember, createTenant, createUser } from '@parley/inbox/people/people.seed';
import { AuditChain } from '@parley/platform/audit-chain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../app';
import { plantCanaries, redisText } from '../canaries';
import type { TestMember } from '../tenant';
import { waitFor } from '../wait-for';
import { connectThroughApi } from './connect-through-api';
import { bubblesIn, Desk } from './desk';
import {
  changeCall,
  cloudCall,
  evolutionCall,
  greenCall,
  postAs,
  statusCall,
  textCall,
  untilApplied,
} from './provider-calls';
import { routeCases, memberRoutes, type Things } from './route-cases';
import { startSystem, type LiveAccount, type System } from './system';

const { words, plant, sightings } = plantCanaries();
/** What callers were told when something was refused. */
const problems: string[] = [];
/** Said back to who said it: which name is taken. */
const ownWords = ['labelName in problems'];
/** What stood in Redis, each time we looked. */
const redis: string[] = [];

let system: System;
let admin: TestMember;
let accounts: LiveAccount[];

beforeAll(async () => {
  system = await startSystem({
    env: {
      LOG_LEVEL: 'debug',
      CLOUD_API_APP_SECRET: words.appSecret,
      CLOUD_API_VERIFY_TOKEN: words.verifyToken,
      METRICS_TOKEN: words.authorization,
    },
  });
}, 120_000);
afterAll(() => system?.close());

it(
  'lets no secret, number, name or word of anybody into a log, a metric, an error or Redis',
  { timeout: 120_000 },
  async () => {
    admin = await signIn();
    accounts = [await connect('evolution'), await connect('cloud-api'), await connect('green-api')];
    for (const account of accounts) await talk(account);
    for (const account of accounts) await breakDown(account);
    await strangers();
    await everyRoute();
    await look();

    const logs = [...system.apis, ...system.workers].map((one) => one.output()).join('');
    const metrics = (await Promise.all([metricsOf(system.app.url), metricsOf(system.workerUrls.at(-1) ?? '')])).join(
      '',
    );
    const seen = sightings({ logs, metrics, problems: problems.join('\n'), redis: redis.join('\n') });
    expect(seen.filter((one) => !ownWords.includes(one))).toEqual([]);
    // It was not quiet: both processes had something to say.
    expect(logs).toMatch(/"service":"worker".*"msg":"an item could not be applied; it is kept"/);
    expect(logs).toContain('"outcome":"not_authentic"');
    expect(metrics).toContain('parley_webhook_calls_total');
    expect(metrics).toContain('parley_inbox_messages_sent_total');
    expect(problems.length).toBeGreaterThan(50);
    expect(redis.join()).toMatch(/drain-lane|send-heads/);
    console.log(
      `canary: ${Object.keys(words).length} words and the tokens made on the way, in none of ${logs.split('\n').length} lines of log, ${metrics.split('\n').length} of metrics, ${problems.length} problems and ${redis.join('').length} characters of Redis`,
    );
  },
);

/** A person with a password of their own, whose session comes from the door; their tries count too. */
async function signIn(): Promise<TestMember> {
  const { email, password, contactName: name } = words;
  const { env } = system.app;
  const chain = new AuditChain(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID);
  const pool = createPool(env.DATABASE_URL, 'parley_platform', { max: 1 });
  const userId = await createUser(pool, { email, password, name });
  const tenantId = await createTenant({ platform: pool, chain }, { name: words.note, slug: 'canary' });
  const id = await createMember(pool, { tenantId, userId, name, role: 'tenant_admin' });
  await pool.end();
  const answers = [];
  for (const attempt of [words.wrongPassword, password]) {
    const body = JSON.stringify({ email, password: attempt });
    const headers = { 'content-type': 'application/json', 'user-agent': words.userAgent };
    answers.push(await told(system.app.fetch('/api/auth/sign-in/email', { method: 'POST', headers, body })));
  }
  const [cookie = ''] = (answers[1]?.headers.getSetCookie() ?? []).map((one) => one.split(';')[0] ?? '');
  expect(cookie, await answers[1]?.text()).toContain('=');
  plant('session cookie', decodeURIComponent(cookie.split('=')[1] ?? ''));
  plant('session token', decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '');
  return { id: String(id), userId, tenantId, name, email, role: 'tenant_admin', sessionId: '', cookie };
}

async function connect(provider: ProviderName): Promise<LiveAccount> {
  const account = await connectThroughApi(system, admin, provider, { name: `${words.accountName} ${provider}` });
  for (const [name, value] of Object.entries(account.config))
    if (/key|secret|token/i.test(name)) plant(`${provider} ${name}`, String(value));
  plant(`${provider} path`, account.webhookPath.split('/').at(-1) ?? '');
  return account;
}

const me = (): Caller => system.app.as(admin);

/** Keeps what a refusal says. */
async function told(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  const text = await response.clone().text();
  if (response.status >= 400) problems.push(text);
  return response;
}

/** What people say to each other while all goes well, and a worker that is away for a while. */
async function talk(account: LiveAccount): Promise<void> {
  const at = new Desk(system, admin, account);
  const from = words.phone;
  const first = await at.receive({ from, name: words.contactName, text: words.inboundText });
  const { id } = await at.conversation(from);
  await at.receive({ from, kind: 'document', fileName: words.fileName, text: words.inboundText });
  await at.receive({
    from,
    kind: 'contacts',
    contacts: [{ name: words.contactName, phone: words.phone, email: words.email }],
  });
  await at.receive({ from, kind: 'reaction', target: first, emoji: words.reaction });
  await at.receive({ from, kind: 'edit', target: first, text: words.inboundText });
  await at.receive({ from, fromMe: true, text: words.text });
  const thread = await at.thread(from, (all) => bubblesIn(all).length >= 3);
  await me().call(updateContact, {
    params: { id: bubblesIn(thread)[0]?.sender.contactId ?? '' },
    body: { name: words.contactName },
  });

  await system.workers.at(-1)?.kill('SIGTERM'); // its log stays: bells and rows wait now
  const content = { type: 'text' as const, text: words.text };
  const sent = await me().call(
    sendMessage,
    { body: { conversationId: id, content } },
    { 'idempotency-key': `${words.idempotencyKey}-${account.provider}` },
  );
  expect(sent.status).toBe(202);
  await postAs(
    system,
    account,
    textCall(account, { id: words.reference, from, text: words.inboundText, name: words.contactName }),
  );
  await look();
  await system.startWorker();
  await waitFor('the answer to arrive', () => isSent(at, from, sent.body.messageId), { timeoutMs: 30_000 });
  await look();
}

async function isSent(at: Desk, phone: string, id: string): Promise<boolean> {
  const thread = await at.threadById((await at.conversation(phone)).id);
  return thread.some((message: Message) => message.id === id && message.delivery?.status === 'read');
}

/** Refusals and breakdowns on either side, each with somebody's words in it. */
async function breakDown(account: LiveAccount): Promise<void> {
  const at = new Desk(system, admin, account);
  const { provider, ref } = account;
  const other = `${words.phone.slice(0, -1)}${(Number(words.phone.at(-1)) + 1) % 10}`;
  plant('other phone', other);
  const { id: conversationId } = await at.conversation(words.phone);
  const send = (content: object) => call(sendMessage, { body: { conversationId, content } });
  const broken = {
    conversation: { [words.malformed]: words.inboundText },
    text: { body: [words.inboundText, words.phone] },
  };
  const greenShapes = () => [
    greenCall(account, 'incomingMessageReceived', {
      idMessage: words.reference,
      senderData: { chatId: `${words.phone.slice(1)}@c.us`, senderName: words.contactName },
      messageData: { typeMessage: 'textMessage', ...broken },
    }),
    greenCall(account, 'incomingMessageReceived', { idMessage: 7, senderData: words.malformed }),
    greenCall(account, 'stateInstanceChanged', { stateInstance: { [words.malformed]: words.phone } }),
  ];
  const shapes =
    provider === 'green-api'
      ? greenShapes()
      : provider === 'evolution'
        ? [
            evolutionCall(account, 'messages.upsert', {
              key: { remoteJid: `${words.phone.slice(1)}@s.whatsapp.net`, id: words.reference },
              message: broken,
              pushName: words.contactName,
            }),
            evolutionCall(account, 'messages.upsert', {
              key: { remoteJid: words.malformed, id: 7 },
              message: words.inboundText,
            }),
            evolutionCall(account, 'connection.update', { state: { [words.malformed]: words.phone } }),
          ]
        : [
            cloudCall(account, {
              contacts: [{ profile: { name: words.contactName }, wa_id: words.phone.slice(1) }],
              messages: [
                {
                  from: words.phone.slice(1),
                  id: words.reference,
                  type: 'text',
                  timestamp: words.malformed,
                  ...broken,
                },
              ],
            }),
            cloudCall(account, {
              messages: words.inboundText,
              statuses: [
                {
                  id: words.reference,
                  status: 'failed',
                  timestamp: 'x',
                  errors: [{ code: words.malformed, title: words.phone }],
                },
              ],
            }),
            cloudCall(account, { [words.malformed]: words.email }, 'account_update'),
          ];
  const bodies = [...shapes, `{"${words.malformed}": ["${words.inboundText}`, `"${words.inboundText}"`];
  for (const body of bodies) expect(await postAs(system, account, body)).toBe(200);
  await postAs(
    system,
    account,
    changeCall(account, {
      id: 'X1',
      target: words.reference,
      at: new Date(),
      from: words.phone,
      what: { edit: words.inboundText },
    }),
  );
  await postAs(system, account, statusCall(account, words.reference, 'failed'));
  const headers: Record<string, string>[] = [
    { 'content-encoding': 'gzip' },
    {
      'x-parley-secret': words.webhookSecret,
      'x-hub-signature-256': `sha256=${words.webhookSecret}`,
      authorization: `Bearer ${words.webhookSecret}`,
    },
  ];
  for (const one of headers)
    expect(await postAs(system, account, `{"${words.malformed}`, { headers: one })).toBeGreaterThan(400);
  const packed = gzipSync(`{"${words.malformed}`); // a signature is over what comes out of it
  await postAs(system, account, packed, { headers: { 'content-encoding': 'gzip' } });
  await untilApplied(system, [account]);

  await system.simulator.faults(provider, ref, [
    { kind: '5xx', to: other },
    { kind: '429', times: 1, ms: 500 },
  ]);
  await at.receive({ from: other, name: words.contactName, text: words.inboundText });
  const { id: held } = await at.conversation(other); // what becomes of a 5xx may hold its chat for a while
  await call(sendMessage, { body: { conversationId: held, content: { type: 'text', text: words.text } } });
  await send({ type: 'text', text: words.text });
  await send({ type: 'text', text: words.text.repeat(1000) });
  await send({
    type: 'template',
    name: 'order_ready',
    language: 'en_US',
    parameters: [{ place: 'body', name: words.templateValue, value: words.templateValue }],
  });
  await call(listTemplates, { params: { id: account.id } });
  await system.simulator.faults(provider, ref, [{ kind: 'auth' }]);
  await send({ type: 'text', text: words.text });
  await at.until('the account to be stopped', async () => {
    const [row] = await system.app.sql<{ state: string }[]>`select state from accounts where id = ${account.id}`;
    return row?.state === 'needs_reauth';
  });
  const secrets: Record<ProviderName, object> = {
    evolution: { apiKey: words.apiKey },
    'cloud-api': { accessToken: words.accessToken },
    'green-api': { apiTokenInstance: words.accessToken },
    slack: { botToken: words.accessToken },
  };
  await call(updateAccount, { params: { id: account.id }, body: { config: { ...secrets[provider] } } });
  await call(updateAccount, {
    params: { id: account.id },
    body: { config: { jwtKey: words.jwtKey, instance: { [words.malformed]: words.instance } } },
  });
  await call(updateAccount, {
    params: { id: account.id },
    body: { config: { baseUrl: `http://${words.instance}:${words.apiKey}@127.0.0.1:1/` } },
  });
  await look();
}

/** Who has no business here. */
async function strangers(): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const post = (path: string, body: string, headers = {}) =>
    told(system.app.fetch(path, { method: 'POST', headers: { ...json, ...headers }, body }));
  await post(
    `/api/webhooks/whatsapp/evolution/${words.pathToken}`,
    JSON.stringify({ instance: words.instance, data: words.inboundText }),
  );
  await post(`/api/webhooks/whatsapp/cloud-api/${words.pathToken}`, JSON.stringify({ entry: words.inboundText }));
  await post('/api/webhooks/whatsapp/cloud-api', JSON.stringify({ entry: [{ id: words.reference }] }), {
    'x-hub-signature-256': words.authorization,
  });
  const challenge = `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${words.verifyToken}${words.query}`;
  await told(system.app.fetch(`/api/webhooks/whatsapp/cloud-api?${challenge}`));
  await told(
    system.app.fetch(`/api/${words.pathWord}?q=${words.query}`, {
      headers: { cookie: `parley=${words.cookie}`, 'x-words': words.header },
    }),
  );
  await told(
    system.app.fetch(`/${words.pathWord}/${words.pathToken}`, {
      headers: { authorization: `Bearer ${words.authorization}x` },
    }),
  );
  await told(system.app.fetch('/metrics', { headers: { authorization: `Bearer ${words.query}` } }));
  await post('/api/auth/sign-in/email', `{"email":"${words.email}","password":["${words.wrongPassword}`);
  await post(
    '/api/auth/sign-up/email',
    JSON.stringify({ email: words.email, password: words.password, name: words.contactName }),
  );
  await post(`/api/auth/${words.pathWord}`, JSON.stringify({ token: words.cookie }), {
    cookie: `parley.session=${words.cookie}`,
  });
  await post('/api/auth/sign-in/email', JSON.stringify({ email: words.email, password: words.password }), {
    origin: `https://${words.instance}.example`,
  });
}

/** Each route, with words wherever it takes some, and with nonsense in place of everything. */
async function everyRoute(): Promise<void> {
  const nobody: Things = {
    tenantId: words.pathWord, memberId: words.pathWord, accountId: words.pathWord, conversationId: words.pathWord, chatId: words.pathWord,
    messageId: words.pathWord, failedId: words.pathWord, unknownId: words.pathWord, contactId: words.pathWord, labelId: words.pathWord,
    fileId: words.pathWord, failedFileId: words.pathWord, uploadId: words.pathWord,
    roleId: words.pathWord, invitationId: words.pathWord, sessionId: words.pathWord, leaverId: words.pathWord,
    keyId: words.pathWord, teamId: words.pathWord, superAdminId: words.pathWord, superAdminInvitationId: words.pathWord,
  }; // prettier-ignore
  const somebody = Object.fromEntries(
    Object.keys(nobody).map((thing) => [thing, crypto.randomUUID()]),
  ) as unknown as Things; // the same names
  const said = (what: string) =>
    ({
      phone: words.phone,
      q: words.query,
      emoji: words.reaction,
      label: words.labelName,
      instance: words.instance,
      apiKey: words.apiKey,
    })[what] ?? words.text;
  for (const name of memberRoutes) {
    for (const things of [nobody, somebody]) {
      for (const { input } of routeCases[name](things, said)) {
        await call(routes[name], input);
        await call(routes[name], {
          ...input,
          ...(input.body && {
            body: { [words.malformed]: input.body, content: { type: words.text, text: { a: words.text } } },
          }),
        });
        await call(routes[name], { ...input, query: { cursor: words.query, limit: words.query, after: words.query } });
      }
    }
    const path = `/api${routes[name].path.replace(/:\w+/g, words.pathWord)}`;
    if (routes[name].method !== 'GET')
      await told(
        me().fetch(path, {
          method: routes[name].method,
          headers: { 'content-type': 'application/json' },
          body: `{"${words.malformed}":`,
        }),
      );
  }
}

/** Any route with any input: refusals are kept. */
async function call(route: object, input: object): Promise<void> {
  const answer = await me().call(route as AnyRoute, input as InputOf<AnyRoute>); // wrong on purpose
  if (answer.status >= 400) problems.push(JSON.stringify(answer.body));
}

async function look(): Promise<void> {
  redis.push(await redisText(system.app.env));
}

async function metricsOf(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${words.authorization}` } });
  expect(response.status).toBe(200);
  return response.text();
}
