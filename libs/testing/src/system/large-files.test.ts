import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { createUpload, getFileLink, getUpload } from '@parley/contracts/files';
import { sendMessage } from '@parley/contracts/messages';
import { FILE_PART } from '@parley/contracts/route';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { Desk } from './desk';
import { startSystem, type System } from './system';

const MIB = 2 ** 20;
const PART = 16 * MIB;
const MOST_GROWN_MIB = 50;
/** What the channel takes. Of what is larger it is seen how it comes here and is read; what a file may have, 2048, takes half a minute. */
const MOST_SENT_MIB = 100;
const sizeMib = inject('largeFileMib');

/** A file is this, again and again. */
const piece = randomBytes(PART);
const bytesFrom = (offset: number, sizeBytes: number) =>
  piece.subarray(offset % PART, Math.min(PART, (offset % PART) + sizeBytes - offset));

let system: System;
let tenant: TestTenant;
let owner: TestMember;
beforeAll(async () => {
  system = await startSystem();
  ({ tenant, owner } = await system.app.newTenant());
}, 120_000);
afterAll(() => system?.close());

it(`${sizeMib} MiB go up over a line that breaks twice, out and down, and nobody holds them`, async () => {
  const desk = new Desk(system, owner, await system.connect(tenant, 'green-api'));
  const phone = '+12025550188';
  await desk.receive({ from: phone, name: 'Rita', text: 'hello' });
  const { id: conversationId } = await desk.conversation(phone);
  let sent = 0;
  const out = async (fileId: string) => {
    const content = { type: 'media' as const, fileId, caption: null, width: null, height: null };
    expect((await desk.caller.call(sendMessage, { body: { conversationId, content } })).status).toBe(202);
    sent += 1;
    await desk.until('the customer to have it', async () => {
      const arrived = await system.simulator.sent('green-api', desk.account.ref);
      return arrived.filter(({ kind }) => kind === 'document').length === sent;
    });
  };
  const travel = async (sizeBytes: number, breaks: number[]) => {
    const id = await begin(sizeBytes);
    const grown = { up: await growth(system.apis[0], () => goUp(id, sizeBytes, breaks)), out: 0, down: 0 };
    if (sizeBytes <= MOST_SENT_MIB * MIB) grown.out = await growth(system.workers[0], () => out(id));
    else await attach(id);
    grown.down = await growth(system.apis[0], () => comeDown(id, sizeBytes));
    return grown;
  };
  await travel(MIB, []); // what is loaded once is loaded by then
  const grown = await travel(sizeMib * MIB, [(sizeMib / 3) * MIB, (sizeMib / 2) * MIB]);
  const [up, sentOut, down] = [grown.up, grown.out, grown.down].map((mib) => mib.toFixed(1));
  console.log(`a file of ${sizeMib} MiB: the api grew by ${up} MiB, the worker by ${sentOut}, the api by ${down}`);
  expect(Math.max(grown.up, grown.out, grown.down)).toBeLessThan(MOST_GROWN_MIB);
}, 300_000);

async function begin(sizeBytes: number): Promise<string> {
  const body = { fileName: 'large.bin', mimeType: 'application/octet-stream', sizeBytes };
  const answer = await system.app.as(owner).call(createUpload, { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function goUp(id: string, sizeBytes: number, breaks: number[]): Promise<void> {
  let breaksAt = breaks.shift();
  for (let at = 0; at < sizeBytes;) {
    const isCut = breaksAt !== undefined && at >= breaksAt;
    if (isCut) breaksAt = breaks.shift();
    at = await (isCut ? breakPart : sendPart)(id, at, sizeBytes);
  }
  expect(breaksAt).toBeUndefined();
}

const headersOf = (offset: number) => ({ 'content-type': FILE_PART, 'upload-offset': String(offset) });

async function sendPart(id: string, offset: number, sizeBytes: number): Promise<number> {
  const response = await system.app.as(owner).fetch(`/api/inbox/uploads/${id}`, {
    method: 'PATCH',
    headers: headersOf(offset),
    body: bytesFrom(offset, sizeBytes),
  });
  expect(response.status).toBe(204);
  return Number(response.headers.get('upload-offset'));
}

/** A part whose line breaks when some of it has arrived. Answers how far the file is then. */
async function breakPart(id: string, offset: number, sizeBytes: number): Promise<number> {
  const bytes = bytesFrom(offset, sizeBytes);
  const call = request(`${system.app.url}/api/inbox/uploads/${id}`, {
    method: 'PATCH',
    headers: { ...headersOf(offset), cookie: owner.cookie, 'content-length': bytes.length },
  });
  call.on('error', () => undefined); // it is broken on purpose
  call.write(bytes.subarray(0, bytes.length / 2));
  const file = path.join(system.app.env.FILES_DIR, 'files', tenant.id, id);
  await waitFor('some of it to arrive', async () => (await stat(file)).size > offset);
  call.destroy();
  return waitFor('what arrived to count', async () => {
    const { body } = await system.app.as(owner).call(getUpload, { params: { id } });
    return body.receivedBytes > offset ? body.receivedBytes : undefined;
  });
}

async function comeDown(id: string, sizeBytes: number): Promise<void> {
  const { body: link } = await system.app.as(owner).call(getFileLink, { params: { id } });
  const response = await system.app.fetch(link.url);
  let at = 0;
  for await (const chunk of response.body ?? []) {
    for (let done = 0; done < chunk.byteLength;) {
      const same = bytesFrom(at, sizeBytes).subarray(0, chunk.byteLength - done);
      if (!same.length || !same.equals(chunk.subarray(done, done + same.length))) throw new Error(`changed at ${at}`);
      done += same.length;
      at += same.length;
    }
  }
  expect([response.status, at]).toEqual([200, sizeBytes]);
}

/** To a message that stands, where no channel would take it. */
async function attach(id: string): Promise<void> {
  const { id: messageId } = await tenant.newMessage(await tenant.newConversation({}));
  await system.app.sql`update attachments set state = 'ready', message_id = ${messageId} where id = ${id}`;
}

/** How much the process had at most, above what it had when this began. MiB. */
async function growth(process: { pid?: number | undefined } | undefined, work: () => Promise<void>): Promise<number> {
  const status = `/proc/${process?.pid}/status`;
  const kib = async (what: string) =>
    Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(await readFile(status, 'utf8'))?.[1]);
  await writeFile(`/proc/${process?.pid}/clear_refs`, '5'); // the greatest is what it has now
  const before = await kib('VmRSS');
  await work();
  return ((await kib('VmHWM')) - before) / 1024;
}
