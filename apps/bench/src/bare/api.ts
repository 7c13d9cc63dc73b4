import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import postgres from 'postgres';
import { bareSettings, channels, laneOf } from './bare-settings';
import { tellLag } from './tell-lag';
import '../with-parent';

/** The bare pipeline's door: a signed call is kept, then answered; ready-made frames go out to who listens. */
const { databaseUrl, redisUrl, port, appSecret, tenants } = bareSettings();
const MAX_BATCH = 100;
const MAX_BACKLOG_BYTES = 1 << 20;

interface Row {
  tenant: number;
  account: string;
  lane: number;
  key: string;
  body: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

interface Call {
  entry: {
    changes: { value: { metadata: { phone_number_id: string }; messages: { id: string; from: string }[] } }[];
  }[];
}

const sql = postgres(databaseUrl, { max: 2, onnotice() {} });
const redis = new Redis(redisUrl);
const frames = new Redis(redisUrl);

const KEEP = `insert into inbox (tenant, account, lane, key, body)
  select * from unnest($1::int[], $2::text[], $3::smallint[], $4::text[], $5::text[]) on conflict do nothing`;

const waiting: Row[] = [];
let flushing = false;

/** One flush at a time; what comes meanwhile goes with the next, so arrival and `seq` agree. */
async function flush(): Promise<void> {
  for (let rows = waiting.splice(0, MAX_BATCH); rows.length; rows = waiting.splice(0, MAX_BATCH)) {
    const columns = (['tenant', 'account', 'lane', 'key', 'body'] as const).map((name) => rows.map((row) => row[name]));
    try {
      await sql.unsafe(KEEP, columns, { prepare: true });
      void redis.publish(channels.wake, [...new Set(rows.map((row) => row.lane))].join());
      for (const row of rows) row.resolve();
    } catch (error) {
      for (const row of rows) row.reject(error);
    }
  }
  flushing = false;
}

function keep(row: Omit<Row, 'resolve' | 'reject'>): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ ...row, resolve, reject });
    if (flushing) return;
    flushing = true;
    setImmediate(() => void flush());
  });
}

const app = Fastify({ bodyLimit: 1 << 20 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.post<{ Body: Buffer }>('/hook', async (request, reply) => {
  const given = Buffer.from(String(request.headers['x-hub-signature-256'] ?? '').slice(7), 'hex');
  const wanted = createHmac('sha256', appSecret).update(request.body).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return reply.code(401).send();
  const body = request.body.toString();
  const { value } = (JSON.parse(body) as Call).entry[0]?.changes[0] ?? {};
  const [message] = value?.messages ?? [];
  const account = value?.metadata.phone_number_id ?? '';
  const tenant = tenants[account];
  if (!message || tenant === undefined) return reply.code(200).send();
  await keep({ tenant, account, lane: laneOf(account, message.from), key: message.id, body });
  return reply.code(200).send();
});

const rooms = new Map<number, Set<ServerResponse>>();
app.get<{ Querystring: { tenant: string } }>('/events', (request, reply) => {
  reply.hijack();
  const { raw } = reply;
  const tenant = Number(request.query.tenant);
  const room = rooms.get(tenant) ?? new Set();
  rooms.set(tenant, room.add(raw));
  raw.on('close', () => room.delete(raw));
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.write(':\n\n');
});

/** `tenant LF frames`: one buffer for however many streams. */
frames.on('messageBuffer', (_channel, message: Buffer) => {
  const end = message.indexOf(10);
  const bytes = message.subarray(end + 1);
  for (const stream of rooms.get(Number(message.toString('latin1', 0, end))) ?? []) {
    if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy();
    else stream.write(bytes);
  }
});

await frames.subscribe(channels.frames);
await app.listen({ port, host: '127.0.0.1' });
tellLag();
process.send?.('ready');
