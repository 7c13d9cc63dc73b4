import Fastify from 'fastify';
import { Redis } from 'ioredis';
import postgres from 'postgres';
import { bareSendSettings, sendChannels } from './send-schema';
import { tellLag } from './tell-lag';
import '../with-parent';

/** The bare way out, first half: what an agent wrote is kept, told, and answered. */
const { databaseUrl, redisUrl, port } = bareSendSettings();
const MAX_BATCH = 100;

interface Row {
  account: string;
  chat: string;
  body: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const sql = postgres(databaseUrl, { max: 2, onnotice() {} });
const redis = new Redis(redisUrl);
const KEEP = `insert into outbox (account, chat, body) select * from unnest($1::text[], $2::text[], $3::text[])`;

const waiting: Row[] = [];
let flushing = false;

async function flush(): Promise<void> {
  for (let rows = waiting.splice(0, MAX_BATCH); rows.length; rows = waiting.splice(0, MAX_BATCH)) {
    const columns = (['account', 'chat', 'body'] as const).map((name) => rows.map((row) => row[name]));
    try {
      await sql.unsafe(KEEP, columns, { prepare: true });
      const frames = rows.map(
        ({ chat, body }) => `data: ${JSON.stringify({ type: 'message.created', chat, body })}\n\n`,
      );
      void redis.pipeline().publish(sendChannels.wake, '').publish(sendChannels.frames, frames.join('')).exec();
      for (const row of rows) row.resolve();
    } catch (error) {
      for (const row of rows) row.reject(error);
    }
  }
  flushing = false;
}

const app = Fastify();
app.post<{ Body: { account: string; chat: string; text: string } }>('/send', async ({ body }, reply) => {
  await new Promise<void>((resolve, reject) => {
    waiting.push({ account: body.account, chat: body.chat, body: body.text, resolve, reject });
    if (flushing) return;
    flushing = true;
    setImmediate(() => void flush());
  });
  return reply.code(202).send();
});
await app.listen({ port, host: '127.0.0.1' });
tellLag();
process.send?.('ready');
