import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, openStage, until, type Stage } from '../testing/harness';

let stage: Stage;
let ref: string;
let token: string;
const secret = 'platform-signing-secret';

beforeAll(async () => {
  stage = await openStage({
    SIMULATOR_TIME_SCALE: '50',
    SLACK_SIGNING_SECRET: secret,
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'client-secret',
  });
});
afterAll(() => stage.close());
beforeEach(async () => {
  const made = await stage.control('POST', '/slack/accounts', { settings: { strict: false } });
  ref = made.ref;
  token = made.config.botToken;
  stage.receiver.received.length = 0;
});

const api = async (method: string, body: object = {}, given: string | null = token) => {
  const headers: Record<string, string> = given === null ? {} : { authorization: `Bearer ${given}` };
  const { status, json, headers: answered } = await call('POST', `${stage.origin}/slack/api/${method}`, body, headers);
  return { ...json, status, retryAfter: answered.get('retry-after') };
};
const receive = (event: object): Promise<{ externalId: string }> =>
  stage.control('POST', `/slack/accounts/${ref}/receive`, event);
const events = (type: string) =>
  stage.receiver.received.flatMap(({ json }) => (json?.event?.type === type ? [json.event] : []));
const event = (type: string, count = 1) => until(() => events(type).length >= count && events(type), type);
const partsOf = (id: string) => id.split(':') as [string, string];

it('opens with a token, and says why not otherwise', async () => {
  expect(await api('auth.test')).toMatchObject({ ok: true, status: 200, bot_id: expect.stringMatching(/^B/) });
  expect(await api('auth.test', {}, null)).toMatchObject({ ok: false, status: 200, error: 'not_authed' });
  expect(await api('auth.test', {}, 'x')).toMatchObject({ error: 'invalid_auth' });
  expect(await api('no.such')).toMatchObject({ error: 'unknown_method' });
  await receive({ kind: 'connection', state: 'remove' });
  expect(await api('auth.test')).toMatchObject({ error: 'account_inactive' });
  await Promise.all([event('app_uninstalled'), event('tokens_revoked')]);
});

it('signs afresh for each try, up to four, and stops where it is asked to', async () => {
  await stage.control('PUT', `/slack/accounts/${ref}/settings`, { retryMs: [0, 10, 20] });
  stage.receiver.answer('try me', 500, 500);
  await receive({ from: '+12025550101', group: 'support', text: 'try me' });
  const tries = await until(
    () =>
      stage.receiver.received.filter(({ body }) => body.includes('try me')).length === 3 &&
      stage.receiver.received.filter(({ body }) => body.includes('try me')),
    'the tries',
  );
  expect(tries.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2']);
  expect(tries[1]?.headers['x-slack-retry-reason']).toBe('http_error');
  expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
  for (const { headers, body } of tries) {
    const hmac = createHmac('sha256', secret)
      .update(`v0:${String(headers['x-slack-request-timestamp'])}:${body}`)
      .digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${hmac}`);
  }
});

it('tells of its own messages too, in the thread that they were posted to', async () => {
  const { externalId } = await receive({
    from: '+12025550101',
    name: 'Dana Pell',
    group: 'support',
    text: 'a < b & <@U1> 👍',
  });
  const [told] = await event('message');
  expect(told).toMatchObject({
    channel_type: 'channel',
    text: 'a &lt; b &amp; &lt;@U1&gt; :+1:',
    client_msg_id: expect.any(String),
  });
  const [channel, ts] = partsOf(externalId);
  const posted = await api('chat.postMessage', {
    channel,
    text: 'hi 👍',
    thread_ts: ts,
    metadata: { event_type: 'x', event_payload: { reference: 'r1' } },
  });
  expect(posted).toMatchObject({ ok: true, channel, message: { text: 'hi :+1:', thread_ts: ts } });
  const [, echo] = await event('message', 2);
  expect(echo).toMatchObject({
    ts: posted.ts,
    thread_ts: ts,
    bot_id: expect.stringMatching(/^B/),
    app_id: 'A0PARLEY01',
  });
  expect(echo).not.toHaveProperty('metadata');
  const replies = await api('conversations.replies', { channel, ts, include_all_metadata: true });
  expect(replies.messages.map((one: { ts: string }) => one.ts)).toEqual([ts, posted.ts]);
  expect(replies.messages[1].metadata.event_payload).toEqual({ reference: 'r1' });
  expect((await api('conversations.replies', { channel, ts: posted.ts })).messages).toMatchObject([{ thread_ts: ts }]);
  expect((await api('conversations.history', { channel })).messages).toHaveLength(1);
  expect(await stage.control('GET', `/slack/accounts/${ref}/sent`)).toMatchObject([
    { text: 'hi 👍', replyTo: externalId, tag: 'r1' },
  ]);
});

it('refuses as Slack does', async () => {
  const { externalId } = await receive({ from: '+12025550101', group: 'support', text: 'x' });
  const [channel, ts] = partsOf(externalId);
  const post = (more: object) => api('chat.postMessage', { channel, text: 'x', ...more });
  expect(await post({ channel: 'C0NOWHERE1' })).toMatchObject({ error: 'channel_not_found' });
  expect(await post({ text: '' })).toMatchObject({ error: 'no_text' });
  expect(await post({ thread_ts: '1.1' })).toMatchObject({ error: 'invalid_thread_ts' });
  expect(await post({ thread_ts: '1700000000.000001' })).toMatchObject({ error: 'message_not_found' });
  expect(await api('chat.update', { channel, ts, text: 'mine' })).toMatchObject({ error: 'cant_update_message' });
  expect(await api('chat.delete', { channel, ts })).toMatchObject({ error: 'cant_delete_message' });
  const react = { channel, timestamp: ts, name: 'tada' };
  expect(await api('reactions.remove', react)).toMatchObject({ error: 'no_reaction' });
  expect([(await api('reactions.add', react)).ok, (await api('reactions.add', react)).error]).toEqual([
    true,
    'already_reacted',
  ]);
  await receive({ group: 'support', kind: 'system', type: 'archive' });
  expect(await post({})).toMatchObject({ error: 'is_archived' });
});

it('holds who posts faster than once a second to it', async () => {
  await stage.control('PUT', `/slack/accounts/${ref}/settings`, { strict: true });
  await stage.control('PUT', '/clock', { scale: 1 });
  const { externalId } = await receive({ from: '+12025550101', group: 'support', text: 'x' });
  const [channel] = partsOf(externalId);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => api('chat.postMessage', { channel, text: `m${n}` })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ ok: false, error: 'ratelimited', retryAfter: '1' });
  await stage.control('PUT', '/clock', { scale: 50 });
});

it('edits and deletes with what was before, and mentions twice', async () => {
  const bot = (await api('auth.test')).user_id;
  const { externalId } = await receive({
    from: '+12025550101',
    group: 'support',
    text: `<@${bot}> help`,
    type: 'mrkdwn',
  });
  await Promise.all([event('message'), event('app_mention')]);
  await receive({ from: '+12025550101', kind: 'edit', target: externalId, text: 'never mind' });
  await receive({ from: '+12025550101', kind: 'delete', target: externalId });
  const all = await until(() => events('message').length === 3 && events('message'), 'all three');
  expect(all.find((one) => one.subtype === 'message_changed')).toMatchObject({
    hidden: true,
    message: { text: 'never mind', edited: {} },
    previous_message: { text: `<@${bot}> help` },
  });
  expect(all.find((one) => one.subtype === 'message_deleted')).toMatchObject({ deleted_ts: partsOf(externalId)[1] });
});

it('takes files in steps, and opens them for the token alone', async () => {
  const { upload_url: url, file_id: id } = await api('files.getUploadURLExternal', { filename: 'a.txt', length: 5 });
  expect((await fetch(url, { method: 'POST', body: 'four' })).status).toBe(400);
  expect(await (await fetch(url, { method: 'POST', body: Buffer.from('bytes') })).text()).toBe('OK - 5');
  const { externalId } = await receive({ from: '+12025550101', group: 'support', text: 'x' });
  const [channel] = partsOf(externalId);
  expect(
    await api('files.completeUploadExternal', {
      files: [{ id, title: 'A' }],
      channel_id: channel,
      initial_comment: 'here',
    }),
  ).toMatchObject({ ok: true });
  const shared = await until(() => events('message').find((one) => one.files?.length), 'the file');
  expect(shared).toMatchObject({ text: 'here', files: [{ id, mimetype: 'text/plain', size: 5 }] });
  const address = shared.files[0].url_private_download;
  expect(await (await fetch(address)).text()).toContain('Sign in');
  expect(await (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).text()).toBe('bytes');
});

it('hands out addresses for five answers, and triggers for one modal', async () => {
  const { externalId } = await receive({ from: '+12025550101', group: 'support', text: 'x' });
  await receive({ from: '+12025550101', group: 'support', kind: 'choice', text: 'Ok', target: externalId });
  const clicked = await until(
    () => stage.receiver.received.find(({ url }) => url.endsWith('/slack/interactivity')),
    'the click',
  );
  const { response_url: url, trigger_id } = JSON.parse(new URLSearchParams(clicked.body).get('payload') ?? '{}');
  const statuses = [];
  for (let n = 0; n < 6; n++)
    statuses.push((await call('POST', url, { text: `answer ${n}`, response_type: 'in_channel' })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  expect((await stage.control('GET', `/slack/accounts/${ref}/sent`)).length).toBe(5);
  expect((await api('views.open', { trigger_id, view: {} })).ok).toBe(true);
  expect(await api('views.open', { trigger_id, view: {} })).toMatchObject({ error: 'exchanged_trigger_id' });
});

describe('OAuth', () => {
  let redirect: string;
  beforeAll(() => void (redirect = `${new URL(stage.receiver.url).origin}/slack/oauth_redirect`));
  const authorize = async (more: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      client_id: '1.2',
      scope: 'chat:write,users:read',
      redirect_uri: redirect,
      state: 's1',
      ...more,
    });
    const answer = await fetch(`${stage.origin}/slack/oauth/v2/authorize?${query}`, { redirect: 'manual' });
    return {
      status: answer.status,
      back: Object.fromEntries(new URL(answer.headers.get('location') ?? 'http://none').searchParams),
    };
  };
  const exchange = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({
      client_id: '1.2',
      client_secret: 'client-secret',
      redirect_uri: redirect,
      ...fields,
    });
    return (await (
      await fetch(`${stage.origin}/slack/api/oauth.v2.access`, { method: 'POST', body })
    ).json()) as Record<string, never>;
  };
  const setUp = (change: object) => stage.control('PUT', '/slack/app', change);

  it('grants what was asked, once', async () => {
    const { back } = await authorize();
    expect(back.state).toBe('s1');
    const code = back.code ?? '';
    expect(await exchange({ code, client_secret: 'wrong' })).toMatchObject({ error: 'bad_client_secret' });
    expect(await exchange({ code, redirect_uri: 'http://elsewhere' })).toMatchObject({ error: 'bad_redirect_uri' });
    const granted = await exchange({ code });
    expect(granted).toMatchObject({
      ok: true,
      token_type: 'bot',
      scope: 'chat:write,users:read',
      is_enterprise_install: false,
    });
    expect(granted).not.toHaveProperty('refresh_token');
    expect(await exchange({ code })).toMatchObject({ error: 'invalid_code' });
    expect(await api('conversations.list', {}, granted.access_token)).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:read',
    });
    expect((await authorize({ client_id: '9.9' })).status).toBe(400);
    expect((await authorize({ redirect_uri: 'http://elsewhere.example/slack/oauth_redirect' })).status).toBe(400);
    await setUp({ deny: true });
    expect((await authorize()).back).toEqual({ error: 'access_denied', state: 's1' });
  });

  it('removes the app only for who knows its secret', async () => {
    expect(await api('apps.uninstall', { client_id: '9.9', client_secret: 'client-secret' })).toMatchObject({
      error: 'invalid_client_id',
    });
    expect(await api('apps.uninstall', { client_id: '1.2', client_secret: 'wrong' })).toMatchObject({
      error: 'bad_client_secret',
    });
    expect(await api('apps.uninstall', { client_id: '1.2', client_secret: 'client-secret' })).toMatchObject({
      ok: true,
    });
    expect(await api('auth.test')).toMatchObject({ error: 'account_inactive' });
  });

  it('rotates tokens: the old pair dies with its use, and a token with its time', async () => {
    await setUp({ rotation: true });
    const granted = await exchange({ code: (await authorize()).back.code ?? '' });
    await setUp({ rotation: false });
    expect(granted).toMatchObject({ expires_in: 43_200, refresh_token: expect.stringMatching(/^xoxe-1-/) });
    const refresh = () => exchange({ grant_type: 'refresh_token', refresh_token: granted.refresh_token ?? '' });
    await setUp({ rotation: true });
    const renewed = await refresh();
    await setUp({ rotation: false });
    expect(renewed).toMatchObject({ ok: true, access_token: expect.stringMatching(/^xoxe\.xoxb-1-/) });
    expect(await refresh()).toMatchObject({ error: 'invalid_refresh_token' });
    expect(await api('auth.test', {}, granted.access_token)).toMatchObject({ error: 'token_revoked' });
    await stage.control('PUT', '/clock', { offsetMs: 13 * 3_600_000 });
    expect(await api('auth.test', {}, renewed.access_token)).toMatchObject({ error: 'token_expired' });
    await stage.control('PUT', '/clock', { offsetMs: 0 });
  });
});

it('survives a restart, and comes back to its demo', async () => {
  const before = await stage.control('GET', '/slack/accounts/acme-slack');
  await stage.restart();
  expect(await api('auth.test')).toMatchObject({ ok: true });
  await stage.control('POST', '/reset');
  expect((await stage.control('GET', '/slack/accounts')).map((one: { ref: string }) => one.ref)).toEqual([
    'acme-slack',
    'globex-slack',
  ]);
  expect(await stage.control('GET', '/slack/accounts/acme-slack')).toMatchObject({
    config: { botToken: before.config.botToken, teamId: before.config.teamId },
  });
});
