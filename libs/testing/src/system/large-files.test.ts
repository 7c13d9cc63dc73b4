import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { createUpload, discardUpload, getFileLink, getUpload } from '@parley/contracts/files';
import { sendMessage } from '@parley/contracts/messages';
import { FILE_PART } from '@parley/contracts/route';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { Desk } from './desk';
import { startSystem, type System } from './system';

const MIB = 2 ** 20;
const PART = 16 * MIB;
const MOST_MIB = 50;
const LONG = 300_000;

/** The same again and again: what lies in a file is of no account here, how much of it is. */
const piece = randomBytes(PART);

let system: System;
let tenant: TestTenant;
let owner: TestMember;
beforeAll(async () => {
  system = await startSystem();
  ({ tenant, owner } = await system.app.newTenant());
}, 120_000);
afterAll(() => system?.close());

async function begin(sizeBytes: number, fileName: string): Promise<string> {
  const body = { fileName, mimeType: 'application/octet-stream', sizeBytes };
  const answer = await system.app.as(owner).call(createUpload, { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const headersOf = (offset: number) => ({ 'content-type': FILE_PART, 'upload-offset': String(offset) });

async function sendPart(id: string, offset: number, sizeBytes: number): Promise<number> {
  const response = await system.app.as(owner).fetch(`/api/inbox/uploads/${id}`, {
    method: 'PATCH',
    headers: headersOf(offset),
    body: piece.subarray(0, Math.min(PART, sizeBytes - offset)),
  });
  expect(response.status).toBe(204);
  return Number(response.headers.get('upload-offset'));
}

/** A part whose line breaks when some of it has arrived. Answers how far the file is then. */
async function breakPart(id: string, offset: number): Promise<number> {
  const call = request(`${system.app.url}/api/inbox/uploads/${id}`, {
    method: 'PATCH',
    headers: { ...headersOf(offset), cookie: owner.cookie, 'content-length': PART },
  });
  call.on('error', () => undefined); // it is broken on purpose
  call.write(piece.subarray(0, 5 * MIB));
  const file = path.join(system.app.env.FILES_DIR, 'files', tenant.id, id);
  await waitFor('some of it to arrive', async () => (await stat(file)).size > offset);
  call.destroy();
  return waitFor('what arrived to count', async () => {
    const { body } = await system.app.as(owner).call(getUpload, { params: { id } });
    return body.receivedBytes > offset ? body.receivedBytes : undefined;
  });
}

/** How much the process had at most, above what it had when this began. MiB. */
async function growth(pid: number, work: () => Promise<void>): Promise<number> {
  const kib = async (what: string) =>
    Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
  await writeFile(`/proc/${pid}/clear_refs`, '5'); // the greatest is what it has now
  const before = await kib('VmRSS');
  await work();
  return ((await kib('VmHWM')) - before) / 1024;
}

const apiPid = () => system.apis[0]?.pid ?? 0;

it(
  'of 100 MB go up, out and down, and the api holds little of them',
  async () => {
    const desk = new Desk(system, owner, await system.connect(tenant, 'green-api'));
    const phone = '+12025550188';
    await desk.receive({ from: phone, name: 'Rita', text: 'hello' });
    const { id: conversationId } = await desk.conversation(phone);
    const sizeBytes = 100 * MIB;
    await sendPart(await begin(MIB, 'small.bin'), 0, MIB); // what is loaded once is loaded by then

    const id = await begin(sizeBytes, 'large.bin');
    const up = await growth(apiPid(), async () => {
      for (let at = 0; at < sizeBytes;) at = await sendPart(id, at, sizeBytes);
    });
    const content = { type: 'media' as const, fileId: id, caption: null, width: null, height: null };
    const sent = await system.app.as(owner).call(sendMessage, { body: { conversationId, content } });
    expect(sent.status).toBe(202);
    const worker = system.workers[0]?.pid ?? 0;
    const out = await growth(worker, () =>
      waitFor(
        'the customer to have it',
        async () => {
          const arrived = await system.simulator.sent('green-api', desk.account.ref);
          return arrived.some(({ kind }) => kind === 'document') ? true : undefined;
        },
        { timeoutMs: 120_000 },
      ).then(() => undefined),
    );
    const { body: link } = await system.app.as(owner).call(getFileLink, { params: { id } });
    const down = await growth(apiPid(), async () => {
      const response = await system.app.fetch(link.url);
      let bytes = 0;
      for await (const chunk of response.body ?? []) bytes += chunk.byteLength;
      expect([response.status, bytes]).toEqual([200, sizeBytes]);
    });
    const told = [up, out, down].map((mib) => mib.toFixed(1)).join(', ');
    console.log(`100 MB up, out, down: api, worker, api grew by ${told} MiB`);
    for (const mib of [up, out, down]) expect(mib).toBeLessThan(MOST_MIB);
  },
  LONG,
);

it(
  'of 2 GB come in parts, over a line that breaks twice',
  async () => {
    const sizeBytes = 2 * 2 ** 30;
    const id = await begin(sizeBytes, 'huge.bin');
    const breaks = [3 * PART, 70 * PART];
    const broken: number[] = [];
    const mib = await growth(apiPid(), async () => {
      for (let at = 0; at < sizeBytes;) {
        if (breaks.length && at >= (breaks[0] ?? 0)) {
          breaks.shift();
          at = await breakPart(id, at);
          broken.push(at);
        } else at = await sendPart(id, at, sizeBytes);
      }
    });
    const file = path.join(system.app.env.FILES_DIR, 'files', tenant.id, id);
    expect((await stat(file)).size).toBe(sizeBytes);
    expect((await system.app.as(owner).call(getUpload, { params: { id } })).body.receivedBytes).toBe(sizeBytes);
    expect(broken).toHaveLength(2);
    console.log(`2 GB up, broken at ${broken.join(' and ')}: the api grew by ${mib.toFixed(1)} MiB`);
    expect(mib).toBeLessThan(MOST_MIB);
    expect((await system.app.as(owner).call(discardUpload, { params: { id } })).status).toBe(204);
    await waitFor('its bytes to be gone', async () => ((await stat(file).catch(() => null)) ? undefined : true));
  },
  LONG,
);
