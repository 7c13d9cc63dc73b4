import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Server } from '@parley/testing/rig/launcher';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';
import { Knocks } from './knocks';

const run = promisify(execFile);
const MIB = 2 ** 20;
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
    obstacle: async () => (process.getuid?.() === 0 ? undefined : 'only root may mount a small volume'),
    async run({ launcher, fleet, perform }) {
      const volume = await Volume.under(fleet.postgres, await launcher.folder('volume'));
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
            if (!fleet.postgres.pid()) await fleet.postgres.start();
            await knocks?.stop();
          },
        });
      } finally {
        broken = await brokenIndexes(fleet);
        await volume.giveBack(fleet.postgres);
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

/** A small volume in memory, with a server's data on it. */
class Volume {
  private constructor(
    private readonly mount: string,
    private readonly dataDir: string,
  ) {}

  /** Stops the server, moves its data there, and starts it again where it was. */
  static async under(server: Server, folder: string): Promise<Volume> {
    const [mount, home] = [path.join(folder, 'mount'), `${server.dataDir}.before`];
    await server.stop('fast');
    const { stdout } = await run('du', ['-sm', server.dataDir]);
    await mkdir(mount);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${parseInt(stdout, 10) + ROOM_MIB}m,mode=755`, 'tmpfs', mount]);
    await run('cp', ['-a', server.dataDir, path.join(mount, 'data')]);
    await rename(server.dataDir, home);
    await symlink(path.join(mount, 'data'), server.dataDir);
    await server.start();
    return new Volume(mount, server.dataDir);
  }

  fill(): void {
    const file = openSync(this.ballast, 'w');
    const block = Buffer.alloc(MIB);
    try {
      for (;;) writeSync(file, block);
    } catch {
      closeSync(file); // no byte more
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  async giveBack(server: Server): Promise<void> {
    this.free();
    await server.stop('fast');
    await rm(this.dataDir);
    await rm(`${this.dataDir}.before`, { recursive: true });
    await run('cp', ['-a', path.join(this.mount, 'data'), this.dataDir]);
    await run('umount', [this.mount]);
    await server.start();
  }

  private get ballast(): string {
    return path.join(this.mount, 'ballast');
  }
}
