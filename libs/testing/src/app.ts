import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LINES, type AnyRoute, type InputOf, type Route } from '@parley/contracts/route';
import type { Problem } from '@parley/contracts/problem';
import { CredentialBox } from '@parley/platform/credentials';
import { parseEnv, type Env } from '@parley/platform/env';
import postgres from 'postgres';
import { cloneDatabase } from './database';
import { mailTo, type TestMail } from './mail';
import { redisUrl } from './services';
import { newTenant, tenantOf, type TestMember, type TestTenant } from './tenant';
import { TestClock } from './test-clock';

/** A started process of ours. */
export interface Running {
  close(): Promise<void>;
}
/** Starts the api or the worker inside this process; it listens where the environment says. */
export type Start = (env: Env, options: { clock: TestClock }) => Promise<Running>;

export interface AppParts {
  /** `serveApi` of apps/api: handed in, because libraries see no apps. */
  api?: Start;
  /** `serveWorker` of apps/worker. Left out: nothing is drained or sent, rows stay as the api wrote them. */
  worker?: Start;
  /** More variables, or other values. */
  env?: Record<string, string>;
}

type Refused = Pick<Problem, 'code' | 'detail' | 'correlationId' | 'errors'>;

/** What a call came to. `body` is the route's answer or a problem: `status` tells which. */
export interface Answer<Body> {
  status: number;
  body: [Body] extends [undefined] ? Refused : Body & Refused;
  headers: Headers;
}

export interface Caller {
  call<P, Q, B, R>(
    route: Route<P, Q, B, R>,
    input?: Input<Route<P, Q, B, R>>,
    headers?: Record<string, string>,
  ): Promise<Answer<R>>;
  /** Any request; `path` starts with `/`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** The parts of an input that the route has; what is optional there may be left out here. */
type Input<R> = {
  [Part in keyof InputOf<R> as InputOf<R>[Part] extends undefined ? never : Part]?:
    Partial<InputOf<R>[Part]> | InputOf<R>[Part];
};

export interface TestApp extends Caller {
  /** Origin of the api. */
  url: string;
  env: Env;
  clock: TestClock;
  /** The owner's connection: sees every row of every tenant. */
  sql: postgres.Sql;
  /** A tenant of its own, with an admin. */
  newTenant(options?: {
    name?: string;
    agentsSeeUnassigned?: boolean;
  }): Promise<{ tenant: TestTenant; owner: TestMember }>;
  /** The newest mail to somebody. Waits for it. */
  mailTo(address: string): Promise<TestMail>;
  /** A tenant that is there already. */
  tenant(id: string): TestTenant;
  /** The api, as this member. */
  as(member: Pick<TestMember, 'cookie'>): Caller;
  /** The api, as a program with this API key. */
  by(key: string): Caller;
  /** Starts one more process on the same database, e.g. a second api on a port of its own. */
  start(part: Start, env?: Record<string, string>): Promise<{ url: string } & Running>;
  close(): Promise<void>;
}

/** The real application on a database and key prefix of its own. Close it in `afterAll`. */
export async function startApp({ api, worker, env: more }: AppParts): Promise<TestApp> {
  const database = await cloneDatabase();
  const env = await testEnv({ DATABASE_URL: database.url, ...more });
  const clock = new TestClock();
  const sql = postgres(database.url, {
    max: 3,
    onnotice: () => {},
    types: { int8: { to: 20, from: [20], parse: Number, serialize: String } },
  });
  const running: Running[] = [];
  const close = async () => {
    await Promise.allSettled(running.reverse().map((part) => part.close()));
    await sql.end({ timeout: 2 });
    await database.drop();
    await rm(env.FILES_DIR, { recursive: true, force: true });
    await rm(env.MAIL_DIR, { recursive: true, force: true });
  };
  try {
    if (api) running.push(await api(env, { clock }));
    if (worker) running.push(await worker(env, { clock }));
  } catch (error) {
    await close();
    throw error;
  }
  const url = `http://127.0.0.1:${env.API_PORT}`;
  const box = new CredentialBox(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID);
  return {
    url,
    env,
    clock,
    sql,
    ...callerOf(url),
    newTenant: (options = {}) => newTenant({ sql, env, box }, options),
    mailTo: (address) => mailTo(env.MAIL_DIR, address),
    tenant: (id) => tenantOf({ sql, env, box }, id, id),
    as: ({ cookie }) => callerOf(url, { cookie }),
    by: (key) => callerOf(url, { authorization: `Bearer ${key}` }),
    async start(part, extra = {}) {
      const own = await testEnv({
        ...textOf(env),
        API_PORT: `${await freePort()}`,
        WORKER_PORT: `${await freePort()}`,
        ...extra,
      });
      const started = await part(own, { clock });
      running.push(started);
      return { url: `http://127.0.0.1:${own.API_PORT}`, close: () => started.close() };
    },
    close,
  };
}

/** An environment as an operator would give it, with secrets of its own and free ports. */
export async function testEnv(more: Record<string, string>): Promise<Env> {
  const key = randomBytes(32).toString('base64');
  return parseEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    REDIS_URL: redisUrl(),
    REDIS_PREFIX: `test-${randomUUID().slice(0, 8)}`,
    API_PORT: `${await freePort()}`,
    WORKER_PORT: `${await freePort()}`,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    CREDENTIALS_KEYS: JSON.stringify({ k1: key }),
    CREDENTIALS_KEY_ID: 'k1',
    METRICS_TOKEN: randomBytes(16).toString('hex'),
    CLOUD_API_APP_SECRET: randomBytes(16).toString('hex'),
    CLOUD_API_VERIFY_TOKEN: randomBytes(16).toString('hex'),
    SLACK_CLIENT_ID: '111.222',
    SLACK_CLIENT_SECRET: randomBytes(16).toString('hex'),
    SLACK_SIGNING_SECRET: randomBytes(16).toString('hex'),
    EGRESS_ALLOW: '',
    FILES_DIR: path.join(tmpdir(), `parley-files-${randomUUID()}`),
    RATE_LIMIT_MEMBER: '1000000',
    SHUTDOWN_DELAY_MS: '0', // nobody looks whether it is ready
    MAIL_DIR: path.join(tmpdir(), `parley-mail-${randomUUID()}`),
    ...more,
  });
}

/**
 * A port that nobody listens on at the moment. It lies below those that the system gives to connections and to whoever
 * asks for any, so that none of them takes it before its app listens. Each process of tests counts up within a row that
 * no other of its run has: a port stays its own while what listened there is dead.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lastPort >= firstPort + ROW - 1 ? firstPort : lastPort + 1;
    lastPort = port; // before anybody else asks
    if (await isFree(port)) return port;
  }
}

const [ROW, ROWS] = [1_000, 9];
/** 11000 to 19999. Vitest numbers the processes that run at once from 1. */
const firstPort = 11_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % ROWS) * ROW;
let lastPort = firstPort + randomInt(ROW);

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Back to what `parseEnv` takes. */
function textOf(env: Env): Record<string, string> {
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}

function callerOf(url: string, headers: Record<string, string> = {}): Caller {
  return {
    fetch: (path, init = {}) =>
      fetch(url + path, { redirect: 'manual', ...init, headers: { ...headers, ...headersOf(init) } }),
    async call(route, input = {}, more = {}) {
      const { params, query, body } = input as Partial<InputOf<AnyRoute>>;
      const response = await fetch(url + pathOf(route, params as Values, query as Values), {
        method: route.method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: bodyOf(response, text) as never,
      };
    },
  };
}

/** Of an answer in lines, each of them. */
function bodyOf({ headers }: Response, text: string): unknown {
  const isLines = headers.get('content-type') === LINES;
  if (isLines) return text.split('\n').flatMap((line): unknown[] => (line ? [JSON.parse(line)] : []));
  return text ? JSON.parse(text) : undefined;
}

type Values = Record<string, unknown> | undefined;

function pathOf(route: Pick<AnyRoute, 'path'>, params: Values = {}, query: Values = {}): string {
  const path = route.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `/api${path}${search.size ? `?${search}` : ''}`;
}

function headersOf({ headers }: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}
