import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { updateAccount } from '@parley/contracts/accounts';
import { assignConversation, getConversation, markConversationRead } from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { switchTenant } from '@parley/contracts/me';
import { changeMember } from '@parley/contracts/members';
import { sendTyping } from '@parley/contracts/messages';
import { CURSOR_HEADER, listEvents } from '@parley/contracts/realtime';
import type { InputOf } from '@parley/contracts/route';
import { startApp, type TestApp } from '@parley/testing/app';
import { Customers } from '@parley/testing/customer';
import { TestStream } from '@parley/testing/event-stream';
import { startPlanTap } from '@parley/testing/plans/plan-tap';
import { startDoor } from '@parley/testing/rig/door';
import type { TestMember } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let customers: Customers;
/** Open since the beginning, for the ping. */
let patient: TestStream;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  customers = Customers.of(app);
  const { owner } = await app.newTenant();
  patient = await open(owner);
});
afterAll(async () => {
  await customers?.close();
  await app?.close();
});

/** The check of each second brings it: within a second is promised, and the machine that tests is busy. */
const SOON = { timeoutMs: 2_500 };

const open = ({ cookie }: TestMember, at: { after?: number; lastEventId?: number | string; url?: string } = {}) =>
  TestStream.open({ url: app.url, cookie, ...at });

async function metric(name: string, url = app.url): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${app.env.METRICS_TOKEN}` } });
  const line = (await response.text()).split('\n').find((one) => one.startsWith(`parley_${name}`));
  return Number(line?.split(' ').at(-1));
}

describe('a stream', () => {
  it('says that nothing may hold it up, when to come back, and where it stands', async () => {
    const { owner } = await app.newTenant();
    const stream = await open(owner);
    const { headers, status } = stream.response;
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    await waitFor('the first words', () => stream.retries.length > 0);
    expect(stream.retries[0]).toBeGreaterThanOrEqual(1000);
    expect(stream.lastId).toBe(0);
    stream.cut();
  });

  it('tells what is committed, in order, with each member’s own read mark beside the conversation', async () => {
    const { tenant, owner } = await app.newTenant();
    const [agent, conversation] = [await tenant.newMember('agent'), await tenant.newConversation()];
    await customers.write(conversation, 'One');
    await app.as(agent).call(markConversationRead, { params: { id: conversation.id }, body: { seen: 1 } });
    const [mine, theirs] = await Promise.all([open(agent), open(owner)]);
    await customers.write(conversation, 'Two');
    await app.as(agent).call(markConversationRead, { params: { id: conversation.id }, body: { seen: 2 } });
    await customers.write(conversation, 'Three');
    await waitFor('all of it', () => mine.events.length === 3 && theirs.events.length === 2);
    expect(mine.events).toMatchObject([
      { seq: 3, type: 'message.created', message: { content: { text: 'Two' } }, me: { seen: 1 } },
      { seq: 4, type: 'conversation.read', conversationId: conversation.id, seen: 2 },
      { seq: 5, type: 'message.created', message: { content: { text: 'Three' } }, me: { seen: 2 } },
    ]);
    expect(theirs.events).toMatchObject([
      { seq: 3, me: { seen: null } },
      { seq: 5, me: { seen: null } },
    ]);
    for (const stream of [mine, theirs]) stream.cut();
  });

  it('goes on after the id that a browser remembers, whatever the address says', async () => {
    const { owner } = await app.newTenant();
    for (const name of ['A', 'B', 'C']) await app.as(owner).call(createLabel, { body: { name, hue: 25 } });
    const stream = await open(owner, { after: 0, lastEventId: 2 });
    await waitFor('the third', () => stream.events.length > 0);
    expect(stream.events).toMatchObject([{ seq: 3, label: { name: 'C' } }]);
    const page = await app.as(owner).call(listEvents, { query: { after: 1, limit: 1 } });
    expect(page.body).toMatchObject({ items: [{ seq: 2 }], nextCursor: '2' });
    expect((await app.as(owner).call(listEvents)).body).toEqual({ items: [], nextCursor: '3' });
    stream.cut();
  });

  it('does not tell who was away what is no longer theirs to see, only that it went', async () => {
    const { tenant, owner } = await app.newTenant();
    const agent = await tenant.newMember('agent');
    const conversation = await tenant.newConversation({ assigneeId: agent.id });
    await customers.write(conversation, 'A secret by now');
    const { id } = conversation;
    await app.as(owner).call(assignConversation, { params: { id }, body: { memberId: owner.id } });
    await app.as(owner).call(createLabel, { body: { name: 'After', hue: 25 } });
    const stream = await open(agent, { after: 0 });
    await waitFor('all of it', () => stream.events.length === 3);
    const page = await app.as(agent).call(listEvents, { query: { after: 0 } });
    for (const events of [stream.events, page.body.items]) {
      expect(events).toMatchObject([
        { seq: 1, type: 'conversation.removed', conversationId: id },
        { seq: 2, type: 'conversation.removed', conversationId: id },
        { seq: 3, type: 'label.updated' },
      ]);
      expect(JSON.stringify(events)).not.toContain('secret');
    }
    stream.cut();
  });

  it('tells all who come back at once from a few readings of their tenant’s tables, not one each', async () => {
    const { tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    const members = await Promise.all(
      Array.from({ length: 40 }, (_, i) => tenant.newMember(i % 2 ? 'agent' : 'manager')),
    );
    const conversations = await Promise.all(
      Array.from({ length: 10 }, () => tenant.newConversation({ accountId: account.id })),
    );
    for (const conversation of conversations) await customers.write(conversation, 'While they were away');
    const tap = await startPlanTap(app.env.DATABASE_URL);
    const second = await app.start(serveApi, { DATABASE_URL: tap.url });
    const streams = await Promise.all(members.map((member) => open(member, { lastEventId: 0, url: second.url })));
    await waitFor('all of it', () => streams.every(({ events }) => events.length === 10));
    const readings = tap.take().filter(({ text }) => /\b(events|reads|accounts|sessions)\b/.test(text));
    expect(readings.length).toBeGreaterThan(2);
    expect(readings.length).toBeLessThan(members.length);
    for (const stream of streams) stream.cut();
    await second.close();
    await tap.close();
  });

  it('tells a herd that comes back one after the other in a reading a second', async () => {
    const { tenant } = await app.newTenant();
    const members = await Promise.all(Array.from({ length: 30 }, () => tenant.newMember('manager')));
    const conversation = await tenant.newConversation();
    for (let i = 0; i < 5; i++) await customers.write(conversation, 'While they were away');
    const tap = await startPlanTap(app.env.DATABASE_URL);
    const second = await app.start(serveApi, { DATABASE_URL: tap.url });
    const began = performance.now();
    const streams: TestStream[] = [];
    for (const member of members) {
      streams.push(await open(member, { lastEventId: 0, url: second.url }));
      await customers.write(conversation, 'Meanwhile');
    }
    await waitFor('all of it', () => streams.every(({ lastId }) => lastId === 35));
    const seconds = (performance.now() - began) / 1000;
    const readings = tap.take().filter(({ text }) => text.includes('from event_heads h left join p'));
    expect(readings.length).toBeGreaterThan(0);
    expect(readings.length).toBeLessThanOrEqual(4 + 2 * seconds); // gaps of what came live are read so, too
    for (const { events } of streams) expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1));
    for (const stream of streams) stream.cut();
    await second.close();
    await tap.close();
  });

  it('tells what came while it was read for after what was missed, without reading again', async () => {
    const { tenant } = await app.newTenant();
    const members = await Promise.all(Array.from({ length: 10 }, () => tenant.newMember('manager')));
    const [reader, other] = members as [TestMember, TestMember];
    const conversation = await tenant.newConversation();
    await customers.write(conversation, 'Before');
    await app.as(reader).call(markConversationRead, { params: { id: conversation.id }, body: { seen: 1 } });
    const { door, url } = await doorTo(app.env.DATABASE_URL);
    const tap = await startPlanTap(url);
    const second = await app.start(serveApi, { DATABASE_URL: tap.url });
    const there = await open(other, { lastEventId: 0, url: second.url });
    await customers.write(conversation, 'While they were away');
    await waitFor('what came before', () => there.lastId === 3);
    tap.take();
    door.delay(100);
    const opening = Promise.all(members.map((member) => open(member, { lastEventId: 2, url: second.url })));
    const home = await open(other);
    let last = 3;
    for (const until = performance.now() + 2000; performance.now() < until; last++) {
      await customers.write(conversation, 'Meanwhile');
      await waitFor('it elsewhere', () => home.lastId === last + 1); // so a page is all that they miss
    }
    const streams = await opening;
    await waitFor('all of it', () => [there, ...streams].every(({ lastId }) => lastId === last));
    const readings = tap.take().filter(({ text }) => text.includes('from event_heads h left join p'));
    expect(readings.length).toBeGreaterThan(0);
    expect(readings.length).toBeLessThanOrEqual(3);
    const since = Array.from({ length: last - 2 }, (_, i) => i + 3);
    for (const [i, { events }] of streams.entries())
      expect(events).toMatchObject(since.map((seq) => ({ seq, me: { seen: members[i] === reader ? 1 : null } })));
    for (const stream of [home, there, ...streams]) stream.cut();
    await second.close();
    await tap.close();
    await door.close();
  });

  it('is one of twenty that a session may have open', async () => {
    const { tenant, owner } = await app.newTenant();
    const streams = await Promise.all(Array.from({ length: 20 }, () => open(owner)));
    expect(streams.map(({ response }) => response.status)).toEqual(Array(20).fill(200));
    const headers = { accept: 'text/event-stream' };
    const refused = await app.as(owner).fetch('/api/inbox/events', { headers });
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'rate_limited' }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await open(await tenant.newMember('agent'));
    expect(other.response.status).toBe(200);
    streams[0]?.cut();
    let next: TestStream | undefined;
    await waitFor('a place', async () => (next = await open(owner)).response.status === 200);
    for (const stream of [...streams, other, next]) stream?.cut();
  });

  it('is deaf to other tenants', async () => {
    const [mine, theirs] = [await app.newTenant(), await app.newTenant()];
    const stream = await open(mine.owner);
    await app.as(theirs.owner).call(createLabel, { body: { name: 'Theirs', hue: 25 } });
    await app.as(mine.owner).call(createLabel, { body: { name: 'Mine', hue: 25 } });
    await waitFor('ours', () => stream.events.length > 0);
    expect(stream.events).toMatchObject([{ seq: 1, label: { name: 'Mine' } }]);
    stream.cut();
  });

  it('shows typing to colleagues who see the conversation, without a number', async () => {
    const { tenant, owner } = await app.newTenant();
    const [agent, other] = [await tenant.newMember('agent', { name: 'Ada' }), await tenant.newMember('agent')];
    const { id: conversationId } = await tenant.newConversation({ assigneeId: agent.id });
    const [own, boss, blind] = await Promise.all([open(agent), open(owner), open(other)]);
    await waitFor('typing', async () => {
      await app.as(agent).call(sendTyping, { body: { conversationId } });
      return boss.ephemeral.length > 0;
    });
    await app.as(owner).call(createLabel, { body: { name: 'After', hue: 25 } });
    await waitFor('what came after', () => [own, boss, blind].every((stream) => stream.events.length > 0));
    expect(boss.ephemeral).toEqual([{ type: 'typing', conversationId, name: 'Ada', memberId: agent.id, typing: true }]);
    expect([own.ephemeral, blind.ephemeral]).toEqual([[], []]);
    for (const stream of [own, boss, blind]) stream.cut();
  });
});

describe('starting again', () => {
  it('is asked of who is ahead of the head, behind what is kept, or lost', async () => {
    const { tenant, owner } = await app.newTenant();
    for (const name of ['A', 'B', 'C']) await app.as(owner).call(createLabel, { body: { name, hue: 25 } });
    await app.sql`update event_heads set floor = 2 where tenant_id = ${tenant.id}`;
    for (const at of [{ after: 4 }, { after: 1 }, { lastEventId: 'what' }, { lastEventId: 0 }]) {
      const stream = await open(owner, at);
      await waitFor('the end', () => stream.ended);
      expect([stream.resets, stream.events], JSON.stringify(at)).toEqual([[3], []]);
    }
    for (const after of [4, 1]) {
      expect(await app.as(owner).call(listEvents, { query: { after } })).toMatchObject({
        status: 410,
        body: { code: 'cursor_gone' },
      });
    }
    expect((await app.as(owner).call(listEvents, { query: { after: 2 } })).body.items).toHaveLength(1);
  });

  it('is asked within a second of who may see something else now, and of who was away meanwhile', async () => {
    const { tenant, owner } = await app.newTenant({ agentsSeeUnassigned: false });
    const [agent, account] = [await tenant.newMember('agent'), await tenant.newAccount()];
    const { id } = await tenant.newConversation({ accountId: account.id });
    const [stream, boss] = await Promise.all([open(agent), open(owner)]);
    await app.as(owner).call(updateAccount, { params: { id: account.id }, body: { agentsSee: 'unassigned' } });
    await waitFor('the reset', () => stream.resets.length > 0, SOON);
    const late = await open(agent, { after: 0 });
    await waitFor('the reset of who was away', () => late.resets.length > 0);
    const found = await waitFor('the new sight', async () => {
      const answer = await app.as(agent).call(getConversation, { params: { id } });
      return answer.status === 200 && answer;
    });
    const again = await open(agent, { after: Number(found.headers.get(CURSOR_HEADER)) });
    await app.as(owner).call(assignConversation, { params: { id }, body: { memberId: agent.id } });
    await waitFor('what is seen now', () => again.events.length > 0);
    expect([again.resets, boss.resets, boss.ended]).toEqual([[], [], false]);
    for (const one of [again, boss]) one.cut();
  });

  it('follows the role: given another, or kept to other accounts, within a second or so, and others’ streams stay', async () => {
    const { tenant, owner } = await app.newTenant({ agentsSeeUnassigned: false });
    const [agent, account] = [await tenant.newMember('agent'), await tenant.newAccount()];
    const conversation = await tenant.newConversation({ accountId: account.id, assigneeId: owner.id });
    const boss = await open(owner);
    const heardAfter = async (change: InputOf<typeof changeMember>['body']) => {
      const before = await open(agent);
      expect((await app.as(owner).call(changeMember, { params: { id: agent.id }, body: change })).status).toBe(200);
      await waitFor('the reset', () => before.ended && before.resets.length > 0, SOON);
      const after = await open(agent);
      await customers.write(conversation, 'Hello');
      await app.as(owner).call(createLabel, { body: { name: randomUUID(), hue: 25 } }); // everybody is told
      await waitFor('what comes behind it', () => after.events.some(({ type }) => type === 'label.updated'));
      after.cut();
      return after.events.some(({ type }) => type === 'message.created');
    };
    expect(await heardAfter({ role: 'manager' })).toBe(true);
    expect(await heardAfter({ accountIds: [(await tenant.newAccount()).id] })).toBe(false);
    expect(await heardAfter({ accountIds: null, role: 'agent' })).toBe(false);
    expect([boss.resets, boss.ended]).toEqual([[], false]);
    boss.cut();
  });
});

describe('an ending', () => {
  const endings: [string, (member: TestMember, other: { id: string }) => Promise<unknown>][] = [
    ['signs out', ({ sessionId }) => app.sql`delete from sessions where id = ${sessionId}`],
    ['is deactivated', ({ id }) => app.sql`update members set active = false where id = ${id}`],
    [
      'sees their tenant suspended',
      ({ tenantId }) => app.sql`update tenants set status = 'suspended' where id = ${tenantId}`,
    ],
    ['goes to another tenant', (member, { id }) => app.as(member).call(switchTenant, { body: { tenantId: id } })],
  ];
  it.each(endings)('comes within a second or so to the stream of who %s', async (_name, end) => {
    const [mine, second] = [await app.newTenant(), await app.newTenant()];
    const member = await mine.tenant.newMember('agent');
    await second.tenant.newMember('agent', { userId: member.userId });
    const stream = await open(member);
    await end(member, second.tenant);
    await waitFor('the end', () => stream.ended, SOON);
    expect(stream.resets).toEqual([]);
  });

  it('comes to all when the process goes down, each with a time of its own to come back', async () => {
    const { owner } = await app.newTenant();
    const second = await app.start(serveApi);
    const streams = await Promise.all(Array.from({ length: 5 }, () => open(owner, { url: second.url })));
    await waitFor('the first words', () => streams.every(({ retries }) => retries.length > 0));
    await second.close();
    await waitFor('the end', () => streams.every(({ ended }) => ended));
    for (const { retries } of streams) {
      expect(retries).toHaveLength(2);
      expect(retries[1]).toBeGreaterThanOrEqual(500);
      expect(retries[1]).toBeLessThanOrEqual(3000);
    }
    expect(new Set(streams.map(({ retries }) => retries[1])).size).toBeGreaterThan(1);
  });
});

describe('without Redis', () => {
  it('tells within a second what Redis never brought', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const lonely = Customers.of(app, { redisUrl: 'redis://127.0.0.1:1' });
    const stream = await open(owner);
    for (let i = 0; i < 3; i++) {
      await lonely.write(conversation, `${i}`);
      await waitFor('it', () => stream.events.length === i + 1, SOON);
    }
    expect(stream.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    await lonely.close();
    stream.cut();
  });

  it('closes a gap at once when the next event shows it', async () => {
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const lonely = Customers.of(app, { redisUrl: 'redis://127.0.0.1:1' });
    const stream = await open(owner);
    const replays = await metric('realtime_replayed_events_total');
    const until = performance.now() + 2_500; // by the checks alone it would take longer
    for (let told = 2; told <= 10; told += 2) {
      await lonely.write(conversation, 'Not published');
      await customers.write(conversation, 'Published');
      await waitFor('both', () => stream.events.length === told, { timeoutMs: until - performance.now() });
    }
    expect(stream.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await metric('realtime_replayed_events_total')).toBeGreaterThan(replays);
    await lonely.close();
    stream.cut();
  });

  it('does not read what Redis only brings a little later', async () => {
    const { door, url } = await doorTo(app.env.REDIS_URL);
    const second = await app.start(serveApi, { REDIS_URL: url });
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const stream = await open(owner, { url: second.url });
    await customers.write(conversation, 'On time');
    await waitFor('it', () => stream.events.length === 1, SOON);
    const replays = await metric('realtime_replayed_events_total', second.url);
    door.delay(60);
    let sent = 1;
    for (const until = performance.now() + 3000; performance.now() < until; sent++)
      await customers.write(conversation, 'Late');
    await waitFor('all of it', () => stream.events.length === sent, SOON);
    expect(await metric('realtime_replayed_events_total', second.url)).toBe(replays);
    stream.cut();
    await second.close();
    await door.close();
  });

  it('goes on by itself while Redis is away from this process, and live again when it is back', async () => {
    const { door, url } = await doorTo(app.env.REDIS_URL);
    const second = await app.start(serveApi, { REDIS_URL: url });
    const { tenant, owner } = await app.newTenant();
    const conversation = await tenant.newConversation();
    const stream = await open(owner, { url: second.url });
    const write = async (text: string) => {
      const seen = stream.events.length;
      await customers.write(conversation, text);
      await waitFor(text, () => stream.events.length > seen, SOON);
    };
    await write('With Redis');
    door.shut();
    await write('Without');
    door.open();
    // What comes live need not be read again; by luck alone the check of each second would not find it so often.
    await waitFor('live again', async () => {
      const read = await metric('realtime_replayed_events_total', second.url);
      for (let i = 0; i < 4; i++) await write('Back');
      return (await metric('realtime_replayed_events_total', second.url)) === read;
    });
    expect(stream.events.map(({ seq }) => seq)).toEqual(stream.events.map((_event, i) => i + 1));
    stream.cut();
    await second.close();
    await door.close();
  });
});

it('cuts off a reader who does not read, and nobody else; the reader comes back without a gap', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation();
  const healthy = await open(owner);
  const slow = connect(Number(new URL(app.url).port), '127.0.0.1');
  slow.on('error', () => {}); // it is cut off
  slow.write(
    `GET /api/inbox/events HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncookie: ${owner.cookie}\r\n\r\n`,
  );
  const before = await waitFor('both to be open', async () => {
    const count = await metric('realtime_connections');
    return slow.bytesRead > 0 && count;
  });
  slow.pause();
  let sent = 0;
  while ((await metric('realtime_connections')) >= before) {
    await Promise.all(Array.from({ length: 50 }, () => customers.write(conversation, '漢'.repeat(10_000))));
    sent += 50;
    if (sent > 2000) throw new Error('60 MB later the slow reader is still there');
  }
  await waitFor('the healthy reader to have all', () => healthy.events.length === sent, { timeoutMs: 60_000 });
  expect(healthy.ended).toBe(false);
  slow.destroy();
  const back = await open(owner, { lastEventId: 0 });
  await waitFor('the reader who came back to have all', () => back.events.length === sent, { timeoutMs: 60_000 });
  expect(back.events.map(({ seq }) => seq)).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
  for (const stream of [healthy, back]) stream.cut();
}, 120_000);

it('pings, so that nobody in between takes it for dead', async () => {
  await waitFor('a ping', () => patient.comments > 0, { timeoutMs: 20_000, everyMs: 100 });
  expect(patient.ended).toBe(false);
  patient.cut();
});

/** A way to a service of which the network between can be told what to do wrong. */
async function doorTo(service: string) {
  const url = new URL(service);
  const door = await startDoor({ host: url.hostname, port: Number(url.port) });
  url.port = String(door.port);
  return { door, url: url.href };
}
