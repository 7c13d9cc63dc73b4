import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { createAccount, type ProviderName } from '@parley/contracts/accounts';
import { listMessages, type Message } from '@parley/contracts/messages';
import { FetcherModule } from '@parley/inbox/files/fetcher.module';
import { FetcherService } from '@parley/inbox/files/fetcher.service';
import { LanesModule } from '@parley/inbox/lanes/lanes.module';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { PlatformModule } from '@parley/platform/platform.module';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { blockedHosts } from '@parley/testing/blocked-hosts';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { cloudCall, greenCall, postAs } from '@parley/testing/system/provider-calls';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

@Module({ imports: [LanesModule, FetcherModule] })
class Parts {}

const DAY_MS = 24 * 3_600_000;
/** A file there is not had, whatever else is true. */
const FORBIDDEN = 'This file is said to lie at an address that may not be called from here.';

/** Where nobody may lead us: on this machine, which the operator did not allow. */
let canary: HttpStub;
/** The providers, which may be called, and say that files are somewhere else. */
let provider: HttpStub;
let app: TestApp;
let parts: INestApplicationContext;
let tried = 0;
/** By the number of a message, where its file is said to be. */
const places = new Map<string, string>();
/** Where the provider says that it is instead, to whoever asks for it there. */
const movedTo = new Map<string, string>();

const canaryPort = () => new URL(canary.url).port;

beforeAll(async () => {
  [canary, provider] = await Promise.all([startHttpStub(), startHttpStub()]);
  canary.answer(() => ({ body: 'secret' }));
  provider.answer(({ path, query }) => {
    const n = query.file ?? path.split('/').at(-1) ?? '';
    const isMoved = path.startsWith('/moved/');
    const url = (isMoved ? movedTo : places).get(n) ?? '';
    if (isMoved) return { status: 302, headers: { location: url.replace(/[^\x20-\x7e]/gu, encodeURIComponent) } };
    return { body: { ok: true, url, file: { url_private_download: url } } };
  });
  const elsewhere = `127.0.0.2:${canaryPort()}`; // nobody listens there
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: `${provider.host},${elsewhere}` } });
  const root = { module: Parts, imports: [PlatformModule.forRoot(app.env, { clock: app.clock })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
});
afterAll(async () => {
  console.log(`${tried} addresses of ours, ${canary.calls.length} hits`);
  await parts?.close();
  await app?.close();
  await Promise.all([canary?.close(), provider?.close()]);
});

interface Way {
  account: () => Record<string, unknown>;
  /** A customer sends a picture, which is there. */
  call: (account: TestAccount, n: string, url: string) => string;
}

/** Of providers whose files come by an address: Evolution hands them over itself. */
const ways: Partial<Record<ProviderName, Way>> = {
  'cloud-api': {
    account: () => ({ baseUrl: provider.url }),
    call: (account, n) => {
      const image = { id: n, mime_type: 'image/png' };
      const message = { from: '15550182236', id: `wamid.${n}`, timestamp: now(), type: 'image', image };
      return cloudCall(account, { contacts: [{ wa_id: '15550182236' }], messages: [message] });
    },
  },
  'green-api': {
    account: () => ({ apiUrl: provider.url }),
    call: (account, n, url) =>
      greenCall(account, 'incomingMessageReceived', {
        timestamp: Number(now()),
        idMessage: n,
        senderData: { chatId: '15550182236@c.us', sender: '15550182236@c.us' },
        messageData: {
          typeMessage: 'imageMessage',
          fileMessageData: { downloadUrl: url, mimeType: 'image/png' },
        },
      }),
  },
  slack: {
    account: () => ({ apiUrl: provider.url }),
    call: ({ config }, n) => {
      const ts = `${now()}.${n.slice(1).padStart(6, '0')}`;
      const file = { id: n, mimetype: 'image/png', name: 'pedal.png', mode: 'hosted', size: 10 };
      const event = {
        type: 'message',
        subtype: 'file_share',
        channel: 'D0SOMEBODY',
        channel_type: 'im',
        ts,
        user: 'U0SOMEBODY',
      };
      return JSON.stringify({
        type: 'event_callback',
        team_id: config.teamId,
        api_app_id: 'A0PARLEY01',
        event_id: `Ev${n}`,
        event_time: Number(now()),
        event: { ...event, event_ts: ts, text: '', files: [file] },
      });
    },
  },
};
const now = () => String(Math.floor(Date.now() / 1000));

/** Messages of one customer whose pictures are said to be there, or behind a redirect that leads there; answers how they stand. */
async function receive(
  name: ProviderName,
  urls: string[],
  { redirected = false } = {},
): Promise<() => Promise<Message[]>> {
  const way = ways[name];
  if (!way) throw new Error(`files of ${name} do not come by an address`);
  const { tenant, owner } = await app.newTenant();
  const account = await tenant.newAccount(name, way.account());
  const calls = urls.map((url) => {
    const n = `F${places.size + 1}`;
    const place = redirected ? `${provider.url}/moved/${n}` : url;
    places.set(n, place);
    movedTo.set(n, url);
    return way.call(account, n, place);
  });
  const answers = await Promise.all(calls.map((call) => postAs({ app }, account, call)));
  expect(answers).toEqual(urls.map(() => 200));
  await applied(tenant);
  return () => shown(tenant, owner);
}

function applied(tenant: TestTenant): Promise<unknown> {
  return waitFor('the messages to be applied', async () => {
    const rows = await app.sql<{ lane: number }[]>`select distinct lane from pending where tenant_id = ${tenant.id}`;
    for (const { lane } of rows) parts.get(LanesService).ring(lane);
    await parts.get(LanesService).settled();
    return rows.length === 0;
  });
}

async function shown(tenant: TestTenant, owner: TestMember): Promise<Message[]> {
  const [row] = await app.sql<{ id: string }[]>`select id from conversations where tenant_id = ${tenant.id}`;
  const query = { limit: 100 };
  const { body } = await app.as(owner).call(listMessages, { params: { id: row?.id ?? '' }, query });
  return body.items;
}

/** What is due is asked for, until nothing is. */
async function fetchAll(): Promise<void> {
  const fetcher = parts.get(FetcherService);
  const isDue = () =>
    app.sql`select 1 from attachments where state = 'pending' and due_at <= ${new Date(app.clock.now())} limit 1`;
  while ((await isDue()).length) {
    await fetcher.turn();
    await fetcher.settled();
  }
}

const filesOf = (messages: Message[]) =>
  messages.map(({ content }) =>
    content.type === 'media' && content.file ? [content.file.state, content.file.detail] : null,
  );
const failed = blockedHosts.map(() => ['failed', FORBIDDEN]);
const spelled = (path: string) => blockedHosts.map((host) => `http://${host}:${canaryPort()}/${path}`);

it('a file behind a redirect to any of many spellings of this network is not asked for', async () => {
  const read = await receive('green-api', spelled('moved'), { redirected: true });
  await fetchAll();
  expect(filesOf(await read())).toEqual(failed);
  expect(canary.calls).toEqual([]);
  tried += failed.length;
});

it('a redirect that leads in a circle is followed three times', async () => {
  const circle = `${provider.url}/moved/F${places.size + 1}`;
  const read = await receive('green-api', [circle], { redirected: true });
  provider.calls.length = 0;
  await fetchAll();
  expect(provider.calls.map(({ path }) => path)).toEqual(Array.from({ length: 4 }, () => new URL(circle).pathname));
  expect(filesOf(await read())).toEqual([['pending', null]]);
});

describe.each(Object.keys(ways) as ProviderName[])('%s', (name) => {
  it('a file at any of many spellings of this network is not asked for', async () => {
    const read = await receive(name, spelled(name));
    await fetchAll();
    expect(filesOf(await read())).toEqual(failed);
    expect(canary.calls).toEqual([]);
    tried += failed.length;
  });

  it('a file at a name that leads elsewhere once it was looked at is asked for where it was looked at', async () => {
    const asked: string[] = [];
    const restore = names((name) => {
      asked.push(name);
      return asked.length % 2 ? '127.0.0.2' : '127.0.0.1';
    });
    try {
      const read = await receive(name, [`http://rebinding.test:${canaryPort()}/${name}`]);
      await fetchAll();
      expect(asked).toEqual(['rebinding.test']);
      expect(filesOf(await read())).toEqual([['pending', null]]);
      app.clock.advance(DAY_MS);
      await fetchAll();
      expect(filesOf(await read())).toEqual([['failed', expect.anything()]]);
    } finally {
      restore();
      app.clock.advance(-DAY_MS);
    }
    expect(canary.calls).toEqual([]);
    tried += 1;
  });
});

/** Names as a server of somebody else's answers them, whoever asks in this process. */
function names(answer: (name: string) => string): () => void {
  const before = dns.lookup;
  const own = async (name: string) => [{ address: answer(name), family: 4 }];
  const put = (lookup: unknown) => {
    Object.assign(dns, { lookup });
    syncBuiltinESMExports();
  };
  put(own);
  return () => put(before);
}

/** What a form of each asks for, with a number of its own. */
const forms: Record<ProviderName, (url: string, n: string) => Record<string, unknown>> = {
  evolution: (baseUrl, instance) => ({ baseUrl, instance, apiKey: 'evolution-key-0123456789' }),
  'green-api': (apiUrl, idInstance) => ({ apiUrl, mediaUrl: apiUrl, idInstance, apiTokenInstance: 'token0123456789' }),
  'cloud-api': (baseUrl, n) => ({
    ...{ baseUrl, phoneNumberId: n, wabaId: n, accessToken: 'a'.repeat(20) },
    ...{ appSecret: 'b'.repeat(32), verifyToken: 'c'.repeat(20) },
  }),
  slack: (apiUrl, n) => ({ apiUrl, teamId: `T${n}`, botToken: `xoxb-${n}-abcdef`, signingSecret: 'd'.repeat(32) }),
};

it.each(Object.keys(forms) as ProviderName[])('%s: nobody is asked at an address like that', async (name) => {
  const { owner } = await app.newTenant();
  const states = await Promise.all(
    blockedHosts.map(async (host, i) => {
      const config = forms[name](`http://${host}:${canaryPort()}`, String(7_000_000_000 + i));
      const { status, body } = await app
        .as(owner)
        .call(createAccount, { body: { provider: name, name: host, config } });
      return status === 201 ? body.state : [status, body.errors];
    }),
  );
  expect(states).toEqual(blockedHosts.map(() => 'disconnected'));
  expect(canary.calls).toEqual([]);
  tried += states.length;
});
