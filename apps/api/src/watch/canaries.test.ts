import { randomUUID } from 'node:crypto';
import { createAccount, getAccount, listTemplates, updateAccount } from '@parley/contracts/accounts';
import { updateContact } from '@parley/contracts/contacts';
import { listConversations, startConversation } from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { sendMessage } from '@parley/contracts/messages';
import { createPool } from '@parley/db/pools';
import { createMember, createUser } from '@parley/inbox/people/people.seed';
import { startApp, type TestApp } from '@parley/testing/app';
import { plantCanaries, recordLog, redisText } from '@parley/testing/canaries';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let stub: HttpStub;
const log = recordLog();
const { words, sightings } = plantCanaries();

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({
    api: (env, options) => serveApi({ ...env, LOG_LEVEL: 'debug' }, { ...options, logTo: log.stream }),
    env: { EGRESS_ALLOW: stub.host },
  });
});
afterAll(async () => {
  await app?.close();
  await stub.close();
});

it('no secret, address or word of anybody stands in a log line, a metric, an error of somebody else, or Redis', async () => {
  const { tenant, owner } = await app.newTenant();
  const errors: string[] = [];
  const refused = async (response: Promise<{ body: unknown }>) =>
    void errors.push(JSON.stringify((await response).body));
  const json = { 'content-type': 'application/json' };
  const me = app.as(owner);

  // Signing in, well and badly.
  const platform = createPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
  const userId = await createUser(platform, { email: words.email, name: words.contactName, password: words.password });
  await createMember(platform, { tenantId: tenant.id, userId, name: words.contactName, role: 'agent' });
  await platform.end();
  for (const password of [words.password, words.wrongPassword]) {
    const body = JSON.stringify({ email: words.email, password });
    await app.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { ...json, 'user-agent': words.userAgent },
      body,
    });
  }

  // Accounts with every secret, on providers that answer, refuse, and break.
  const evolution = {
    baseUrl: stub.url,
    instance: words.instance,
    apiKey: words.apiKey,
    webhookSecret: words.webhookSecret,
    jwtKey: words.jwtKey,
  };
  const cloud = {
    baseUrl: stub.url,
    phoneNumberId: '1',
    wabaId: '2',
    accessToken: words.accessToken,
    appSecret: words.appSecret,
    verifyToken: words.verifyToken,
  };
  stub.answer(() => ({ body: { instance: { state: 'open' }, id: words.reference } }));
  const created = await me.call(createAccount, {
    body: { provider: 'evolution', name: words.accountName, config: evolution },
  });
  stub.answer(() => ({ status: 500, body: { error: { message: `${words.text} for ${words.phone}` } } }));
  const number = await me.call(createAccount, { body: { provider: 'cloud-api', name: 'Number', config: cloud } });
  await refused(me.call(listTemplates, { params: { id: number.body.id } }));
  stub.answer(() => undefined);
  await me.call(updateAccount, {
    params: { id: number.body.id },
    body: { config: { accessToken: `${words.accessToken}2` } },
  });
  await refused(
    me.call(createAccount, {
      body: { provider: 'cloud-api', name: 'Bad', config: { phoneNumberId: { a: words.apiKey } } },
    }),
  );

  // Conversations, messages, names, labels, searches.
  const conversation = await tenant.newConversation({
    accountId: created.body.id,
    name: words.contactName,
    phone: words.phone,
  });
  await tenant.newMessage(conversation, { text: words.inboundText });
  await me.call(
    sendMessage,
    { body: { conversationId: conversation.id, content: { type: 'text', text: words.text } } },
    { 'idempotency-key': words.idempotencyKey },
  );
  await me.call(startConversation, {
    body: { accountId: created.body.id, to: words.phone, content: { type: 'text', text: words.note } },
  });
  await refused(
    me.call(startConversation, {
      body: {
        accountId: created.body.id,
        to: words.phone,
        content: { type: 'text', text: 'x'.repeat(10_001) + words.note },
      },
    }),
  );
  await me.call(updateContact, { params: { id: conversation.contactId }, body: { name: words.contactName } });
  await me.call(createLabel, { body: { name: words.labelName, hue: 25 } });
  await me.call(listConversations, { query: { q: words.query } });

  // Webhooks, good, wrong, and broken.
  const { url } = created.body.webhook;
  const item = {
    event: 'messages.upsert',
    instance: words.instance,
    data: {
      key: { remoteJid: `${words.phone.slice(1)}@s.whatsapp.net`, id: words.reference },
      message: { conversation: words.inboundText },
    },
  };
  const headers = { ...json, 'x-parley-secret': words.webhookSecret };
  for (const body of [JSON.stringify(item), `{"${words.malformed}`])
    await fetch(url, { method: 'POST', headers, body });
  await fetch(url, {
    method: 'POST',
    headers: { ...json, authorization: words.authorization },
    body: JSON.stringify(item),
  });
  await app.fetch(`/api/webhooks/whatsapp/evolution/${words.pathToken}`, { method: 'POST', headers: json, body: '{}' });
  await app.fetch(
    `/api/webhooks/whatsapp/cloud-api/${words.pathToken}?hub.verify_token=${words.verifyToken}&hub.mode=subscribe&hub.challenge=1`,
  );

  // Errors: unreadable, unknown, ours.
  await refused(
    app
      .fetch(`/api/${words.pathWord}?q=${words.query}`, {
        headers: { cookie: `parley=${words.cookie}`, 'x-words': words.header },
      })
      .then(body),
  );
  await refused(
    me.fetch('/api/inbox/labels', { method: 'POST', headers: json, body: `{"${words.malformed}` }).then(body),
  );
  await refused(
    me
      .fetch('/api/inbox/labels', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ name: { a: words.labelName }, hue: words.labelName }),
      })
      .then(body),
  );
  await app.sql`update accounts set credentials = ${`v1.k1.${words.accessToken}.x.y`} where id = ${number.body.id}`;
  const broken = await me.call(getAccount, { params: { id: number.body.id } });
  expect(broken.status).toBe(500);
  await refused(Promise.resolve(broken));
  await app.sql`create function quote_it() returns trigger language plpgsql as
    $$ begin raise exception 'the name "%" of % is not liked', new.name, new.name using detail = new.name, hint = new.name; end $$`;
  await app.sql`create trigger quote_it before insert on labels for each row execute function quote_it()`;
  const failed = await me.call(createLabel, { body: { name: words.reaction, hue: 25 } });
  expect(failed.status).toBe(500);
  await refused(Promise.resolve(failed));
  await refused(me.call(getAccount, { params: { id: randomUUID() } }));

  const metrics = await (
    await app.fetch('/metrics', { headers: { authorization: `Bearer ${app.env.METRICS_TOKEN}` } })
  ).text();
  const redis = await redisText(app.env);
  expect(log.text()).toContain('"msg":"unexpected error"');
  expect(log.text()).toContain('"outcome":"not_authentic"');
  expect(log.text().split('\n').length).toBeGreaterThan(30);
  expect(redis.length).toBeGreaterThan(100);
  expect(sightings({ log: log.text(), metrics, errors: errors.join('\n'), redis })).toEqual([]);
});

async function body(response: Response): Promise<{ body: unknown }> {
  return { body: await response.json() };
}
