import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { Launcher } from '@parley/testing/rig/launcher';
import type { ChaosCase } from '../case';
import { against } from './against';
import { Samples } from './samples';

const run = promisify(execFile);
/** From the built file: apps/chaos/dist. */
const root = path.resolve(import.meta.dirname, '../../..');
const ROWS = 200_000;

/** A column with a default, its backfill, an index: as a version of ours would bring it. */
const MIGRATION = [
  `alter table messages add column if not exists words integer`,
  `alter table messages alter column words set default 0`,
  `-- batch
   update messages m set words = 1 from (select tenant_id, id from messages where words is null limit 1000) b
   where m.tenant_id = b.tenant_id and m.id = b.id`,
  `create index concurrently if not exists messages_words on messages (tenant_id, words)`,
].join(';\n--> statement-breakpoint\n');

/** Our own migrator, under load, while somebody's long report holds every table that it reads. */
export function migratedLive(): ChaosCase {
  let waits: Samples | undefined;
  let left = 0;
  return {
    name: 'F35',
    title: `a migration of messages with a backfill of ${ROWS / 1000}k rows, and a report that holds the table`,
    inject: async () => {},
    clear: async () => {},
    async run({ launcher, fleet, perform }) {
      await fillMessages(fleet);
      const verdict = await perform({
        async inject() {
          waits = new Samples(20, () => longestWaitMs(fleet));
          const report = readForLong(fleet);
          await migrate(fleet, launcher);
          await report;
        },
        clear: async () => waits?.stop(),
      });
      [{ left }] = (await fleet.sql`select count(*)::int as left from messages where words is null`) as [
        { left: number },
      ];
      return verdict;
    },
    async figures(_scene, { ackP99Ms: { before, during } }) {
      return [
        { what: 'longest wait for a table', value: waits?.most ?? NaN, unit: 'ms', gate: { atMost: 200 } },
        ...against('ack p99', { without: before, within: during }, { ratio: 2, unnoticedMs: 50 }),
        { what: 'rows that the backfill left out', value: left, gate: { equal: 0 } },
      ];
    },
  };
}

/** A conversation of its own tenant, longer than any. */
async function fillMessages({ app, sql }: Fleet): Promise<void> {
  const { tenant } = await app.newTenant();
  const chat = await tenant.newConversation();
  await sql`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position)
    select ${chat.tenantId}, uuidv7(), ${chat.id}, ${chat.chatId}, 'inbound', '{"type":"text","text":"long ago"}'::jsonb, n
    from generate_series(1, ${ROWS}) n`;
}

/** As a dump or a report does: its lock is the weakest there is, and a change of the table must wait for it. */
async function readForLong({ sql }: Fleet): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select from messages limit 1`;
    await tx`select pg_sleep(3)`;
  });
}

/** Of others for a table that somebody changes. */
async function longestWaitMs({ sql }: Fleet): Promise<number> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from max(clock_timestamp() - l.waitstart)) * 1e3)::float8 ms
    from pg_locks l join pg_stat_activity a using (pid)
    where not l.granted and l.locktype = 'relation' and l.mode <> 'AccessExclusiveLock' and a.datname = current_database()`;
  return row?.ms ?? 0;
}

async function migrate({ app }: Fleet, launcher: Launcher): Promise<void> {
  const folder = await launcher.folder('migration');
  const entry = { idx: 0, version: '7', when: Date.now(), tag: 'words', breakpoints: true };
  await mkdir(path.join(folder, 'meta'));
  await writeFile(path.join(folder, 'words.sql'), MIGRATION);
  await writeFile(path.join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', entries: [entry] }));
  const env = { PATH: path.dirname(process.execPath), DATABASE_URL: app.env.DATABASE_URL };
  await run(process.execPath, [path.join(root, 'tools/database.mjs'), folder], { env });
}
