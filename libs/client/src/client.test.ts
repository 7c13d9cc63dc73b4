import { Readable } from 'node:stream';
import { CURSOR_HEADER as contractCursor, sseEvents as contractSseEvents } from '@parley/contracts/realtime';
import { startHttpStub, type HttpStub, type StubAnswer } from '@parley/testing/http-stub';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './api-error';
import { createClient, type Client, type ClientOptions } from './client';
import { Pace } from './pace';
import { routes } from './routes';
import { CURSOR_HEADER, sseEvents } from './wire';

let stub: HttpStub;
let client: Client;
beforeAll(async () => {
  stub = await startHttpStub();
  client = createClient({ baseUrl: `${stub.url}/`, key: 'parley_key' });
});
afterAll(() => stub.close());
beforeEach(() => void (stub.calls.length = 0));

/** These answers, one after the other; `cut`: the line breaks. */
function answers(...given: (StubAnswer | 'cut')[]) {
  stub.answer(() => {
    const next = given.shift();
    return next === 'cut' ? undefined : (next ?? { status: 500, body: 'one call too many' });
  });
}
function problem(status: number, code: string, headers: Record<string, string> = {}, more: object = {}): StubAnswer {
  return { status, headers, body: { code, detail: 'Because.', correlationId: 'c-12345678', ...more } };
}
const soon = { 'retry-after': '0' };
const id = '0190a0a0-0000-7000-8000-000000000001';
const label = { id, name: 'Returns', hue: 25 };
const createLabel = () => client.call(routes.createLabel, { body: { name: 'Returns', hue: 25 } });
const keys = () => stub.calls.map(({ headers }) => headers['idempotency-key']);
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('was not refused'),
    (error: unknown) => error,
  );

describe('a call', () => {
  it('goes where its route is, as who it is, and says where its answer stands', async () => {
    answers({ headers: { [CURSOR_HEADER]: '7' }, body: { items: [], nextCursor: null, prevCursor: null } });
    const { body, stamp } = await client.call(routes.listMessages, { params: { id: 'a/b' }, query: { limit: 5 } });
    expect([body.items, stamp.seq]).toEqual([[], 7]);
    expect(stub.calls).toMatchObject([
      { method: 'GET', path: '/api/inbox/conversations/a%2Fb/messages', query: { limit: '5' } },
    ]);
    expect(stub.calls[0]?.headers).toMatchObject({ authorization: 'Bearer parley_key' });
  });

  it('that is refused says why, with what was wrong of each field', async () => {
    const errors = [{ path: 'body.name', message: 'is too long' }];
    answers(problem(422, 'invalid', {}, { errors }));
    const error = await refusalOf(createLabel());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 'invalid',
      status: 422,
      message: 'Because.',
      correlationId: 'c-12345678',
      errors,
    });
    expect(stub.calls).toHaveLength(1);
  });

  it('is made again where that is safe, a write by the same Idempotency-Key, and another by another', async () => {
    const passing = ['cut', problem(503, 'unavailable', soon), { status: 502, body: 'of a proxy' }] as const;
    answers(...passing, problem(409, 'idempotency_running', soon), { status: 201, body: label }, { body: label });
    expect((await createLabel()).body).toEqual(label);
    await createLabel();
    const [first, ...others] = keys();
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(others.slice(0, 4)).toEqual([first, first, first, first]);
    expect(others[4]).not.toBe(first);
    expect(stub.calls.map(({ body }) => body)).toEqual(Array(6).fill({ name: 'Returns', hue: 25 }));
  });

  it('takes the key that its caller keeps', async () => {
    answers({ status: 201, body: label });
    await client.call(routes.createLabel, { body: { name: 'Returns', hue: 25 } }, { idempotencyKey: 'mine' });
    expect(keys()).toEqual(['mine']);
  });

  it.each([
    ['whose first try died, for somebody must look', problem(409, 'idempotency_running')],
    ['that the provider did not take: its answer is kept for the key', problem(502, 'provider_unavailable')],
    ['that broke something', problem(500, 'internal')],
    ['that should wait for longer than a minute', problem(429, 'rate_limited', { 'retry-after': '61' })],
  ])('is not made again %s', async (_why, refused) => {
    answers(refused);
    expect(await refusalOf(createLabel())).toMatchObject({ status: refused.status });
    expect(stub.calls).toHaveLength(1);
  });

  it('is given up after so many tries, and says how long to wait', async () => {
    stub.answer(() => problem(429, 'rate_limited', soon));
    const impatient = createClient({ baseUrl: stub.url, key: 'k', retries: 1 });
    const error = await refusalOf(impatient.call(routes.listLabels, {}));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 0 });
    expect(stub.calls).toHaveLength(2);
  });

  it('is not waited for longer than it may take, or its caller wants to', async () => {
    stub.answer(() => new Promise(() => {}));
    const short = createClient({ baseUrl: stub.url, key: 'k', timeoutMs: 50, retries: 0 });
    expect(await refusalOf(short.call(routes.listLabels, {}))).toMatchObject({ code: 'network', status: 0 });
    const stop = new AbortController();
    const waits = client.call(routes.listLabels, { signal: stop.signal });
    stop.abort(new Error('enough'));
    expect(await refusalOf(waits)).toMatchObject({ message: 'enough' });
  });
});

describe('a client of OAuth', () => {
  const oauth = (more: Partial<ClientOptions> = {}) =>
    createClient({ baseUrl: stub.url, clientId: id, clientSecret: 'parley_key', ...more });
  const paths = () => stub.calls.map(({ path }) => path.replace('/api/', ''));
  const labels = { items: [], nextCursor: null };
  let given = 0;
  const token = (seconds = 3600) => ({ body: { access_token: `t${(given += 1)}`, expires_in: seconds } });

  it('exchanges its secret once for all calls, and anew when the token is refused', async () => {
    let refused = '';
    stub.answer(({ path, headers }) => {
      if (path === '/api/auth/token') return token();
      return headers.authorization === refused ? problem(401, 'unauthenticated') : { body: labels };
    });
    const program = oauth();
    await Promise.all([program.call(routes.listLabels, {}), program.call(routes.listTeams, {})]);
    refused = String(stub.calls.at(-1)?.headers.authorization);
    await program.call(routes.listLabels, {});
    expect(paths()).toEqual(['auth/token', ...Array(3).fill(expect.any(String)), 'auth/token', 'inbox/labels']);
    expect(stub.calls[0]?.body).toBe(`grant_type=client_credentials&client_id=${id}&client_secret=parley_key`);
  });

  it('renews a token before its end', async () => {
    stub.answer(({ path }) => (path === '/api/auth/token' ? token(59) : { body: labels }));
    const program = oauth();
    for (let i = 0; i < 2; i++) await program.call(routes.listLabels, {});
    expect(paths()).toEqual(['auth/token', 'inbox/labels', 'auth/token', 'inbox/labels']);
  });

  it('is told what is wrong with its secret', async () => {
    answers({ status: 401, body: { error: 'invalid_client', error_description: 'No such client.' } });
    const error = await refusalOf(oauth().call(routes.listLabels, {}));
    expect(error).toMatchObject({ code: 'unauthenticated', message: 'No such client.' });
  });
});

it('reads a list to its end, page by page', async () => {
  answers({ body: { items: [1, 2], nextCursor: 'c2' } }, { body: { items: [3], nextCursor: null } });
  const seen: unknown[] = [];
  for await (const item of client.list(routes.listConversations, { query: { status: 'open' } })) seen.push(item);
  expect(seen).toEqual([1, 2, 3]);
  expect(stub.calls.map(({ query }) => query)).toEqual([{ status: 'open' }, { status: 'open', cursor: 'c2' }]);
});

it('reads an export line by line, wherever it is cut', async () => {
  const bytes = Buffer.from('{"a":"ț"}\n{"a":2}\n');
  answers({ body: Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]) });
  const seen: unknown[] = [];
  for await (const line of client.lines(routes.exportData, {})) seen.push(line);
  expect(seen).toEqual([{ a: 'ț' }, { a: 2 }]);
});

describe('events', () => {
  const event = (seq: number) => `id: ${seq}\ndata: {"seq":${seq},"type":"label.updated"}\n\n`;
  const stream = (...frames: string[]): StubAnswer => ({
    headers: { 'content-type': 'text/event-stream' },
    body: Readable.from(frames.map((frame) => Buffer.from(frame))),
  });

  it('go on where the line broke, tell of a reset, and end when they are stopped', async () => {
    const passing = 'event: ephemeral\ndata: {"type":"typing"}\n\n';
    answers(
      stream('retry: 1000\nid: 4\n\n', event(5), passing, 'id: 8\n\n'),
      problem(503, 'unavailable', soon),
      'cut',
      stream('event: reset\nid: 20\ndata: {}\n\n'),
      stream(event(21), event(22)),
    );
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const heard of client.events({ signal: stop.signal })) {
      seen.push('seq' in heard ? `${heard.type} ${heard.seq}` : heard.type);
      if (seen.at(-1) === 'label.updated 21') stop.abort();
    }
    expect(seen).toEqual(['label.updated 5', 'typing', 'reset 20', 'label.updated 21']);
    const from = stub.calls.map(({ query, headers }) => [query.after, headers['last-event-id']]);
    expect(from).toEqual([[undefined, undefined], ...['8', '8', '8', '20'].map((seq) => [seq, seq])]);
  });

  it('begin after what their reader knows, and end with what it throws', async () => {
    answers(stream(event(5)));
    const read = async () => {
      for await (const _ of client.events({ after: 3 })) throw new Error('no more');
    };
    expect(await refusalOf(read())).toMatchObject({ message: 'no more' });
    expect(stub.calls.map(({ query }) => query)).toEqual([{ after: '3' }]);
  });

  it('are refused for good', async () => {
    answers(problem(403, 'forbidden'));
    expect(await refusalOf(client.events().next())).toMatchObject({ code: 'forbidden' });
  });
});

it('brings a file part by part, and goes on from where a part broke off', async () => {
  const bytes = new Blob(['x'.repeat(2 * 2 ** 20), 'and a rest']);
  const upload = (receivedBytes: number) => ({ body: { id, receivedBytes } });
  const taken = (offset: number) => ({ status: 204, headers: { 'upload-offset': String(offset) } });
  answers(upload(0), 'cut', upload(9), problem(409, 'conflict'), upload(9), taken(2 * 2 ** 20 + 9), taken(bytes.size));
  expect(await client.upload({ bytes, fileName: 'a.txt', mimeType: 'text/plain' })).toBe(id);
  const parts = stub.calls.filter(({ method }) => method === 'PATCH');
  expect(parts.map(({ headers }) => headers['upload-offset'])).toEqual(['0', '9', '9', String(2 * 2 ** 20 + 9)]);
  expect(parts.at(-1)).toMatchObject({ path: `/api/inbox/uploads/${id}`, body: 't' });
});

it('holds further calls back once nothing is left', async () => {
  vi.useFakeTimers();
  try {
    const pace = new Pace();
    let mayGo = false;
    const turn = () => void pace.turn().then(() => (mayGo = true));
    pace.note(new Headers({ ratelimit: '"key";r=1;t=60, "tenant";r=900;t=60' }));
    turn();
    await vi.advanceTimersByTimeAsync(0);
    expect(mayGo).toBe(true);
    mayGo = false;
    pace.note(new Headers({ ratelimit: '"key";r=0;t=37, "tenant";r=900;t=60' }));
    turn();
    await vi.advanceTimersByTimeAsync(36_900);
    expect(mayGo).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(mayGo).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

it('holds the values that the contract holds', () => {
  expect({ CURSOR_HEADER, sseEvents }).toEqual({ CURSOR_HEADER: contractCursor, sseEvents: contractSseEvents });
});
