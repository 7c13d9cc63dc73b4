import { freePort } from '@parley/testing/app';
import postgres from 'postgres';
import type { Bench } from '../case';
import type { Door, Rows, Subject } from '../subject';
import type { BareSettings } from './bare-settings';
import { end, freshDatabase, lagOf, pidOf, start } from './processes';
import { bareSchema } from './schema';

export interface BareOptions {
  tenants: number;
  accounts: number;
  /** Without it only intake runs. */
  worker?: boolean;
}

/** The hand-written minimum, on a fresh database. */
export async function startBare(bench: Bench, { tenants, accounts, worker = true }: BareOptions): Promise<Subject> {
  const { postgres: server, redis } = await bench.services();
  const databaseUrl = await freshDatabase(server.url);
  const port = await freePort();
  const numbers = Array.from({ length: accounts }, (_, i) => ({ phoneNumberId: `1000${i}`, tenant: i % tenants }));
  const settings: BareSettings = {
    databaseUrl,
    redisUrl: redis.url,
    port,
    appSecret: 'a secret of the bare pipeline',
    tenants: Object.fromEntries(numbers.map(({ phoneNumberId, tenant }) => [phoneNumberId, tenant])),
  };
  const sql = postgres(databaseUrl, { max: 1, onnotice() {} });
  await sql.unsafe(bareSchema);
  const api = await start('bare-api', settings);
  const drainer = worker ? await start('bare-worker', settings) : undefined;
  const url = `http://127.0.0.1:${port}`;
  return {
    name: 'bare',
    doors: numbers.map((number): Door => ({ ...number, url: `${url}/hook`, wabaId: 'waba' })),
    desks: Array.from({ length: tenants }, (_, i) => ({ eventsUrl: `${url}/events?tenant=${i}`, headers: {} })),
    appSecret: settings.appSecret,
    messageFrame: '"type":"message.created"',
    pids: { ...pidOf('api', api), ...pidOf('worker', drainer) },
    sql,
    rows: () => rowsOf(sql),
    loopLag: async () => ({ api: await lagOf(api), ...(drainer && { worker: await lagOf(drainer) }) }),
    close: async () => {
      await Promise.all([end(api), end(drainer)]);
      await sql.end();
    },
  };
}

async function rowsOf(sql: postgres.Sql): Promise<Rows> {
  const [row] = await sql<{ waiting: number; messages: number }[]>`
    select (select count(*) from inbox)::int waiting, (select count(*) from messages)::int messages`;
  const { waiting = 0, messages = 0 } = row ?? {};
  return { kept: waiting + messages, waiting, messages };
}
