import { freePort } from '@parley/testing/app';
import postgres from 'postgres';
import type { Bench } from '../case';
import type { SendChat } from '../load/send-plan';
import type { SendSubject } from '../subject';
import { end, freshDatabase, lagOf, pidOf, start } from './processes';
import { bareSendSchema, type BareSendSettings } from './send-schema';

/** The hand-written minimum of the way out, on a fresh database. */
export async function startBareSends(
  bench: Bench,
  { accounts, chats, providerUrl }: { accounts: number; chats: number; providerUrl: string },
): Promise<SendSubject> {
  const { postgres: server, redis } = await bench.services();
  const databaseUrl = await freshDatabase(server.url);
  const settings: BareSendSettings = { databaseUrl, redisUrl: redis.url, port: await freePort(), providerUrl };
  const sql = postgres(databaseUrl, { max: 1, onnotice() {} });
  await sql.unsafe(bareSendSchema);
  const api = await start('bare-send-api', settings);
  const worker = await start('bare-send-worker', settings);
  const url = `http://127.0.0.1:${settings.port}/send`;
  return {
    name: 'bare',
    chats: Array.from({ length: accounts * chats }, (_, i): SendChat => {
      const account = i % accounts;
      const body = JSON.stringify({ account: `1000${account}`, chat: `+1202${5_550_000 + i}`, text: '$TEXT' });
      return { account, url, headers: {}, body };
    }),
    numbers: Array.from({ length: accounts }, (_, i) => `1000${i}`),
    pids: { ...pidOf('api', api), ...pidOf('worker', worker) },
    sql,
    loopLag: async () => ({ api: await lagOf(api), worker: await lagOf(worker) }),
    close: async () => {
      await Promise.all([end(api), end(worker)]);
      await sql.end();
    },
  };
}
