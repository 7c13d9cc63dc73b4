import { createHmac, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { getFileLink, retryFile } from '@parley/contracts/files';
import { listMessages, type Message } from '@parley/contracts/messages';
import { FetcherModule } from '@parley/inbox/files/fetcher.module';
import { FetcherService } from '@parley/inbox/files/fetcher.service';
import { LanesModule } from '@parley/inbox/lanes/lanes.module';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { LocalFiles } from '@parley/platform/local-files';
import { PlatformModule } from '@parley/platform/platform.module';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub, type StubAnswer } from '@parley/testing/http-stub';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { miscounted } from '@parley/testing/stored-bytes';
import { waitFor } from '@parley/testing/wait-for';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

@Module({ imports: [LanesModule, FetcherModule] })
class Parts {}

const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082',
  'hex',
);
const html = Buffer.from('<!doctype html><script>alert(document.cookie)</script>');

let app: TestApp;
let parts: INestApplicationContext;
let meta: HttpStub;
let fetcher: FetcherService;
let tenant: TestTenant;
let owner: TestMember;
let account: TestAccount;

beforeAll(async () => {
  meta = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: meta.host } });
  const root = { module: Parts, imports: [PlatformModule.forRoot(app.env, { clock: app.clock })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
  fetcher = parts.get(FetcherService);
});
afterAll(async () => {
  expect(await miscounted(app.sql)).toEqual([]);
  await parts?.close();
  await app?.close();
  await meta?.close();
});
beforeEach(async () => {
  // A file that an earlier test left to be tried again would come due in the midst of this one, and call.
  await app.sql`update attachments set state = 'failed' where state = 'pending'`;
  ({ tenant, owner } = await app.newTenant());
  account = await tenant.newAccount('cloud-api', { baseUrl: meta.url });
});

/** Meta knows the file, and hands it over as told. */
function serves(download: () => StubAnswer | undefined) {
  meta.calls.length = 0;
  meta.answer(({ path }) =>
    path === '/_media/1' ? download() : { body: { url: `${meta.url}/_media/1?hash=x`, mime_type: 'image/png' } },
  );
}

/** A customer sends a file; its message stands in the thread, and nothing was fetched yet. */
async function receive(kind = 'image', media: Record<string, unknown> = {}): Promise<Message> {
  const { phoneNumberId, wabaId } = account.config;
  const message = {
    from: '15550182236',
    id: `wamid.${randomUUID()}`,
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: kind,
    [kind]: { id: '7720031184402', mime_type: 'image/png', caption: 'the pedal', ...media },
  };
  const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: phoneNumberId }, messages: [message] };
  const entry = [{ id: wabaId, changes: [{ field: 'messages', value }] }];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = createHmac('sha256', app.env.CLOUD_API_APP_SECRET ?? '')
    .update(body)
    .digest('hex');
  const { status } = await app.fetch('/api/webhooks/whatsapp/cloud-api', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
  });
  expect(status).toBe(200);
  await waitFor('the message to be applied', async () => {
    const rows = await app.sql<{ lane: number }[]>`select lane from pending where tenant_id = ${tenant.id}`;
    for (const { lane } of rows) parts.get(LanesService).ring(lane);
    await parts.get(LanesService).settled();
    return rows.length === 0;
  });
  return shown();
}

/** The newest message, as the API shows it. */
async function shown(): Promise<Message> {
  const [row] = await app.sql<{ id: string }[]>`select id from conversations where tenant_id = ${tenant.id}`;
  const { body } = await app.as(owner).call(listMessages, { params: { id: row?.id ?? '' } });
  const [message] = body.items;
  if (!message) throw new Error('no message');
  return message;
}

async function fetchDue() {
  await fetcher.turn();
  await fetcher.settled();
}

function fileOf({ content }: Message) {
  if (content.type !== 'media' || !content.file) throw new Error('no file');
  return content.file;
}

async function linkOf(id: string) {
  const { status, body } = await app.as(owner).call(getFileLink, { params: { id } });
  expect(status).toBe(200);
  return body;
}

describe('a customer’s file', () => {
  it('is shown at once as on its way, fetched with the provider’s login, and read by its link', async () => {
    serves(() => ({ body: png, headers: { 'content-type': 'image/png' } }));
    const pending = await receive('image');
    const { id } = fileOf(pending);
    expect(pending.content).toMatchObject({ caption: 'the pedal', file: { state: 'pending', detail: null } });
    expect((await app.as(owner).call(getFileLink, { params: { id } })).status).toBe(409);
    expect(meta.calls).toEqual([]); // nothing was asked while it was taken in

    await fetchDue();
    expect(meta.calls.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v25.0/7720031184402', `Bearer ${String(account.config.accessToken)}`],
      ['/_media/1', `Bearer ${String(account.config.accessToken)}`],
    ]);
    expect((await shown()).content).toMatchObject({
      mimeType: 'image/png',
      sizeBytes: png.length,
      file: { id, state: 'ready', suspicious: false },
    });
    expect((await tenant.events()).map(({ type }) => type)).toEqual(['message.created', 'message.updated']);

    const { url, inline } = await linkOf(id);
    expect(inline).toBe(true);
    const response = await app.fetch(url); // without a cookie
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition': `inline; filename="image"; filename*=UTF-8''image`,
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-site',
      'cache-control': 'private, no-store',
    });
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('is tried again while the provider stumbles, and given up when it is gone; then a member asks again', async () => {
    let answer: StubAnswer | undefined = { status: 503 };
    serves(() => answer);
    const { id } = fileOf(await receive());
    for (let i = 0; i < 3; i++) {
      await fetchDue();
      expect(fileOf(await shown()).state).toBe('pending');
      await fetchDue(); // not due yet
      app.clock.advance(2_000 * 2 ** i + 1);
    }
    expect(meta.calls.filter(({ path }) => path === '/_media/1')).toHaveLength(3);
    answer = { status: 404 };
    await fetchDue();
    expect(fileOf(await shown())).toMatchObject({ state: 'failed', detail: 'The provider has this file no more.' });

    answer = { body: png };
    expect((await app.as(owner).call(retryFile, { params: { id } })).status).toBe(204);
    expect(fileOf(await shown()).state).toBe('pending');
    expect((await app.as(owner).call(retryFile, { params: { id } })).status).toBe(409);
    await fetchDue();
    expect(fileOf(await shown()).state).toBe('ready');
  });

  it('waits where the tenant’s files fill what they may take: its message stands, and a member asks again once there is room', async () => {
    serves(() => ({ body: png }));
    const allow = (bytes: number) =>
      app.sql`update tenants set quotas = ${app.sql.json({ storedBytes: bytes })} where id = ${tenant.id}`;
    await allow(1);
    await receive();
    await fetchDue(); // there is room left when it begins
    expect(fileOf(await shown()).state).toBe('ready');
    const { id } = fileOf(await receive());
    meta.calls.length = 0;
    await fetchDue();
    const refused = await shown();
    expect(refused.content).toMatchObject({ caption: 'the pedal', file: { state: 'failed' } });
    expect(fileOf(refused).detail).toContain('fill all that they may take');
    expect(meta.calls).toEqual([]);
    expect((await app.as(owner).call(retryFile, { params: { id } })).status).toBe(204);
    await fetchDue();
    expect(fileOf(await shown()).state).toBe('failed'); // nothing has changed
    await allow(1_000_000);
    expect((await app.as(owner).call(retryFile, { params: { id } })).status).toBe(204);
    await fetchDue();
    expect(fileOf(await shown()).state).toBe('ready');
  });

  it('stops at the size of its kind', async () => {
    serves(() => ({ body: Readable.from(endless()) }));
    await receive('sticker', { mime_type: 'image/webp' });
    await fetchDue();
    expect(fileOf(await shown())).toMatchObject({ state: 'failed', detail: 'This file is larger than 4 MB.' });
  });

  it('breaks off without a trace when the answer does', async () => {
    serves(() => ({ headers: { 'content-length': '1000' }, body: Readable.from(cut()) }));
    await receive();
    await fetchDue();
    expect(fileOf(await shown()).state).toBe('pending');
    const [row] = await app.sql`select state, tries from attachments where tenant_id = ${tenant.id}`;
    expect(row).toEqual({ state: 'pending', tries: 1 });
  });

  // A picture that is too much for its worker would be opened again every three minutes.
  it('goes without a small picture once somebody died over it, and is given up at its end also where nobody lived', async () => {
    const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
    serves(() => ({ body: Buffer.from(dot, 'base64') }));
    await receive();
    await fetchDue();
    expect((await shown()).content).toMatchObject({ width: 1, height: 1 });

    const { id } = fileOf(await receive());
    await new LocalFiles(app.env.FILES_DIR).put(`${tenant.id}/${id}`, Readable.from([png]));
    await app.sql`update attachments set tries = 1 where id = ${id}`;
    await fetchDue();
    expect((await shown()).content).toMatchObject({ width: null, file: { state: 'ready' } });

    const last = fileOf(await receive());
    await app.sql`update attachments set tries = 400, expires_at = ${new Date(app.clock.now())} where id = ${last.id}`;
    meta.calls.length = 0;
    await fetchDue();
    expect(fileOf(await shown())).toMatchObject({
      state: 'failed',
      detail: 'The provider did not hand over this file.',
    });
    expect(meta.calls).toEqual([]);
  });

  it('does not wait for a tenant whose provider trickles, however many accounts that has', async () => {
    const trickles: Readable[] = [];
    const trickle = () => {
      const body = new Readable({ read: () => {} });
      body.push('a little');
      trickles.push(body);
      return { body };
    };
    meta.answer(({ path }) => {
      if (path.startsWith('/_media/')) return path.endsWith('/666') ? trickle() : { body: png };
      return { body: { url: `${meta.url}/_media/${path.split('/').at(-1)}` } };
    });
    const slow = tenant.id;
    const running = async () => {
      await fetcher.turn();
      const rows = await app.sql`select count(*)::int n from attachments where tenant_id = ${slow} and tries > 0
        group by account_id order by account_id`;
      return rows.map(({ n }) => Number(n));
    };
    await receive('document', { id: '666' });
    expect(await running()).toEqual([1]);
    for (let i = 0; i < 2; i++) await receive('document', { id: '666' });
    expect(await running()).toEqual([2]);
    account = await tenant.newAccount('cloud-api', { baseUrl: meta.url });
    for (let i = 0; i < 2; i++) await receive('document', { id: '666' });
    expect(await running()).toEqual([2, 1]);
    ({ tenant, owner } = await app.newTenant());
    account = await tenant.newAccount('cloud-api', { baseUrl: meta.url });
    await receive();
    expect(await running()).toEqual([2, 1]);
    await waitFor('the file of another', async () => fileOf(await shown()).state === 'ready');
    await app.sql`update attachments set state = 'failed' where tenant_id = ${slow} and tries = 0`;
    await waitFor('all that trickles', () => trickles.length === 3);
    for (const body of trickles) body.push(null);
    await fetcher.settled();
  });

  it('is fetched by one, who when lost is followed by another', async () => {
    const held = Promise.withResolvers<StubAnswer>();
    meta.answer(({ path }) => (path === '/_media/1' ? held.promise : { body: { url: `${meta.url}/_media/1` } }));
    meta.calls.length = 0;
    await receive();
    await fetcher.turn();
    await waitFor('the first call', () => meta.calls.length === 2);
    await fetcher.turn();
    expect(meta.calls).toHaveLength(2);
    app.clock.advance(180_000); // the first is taken for lost
    serves(() => ({ body: png }));
    await fetcher.turn();
    await waitFor('the second to end', async () => fileOf(await shown()).state === 'ready');
    held.resolve({ body: png });
    await fetcher.settled();
    expect((await tenant.events()).map(({ type }) => type)).toEqual(['message.created', 'message.updated']);
  });
});

describe('what a browser is given', () => {
  const cases: [string, Buffer, string, Record<string, unknown>][] = [
    ['HTML that says it is an image', html, 'image', { mime_type: 'image/png' }],
    ['HTML that says what it is', html, 'document', { mime_type: 'text/html', filename: 'a.html' }],
    ['an image that says it is a PDF', png, 'document', { mime_type: 'application/pdf', filename: 'a.pdf' }],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image', { mime_type: 'image/svg+xml' }],
  ];
  test.each(cases)('%s: bytes to save', async (_name, bytes, kind, media) => {
    serves(() => ({ body: bytes, headers: { 'content-type': 'text/html' } }));
    await receive(kind, media);
    await fetchDue();
    const { url, inline } = await linkOf(fileOf(await shown()).id);
    expect(inline).toBe(false);
    const response = await app.fetch(url);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
  });

  it('is a part where it asks for one, and only heads for HEAD', async () => {
    serves(() => ({ body: png }));
    await receive();
    await fetchDue();
    const { url } = await linkOf(fileOf(await shown()).id);
    const part = await app.fetch(url, { headers: { range: 'bytes=0-3' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 0-3/${png.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(png.subarray(0, 4))).toBe(true);
    expect((await app.fetch(url, { headers: { range: 'bytes=9999-' } })).status).toBe(416);
    const head = await app.fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(png.length)]);
  });
});

describe('a link', () => {
  it('ends after an hour, with its session, and at any change of it', async () => {
    serves(() => ({ body: png }));
    await receive();
    await fetchDue();
    const { url } = await linkOf(fileOf(await shown()).id);
    expect((await app.fetch(url.slice(0, -1))).status).toBe(404);
    expect((await app.fetch('/files/x')).status).toBe(404);
    await app.sql`update sessions set expires_at = now() - interval '1 second' where id = ${owner.sessionId}`;
    expect((await app.fetch(url)).status).toBe(404);
    await app.sql`update sessions set expires_at = now() + interval '1 hour' where id = ${owner.sessionId}`;
    expect((await app.fetch(url)).status).toBe(200);
    app.clock.advance(3_600_000);
    expect((await app.fetch(url)).status).toBe(404);
  });

  it('is not given for what a member does not see', async () => {
    serves(() => ({ body: png }));
    await receive();
    await fetchDue();
    const { id } = fileOf(await shown());
    await app.sql`update tenants set agents_see_unassigned = false where id = ${tenant.id}`;
    const agent = await tenant.newMember('agent');
    expect((await app.as(agent).call(getFileLink, { params: { id } })).status).toBe(404);
  });
});

// Last, for the clock is a day further then.
it('is given up a day after it came', async () => {
  serves(() => undefined);
  await receive();
  app.clock.advance(24 * 3_600_000);
  await fetchDue();
  expect(fileOf(await shown())).toMatchObject({
    state: 'failed',
    detail: 'The provider did not hand over this file.',
  });
});

function* endless() {
  for (let i = 0; i < 64; i++) yield Buffer.alloc(2 ** 20, 'x');
}
function* cut() {
  yield png.subarray(0, 10);
  throw new Error('the line broke');
}
