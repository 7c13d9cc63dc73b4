import { listEdits, listMessages } from '@parley/contracts/messages';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestConversation } from '@parley/testing/conversation';
import type { TestMember } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let owner: TestMember;
let thread: TestConversation;
/** Newest first. */
const ids: string[] = [];

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  const made = await app.newTenant();
  owner = made.owner;
  thread = await made.tenant.newConversation();
  const start = Date.now() - 3_600_000;
  for (let i = 0; i < 12; i++)
    ids.unshift((await made.tenant.newMessage(thread, { text: `${i}`, sentAt: new Date(start + i * 1000) })).id);
});
afterAll(() => app?.close());

async function page(query: { limit?: number; cursor?: string; around?: string }) {
  const { status, body } = await app.as(owner).call(listMessages, { params: { id: thread.id }, query });
  expect(status).toBe(200);
  return { ids: body.items.map(({ id }) => id), next: body.nextCursor, prev: body.prevCursor };
}

it('runs newest first, and back to the first message', async () => {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const got = await page({ limit: 5, ...(cursor ? { cursor } : {}) });
    if (cursor === undefined) expect(got.prev).toBeNull();
    seen.push(...got.ids);
    cursor = got.next;
  }
  expect(seen).toEqual(ids);
});

it('opens around one message, and leads both ways from there', async () => {
  const middle = await page({ limit: 5, around: ids[6] ?? '' });
  expect(middle.ids).toEqual(ids.slice(4, 9));
  const newer = await page({ limit: 3, cursor: middle.prev ?? '' });
  expect(newer.ids).toEqual(ids.slice(1, 4));
  const newest = await page({ limit: 3, cursor: newer.prev ?? '' });
  expect(newest).toMatchObject({ ids: ids.slice(0, 1), prev: null });
  const older = await page({ limit: 50, cursor: middle.next ?? '' });
  expect(older).toMatchObject({ ids: ids.slice(9), next: null });
  expect((await page({ limit: 2, cursor: older.prev ?? '' })).ids).toEqual(ids.slice(7, 9));
});

it('opens around the first, the last, and with room for one alone', async () => {
  expect(await page({ limit: 5, around: ids[0] ?? '' })).toMatchObject({ ids: ids.slice(0, 3), prev: null });
  expect(await page({ limit: 5, around: ids.at(-1) ?? '' })).toMatchObject({ ids: ids.slice(-3), next: null });
  expect(await page({ limit: 1, around: ids[5] ?? '' })).toMatchObject({
    ids: [ids[5]],
    prev: expect.any(String),
    next: expect.any(String),
  });
});

it('answers 404 around a message of another conversation, as around none', async () => {
  const { tenant } = await app.newTenant();
  const { id: foreign } = await tenant.newMessage(await tenant.newConversation());
  for (const around of [foreign, crypto.randomUUID()]) {
    const { status, body } = await app.as(owner).call(listMessages, { params: { id: thread.id }, query: { around } });
    expect([status, body.code, body.detail]).toEqual([
      404,
      'not_found',
      'There is no such message, or you cannot see it.',
    ]);
  }
});

it('refuses a cursor that no thread gave', async () => {
  const cursor = Buffer.from('["sideways",1,"x"]').toString('base64url');
  expect((await app.as(owner).call(listMessages, { params: { id: thread.id }, query: { cursor } })).status).toBe(422);
});

it('tells what a message said before, oldest first, to who sees the conversation', async () => {
  const { tenant, owner: admin } = await app.newTenant({ agentsSeeUnassigned: false });
  const agent = await tenant.newMember('agent');
  const conversation = await tenant.newConversation();
  const { id } = await tenant.newMessage(conversation, { text: 'third' });
  for (const [text, at] of [
    ['second', '2026-03-04T09:16:00.000Z'],
    ['first', '2026-03-04T09:15:22.000Z'],
  ] as const)
    await app.sql`insert into message_edits (tenant_id, message_id, at, content)
      values (${tenant.id}, ${id}, ${at}, ${app.sql.json({ type: 'text', text })})`;
  const look = (who: TestMember) => app.as(who).call(listEdits, { params: { id } });
  expect(await look(admin)).toMatchObject({
    status: 200,
    body: {
      items: [
        { content: { text: 'first' }, at: '2026-03-04T09:15:22.000Z' },
        { content: { text: 'second' }, at: '2026-03-04T09:16:00.000Z' },
      ],
    },
  });
  expect(await look(agent)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await look((await app.newTenant()).owner)).toMatchObject({ status: 404 });
});
