import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../wait-for';
import { startEntry, type Entry } from './entry';

interface Backend {
  url: string;
  asked: string[];
  isReady: boolean;
  server: Server;
}

let backends: Backend[];
let entry: Entry;
beforeEach(async () => {
  backends = [await newBackend(), await newBackend()];
  entry = await startEntry(() => backends.map(({ url }) => url));
});
afterEach(async () => {
  await entry.close();
  for (const { server } of backends) server.closeAllConnections();
  await Promise.all(backends.map(({ server }) => new Promise((resolve) => server.close(resolve))));
});

async function newBackend(): Promise<Backend> {
  const backend: Backend = { url: '', asked: [], isReady: true, server: createServer() };
  backend.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/health/ready') return void response.writeHead(backend.isReady ? 200 : 503).end();
    backend.asked.push(`${request.method} ${request.url}`);
    if (request.url === '/stream') return void response.writeHead(200).write('first');
    if (request.url === '/refuse') return void response.writeHead(503, { 'retry-after': '1' }).end();
    request.pipe(response.writeHead(200, { 'x-from': backend.url }));
  });
  await new Promise<void>((resolve) => backend.server.listen(0, '127.0.0.1', resolve));
  backend.url = `http://127.0.0.1:${(backend.server.address() as AddressInfo).port}`;
  return backend;
}

const post = (path: string, body = '') => fetch(entry.url + path, { method: 'POST', body });
const askedOf = () => backends.map(({ asked }) => asked.length);

it('goes round, and hands on what was asked and answered', async () => {
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((word) => post('/echo?x=1', word)));
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['a', 'b', 'c', 'd']);
  expect(backends.map(({ asked }) => asked)).toEqual([
    Array(2).fill('POST /echo?x=1'),
    Array(2).fill('POST /echo?x=1'),
  ]);
});

it('passes by who is not ready, and asks all the same while nobody is', async () => {
  const [first, second] = backends;
  if (!first || !second) throw new Error('two are needed');
  first.isReady = false;
  await waitFor('the entry to know', async () => {
    first.asked.length = second.asked.length = 0;
    for (let i = 0; i < 4; i++) await post('/echo');
    return first.asked.length === 0 && second.asked.length === 4;
  });
  second.isReady = false;
  await waitFor('both to be asked', async () => (await post('/echo'), first.asked.length > 0));
});

it('sends nothing twice: a refusal is handed on, and so is a backend that is gone', async () => {
  const answer = await post('/refuse');
  expect([answer.status, answer.headers.get('retry-after'), askedOf().reduce((a, b) => a + b)]).toEqual([503, '1', 1]);
  for (const { server } of backends) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  expect((await post('/echo')).status).toBe(502);
});

it('lets a stream through at once, and ends it when its backend dies', async () => {
  const answer = await fetch(`${entry.url}/stream`);
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe('first');
  for (const { server } of backends) server.closeAllConnections();
  await expect(reader?.read()).rejects.toThrow();
});
