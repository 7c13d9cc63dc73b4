import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';
import { Knocks } from './knocks';
import { noSmallVolume, SmallVolume } from './small-volume';

/** Room beside what is there when it begins: for the load, and a few segments of the log. */
const ROOM_MIB = 256;

/** First the tables cannot grow, then the log cannot: Postgres refuses, then panics and cannot even recover. */
export function diskIsFull(): ChaosCase {
  let knocks: Knocks | undefined;
  let [refusedWell, broken] = [0, 0];
  return {
    name: 'F27',
    title: 'no room on the volume of Postgres, for tables and then for its log',
    inject: async () => {},
    clear: async () => {},
    obstacle: noSmallVolume,
    async run({ launcher, fleet, perform }) {
      const { postgres } = fleet;
      await postgres.stop('fast');
      const volume = await SmallVolume.under(postgres.dataDir, await launcher.folder('volume'), ROOM_MIB);
      await postgres.start();
      try {
        return await perform({
          async inject() {
            knocks = new Knocks(fleet).begin();
            volume.fill();
            await sleep(7_000);
            await useUpLog(fleet);
          },
          async clear() {
            volume.free();
            if (!postgres.pid()) await postgres.start();
            await knocks?.stop();
          },
        });
      } finally {
        broken = await brokenIndexes(fleet);
        volume.free();
        await postgres.stop('fast');
        await volume.giveBack();
        await postgres.start();
      }
    },
    async figures() {
      const all = knocks?.all ?? [];
      refusedWell = all.filter(({ status }) => status === 503).length;
      const other = all.filter(({ status }) => status !== 503 && status !== 200).length;
      return [
        { what: 'answers 503', value: refusedWell, gate: { atLeast: 1 } },
        { what: 'answers that were neither 200 nor 503', value: other, gate: { equal: 0 } },
        { what: 'indexes that amcheck finds broken', value: broken, gate: { equal: 0 } },
      ];
    },
  };
}

/** What is left of the log's last segment is given up; the next finds no room. Nobody answers then. */
async function useUpLog({ sql }: Fleet): Promise<void> {
  for (let i = 0; i < 10; i++)
    await sql`select pg_logical_emit_message(false, 'chaos', 'x'), pg_switch_wal()`.catch(() => {});
}

async function brokenIndexes({ sql }: Fleet): Promise<number> {
  await sql`create extension if not exists amcheck`;
  const indexes = await sql<
    { oid: string }[]
  >`select c.oid::text from pg_class c join pg_index i on i.indexrelid = c.oid
    join pg_am a on a.oid = c.relam where c.relkind = 'i' and a.amname = 'btree' and i.indisvalid`;
  let broken = 0;
  for (const { oid } of indexes) await sql`select bt_index_check(${oid}::oid::regclass, true)`.catch(() => broken++);
  return broken;
}
