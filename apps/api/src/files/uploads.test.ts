import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { OutboundContent } from '@parley/contracts/content';
import { createUpload, discardUpload, getFileLink, getUpload } from '@parley/contracts/files';
import { listMessages, retryMessage, sendMessage } from '@parley/contracts/messages';
import { FILE_PART } from '@parley/contracts/route';
import { getTenant } from '@parley/contracts/tenants';
import { FetcherModule } from '@parley/inbox/files/fetcher.module';
import { inTurn } from '@parley/inbox/files/in-turn';
import { RemoverService } from '@parley/inbox/files/remover.service';
import { SenderModule } from '@parley/inbox/sending/sender.module';
import { SenderService } from '@parley/inbox/sending/sender.service';
import { LocalFiles } from '@parley/platform/local-files';
import { PlatformModule } from '@parley/platform/platform.module';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { miscounted } from '@parley/testing/stored-bytes';
import { waitFor } from '@parley/testing/wait-for';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

@Module({ imports: [SenderModule, FetcherModule] })
class Parts {}

const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082',
  'hex',
);
const words = Buffer.from('these are the words of a file');

let app: TestApp;
let parts: INestApplicationContext;
let meta: HttpStub;
let tenant: TestTenant;
let owner: TestMember;

beforeAll(async () => {
  meta = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: meta.host } });
  const root = { module: Parts, imports: [PlatformModule.forRoot(app.env, { clock: app.clock })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
});
afterAll(async () => {
  expect(await miscounted(app.sql)).toEqual([]);
  await parts?.close();
  await app?.close();
  await meta?.close();
});
beforeEach(async () => {
  ({ tenant, owner } = await app.newTenant());
});

const begin = (sizeBytes: number, more: { id?: string; mimeType?: string; fileName?: string } = {}, as = owner) =>
  app.as(as).call(createUpload, { body: { fileName: 'order.txt', mimeType: 'text/plain', sizeBytes, ...more } });

function part(id: string, offset: number, bytes: Buffer, as = owner): Promise<Response> {
  return app.as(as).fetch(`/api/inbox/uploads/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': FILE_PART, 'upload-offset': String(offset) },
    body: new Uint8Array(bytes),
  });
}

/** A whole file, by its id. */
async function uploaded(bytes: Buffer, mimeType: string, fileName: string): Promise<string> {
  const { body } = await begin(bytes.length, { mimeType, fileName });
  expect((await part(body.id, 0, bytes)).status).toBe(204);
  return body.id;
}

const media = (fileId: string, caption: string | null = null): OutboundContent => ({
  type: 'media',
  fileId,
  caption,
  width: null,
  height: null,
});

describe('a file', () => {
  it('comes in parts, says how far it is, and is whole at its end', async () => {
    const { status, headers, body } = await begin(words.length);
    expect([status, body.receivedBytes, headers.get('location')]).toEqual([201, 0, `/api/inbox/uploads/${body.id}`]);
    const first = await part(body.id, 0, words.subarray(0, 9));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '9']);
    const head = await app.as(owner).fetch(`/api/inbox/uploads/${body.id}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual([
      200,
      '9',
      String(words.length),
    ]);
    expect((await begin(words.length, { id: body.id })).body).toMatchObject({ receivedBytes: 9 });
    expect((await part(body.id, 0, words)).status).toBe(409); // it goes on elsewhere
    const last = await part(body.id, 9, words.subarray(9));
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(words.length)]);
    const [row] = await app.sql`select state, mime_type, suspicious from attachments where id = ${body.id}`;
    expect(row).toEqual({ state: 'uploaded', mime_type: null, suspicious: false });
  });

  // Without the row's word for what came, or with a part that is lost whole, this begins at 0 again.
  it('goes on from where its line broke, twice', async () => {
    const { body } = await begin(words.length);
    for (const [from, to] of [
      [0, 7],
      [7, 16],
    ] as const) {
      await breakOff(body.id, from, words.subarray(from, to));
      await waitFor('what came to be kept', async () => {
        const answer = await app.as(owner).call(getUpload, { params: { id: body.id } });
        return answer.body.receivedBytes === to;
      });
    }
    expect((await part(body.id, 16, words.subarray(16))).status).toBe(204);
    const kept = await new LocalFiles(app.env.FILES_DIR).read(`${tenant.id}/${body.id}`);
    expect(Buffer.concat(await kept.toArray()).equals(words)).toBe(true);
  });

  // A worker takes its bytes away once the claim is over, which a slow store outlives.
  it('leaves nothing behind of a part that ends after its file was discarded and removed', async () => {
    const { body } = await begin(words.length);
    await breakOff(body.id, 0, words.subarray(0, 7), async () => {
      await app.sql`delete from attachments where id = ${body.id}`;
    });
    const place = path.join(app.env.FILES_DIR, 'files', tenant.id, body.id);
    await waitFor('its bytes to be gone', () =>
      stat(place).then(
        () => false,
        () => true,
      ),
    );
  });

  it('is not held up by a part that could not be kept', async () => {
    const { body } = await begin(words.length);
    const place = path.join(app.env.FILES_DIR, 'files', tenant.id, body.id);
    await mkdir(place, { recursive: true }); // no file can be written there
    const answer = await part(body.id, 0, words).catch(() => null); // the rest of the part is not heard
    expect(answer?.status ?? 500).toBe(500);
    await rm(place, { recursive: true });
    expect((await part(body.id, 0, words)).status).toBe(204);
  });

  it('begins anew where what came of it is gone', async () => {
    const { body } = await begin(words.length);
    expect((await part(body.id, 0, words.subarray(0, 9))).status).toBe(204);
    await new LocalFiles(app.env.FILES_DIR).remove(`${tenant.id}/${body.id}`);
    expect((await part(body.id, 9, words.subarray(9))).status).toBe(409);
    expect((await app.as(owner).call(getUpload, { params: { id: body.id } })).body.receivedBytes).toBe(0);
    expect((await part(body.id, 0, words)).status).toBe(204);
  });

  test.each<[string, Record<string, string>, number]>([
    ['without a place', {}, 400],
    ['at a place that is none', { 'upload-offset': '-1' }, 400],
    ['beyond its end', { 'upload-offset': '25' }, 422],
  ])('takes no part %s', async (_name, headers, status) => {
    const { body } = await begin(words.length);
    const response = await app.as(owner).fetch(`/api/inbox/uploads/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': FILE_PART, ...headers },
      body: new Uint8Array(words),
    });
    expect(response.status).toBe(status);
  });

  it('is begun once under its id, and never in the place of another', async () => {
    const id = randomUUID();
    const answers = await Promise.all([begin(5, { id }), begin(5, { id }), begin(5, { id })]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await begin(6, { id })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const { owner: stranger } = await app.newTenant();
    expect((await begin(6, { id }, stranger)).status).toBe(201); // another tenant's ids are its own
    expect((await part(id, 0, Buffer.from('hello'), stranger)).status).toBe(204);
    expect((await app.as(owner).call(getUpload, { params: { id } })).body.receivedBytes).toBe(0);
  });

  it('is refused before its first byte where it does not fit into what the tenant’s files may take; what is taken back makes room', async () => {
    await app.sql`update tenants set quotas = ${app.sql.json({ storedBytes: 100 })} where id = ${tenant.id}`;
    const at = await Promise.all(Array.from({ length: 5 }, () => begin(40)));
    expect(at.map(({ status }) => status).sort()).toEqual([201, 201, 422, 422, 422]);
    expect(at.find(({ status }) => status === 422)?.body).toMatchObject({
      code: 'quota_exceeded',
      detail: expect.stringMatching(/^This file does not fit: your files may take .* Ask who runs this install/),
    });
    expect((await begin(20)).status).toBe(201);
    const unwanted = at.find(({ status }) => status === 201)?.body.id ?? '';
    await app.as(owner).call(discardUpload, { params: { id: unwanted } });
    expect([(await begin(41)).status, (await begin(40)).status]).toEqual([422, 201]);
    const operator = await tenant.newMember('agent');
    await app.sql`update users set super_admin = true where id = ${operator.userId}`;
    const { body } = await app.as(operator).call(getTenant, { params: { id: tenant.id } });
    expect(body).toMatchObject({ usage: { storedBytes: 100 }, quotas: { storedBytes: 100 } });
  });

  it('is refused where too much, or too many, wait to be sent, however many are begun at once', async () => {
    const at = await Promise.all(Array.from({ length: 12 }, () => begin(2 * 2 ** 30)));
    expect(at.map(({ status }) => status).sort()).toEqual([...Array(8).fill(201), ...Array(4).fill(422)]);
    await app.sql`update attachments set size_bytes = 1 where tenant_id = ${tenant.id}`;
    await app.sql`insert into attachments (tenant_id, id, kind, state, size_bytes, received_bytes, due_at, expires_at)
      select ${tenant.id}, gen_random_uuid(), 'document', 'uploading', 1, 0, now(), now() + interval '1 day' from generate_series(1, 492)`;
    expect(await begin(1)).toMatchObject({ status: 422, body: { code: 'quota_exceeded' } });
    const unwanted = at.find(({ status }) => status === 201)?.body.id ?? '';
    await app.as(owner).call(discardUpload, { params: { id: unwanted } });
    expect((await begin(1)).status).toBe(201);
  });

  it('that is never sent is forgotten after a day, and one that was discarded at once', async () => {
    const files = new LocalFiles(app.env.FILES_DIR);
    const [old, unwanted] = [
      await uploaded(words, 'text/plain', 'a.txt'),
      await uploaded(words, 'text/plain', 'b.txt'),
    ];
    expect((await app.as(owner).call(discardUpload, { params: { id: unwanted } })).status).toBe(204);
    expect((await app.as(owner).call(getUpload, { params: { id: unwanted } })).status).toBe(404);
    await app.sql`update attachments set expires_at = now() - interval '1 minute' where id = ${old}`;
    const remover = parts.get(RemoverService);
    await remover.sweep();
    await remover.turn();
    expect(await app.sql`select id from attachments where tenant_id = ${tenant.id}`).toEqual([]);
    for (const id of [old, unwanted]) await expect(files.read(`${tenant.id}/${id}`)).rejects.toThrow('no file');
  });
});

// A folder stands where its bytes are, or the disk says no.
it('that cannot be removed keeps nobody else’s, and is removed once it can be', async () => {
  const [stuck, other] = [await uploaded(words, 'text/plain', 'a.txt'), await uploaded(words, 'text/plain', 'b.txt')];
  const place = path.join(app.env.FILES_DIR, 'files', tenant.id, stuck);
  await rm(place);
  await mkdir(place);
  for (const id of [stuck, other]) await app.as(owner).call(discardUpload, { params: { id } });
  const left = () => app.sql`select id from attachments where tenant_id = ${tenant.id}`;
  await parts.get(RemoverService).turn();
  expect(await left()).toEqual([{ id: stuck }]);
  await rm(place, { recursive: true });
  await parts.get(RemoverService).turn(); // not yet: it would be in the way of others
  expect(await left()).toHaveLength(1);
  await app.sql`update attachments set due_at = now() - interval '1 second' where id = ${stuck}`;
  await parts.get(RemoverService).turn();
  expect(await left()).toEqual([]);
});

describe('a message with a file', () => {
  let account: TestAccount;
  let conversationId: string;
  beforeEach(async () => {
    account = await tenant.newAccount('cloud-api', { baseUrl: meta.url });
    ({ id: conversationId } = await tenant.newConversation({ accountId: account.id, assigneeId: owner.id }));
    meta.calls.length = 0;
    meta.answer(({ path }) => ({
      body: path.endsWith('/media') ? { id: '551200877001' } : { messages: [{ id: `wamid.${randomUUID()}` }] },
    }));
  });

  const send = (content: OutboundContent, messageId: string = randomUUID()) =>
    app.as(owner).call(sendMessage, { body: { messageId, conversationId, content } });
  const sendDue = async () => {
    await parts.get(SenderService).sendHeads(account.id);
    await parts.get(SenderService).settled();
  };
  const thread = async () =>
    (await app.as(owner).call(listMessages, { params: { id: conversationId } })).body.items.filter(
      ({ direction }) => direction !== 'system',
    );

  it('stands in the thread at once, is handed over with its bytes, and is read by its link', async () => {
    const fileId = await uploaded(png, 'image/png', 'the pedal.png');
    const sent = await send(media(fileId, '  the pedal  '));
    expect(sent.status).toBe(202);
    const [message] = await thread();
    expect(message).toMatchObject({
      id: sent.body.messageId,
      content: {
        ...{ type: 'media', kind: 'image', mimeType: 'image/png', fileName: 'the pedal.png', sizeBytes: png.length },
        caption: 'the pedal',
        file: { id: fileId, state: 'ready', suspicious: false, detail: null },
      },
      delivery: { status: 'queued' },
    });
    await sendDue();
    const [upload, call] = meta.calls;
    expect(upload?.path).toBe(`/v25.0/${String(account.config.phoneNumberId)}/media`);
    expect(upload?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(upload?.body).toContain('name="messaging_product"\r\n\r\nwhatsapp');
    expect(upload?.body).toContain('filename="the pedal.png"\r\nContent-Type: image/png');
    expect(call?.body).toMatchObject({ type: 'image', image: { id: '551200877001', caption: 'the pedal' } });
    expect((await thread())[0]?.delivery?.status).toBe('accepted');
    const { body: link } = await app.as(owner).call(getFileLink, { params: { id: fileId } });
    const read = await app.fetch(link.url);
    expect(read.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await read.arrayBuffer()).equals(png)).toBe(true);
  });

  it('shows a small picture where the whole one is large, and holds its place', async () => {
    const photo = noisePng(300, 150);
    await send(media(await uploaded(photo, 'image/png', 'a.png')));
    const content = (await thread())[0]?.content;
    if (content?.type !== 'media' || !content.file) throw new Error('no file');
    expect(content).toMatchObject({ width: 300, height: 150, file: { small: true } });
    const { body: link } = await app.as(owner).call(getFileLink, { params: { id: content.file.id } });
    const small = await app.fetch(`${link.url}/small`);
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect((await small.arrayBuffer()).byteLength).toBeLessThan(photo.length);
    for (const wrong of ['/large', '/small/x', '/'])
      expect((await app.fetch(link.url + wrong)).status, wrong).toBe(404);
    await app.sql`update attachments set state = 'removed', due_at = 'epoch', message_id = null where id = ${content.file.id}`;
    await parts.get(RemoverService).turn();
    await expect(new LocalFiles(app.env.FILES_DIR).read(`${tenant.id}/${content.file.id}-small`)).rejects.toThrow(
      'no file',
    );
  });

  it('is sent once under its id, and its file with no other message', async () => {
    const fileId = await uploaded(png, 'image/png', 'a.png');
    const id = randomUUID();
    const answers = await Promise.all([send(media(fileId), id), send(media(fileId), id), send(media(fileId), id)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await send(media(fileId), id)).status).toBe(202);
    expect(await send(media(fileId, 'other words'), id)).toMatchObject({
      status: 409,
      body: { code: 'message_id_taken' },
    });
    expect(await send(media(fileId))).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await thread()).toHaveLength(1);
    expect((await begin(png.length, { id: fileId })).body.receivedBytes).toBe(png.length); // whoever lost the answer goes on
  });

  // Certain that nothing was sent: Meta never heard of the message.
  it('is tried again where its file could not be handed over', async () => {
    let hands = 0;
    meta.answer(({ path }) => {
      if (!path.endsWith('/media')) return { body: { messages: [{ id: `wamid.${randomUUID()}` }] } };
      return hands++ === 0 ? undefined : { body: { id: '551200877001' } };
    });
    await send(media(await uploaded(png, 'image/png', 'a.png')));
    await sendDue();
    expect((await thread())[0]?.delivery).toMatchObject({ status: 'queued', reason: 'provider' });
    app.clock.advance(60_000);
    await sendDue();
    expect((await thread())[0]?.delivery?.status).toBe('accepted');
    expect(meta.calls.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(1);
  });

  it('keeps its lease while its picture waits behind others', async () => {
    await send(media(await uploaded(png, 'image/png', 'a.png')));
    const others = Promise.withResolvers<void>();
    void inTurn(() => others.promise);
    await parts.get(SenderService).sendHeads(account.id);
    const later = app.clock.now() + 40_000;
    await waitFor('its lease to be held on', async () => {
      const held =
        await app.sql`select 1 from deliveries where tenant_id = ${tenant.id} and lease_until > ${new Date(later)}`;
      return held.length === 1;
    }).finally(() => others.resolve());
    await parts.get(SenderService).settled();
    expect((await thread())[0]?.delivery?.status).toBe('accepted');
  });

  it('of unknown outcome is not sent twice, and goes out again when a member says so', async () => {
    let answers = false;
    meta.answer(({ path }) => {
      if (path.endsWith('/media')) return { body: { id: '551200877001' } };
      return answers ? { body: { messages: [{ id: `wamid.${randomUUID()}` }] } } : undefined;
    });
    const { body } = await send(media(await uploaded(png, 'image/png', 'a.png')));
    await sendDue();
    app.clock.advance(120_000);
    await sendDue();
    expect((await thread())[0]?.delivery).toMatchObject({ status: 'unknown', canRetry: true });
    expect(meta.calls.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(1);
    answers = true;
    expect((await app.as(owner).call(retryMessage, { params: { id: body.messageId } })).status).toBe(202);
    await sendDue();
    expect((await thread())[0]?.delivery?.status).toBe('accepted');
  });

  it('fails at once where its bytes are gone, before anybody is asked', async () => {
    const fileId = await uploaded(png, 'image/png', 'a.png');
    await new LocalFiles(app.env.FILES_DIR).remove(`${tenant.id}/${fileId}`);
    await send(media(fileId));
    await sendDue();
    expect((await thread())[0]?.delivery).toMatchObject({ status: 'failed', reason: 'content' });
    expect(meta.calls).toEqual([]);
  });

  const refusals: [string, Buffer, string, string | null, RegExp][] = [
    ['a type that the channel has not', words, 'text/html', null, /does not take files of the type text\/html/],
    ['what only says that it is a picture', words, 'image/png', null, /the type application\/octet-stream/],
    ['a picture that is too large', Buffer.concat([png, Buffer.alloc(5 * 2 ** 20)]), 'image/png', null, /up to 5 MB/],
    ['too many words', png, 'image/png', 'x'.repeat(1_025), /at most 1024 characters with a file; these are 1025/],
  ];
  test.each(refusals)('is refused for %s, and its file can still be sent', async (_name, bytes, type, caption, why) => {
    const fileId = await uploaded(bytes, type, 'a');
    const { status, body } = await send(media(fileId, caption));
    expect([status, body.code]).toEqual([422, 'channel_cannot']);
    expect(body.detail).toMatch(why);
    expect(await thread()).toEqual([]);
    const [row] = await app.sql`select state, message_id from attachments where id = ${fileId}`;
    expect(row).toEqual({ state: 'uploaded', message_id: null });
  });

  it('is refused while its file is not whole, and for one that is nobody’s or a customer’s', async () => {
    const { body } = await begin(words.length);
    expect(await send(media(body.id))).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await send(media(randomUUID()))).status).toBe(404);
    const { id: inbound } = await tenant.newMessage(await tenant.newConversation({ accountId: account.id }));
    const theirs = randomUUID();
    await app.sql`insert into attachments (tenant_id, id, message_id, account_id, kind, state, size_bytes, due_at, expires_at)
      values (${tenant.id}, ${theirs}, ${inbound}, ${account.id}, 'image', 'ready', 1, now(), now())`;
    expect((await send(media(theirs))).status).toBe(404);
  });
});

/** Nothing makes it smaller. */
function noisePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const said = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(said));
    return Buffer.concat([length, said, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // eight bits of each of three colours
  const rows = Array.from({ length: height }, () => Buffer.concat([Buffer.of(0), randomBytes(width * 3)]));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** Sends the beginning of a part that is announced as longer, and hangs up. */
async function breakOff(id: string, offset: number, bytes: Buffer, meanwhile?: () => Promise<void>): Promise<void> {
  const socket = connect(app.env.API_PORT, '127.0.0.1');
  const lines = [
    `PATCH /api/inbox/uploads/${id} HTTP/1.1`,
    'host: localhost',
    `cookie: ${owner.cookie}`,
    `content-type: ${FILE_PART}`,
    `upload-offset: ${offset}`,
    `content-length: ${words.length - offset}`,
  ];
  await new Promise<void>((resolve) => {
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.write(bytes, () => resolve());
  });
  const file = path.join(app.env.FILES_DIR, 'files', tenant.id, id);
  await waitFor('the bytes to be on disk', async () => {
    const known = await stat(file).catch(() => null);
    return known?.size === offset + bytes.length;
  });
  await meanwhile?.();
  socket.destroy();
}
