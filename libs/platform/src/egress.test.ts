import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { blockedHosts } from '@parley/testing/blocked-hosts';
import { createEgress, notConnected, TooLargeError } from './egress';
import { isGlobal } from './egress-addresses';

let server: Server;
let port: number;
let calls: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    calls.push(`${request.headers.host}${request.url}`);
    if (request.url === '/moved') return response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
    if (request.url === '/big') return response.end('x'.repeat(50_000));
    if (request.url === '/bomb')
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5_000_000)));
    if (request.url === '/echo') return request.pipe(response);
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

describe('literal addresses', () => {
  it('are many', () => expect(blockedHosts.length).toBeGreaterThanOrEqual(60));

  test.each(blockedHosts)('%s is refused', async (host) => {
    const egress = createEgress({ allow: '' });
    await expect(egress(`http://${host}/`)).rejects.toSatisfy(notConnected);
    await expect(egress(`https://${host}:8443/`)).rejects.toSatisfy(notConnected);
  });

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '198.17.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
  ])('%s is global', (address) => expect(isGlobal(address)).toBe(true));
});

test.each([
  'file:///etc/passwd',
  'gopher://1.1.1.1/',
  'ftp://1.1.1.1/',
  'http://user@1.1.1.1/',
  'http://user:password@1.1.1.1/',
  'https://1.1.1.1:22/',
  'http://1.1.1.1@127.0.0.1/',
  'http://[fe80::1%25eth0]/',
  'http://',
  '//1.1.1.1/',
  'javascript:1',
])('%s is refused', async (url) => {
  await expect(createEgress({ allow: '' })(url)).rejects.toSatisfy(notConnected);
});

it('connects to the address that was checked, whatever the name says next', async () => {
  calls = [];
  const answers = ['127.0.0.2', '127.0.0.1']; // nobody listens on the first
  const asked: string[] = [];
  const egress = createEgress({
    allow: `127.0.0.0/8:${port}`,
    lookup: async (name) => {
      asked.push(name);
      return [{ address: answers.shift() ?? '127.0.0.1', family: 4 }];
    },
  });
  await expect(egress(`http://rebind.test:${port}/`)).rejects.toSatisfy(notConnected);
  expect(asked).toEqual(['rebind.test']);
  expect(calls).toEqual([]);
});

it('refuses a name that leads inside, and takes the outside half of a mixed answer', async () => {
  const inside = createEgress({
    allow: '',
    lookup: async () => [
      { address: '10.0.0.7', family: 4 },
      { address: '::1', family: 6 },
    ],
  });
  await expect(inside('http://inside.test/')).rejects.toSatisfy(notConnected);
  const mixed = createEgress({
    allow: `127.0.0.1:${port}`,
    lookup: async () => [
      { address: '10.0.0.7', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ],
  });
  expect(await (await mixed(`http://mixed.test:${port}/`)).text()).toBe('hello');
});

describe('the operator’s list', () => {
  it('opens a port of a network, or of a name, and no other', async () => {
    const byNetwork = createEgress({ allow: `127.0.0.0/8:${port}` });
    expect(await (await byNetwork(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
    await expect(byNetwork(`http://127.0.0.1:${port + 1}/`)).rejects.toSatisfy(notConnected);
    const byName = createEgress({
      allow: `evolution:${port}`,
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    expect(await (await byName(`http://evolution:${port}/`)).text()).toBe('hello');
    await expect(byName(`http://other:${port}/`)).rejects.toSatisfy(notConnected);
    expect(calls.at(-1)).toBe(`evolution:${port}/`);
  });

  it('never opens where clouds keep credentials', async () => {
    const egress = createEgress({ allow: '169.254.0.0/16:80, [fd00:ec2::254]:80' });
    await expect(egress('http://169.254.169.254/latest/meta-data')).rejects.toSatisfy(notConnected);
    await expect(egress('http://[fd00:ec2::254]/')).rejects.toSatisfy(notConnected);
  });

  test.each(['evolution', 'evolution:99999', '10.0.0.0/33:80', 'http://evolution:8080', '[10.0.0.0/8:80'])(
    '%s is refused at boot',
    (allow) => {
      expect(() => createEgress({ allow })).toThrow(/is neither|is no network/);
    },
  );
});

describe('answers', () => {
  const open = () => createEgress({ allow: `127.0.0.1:${port}`, maxBytes: 10_000 });

  it('follows no redirect', async () => {
    calls = [];
    expect((await open()(`http://127.0.0.1:${port}/moved`)).status).toBe(302);
    expect(calls).toEqual([`127.0.0.1:${port}/moved`]);
  });

  test.each(['/big', '/bomb'])('stops reading %s at the cap', async (path) => {
    const response = await open()(`http://127.0.0.1:${port}${path}`);
    await expect(response.text()).rejects.toBeInstanceOf(TooLargeError);
  });

  it('sends what it is given', async () => {
    const response = await open()(`http://127.0.0.1:${port}/echo`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toEqual({ a: 1 });
  });
});

describe('no connection', () => {
  it('is told apart from a connection that broke', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const closed = (free.address() as AddressInfo).port;
    await new Promise((resolve) => free.close(resolve));
    const rude = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const broken = (rude.address() as AddressInfo).port;

    const egress = createEgress({ allow: `127.0.0.1:${closed},127.0.0.1:${broken},127.0.0.1:${port}` });
    await expect(egress(`http://127.0.0.1:${closed}/`)).rejects.toSatisfy(notConnected);
    await expect(egress(`https://127.0.0.1:${port}/`)).rejects.toSatisfy(notConnected); // no TLS there
    await expect(egress(`http://127.0.0.1:${broken}/`, { method: 'POST', body: 'x' })).rejects.toSatisfy(
      (error) => !notConnected(error),
    );
    await new Promise((resolve) => rude.close(resolve));
  });

  it('includes a name that nobody knows, and one that takes for ever', async () => {
    const unknown = createEgress({
      allow: '',
      lookup: () => Promise.reject(Object.assign(new Error('nope'), { code: 'ENOTFOUND' })),
    });
    await expect(unknown('http://nobody.test/')).rejects.toSatisfy(notConnected);
    const slow = createEgress({ allow: '', lookup: () => new Promise(() => {}) });
    await expect(slow('http://slow.test/')).rejects.toSatisfy(notConnected);
  });
});
