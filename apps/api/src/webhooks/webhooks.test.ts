import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let tenant: TestTenant;
let evolution: TestAccount;
let cloud: TestAccount;

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  ({ tenant } = await app.newTenant());
  evolution = await tenant.newAccount('evolution');
  cloud = await tenant.newAccount('cloud-api');
});
afterAll(() => app?.close());

const text = (account: TestAccount, id: string, body = 'hello') => ({
  event: 'messages.upsert',
  instance: account.config.instance,
  data: {
    key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: false, id },
    pushName: 'Rosa',
    message: { conversation: body },
    messageType: 'conversation',
    messageTimestamp: 1772615722,
  },
});

const cloudCall = (messages: { number: string; id: string; from?: string }[]) => ({
  object: 'whatsapp_business_account',
  entry: messages.map(({ number, id, from = '15550182236' }) => ({
    id: '1',
    changes: [
      {
        field: 'messages',
        value: {
          messaging_product: 'whatsapp',
          metadata: { display_phone_number: '15550104477', phone_number_id: number },
          messages: [{ from, id, timestamp: '1767261600', type: 'text', text: { body: id } }],
        },
      },
    ],
  })),
});

function post(path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return app.fetch(path, {
    method: 'POST',
    body: body as NonNullable<RequestInit['body']>,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const secretOf = (account: TestAccount) => ({ 'x-parley-secret': String(account.config.webhookSecret) });
const signed = (body: string | Uint8Array) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', app.env.CLOUD_API_APP_SECRET ?? '')
    .update(body)
    .digest('hex')}`,
});

async function rowsOf(account: TestAccount): Promise<{ body: Buffer; chat: string | null }[]> {
  return app.sql<{ body: Buffer; chat: string | null }[]>`
    select w.body, p.chat from webhooks w join pending p using (tenant_id, received_on, key)
    where w.account_id = ${account.id} order by p.arrival`;
}

describe('what a provider is answered', () => {
  it('200 once it is kept, and 200 when it is there already', async () => {
    const account = await tenant.newAccount('evolution');
    const body = JSON.stringify(text(account, 'K1'));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(account.webhookPath, body, secretOf(account))),
    );
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await rowsOf(account)).toHaveLength(1);
  });

  it('accepts one more segment, which names the kind of event', async () => {
    const answer = await post(
      `${evolution.webhookPath}/messages-upsert`,
      JSON.stringify(text(evolution, 'K2')),
      secretOf(evolution),
    );
    expect(answer.status).toBe(200);
  });

  it('404 to an unknown path token, also right before the account is made', async () => {
    const token = 'x'.repeat(43);
    expect((await post(`/api/webhooks/whatsapp/evolution/${token}`, '{}')).status).toBe(404);
  });

  it('401 to a wrong secret or signature, or none', async () => {
    const body = JSON.stringify(text(evolution, 'K3'));
    expect((await post(evolution.webhookPath, body, { 'x-parley-secret': 'wrong' })).status).toBe(401);
    expect((await post(evolution.webhookPath, body)).status).toBe(401);
    const call = JSON.stringify(cloudCall([{ number: String(cloud.config.phoneNumberId), id: 'wamid.K3' }]));
    expect((await post(cloud.webhookPath, call)).status).toBe(401);
    expect((await post(cloud.webhookPath, `${call} `, signed(call))).status).toBe(401);
    expect((await post(cloud.webhookPath, call, signed(call))).status).toBe(200);
  });

  it('200 to a number that is not ours, and keeps nothing', async () => {
    const call = JSON.stringify(cloudCall([{ number: '999', id: 'wamid.N1' }]));
    expect((await post(cloud.webhookPath, call, signed(call))).status).toBe(200);
    const kept = await app.sql`select 1 from webhooks where convert_from(body, 'UTF8') like '%wamid.N1%'`;
    expect(kept).toHaveLength(0);
  });

  it('200 to another instance on this path, and keeps nothing', async () => {
    const account = await tenant.newAccount('evolution');
    const body = JSON.stringify({ ...text(account, 'K4'), instance: 'somebody-else' });
    expect((await post(account.webhookPath, body, secretOf(account))).status).toBe(200);
    expect(await rowsOf(account)).toHaveLength(0);
  });

  it('200 while the account is paused or the tenant suspended, and keeps it', async () => {
    const { tenant: other } = await app.newTenant();
    const account = await other.newAccount('evolution');
    await app.sql`update accounts set paused_at = now() where id = ${account.id}`;
    await app.sql`update tenants set status = 'suspended' where id = ${other.id}`;
    expect((await post(account.webhookPath, JSON.stringify(text(account, 'K5')), secretOf(account))).status).toBe(200);
    expect(await rowsOf(account)).toHaveLength(1);
  });

  it('200 to what is authentic but malformed: kept as it came', async () => {
    const account = await tenant.newAccount('evolution');
    for (const body of ['{"event":', 'null', '[]', '"text"', '{"event":7}', `{"a":"\u0000\ud800"}`]) {
      expect((await post(account.webhookPath, body, secretOf(account))).status, body).toBe(200);
    }
    expect((await rowsOf(account)).length).toBeGreaterThanOrEqual(5);
  });

  it('413 past the limit of the provider, also when it is packed', async () => {
    const huge = Buffer.alloc(3 * 2 ** 20 + 1, 0x20);
    expect((await post(cloud.webhookPath, huge)).status).toBe(413);
    expect((await post(cloud.webhookPath, gzipSync(huge), { 'content-encoding': 'gzip' })).status).toBe(413);
    const body = JSON.stringify({ ...text(evolution, 'K6'), filler: 'x'.repeat(5 * 2 ** 20) });
    expect((await post(evolution.webhookPath, body, secretOf(evolution))).status).toBe(200);
  });

  it('reads a packed body, and refuses one that is not what it says', async () => {
    const packed = gzipSync(JSON.stringify(text(evolution, 'K7')));
    expect(
      (await post(evolution.webhookPath, packed, { ...secretOf(evolution), 'content-encoding': 'gzip' })).status,
    ).toBe(200);
    expect(
      (await post(evolution.webhookPath, '{}', { ...secretOf(evolution), 'content-encoding': 'gzip' })).status,
    ).toBe(415);
    const named = await post(evolution.webhookPath, packed, {
      ...secretOf(evolution),
      'content-encoding': 'gzip',
      'x-request-id': 'theirs-4711',
    });
    expect([named.headers.get('x-request-id'), named.headers.get('x-correlation-id')]).toEqual(['theirs-4711', null]);
    for (const unknown of ['zstd-new', 'constructor', 'toString', '__proto__']) {
      const answer = await post(evolution.webhookPath, '{}', { ...secretOf(evolution), 'content-encoding': unknown });
      expect([unknown, answer.status]).toEqual([unknown, 415]);
    }
  });

  it('503 with Retry-After when Postgres is away, and never 4xx', async () => {
    const { url, close } = await app.start(serveApi, { DATABASE_URL: await deadAddress() });
    try {
      const answer = await fetch(url + evolution.webhookPath, {
        method: 'POST',
        body: '{}',
        headers: secretOf(evolution),
      });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
    } finally {
      await close();
    }
  });

  it('a challenge, to Meta’s handshake alone', async () => {
    const ask = (token: string) =>
      app.fetch(
        `${cloud.webhookPath}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(token)}`,
      );
    const right = await ask(app.env.CLOUD_API_VERIFY_TOKEN ?? '');
    expect([right.status, await right.text()]).toEqual([200, '1158201444']);
    expect((await ask('wrong')).status).toBe(403);
    expect((await app.fetch(cloud.webhookPath)).status).toBe(400);
  });
});

it('cuts one call of 200 items of two tenants: each item in its own', async () => {
  const { tenant: other } = await app.newTenant();
  const [mine, theirs] = [await tenant.newAccount('cloud-api'), await other.newAccount('cloud-api')];
  const numbers = [mine, theirs].map((account) => String(account.config.phoneNumberId));
  const call = JSON.stringify(
    cloudCall(Array.from({ length: 200 }, (_, i) => ({ number: numbers[i % 2] ?? '', id: `wamid.${i}` }))),
  );
  expect((await post(mine.webhookPath, call, signed(call))).status).toBe(200);
  const [a, b] = [await rowsOf(mine), await rowsOf(theirs)];
  expect([a.length, b.length]).toEqual([100, 100]);
  const ids = (rows: { body: Buffer }[]) => rows.map((row) => /wamid\.(\d+)/.exec(row.body.toString())?.[1]);
  expect(ids(a)).toEqual(Array.from({ length: 100 }, (_, i) => String(2 * i))); // in the order of the call
  expect(ids(b)).toEqual(Array.from({ length: 100 }, (_, i) => String(2 * i + 1)));
});

it('gives what concerns a whole WABA to each of its accounts, and to no other', async () => {
  const wabaId = `${Date.now()}`;
  const { tenant: other } = await app.newTenant();
  const accounts = [
    await tenant.newAccount('cloud-api', { wabaId }),
    await tenant.newAccount('cloud-api', { wabaId }),
    await other.newAccount('cloud-api', { wabaId }),
  ];
  const stranger = await tenant.newAccount('cloud-api');
  const call = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      { id: wabaId, time: 1767262000, changes: [{ field: 'account_review_update', value: { decision: 'APPROVED' } }] },
    ],
  });
  expect((await post(cloud.webhookPath, call, signed(call))).status).toBe(200);
  for (const account of accounts) expect(await rowsOf(account)).toHaveLength(1);
  expect(await rowsOf(stranger)).toHaveLength(0);
});

it('keeps NUL and lone surrogates as they came, byte for byte', async () => {
  const account = await tenant.newAccount('evolution');
  const body = JSON.stringify(text(account, 'Z1', 'x')).replace('"x"', '"a\\u0000b\\ud800c"');
  expect((await post(account.webhookPath, body, secretOf(account))).status).toBe(200);
  expect((await rowsOf(account))[0]?.body.toString()).toContain('a\\u0000b\\ud800c');
});

// Bodies go to Postgres as text where they are text.
it('keeps what is no text, or holds what texts are parted by, byte for byte, together in one flush and alone', async () => {
  const account = await tenant.newAccount('evolution');
  const odd = [
    [0x7b, 0xff, 0xfe],
    [0x61, 0x1f, 0x62],
    [0x61, 0, 0x62],
    [0xed, 0xa0, 0x80],
    [0x1f],
    [...Buffer.from('{"é":"🎈"}')],
  ];
  const bodies = odd.map((bytes) => Buffer.from(bytes));
  const send = async (body: Buffer) => (await post(account.webhookPath, body, secretOf(account))).status;
  expect(await Promise.all(bodies.map(send))).toEqual(bodies.map(() => 200));
  expect(await send(Buffer.alloc(0))).toBe(200);
  const kept = (await rowsOf(account)).map((row) => row.body.toString('hex')).sort();
  expect(kept).toEqual([...bodies, Buffer.alloc(0)].map((body) => body.toString('hex')).sort());
});

it('survives a body of depth 10,000 and one that names a prototype', async () => {
  const account = await tenant.newAccount('evolution');
  const deep = `{"event":"messages.upsert","instance":"${account.config.instance}","data":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`;
  const proto = `{"event":"messages.upsert","instance":"${account.config.instance}","data":{"__proto__":{"polluted":true},"key":{}}}`;
  for (const body of [deep, proto]) expect((await post(account.webhookPath, body, secretOf(account))).status).toBe(200);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(await rowsOf(account)).toHaveLength(2);
});

/** An address where nobody listens. */
async function deadAddress(): Promise<string> {
  for (let port = 9; ; port++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    if (!open) return `postgres://nobody@127.0.0.1:${port}/none`;
  }
}
