import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FileHandle } from '@parley/channels/provider';
import { registry } from '@parley/channels/registry';
import { createEgress, notConnected } from '@parley/platform/egress';
import { blockedHosts } from '@parley/testing/blocked-hosts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

/** Where no file may lead us. */
let canary: Server;
let canaryPort: number;
/** The provider, which may be called, and says that the file is somewhere else. */
let provider: Server;
let origin: string;
let leadsTo = '';
const hits: string[] = [];

beforeAll(async () => {
  canary = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end('secret');
  });
  provider = createServer((request, response) => {
    if (request.url?.startsWith('/moved'))
      return response.writeHead(302, { location: leadsTo.replace(/[^\x20-\x7e]/gu, encodeURIComponent) }).end();
    const file = { url_private_download: leadsTo };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: leadsTo, downloadUrl: leadsTo, file }));
  });
  canaryPort = await listening(canary);
  origin = `http://127.0.0.1:${await listening(provider)}`;
});
afterAll(() => {
  canary.close();
  provider.close();
});
beforeEach(() => void hits.splice(0));

const bases = {
  'cloud-api': () => ({ phoneNumberId: '1', wabaId: '2', accessToken: 'a', baseUrl: origin, version: 'v25.0' }),
  slack: () => ({ teamId: 'T1', botToken: 'xoxb-1', apiUrl: origin }),
  'green-api': () => ({ apiUrl: origin, idInstance: '1', apiTokenInstance: 'a' }),
};
const handles: Record<keyof typeof bases, () => FileHandle> = {
  'cloud-api': () => ({ mediaId: '1' }),
  slack: () => ({ fileId: 'F1' }),
  'green-api': () => ({ url: leadsTo, chatId: '1', idMessage: '1' }),
};

async function fetchFrom(name: keyof typeof bases, handle = handles[name]()): Promise<unknown> {
  const http = createEgress({ allow: `127.0.0.1:${new URL(origin).port}` });
  const opened = registry[name].fetchFile?.(handle, bases[name](), http);
  return opened?.then(
    () => 'opened',
    (error: unknown) => error,
  );
}

const names = Object.keys(bases) as (keyof typeof bases)[];
test.each(names)('%s: a file at any of many spellings of this network is not asked for', async (name) => {
  for (const host of blockedHosts) {
    leadsTo = `http://${host}:${canaryPort}/${name}`;
    expect([host, await fetchFrom(name)]).toEqual([host, expect.toSatisfy(notConnected)]);
  }
  expect(hits).toEqual([]);
});

test('a redirect there is not followed either, and one elsewhere takes no login along', async () => {
  for (const host of blockedHosts) {
    leadsTo = `http://${host}:${canaryPort}/moved`;
    const error = await fetchFrom('green-api', { url: `${origin}/moved`, chatId: '1', idMessage: '1' });
    expect([host, error]).toEqual([host, expect.toSatisfy(notConnected)]);
  }
  leadsTo = `${origin}/moved`;
  const round = await fetchFrom('green-api', { url: `${origin}/moved`, chatId: '1', idMessage: '1' });
  expect(round).toMatchObject({ message: 'the file was led on too often' });
  expect(hits).toEqual([]);
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // it listens on TCP
}
