import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setConversationStatus } from '@parley/contracts/conversations';
import { getMe, switchTenant } from '@parley/contracts/me';
import { errorStatus, Problem } from '@parley/contracts/problem';
import { FILE_PART } from '@parley/contracts/route';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { serveApi } from '../create-app';

let web: Server;
let pages: string[] = [];
let app: TestApp;
let tenant: TestTenant;
let owner: TestMember;

beforeAll(async () => {
  web = createServer((request, response) => {
    pages.push(
      `${request.method} ${request.url} ${request.headers['x-forwarded-for']} ${request.headers['x-forwarded-host']}`,
    );
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'" })
      .end('<p>page</p>');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  app = await startApp({
    api: serveApi,
    env: { WEB_URL: `http://127.0.0.1:${(web.address() as AddressInfo).port}`, TRUST_PROXY: '10.0.0.0/8' },
  });
  ({ tenant, owner } = await app.newTenant());
});
afterAll(async () => {
  await app?.close();
  web.close();
});

const json = { 'content-type': 'application/json' };
const write = (headers: Record<string, string>, body = '{}') =>
  app.as(owner).fetch('/api/me/tenant', { method: 'POST', headers, body });

describe('errors', () => {
  it('say that it passes where Postgres has no answer in time', async () => {
    const conversation = await tenant.newConversation();
    const held = await app.sql.reserve();
    await held`begin`;
    await held`select from conversations where id = ${conversation.id} for update`;
    const answer = await app
      .as(owner)
      .call(setConversationStatus, { params: { id: conversation.id }, body: { status: 'resolved' } });
    await held`rollback`;
    held.release();
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  test.each<[string, () => Promise<Response>, keyof typeof errorStatus]>([
    ['an unknown path', () => app.fetch('/api/nothing'), 'not_found'],
    ['an unknown path, written to', () => app.fetch('/api/nothing', { method: 'DELETE' }), 'not_found'],
    ['the bare prefix', () => app.fetch('/api'), 'not_found'],
    ['no session', () => app.fetch('/api/me'), 'unauthenticated'],
    ['broken JSON', () => write(json, '{"a":'), 'bad_request'],
    ['a prototype in JSON', () => write(json, '{"__proto__":{"a":1}}'), 'bad_request'],
    ['depth 10,000', () => write(json, '['.repeat(10_000)), 'bad_request'],
    ['20,000 parts', () => write(json, `[${'1,'.repeat(20_000)}1]`), 'bad_request'],
    ['more than 1 MiB', () => write(json, JSON.stringify({ a: 'x'.repeat(2 ** 20) })), 'too_large'],
    ['a form', () => write({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'), 'unsupported_media_type'],
    ['text', () => write({ 'content-type': 'text/plain' }, '{}'), 'unsupported_media_type'],
    ['a part of a file', () => write({ 'content-type': FILE_PART, 'idempotency-key': 'a' }), 'unsupported_media_type'],
    ['a body that is not valid', () => write(json, '{"tenantId":7}'), 'invalid'],
    ['no body', () => app.as(owner).fetch('/api/me/tenant', { method: 'POST' }), 'invalid'],
    [
      'a broken session cookie',
      () => app.fetch('/api/me', { headers: { cookie: 'parley=%E0%A4%A' } }),
      'unauthenticated',
    ],
  ])('answer a problem: %s', async (_name, call, code) => {
    const response = await call();
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = Problem.strict().parse(await response.json());
    expect([problem.code, problem.status, response.status]).toEqual([code, errorStatus[code], errorStatus[code]]);
    expect(problem.correlationId).toBe(response.headers.get('x-request-id'));
  });

  it('never repeat what was sent', async () => {
    const text = await (await write(json, '{"tenantId":"my secret words"}')).text();
    expect(text).not.toContain('secret');
  });
});

describe('the correlation id', () => {
  it('is the caller’s where it is one, else ours', async () => {
    const ids = await Promise.all(
      ['order-4711.a', 'short', 'x'.repeat(65), '<script>alert(1)'].map(async (id) => {
        const response = await app.fetch('/api/demo', { headers: { 'x-request-id': id } });
        return response.headers.get('x-request-id');
      }),
    );
    expect(ids[0]).toBe('order-4711.a');
    for (const id of ids.slice(1)) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a write started by another site', () => {
  test.each<[string, Record<string, string>, number]>([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['no origin of its own', { origin: 'null' }, 403],
    ['another port of this machine', { origin: 'http://localhost:1' }, 403],
    ['a look-alike', { origin: 'http://localhost.evil.example' }, 403],
    ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['no browser', {}, 422],
    ['our own page', { origin: 'OWN', 'sec-fetch-site': 'same-origin' }, 422],
  ])('is refused, or not: %s', async (_name, headers, status) => {
    const origin: Record<string, string> = headers.origin === 'OWN' ? { origin: app.url } : {};
    const response = await write({ ...json, ...headers, ...origin });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code: status === 403 ? 'bad_origin' : 'invalid' });
  });

  it('is refused at sign-in too', async () => {
    const response = await app.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { ...json, origin: 'https://evil.example' },
      body: '{}',
    });
    expect(response.status).toBe(403);
  });

  it('leaves reading alone', async () => {
    expect((await app.as(owner).fetch('/api/me', { headers: { origin: 'https://evil.example' } })).status).toBe(200);
  });
});

describe('a path in another spelling', () => {
  /** As it stands: `fetch` would tidy it up. */
  const ask = (path: string, method: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
      request({ port: app.env.API_PORT, host: '127.0.0.1', path, method, headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      })
        .on('error', reject)
        .end();
    });

  test.each(['/%61pi/me/tenant', '/a%70%69/me/tenant', '/api/%6de/tenant', 'http://parley.test/api/me/tenant'])(
    'goes round nothing: %s',
    async (path) => {
      const refused = await ask(path, 'POST', { cookie: owner.cookie, origin: 'https://evil.example' });
      expect(refused.status).toBe(403);
      const { status, headers } = await ask(path, 'POST', { cookie: owner.cookie });
      expect([status, headers['cache-control'], headers['content-security-policy']]).toEqual([
        422,
        'no-store',
        "default-src 'none'; frame-ancestors 'none'",
      ]);
      expect((await ask(path, 'POST')).headers['ratelimit-policy']).toBe('"address";q=5000000;w=60');
    },
  );
});

describe('headers', () => {
  it('protect the API’s answers, errors too', async () => {
    for (const path of ['/api/demo', '/api/nothing']) {
      const { headers } = await app.fetch(path);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('tell a member how much is left', async () => {
    const { headers } = await app.as(owner).call(getMe);
    expect(headers.get('ratelimit-policy')).toBe('"member";q=1000000;w=60, "tenant";q=50000000;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"member";r=\d+;t=\d+, "tenant";r=\d+;t=\d+$/);
  });
});

describe('pages', () => {
  it('come from the pages’ server, which is told who really asks', async () => {
    pages = [];
    const response = await app.fetch('/inbox?x=1', {
      headers: { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-host': 'evil.example' },
    });
    expect(await response.text()).toBe('<p>page</p>');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(pages).toEqual([`GET /inbox?x=1 127.0.0.1 ${new URL(app.url).host}`]);
  });

  it('never see what is meant for the API', async () => {
    pages = [];
    await Promise.all(
      ['/api/nothing', '/api', '/api/webhooks/nothing', '/health/nothing'].map((path) => app.fetch(path)),
    );
    expect(pages.filter((page) => page.includes('/api'))).toEqual([]);
  });
});

describe('too many requests', () => {
  const ask = (url: string, { cookie }: { cookie: string }) => fetch(`${url}/api/me`, { headers: { cookie } });

  /** Starts one that counts in Redis: until it is connected, a process counts for itself, and then anew. */
  const startCounting = async (env: Record<string, string>) => {
    const { url } = await app.start(serveApi, env);
    await waitFor('Redis', async () => {
      const { details } = (await (await fetch(`${url}/health/ready`)).json()) as {
        details: { redis: { degraded?: boolean } };
      };
      return !details.redis.degraded;
    });
    return url;
  };

  it('of one member are refused, whatever their address', async () => {
    const url = await startCounting({ RATE_LIMIT_MEMBER: '20' });
    const { owner: busy } = await app.newTenant();
    const asked = await Promise.all(Array.from({ length: 25 }, () => ask(url, busy)));
    const refused = asked.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(await refused[0]?.json()).toMatchObject({ code: 'rate_limited', 'violated-policies': ['member'] });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(url, owner)).status).toBe(200);
  });

  it('are more in the demo, where everybody is the same few people', async () => {
    const { url } = await app.start(serveApi, { RATE_LIMIT_MEMBER: '10', PARLEY_DEMO: '1' });
    const me = await ask(url, owner);
    expect([me.status, me.headers.get('ratelimit-policy')]).toEqual([
      200,
      '"member";q=200;w=60, "tenant";q=10000;w=60',
    ]);
  });

  it('of one address are refused, whoever asks; providers’ calls are not', async () => {
    const url = await startCounting({ RATE_LIMIT_MEMBER: '1', REDIS_PREFIX: `address-${Date.now()}` });
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await fetch(`${url}/api/demo`)).status);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses.slice(10)).toEqual([429, 429]);
    const webhook = await fetch(`${url}/api/webhooks/whatsapp/evolution/nobody`, { method: 'POST', body: '{}' });
    expect([webhook.status, (await fetch(`${url}/health/live`)).status]).toEqual([404, 200]);
  });
});

it('answers a malformed id like any other invalid field', async () => {
  const { status, body } = await app.as(owner).call(switchTenant, { body: { tenantId: "'; drop table users; --" } });
  expect([status, body.code]).toEqual([422, 'invalid']);
});
