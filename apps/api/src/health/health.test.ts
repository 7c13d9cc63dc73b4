import { createServer, type Server } from 'node:http';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
let worker: Server | undefined;

beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(async () => {
  worker?.close();
  await app?.close();
});

const ask = async (path: string, url = app.url) => {
  const response = await fetch(`${url}/health${path}`);
  return {
    status: response.status,
    body: (await response.json()) as {
      status: string;
      details: Record<string, { status: string; degraded?: boolean }>;
    },
  };
};

describe('health', () => {
  it('is alive and ready, with every migration', async () => {
    expect((await ask('/live')).status).toBe(200);
    const { status, body } = await ask('/ready');
    expect(status).toBe(200);
    expect(Object.keys(body.details).sort()).toEqual(['database', 'files', 'migrations', 'redis', 'serving']);
    expect((await ask('/webhook')).body.details).toMatchObject({ intake: { status: 'up' } });
  });

  it('tells whether somebody works behind it', async () => {
    expect((await ask('/worker')).status).toBe(503);
    expect((await ask('')).body).toMatchObject({
      status: 'error',
      details: { worker: { status: 'down' }, database: { status: 'up' } },
    });
    worker = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => worker?.listen(app.env.WORKER_PORT, '127.0.0.1', resolve));
    expect((await ask('/worker')).status).toBe(200);
    expect((await ask('')).status).toBe(200);
  });

  it('is ready without Redis, and says so', async () => {
    const { url } = await app.start(serveApi, { REDIS_URL: 'redis://127.0.0.1:9' });
    const { status, body } = await ask('/ready', url);
    expect([status, body.details.redis]).toEqual([200, { status: 'up', degraded: true }]);
    expect((await fetch(`${url}/api/demo`)).status).toBe(200);
  });

  it('is not ready on a database that is older, or away, and tells no host', async () => {
    const [newest] = await app.sql<{ id: number; created_at: string }[]>`delete from drizzle.__drizzle_migrations
      where created_at = (select max(created_at) from drizzle.__drizzle_migrations) returning *`;
    const { url } = await app.start(serveApi);
    expect(await ask('/ready', url)).toMatchObject({
      status: 503,
      body: { details: { migrations: { status: 'down' } } },
    });
    if (newest) await app.sql`insert into drizzle.__drizzle_migrations ${app.sql(newest)}`;
    expect((await ask('/ready', url)).status).toBe(200);
    const away = await app.start(serveApi, { DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:9/none' });
    const answer = await ask('/ready', away.url);
    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer)).not.toMatch(/secret-word|127\.0\.0\.1/);
  });
});

describe('metrics', () => {
  it('need their token', async () => {
    for (const authorization of [undefined, 'Bearer wrong', app.env.METRICS_TOKEN ?? '']) {
      const response = await app.fetch('/metrics', { headers: authorization ? { authorization } : {} });
      expect(response.status).toBe(401);
    }
  });

  it('count answers by pattern, never by path', async () => {
    const { owner } = await app.newTenant();
    await app.as(owner).fetch('/api/accounts/0192f8f0-0000-7000-8000-000000000001');
    await app.fetch('/api/accounts?secret=word');
    await app.fetch('/nothing/of/the/kind/whatever');
    const text = await (
      await app.fetch('/metrics', { headers: { authorization: `Bearer ${app.env.METRICS_TOKEN}` } })
    ).text();
    expect(text).toMatch(/parley_http_requests_total\{method="GET",route="\/api\/accounts\/:id",status="404"\} 1/);
    expect(text).toMatch(/parley_http_requests_total\{method="GET",route="\/api\/accounts",status="401"\} 1/);
    expect(text).not.toMatch(/0192f8f0|whatever|secret/);
    for (const name of [
      'http_request_duration_seconds',
      'inbox_messages_received_total',
      'inbox_messages_sent_total',
      'inbox_message_processing_duration_seconds',
      'inbox_active_threads',
      'queue_backlog',
      'queue_active_jobs',
      'queue_completed_total',
      'queue_failed_total',
      'provider_requests_total',
      'provider_request_duration_seconds',
      'provider_errors_total',
      'database_query_duration_seconds',
      'database_pool_busy',
      'realtime_connections',
      'realtime_events_total',
      'process_cpu_seconds_total',
    ]) {
      expect(text).toContain(`# TYPE parley_${name} `);
    }
  });

  it('are open in the demo', async () => {
    const demo = await app.start(serveApi, { PARLEY_DEMO: '1' });
    expect((await fetch(`${demo.url}/metrics`)).status).toBe(200);
    const logins = (await (await fetch(`${demo.url}/api/demo`)).json()) as { demo: boolean; logins: unknown[] };
    expect([logins.demo, logins.logins.length]).toEqual([true, 8]);
  });
});
