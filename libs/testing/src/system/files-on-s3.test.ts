import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createUpload, discardUpload, getFileLink, getUpload } from '@parley/contracts/files';
import { sendMessage, type Message } from '@parley/contracts/messages';
import { FILE_PART } from '@parley/contracts/route';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startS3, type S3Server } from '../s3-server';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { Desk } from './desk';
import { startSystem, type System } from './system';

const MIB = 2 ** 20;
const PHONE = '+12025550177';

let s3: S3Server;
let system: System;
let tenant: TestTenant;
let owner: TestMember;
let desk: Desk;

beforeAll(async () => {
  s3 = await startS3();
  system = await startSystem({ apis: 2, env: s3.env });
  ({ tenant, owner } = await system.app.newTenant());
  desk = new Desk(system, owner, await system.connect(tenant, 'green-api'));
}, 120_000);
afterAll(async () => {
  await system?.close();
  await s3?.close();
});

const kept = () => [...s3.objects.keys()].filter((key) => key.startsWith(`${tenant.id}/`)).sort();

/** A part to one of the apis. Answers the status, and how far the file is. */
async function send(api: number, id: string, offset: number, bytes: Buffer): Promise<[number, number]> {
  const response = await fetch(`${system.urls[api]}/api/inbox/uploads/${id}`, {
    method: 'PATCH',
    headers: { cookie: owner.cookie, 'content-type': FILE_PART, 'upload-offset': String(offset) },
    body: bytes,
  });
  return [response.status, Number(response.headers.get('upload-offset'))];
}

async function begin(sizeBytes: number): Promise<string> {
  const body = { fileName: 'plan.bin', mimeType: 'application/octet-stream', sizeBytes };
  return (await desk.caller.call(createUpload, { body })).body.id;
}

async function download(id: string, headers: Record<string, string> = {}): Promise<Response> {
  const { status, body } = await desk.caller.call(getFileLink, { params: { id } });
  expect(status).toBe(200);
  return system.app.fetch(body.url, { headers });
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

it('brings a customer’s picture in, and nothing lies on a disk', async () => {
  await desk.receive({ from: PHONE, name: 'Rita', kind: 'image', text: 'look' });
  const [message] = await desk.thread(PHONE, ([first]) => fileOf(first)?.state === 'ready');
  const id = fileOf(message)?.id ?? '';
  const key = `${tenant.id}/${id}`;
  expect(kept()).toContain(key);
  const response = await download(id);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(response.headers.get('content-security-policy')).toContain('sandbox');
  expect(await bytesOf(response)).toEqual(s3.objects.get(key));
  expect(existsSync(system.app.env.FILES_DIR)).toBe(false);
});

it('takes a file up by an api that is killed half way, and by another; out it goes, and is read from its midst', async () => {
  const bytes = randomBytes(18 * MIB + 7);
  const before = kept();
  const id = await begin(bytes.byteLength);
  expect(await send(1, id, 0, bytes.subarray(0, 6 * MIB))).toEqual([204, 6 * MIB]);

  const reached = Promise.withResolvers<undefined>();
  s3.before(async ({ query }) => {
    if (query.get('partNumber') !== '3') return undefined;
    reached.resolve(undefined);
    return new Promise(() => {}); // never answered
  });
  const cut = send(1, id, 6 * MIB, bytes.subarray(6 * MIB, 16 * MIB)).catch(() => 'cut');
  await reached.promise;
  await system.apis[1]?.kill('SIGKILL');
  expect(await cut).toBe('cut');
  s3.before(() => undefined);

  const { body } = await desk.caller.call(getUpload, { params: { id } });
  expect(body.receivedBytes).toBe(6 * MIB);
  await system.app.sql`update attachments set due_at = now() where id = ${id}`; // the lease of who died is over
  expect(await send(0, id, 6 * MIB, bytes.subarray(6 * MIB, 9 * MIB))).toEqual([204, 9 * MIB]);
  expect(await send(0, id, 9 * MIB, bytes.subarray(9 * MIB))).toEqual([204, bytes.byteLength]);
  expect([kept(), s3.uploads.size]).toEqual([[...before, `${tenant.id}/${id}`].sort(), 0]);

  const { id: conversationId } = await desk.conversation(PHONE);
  const content = { type: 'media' as const, fileId: id, caption: null, width: null, height: null };
  expect((await desk.caller.call(sendMessage, { body: { conversationId, content } })).status).toBe(202);
  await desk.until('the customer to have it', async () => {
    const arrived = await system.simulator.sent('green-api', desk.account.ref);
    return arrived.some(({ kind }) => kind === 'document');
  });
  const range = await download(id, { range: `bytes=${10 * MIB}-${10 * MIB + 99}` });
  expect([range.status, range.headers.get('content-range')]).toEqual([
    206,
    `bytes 10485760-10485859/${bytes.byteLength}`,
  ]);
  expect(await bytesOf(range)).toEqual(bytes.subarray(10 * MIB, 10 * MIB + 100));
});

it('goes on without S3, says so, and comes back by itself', async () => {
  const words = Buffer.from('what was said');
  const id = await begin(words.byteLength);
  s3.before(() => 'SlowDown');
  const health = async (url: string | undefined) => {
    const response = await fetch(`${url}/health/ready`);
    const { details } = (await response.json()) as { details: { files: unknown } };
    return [response.status, details.files];
  };
  for (const url of [system.app.url, system.workerUrls[0]])
    await waitFor(
      'it to be told',
      async () => JSON.stringify(await health(url)).includes('degraded') && (await health(url))[0] === 200,
    );
  expect((await send(0, id, 0, words))[0]).toBe(500);
  s3.before(() => undefined);
  expect(await send(0, id, 0, words)).toEqual([204, words.byteLength]);
  await waitFor('it to be told', async () => JSON.stringify(await health(system.app.url)) === '[200,{"status":"up"}]');
});

it('removes all of what was taken back before it was whole', async () => {
  const before = kept();
  const id = await begin(20 * MIB);
  expect(await send(0, id, 0, randomBytes(11 * MIB))).toEqual([204, 11 * MIB]);
  expect(s3.uploads.size).toBe(1);
  await desk.caller.call(discardUpload, { params: { id } });
  await waitFor('its bytes to be gone', async () => s3.uploads.size === 0 && kept().length === before.length);
});

const fileOf = (message: Message | undefined) => (message?.content.type === 'media' ? message.content.file : undefined);
