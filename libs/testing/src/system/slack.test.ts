import { createHmac } from 'node:crypto';
import { getAccount, listAccounts } from '@parley/contracts/accounts';
import type { Message } from '@parley/contracts/messages';
import { sendMessage } from '@parley/contracts/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedSend } from '../simulator';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { bubblesIn, Desk, linesIn } from './desk';
import { untilApplied } from './provider-calls';
import { startSystem, type LiveAccount, type System } from './system';

let system: System;
let tenant: TestTenant;
let admin: TestMember;
let account: LiveAccount;
let desk: Desk;

beforeAll(async () => {
  system = await startSystem();
  ({ tenant, owner: admin } = await system.app.newTenant());
  account = await system.connect(tenant, 'slack', { retryMs: [0, 50, 100] });
  desk = new Desk(system, admin, account);
}, 120_000);
afterAll(() => system?.close());

const sent = (): Promise<(SimulatedSend & { replyTo?: string })[]> => system.simulator.sent('slack', account.ref);
const words = ({ content }: Message) => ('text' in content ? content.text : content.type);

/** What an agent does in the conversation; its id. */
async function write(conversationId: string, content: object, replyTo?: string): Promise<string> {
  const body = { conversationId, content, ...(replyTo && { replyTo }) } as never; // checked by the api
  const answer = await desk.caller.call(sendMessage, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body.messageId;
}

const until = (what: string, id: string, status: string) =>
  waitFor(
    what,
    async () => {
      const thread = await desk.threadById(id);
      return thread.some(({ delivery }) => delivery?.status === status) ? thread : undefined;
    },
    { timeoutMs: 30_000 },
  );

it('brings a channel with its name and its people’s, and an answer in the thread back, once', async () => {
  const first = await desk.receive({
    from: '+12025550111',
    name: 'Dana Pell',
    group: 'support',
    text: 'Is <this> & that open? 👍',
  });
  const conversation = await desk.conversation('#support');
  expect(conversation).toMatchObject({ kind: 'group', contactId: null });
  const [question] = await desk.thread('#support', (all) => bubblesIn(all)[0]?.sender.name === 'Dana Pell');
  expect(question?.content).toEqual({ type: 'text', text: 'Is <this> & that open? 👍' });
  await waitFor('her name in the list', async () => (await desk.only()).lastMessage?.senderName === 'Dana Pell');
  // Nothing told that she was there: Slack was asked.
  await waitFor('her seat', async () =>
    (await desk.details('#support')).participants.some(({ name }) => name === 'Dana Pell'),
  );

  await write(conversation.id, { type: 'text', text: 'Until *six* & not <!channel> later' }, question?.id);
  await until('the answer to be sent', conversation.id, 'sent'); // Slack has no receipts
  expect(await sent()).toMatchObject([{ text: 'Until *six* & not <!channel> later', replyTo: first }]);

  await desk.receive({ from: '+12025550112', name: 'Ted Orr', group: 'support', text: 'thanks', replyTo: first });
  const thread = await desk.thread('#support', (all) => bubblesIn(all).at(-1)?.sender.name === 'Ted Orr');
  expect(bubblesIn(thread).map(words)).toEqual([
    'Is <this> & that open? 👍',
    'Until *six* & not <!channel> later',
    'thanks',
  ]); // its echo made none
  expect(bubblesIn(thread)[2]?.quote).toMatchObject({ messageId: question?.id });

  // An answer to an answer stands in the same thread: Slack knows threads by what began them.
  await write(conversation.id, { type: 'text', text: 'See you' }, bubblesIn(thread)[1]?.id);
  await write(conversation.id, { type: 'text', text: 'Bye' }, bubblesIn(thread)[2]?.id);
  await waitFor('both to be there', async () => (await sent()).length === 3);
  expect((await sent()).map(({ replyTo }) => replyTo)).toEqual([first, first, first]);
});

it('keeps edits, deletions, reactions, files and who comes and goes', async () => {
  const from = { from: '+12025550121', name: 'Ana Pell', group: 'orders' };
  const id = await desk.receive({ ...from, text: 'order 117' });
  await desk.thread('#orders', (all) => bubblesIn(all)[0]?.sender.name === 'Ana Pell');
  const file = await desk.receive({ ...from, kind: 'document', text: 'the invoice' });
  await desk.receive({ ...from, kind: 'edit', target: id, text: 'order 118' });
  await desk.receive({ ...from, kind: 'system', type: 'unfurl', target: id });
  await desk.receive({ ...from, kind: 'reaction', target: id, emoji: '🎉' });
  await desk.receive({ ...from, kind: 'reaction', target: id, emoji: '👍' });
  await desk.receive({ ...from, kind: 'reaction', target: id, emoji: '🎉', state: 'removed' });
  await desk.receive({ ...from, kind: 'delete', target: file });
  await desk.receive({ ...from, kind: 'contact-update', from: '+12025550122', name: 'Mona Adel' });
  await desk.receive({ ...from, kind: 'participants', participants: ['+12025550122'] });
  await desk.receive({ ...from, kind: 'system', type: 'channel_topic', text: 'noise' });
  await desk.receive({ ...from, kind: 'group', text: 'orders-2' });
  await desk.receive({ ...from, group: 'orders-2', kind: 'voice' });
  const thread = await desk.thread('#orders-2', (all) => bubblesIn(all).length === 3 && linesIn(all).length >= 2);
  const [order, invoice, voice] = await waitFor('all of it', async () => {
    const bubbles = bubblesIn(await desk.thread('#orders-2', () => true));
    return bubbles[0]?.editedAt && bubbles[0].reactions.length && bubbles[1]?.deletedAt ? bubbles : undefined;
  });
  expect(order).toMatchObject({
    content: { text: 'order 118' },
    reactions: [{ emoji: '👍', by: 'Ana Pell', own: false }],
  });
  expect(invoice).toMatchObject({ content: { type: 'media', kind: 'document', caption: 'the invoice' } });
  expect(voice).toMatchObject({ content: { type: 'media', kind: 'voice' } });
  expect(linesIn(thread).map(({ event }) => event)).toEqual(
    expect.arrayContaining(['participants_added', 'title_changed']),
  );
  const comers = (all: Message[]) => linesIn(all).find(({ event }) => event === 'participants_added')?.to;
  expect(comers(await desk.thread('#orders-2', (all) => !comers(all)?.[0]?.includes(':')))).toEqual(['Mona Adel']);
});

it('speaks with one person in a direct message, and reacts with one emoji at a time', async () => {
  const from = { from: '+12025550131', name: 'Hassan Demir' };
  const id = await desk.receive({ ...from, text: 'psst' });
  const [message] = await desk.thread('Hassan Demir', (all) => bubblesIn(all).length === 1);
  const conversation = await desk.conversation('Hassan Demir');
  expect(conversation.kind).toBe('direct');
  await write(conversation.id, { type: 'text', text: 'I hear you' });
  await until('the answer to be sent', conversation.id, 'sent');
  for (const emoji of ['👍', '❤️']) {
    await write(conversation.id, { type: 'reaction', messageId: message?.id, emoji });
    await waitFor(
      `our ${emoji}`,
      async () => (await desk.threadById(conversation.id))[0]?.reactions[0]?.emoji === emoji,
    );
  }
  const there = (
    await fetch(`${system.simulator.url}/phone/slack/${account.ref}/messages?chat=${id.split(':')[0]}`)
  ).json() as Promise<{ id: string; reactions: object }[]>;
  expect((await there).find((one) => one.id === id)?.reactions).toEqual({ '': '❤️' });
  expect(bubblesIn(await desk.threadById(conversation.id))).toHaveLength(2);
});

it('sends once, whatever becomes of the answer', async () => {
  await desk.receive({ from: '+12025550141', name: 'Noor Sato', group: 'faults', text: 'hello' });
  const { id } = await desk.conversation('#faults');
  const faults = (list: Record<string, unknown>[]) => system.simulator.faults('slack', account.ref, list);
  await faults([{ kind: '429', ms: 1000, times: 1 }]);
  await write(id, { type: 'text', text: 'one' });
  await faults([]);
  await waitFor('the first', async () => (await sent()).some(({ text }) => text === 'one'), { timeoutMs: 30_000 });
  await until('the first to be sent', id, 'sent');

  await faults([{ kind: 'late', ms: 100, times: 1 }]); // posted, and the line breaks
  await write(id, { type: 'text', text: 'two' });
  await waitFor(
    'the look-up to find it',
    async () => bubblesIn(await desk.threadById(id)).at(-1)?.delivery?.status === 'sent',
    { timeoutMs: 40_000 },
  );
  expect((await sent()).filter(({ text }) => text === 'one' || text === 'two')).toHaveLength(2);
  expect(bubblesIn(await desk.threadById(id)).map(words)).toEqual(['hello', 'one', 'two']);
}, 90_000);

it('hears everything once, however often and in whatever order Slack tells it', async () => {
  const from = { from: '+12025550151', name: 'Bia Costa', group: 'storm' };
  await system.simulator.faults('slack', account.ref, [
    { kind: 'reorder', ms: 300 },
    { kind: 'duplicate', copies: 3 },
  ]);
  await desk.receive({ ...from, text: 'start' });
  for (let n = 0; n < 5; n++) await desk.receive({ ...from, text: `line ${n}`, unheard: n % 2 === 0 });
  await system.simulator.faults('slack', account.ref, []);
  const thread = await desk.thread('#storm', (all) => bubblesIn(all).length >= 6);
  expect(new Set(bubblesIn(thread).map(words)).size).toBe(6);
  await waitFor('Slack to be done', async () => {
    const entries = await system.simulator.journal('slack', account.ref);
    return entries.every((entry) => entry.type !== 'webhook' || entry.outcome === 'acked');
  });
  expect(bubblesIn(await desk.threadById((await desk.conversation('#storm')).id))).toHaveLength(6);
});

describe('the doors', () => {
  const secret = () => system.app.env.SLACK_SIGNING_SECRET ?? '';
  async function post(door: string, body: string, { shiftS = 0, key = secret(), type = 'application/json' } = {}) {
    const timestamp = String(Math.floor(Date.now() / 1000) + shiftS);
    const hmac = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex');
    const headers = { 'content-type': type, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hmac}` };
    const answer = await system.app.fetch(`/api/webhooks/slack/${door}`, { method: 'POST', headers, body });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  }

  it('answer the challenge, and let nothing in that is not signed, or not now', async () => {
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c-9f3a' });
    expect(await post('events', challenge)).toEqual({
      status: 200,
      type: expect.stringContaining('application/json') as string,
      body: '{"challenge":"c-9f3a"}',
    });
    expect((await post('events', challenge, { key: 'another' })).status).toBe(401);
    for (const shiftS of [-400, 400]) expect((await post('events', challenge, { shiftS })).status).toBe(401);
    expect((await system.app.fetch('/api/webhooks/slack/events', { method: 'POST', body: challenge })).status).toBe(
      401,
    );
  });

  it('take clicks and commands as forms, and probes unsigned', async () => {
    const type = 'application/x-www-form-urlencoded';
    expect(await post('commands', 'command=%2Fparley&team_id=T1&text=x', { type })).toMatchObject({
      status: 200,
      body: '',
    });
    expect((await post('commands', 'command=%2Fparley&team_id=T1', { type, key: 'x' })).status).toBe(401);
    const probe = await system.app.fetch('/api/webhooks/slack/commands', {
      method: 'POST',
      headers: { 'content-type': type },
      body: 'ssl_check=1&token=x',
    });
    expect(probe.status).toBe(200);
    const target = await desk.receive({ from: '+12025550161', name: 'Yara Haddad', group: 'clicks', text: 'here' });
    await desk.receive({
      from: '+12025550161',
      group: 'clicks',
      kind: 'choice',
      text: 'Confirm',
      id: 'order.confirm',
      target,
    });
    expect(await desk.bubble('#clicks', 2)).toMatchObject({
      content: { type: 'choice', text: 'Confirm', id: 'order.confirm' },
    });
  });
});

describe('an install from the browser', () => {
  /** One step of a browser that follows nothing by itself. */
  const go = async (member: TestMember, path: string) => {
    const answer = await system.app.as(member).fetch(path);
    return { status: answer.status, to: answer.headers.get('location') ?? '' };
  };
  const consent = async (url: string) => {
    const answer = await fetch(url, { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? 'http://none');
  };
  const pathOf = ({ pathname, search }: URL) => pathname + search;
  const resultOf = (to: string) => Object.fromEntries(new URL(to, system.app.url).searchParams);
  const setUp = (change: object) =>
    fetch(`${system.simulator.url}/control/slack/app`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });

  /** All the way; `team` is chosen on Slack's page. */
  async function install(member: TestMember, team?: string) {
    const begun = await go(member, '/slack/install');
    expect(begun.status).toBe(302);
    const url = new URL(begun.to);
    if (team) url.searchParams.set('team', team);
    const back = await consent(url.href);
    return { back, result: resultOf((await go(member, pathOf(back))).to) };
  }

  it('makes an account that works, and the same workspace again is the same account', async () => {
    const { owner } = await system.app.newTenant();
    const workspace = await system.simulator.newAccount('slack', { connected: false, name: 'Orr & Sons' });
    const team = String(workspace.config.teamId);
    const { result } = await install(owner, team);
    expect(result).toMatchObject({ install: 'done', account: expect.any(String) as string });
    const caller = system.app.as(owner);
    const { body } = await caller.call(getAccount, { params: { id: result.account ?? '' } });
    expect(body).toMatchObject({
      name: 'Orr & Sons',
      state: 'connected',
      config: { teamId: team },
      webhook: { url: `${system.app.url}/api/webhooks/slack/events` },
    });
    expect(JSON.stringify(body)).not.toMatch(/xox[be]/);

    const own = new Desk(system, owner, { ...account, id: body.id, ref: workspace.ref, config: {} });
    await own.receive({ from: '+12025550171', name: 'Lucas Martin', group: 'support', text: 'installed?' });
    expect((await own.conversation('#support')).id).toBeTruthy();

    await own.receive({ kind: 'connection', state: 'remove' });
    await waitFor('both its events', async () => {
      const entries = await system.simulator.journal('slack', workspace.ref);
      const told = entries.filter(({ event }) => /uninstalled|revoked/.test(String(event)));
      return told.length === 2 && told.every(({ outcome }) => outcome === 'acked');
    });
    await untilApplied(system, [body]);
    expect((await caller.call(getAccount, { params: { id: body.id } })).body.state).toBe('needs_reauth');
    expect((await install(owner, team)).result).toEqual({ install: 'done', account: body.id });
    expect((await caller.call(getAccount, { params: { id: body.id } })).body).toMatchObject({
      state: 'connected',
      paused: false,
    });
    expect((await caller.call(listAccounts)).body.items).toHaveLength(1);
    await own.receive({ kind: 'connection', state: 'logout' });
    await waitFor(
      'the revoked token',
      async () => (await caller.call(getAccount, { params: { id: body.id } })).body.state === 'needs_reauth',
    );

    const { owner: other } = await system.app.newTenant();
    expect((await install(other, team)).result).toEqual({ install: 'failed', code: 'conflict' });
    expect((await system.app.as(other).call(listAccounts)).body.items).toEqual([]);
  });

  it('keeps tokens that rotate, with when to renew them', async () => {
    await setUp({ rotation: true });
    const { owner } = await system.app.newTenant();
    const { config } = await system.simulator.newAccount('slack', { connected: false });
    const { result } = await install(owner, String(config.teamId));
    await setUp({ rotation: false });
    const { body } = await system.app.as(owner).call(getAccount, { params: { id: result.account ?? '' } });
    expect(body).toMatchObject({
      state: 'connected',
      secrets: { refreshToken: expect.stringMatching(/^.{4}$/) as string },
      config: { tokenExpiresAt: expect.any(Number) as number },
    });
  });

  it('counts once, for whoever began it, and only if they agreed', async () => {
    const { owner, tenant: own } = await system.app.newTenant();
    const { config } = await system.simulator.newAccount('slack', { connected: false });
    const { back } = await install(owner, String(config.teamId));
    expect(resultOf((await go(owner, pathOf(back))).to)).toMatchObject({ install: 'failed' }); // used up

    const begun = await go(owner, '/slack/install');
    const theirs = await consent(begun.to);
    const { owner: other } = await system.app.newTenant();
    expect(resultOf((await go(other, pathOf(theirs))).to)).toMatchObject({ install: 'failed' });
    expect((await system.app.as(other).call(listAccounts)).body.items).toEqual([]);
    expect(resultOf((await go(owner, pathOf(theirs))).to)).toMatchObject({ install: 'failed' }); // its state is gone

    await setUp({ deny: true });
    expect((await install(owner)).result).toEqual({ install: 'cancelled' });
    for (const path of [
      '/slack/oauth_redirect',
      '/slack/oauth_redirect?state=x&code=y',
      '/slack/oauth_redirect?state=x&state=y&code=z',
    ])
      expect(resultOf((await go(owner, path)).to).install).toBe('failed');
    const agent = await own.newMember('agent');
    expect(resultOf((await go(agent, '/slack/install')).to)).toEqual({ install: 'failed', code: 'forbidden' });
    expect((await system.app.fetch('/slack/install')).headers.get('location')).toBe('/sign-in');
  });
});
