import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { call, until } from '../testing/harness';
import { KEY, event, journalOf, newAccount, stage } from '../testing/evolution-stage';

describe('auth', () => {
  it('says whether the instance exists before it looks at the key', async () => {
    const { ref } = await newAccount();
    const at = `${stage.origin}/evolution/instance/connectionState`;
    expect((await call('GET', `${at}/nobody`, undefined, { apikey: 'wrong' })).status).toBe(404);
    expect((await call('GET', `${at}/nobody`, undefined, { apikey: 'wrong' })).json.response.message).toEqual([
      'The "nobody" instance does not exist',
    ]);
    expect((await call('GET', `${at}/${ref}`, undefined, { apikey: 'wrong' })).json).toEqual({
      status: 401,
      error: 'Unauthorized',
      response: { message: 'Unauthorized' },
    });
    expect((await call('GET', `${at}/${ref}`, undefined, { apikey: KEY })).json).toEqual({
      instance: { instanceName: ref, state: 'open' },
    });
  });

  it('refuses a name in use before it looks at the key, and an instance token as global key', async () => {
    const { ref, token } = await newAccount();
    const create = `${stage.origin}/evolution/instance/create`;
    expect((await call('POST', create, { instanceName: ref }, { apikey: 'wrong' })).status).toBe(403);
    expect((await call('POST', create, { instanceName: 'free' }, { apikey: token })).status).toBe(401);
    expect((await call('POST', `${stage.origin}/evolution/verify-creds`, {}, { apikey: token })).status).toBe(401);
    expect((await call('POST', `${stage.origin}/evolution/verify-creds`, {}, { apikey: KEY })).status).toBe(200);
  });

  it('answers an unknown path in the words of the server', async () => {
    const { status, json } = await call('POST', `${stage.origin}/evolution/message/sendAll/x`, {});
    expect({ status, json }).toEqual({
      status: 404,
      json: { status: 404, error: 'Not Found', response: { message: ['Cannot POST /message/sendAll/x'] } },
    });
  });
});

describe('webhook settings', () => {
  it('wants the body wrapped, and the events named', async () => {
    const { post } = await newAccount();
    expect((await post('/webhook/set/{name}', { enabled: true, url: 'http://127.0.0.1:1/' })).status).toBe(400);
    expect((await post('/webhook/set/{name}', { webhook: { enabled: true, url: 'http://127.0.0.1:1/' } })).status).toBe(
      500,
    );
    expect(
      (await post('/webhook/set/{name}', { webhook: { enabled: true, url: 'http://127.0.0.1:1/', events: ['NOPE'] } }))
        .status,
    ).toBe(400);
    expect((await post('/webhook/find/{name}', undefined, 'GET')).json).toMatchObject({
      enabled: true,
      events: [],
      webhookByEvents: false,
      headers: { 'X-Parley-Secret': 's3cr3t' },
    });
  });

  it('sends only subscribed events, to a path of their own where asked', async () => {
    const { receive } = await newAccount({}, { byEvents: true, events: ['MESSAGES_UPSERT'] });
    await receive({ kind: 'typing', from: '+15550301001' });
    await receive({ from: '+15550301001', text: 'hi' });
    const upsert = await event('messages.upsert');
    expect(stage.receiver.received.map(({ url }) => url)).toEqual([expect.stringMatching(/\/messages-upsert$/)]);
    expect(upsert.destination).not.toContain('messages-upsert');
  });

  it('turns jwt_key into a token over fixed claims', async () => {
    const { receive } = await newAccount(
      {},
      { headers: { jwt_key: 'k', Authorization: 'mine' }, events: ['MESSAGES_UPSERT'] },
    );
    await receive({ from: '+15550301002' });
    await event('messages.upsert');
    const headers = stage.receiver.received[0]?.headers ?? {};
    const [head = '', claims = '', signature] = String(headers.authorization).replace('Bearer ', '').split('.');
    const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(decoded).toEqual({ iat: decoded.iat, exp: decoded.iat + 600, app: 'evolution', action: 'webhook' });
    expect(createHmac('sha256', 'k').update(`${head}.${claims}`).digest('base64url')).toBe(signature);
    expect(headers.jwt_key).toBeUndefined();
  });
});

describe('retries', () => {
  it('tries again after a 500, and stops at the first 2xx', async () => {
    const { receive } = await newAccount({}, { events: ['MESSAGES_UPSERT'] });
    stage.receiver.answer('15550302001', 500, 503);
    await receive({ from: '+15550302001' });
    await until(() => stage.receiver.received.length === 3);
    const bodies = new Set(stage.receiver.received.map(({ body }) => body));
    expect(bodies.size).toBe(1);
  });

  it.each([400, 401, 403, 404, 422])('drops the event for good at %i', async (status) => {
    const { ref, receive } = await newAccount({}, { events: ['MESSAGES_UPSERT'] });
    stage.receiver.answer('15550302002', status);
    const { externalId } = await receive({ from: '+15550302002' });
    const entry = await until(async () =>
      (await journalOf(ref)).find(({ type, outcome }) => type === 'webhook' && outcome !== 'pending'),
    );
    expect(entry).toMatchObject({
      outcome: 'refused',
      attempts: [{ status }],
      about: [{ what: 'message', externalId }],
    });
    expect(stage.receiver.received).toHaveLength(1);
  });
});
