import { createAccount, deleteAccount, getAccount, listAccounts, updateAccount } from '@parley/contracts/accounts';
import { appRoutingKey, PLATFORM_APP } from '@parley/inbox/intake/ingress';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub, type StubAnswer, type StubCall } from '@parley/testing/http-stub';
import type { TestMember } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let stub: HttpStub;
let apiUrl: string;

beforeAll(async () => {
  stub = await startHttpStub();
  apiUrl = `${stub.url}/api`;
  const SLACK_AUTHORIZE_URL = 'https://slack.example/oauth/v2/authorize';
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: stub.host, SLACK_API_URL: apiUrl, SLACK_AUTHORIZE_URL } });
});
afterAll(async () => {
  await app?.close();
  await stub?.close();
});
beforeEach(() => {
  stub.calls.length = 0;
  stub.answer(slackAnswer());
});

/** Slack, whose codes and tokens name the workspace that they are for. */
function slackAnswer(besides: Record<string, StubAnswer> = {}) {
  return (call: StubCall): StubAnswer => {
    const method = call.path.split('/').at(-1) ?? '';
    const [, team] = /(T\d+)/.exec(`${String(call.body)} ${call.headers.authorization}`) ?? [];
    const granted = { access_token: `xoxb-${team}-of-the-installs-app`, team: { id: team, name: `Works ${team}` } };
    const tested = { team_id: team, team: 'Acme', bot_id: 'B1', url: 'https://acme.slack.example/' };
    return besides[method] ?? { body: { ok: true, ...(method === 'oauth.v2.access' ? granted : tested) } };
  };
}

const newTeam = () => `T${String(Math.floor(1e9 + Math.random() * 9e9))}`;
const form = (teamId: string, more: object = {}) => ({
  apiUrl,
  teamId,
  botToken: `xoxb-${teamId}-of-any-app`,
  ...more,
});
const connect = (owner: TestMember, config: object, name = 'Partners') =>
  app.as(owner).call(createAccount, { body: { provider: 'slack', name, config: { ...config } } });

/** Somebody consents at Slack and comes back; what the page they end on is told. */
async function install(owner: TestMember, team: string): Promise<Record<string, string>> {
  const begun = await app.as(owner).fetch('/slack/install');
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
  const back = await app
    .as(owner)
    .fetch(`/slack/oauth_redirect?${new URLSearchParams({ state, code: team }).toString()}`);
  return Object.fromEntries(new URL(back.headers.get('location') ?? '', app.url).searchParams);
}

async function keyOf(id: string | undefined): Promise<string | null | undefined> {
  const [row] = await app.sql<
    { routing_key: string | null }[]
  >`select routing_key from accounts where id = ${id ?? ''}`;
  return row?.routing_key;
}
const keyBelowTheInstalls = (team: string) => appRoutingKey('slack', PLATFORM_APP, team);

// Whoever may add an app of theirs to a workspace has a token that opens it: that proves nothing of the install's app.
it('holds a workspace below the install’s app for nobody but who agreed to that app', async () => {
  const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
  const [team, other] = [newTeam(), newTeam()];
  const named = await connect(theirs.owner, form(team));
  expect(named).toMatchObject({ status: 422, body: { errors: [{ path: 'config.signingSecret' }] } });

  const own = await connect(theirs.owner, form(team, { signingSecret: 'an-app-of-their-own' }));
  expect(own.status).toBe(201);
  const bared = await app
    .as(theirs.owner)
    .call(updateAccount, { params: own.body, body: { config: { signingSecret: null } } });
  expect(bared).toMatchObject({ status: 422, body: { errors: [{ path: 'config.signingSecret' }] } });

  const theirOwn = await install(theirs.owner, other);
  const moved = await app
    .as(theirs.owner)
    .call(updateAccount, { params: { id: theirOwn.account ?? '' }, body: { config: form(team) } });
  expect(moved).toMatchObject({ status: 422, body: { errors: [{ path: 'config.signingSecret' }] } });

  const { install: result, account } = await install(mine.owner, team);
  expect([result, await keyOf(account)]).toEqual(['done', keyBelowTheInstalls(team)]);
  expect(
    (await app.as(mine.owner).call(updateAccount, { params: { id: account ?? '' }, body: { config: {} } })).status,
  ).toBe(200);
  expect(await keyOf(account)).toBe(keyBelowTheInstalls(team));
});

it('takes what only consent brings from nobody’s form', async () => {
  const { owner } = await app.newTenant();
  for (const more of [{ refreshToken: 'xoxe-1-a' }, { tokenExpiresAt: 1_800_000_000 }]) {
    const answer = await connect(owner, form(newTeam(), { signingSecret: 'an-app-of-their-own', ...more }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: `config.${Object.keys(more)[0]}` }] } });
  }
});

it('holds the workspace also while Slack cannot be asked, and anew after its access was lost', async () => {
  const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
  const team = newTeam();
  stub.answer(slackAnswer({ 'auth.test': { status: 503 } }));
  const { install: result, account: id = '' } = await install(mine.owner, team);
  expect([result, await keyOf(id)]).toEqual(['done', keyBelowTheInstalls(team)]);
  expect((await app.as(mine.owner).call(getAccount, { params: { id } })).body.state).toBe('disconnected');
  expect(await install(theirs.owner, team)).toMatchObject({ install: 'failed' });
  expect((await app.as(theirs.owner).call(listAccounts)).body.items).toEqual([]);

  await app.sql`update accounts set state = 'needs_reauth', paused_at = now() where id = ${id}`;
  expect(await install(mine.owner, team)).toEqual({ install: 'done', account: id });
  const { body } = await app.as(mine.owner).call(getAccount, { params: { id } });
  expect([body.state, body.paused, await keyOf(id)]).toEqual(['disconnected', false, keyBelowTheInstalls(team)]);
});

it('removes the app from the workspace of an account that held it, and from no other', async () => {
  const { owner } = await app.newTenant();
  const [held, unheld] = [await install(owner, newTeam()), await install(owner, newTeam())];
  await app.sql`update accounts set routing_key = null where id = ${unheld.account ?? ''}`;
  for (const { account: id = '' } of [unheld, held])
    expect((await app.as(owner).call(deleteAccount, { params: { id } })).status).toBe(204);
  const removals = () => stub.calls.filter(({ path }) => path.endsWith('apps.uninstall'));
  await waitFor('the removal', () => removals().length > 0);
  expect(removals().map(({ body }) => body)).toEqual([
    { client_id: app.env.SLACK_CLIENT_ID, client_secret: app.env.SLACK_CLIENT_SECRET },
  ]);
});
