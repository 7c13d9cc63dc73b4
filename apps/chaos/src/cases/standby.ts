import { randomUUID } from 'node:crypto';
import { appendFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { Launcher, Server } from '@parley/testing/rig/launcher';
import { waitFor } from '@parley/testing/wait-for';
import postgres, { type Sql } from 'postgres';

/** A second Postgres that follows a first one, and can take over. */
export class Standby {
  private constructor(
    readonly server: Server,
    private readonly name: string,
  ) {}

  /**
   * Follows `primary` from a copy of its data: the packaged PostgreSQL has no pg_basebackup. `sql` is the superuser's,
   * `port` where the log is to be had from.
   */
  static async of(
    primary: Server,
    { sql, launcher, port = primary.port }: { sql: Sql; launcher: Launcher; port?: number },
  ): Promise<Standby> {
    const name = `standby_${randomUUID().slice(0, 8)}`;
    const dataDir = path.join(await launcher.folder(name), 'data');
    const session = await sql.reserve(); // a backup belongs to the session that began it
    try {
      await session`select pg_create_physical_replication_slot(${name}, true)`;
      await session`select pg_backup_start(${name}, true)`;
      await copyCluster(primary.dataDir, dataDir);
      const [label] = await session<{ labelfile: string }[]>`select labelfile from pg_backup_stop()`;
      await writeFile(path.join(dataDir, 'backup_label'), label?.labelfile ?? '');
    } finally {
      session.release();
    }
    await writeFile(path.join(dataDir, 'standby.signal'), '');
    await appendFile(
      path.join(dataDir, 'postgresql.auto.conf'), // the last word on a setting counts
      `synchronous_standby_names = ''
primary_conninfo = 'host=127.0.0.1 port=${port} user=parley application_name=${name}'
primary_slot_name = '${name}'\n`,
    );
    const [limits] = await sql<{ max: string }[]>`select current_setting('max_connections') max`;
    const settings = { max_connections: limits?.max ?? '' }; // a standby with fewer than its primary does not start
    const standby = new Standby(await launcher.postgres({ name, dataDir, settings }), name);
    await waitFor('the standby to follow', async () => (await standby.standing(sql)) !== undefined);
    return standby;
  }

  /** From now on the primary commits nothing that it has not. */
  async keepInStep(sql: Sql): Promise<void> {
    await sql.unsafe(`alter system set synchronous_standby_names = '${this.name}'`);
    await sql`select pg_reload_conf()`;
    await waitFor('the standby to be in step', async () => (await this.standing(sql)) === 'sync');
  }

  /** It takes over. Answers the time of the last commit that it knows of, epoch ms. */
  async promote(): Promise<number> {
    const sql = postgres(this.server.url, { max: 1, onnotice() {} });
    try {
      await sql`select pg_promote(true, 60)`;
      const [last] = await sql<{ at: number }[]>`
        select (extract(epoch from pg_last_xact_replay_timestamp()) * 1e3)::float8 at`;
      return last?.at ?? 0;
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  private async standing(sql: Sql): Promise<string | undefined> {
    const [row] = await sql<{ sync_state: string }[]>`
      select sync_state from pg_stat_replication where application_name = ${this.name} and state = 'streaming'`;
    return row?.sync_state;
  }
}

/** What another server must make for itself. */
const OWN = /\/(postmaster\.(pid|opts)|standby\.signal|(pg_wal|pg_replslot|pg_dynshmem|pg_stat_tmp)\/.+)$/;

async function copyCluster(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (file) => !OWN.test(file) });
  for (const folder of ['pg_wal/archive_status', 'pg_wal/summaries'])
    await mkdir(path.join(to, folder), { recursive: true });
}

/** The address of a server that is gone, leading to another one. */
export class Address {
  private readonly sockets = new Set<Socket>();
  private leadsTo = 0;
  private readonly server = createServer((client) => {
    const service = connect(this.leadsTo, '127.0.0.1');
    this.tie(client, service);
    this.tie(service, client);
    client.pipe(service).pipe(client);
  });

  constructor(private readonly port: number) {}

  /** Connections to the one before are cut. */
  async leadTo(port: number): Promise<void> {
    this.leadsTo = port;
    this.sockets.forEach((socket) => socket.destroy());
    if (!this.server.listening)
      await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private tie(one: Socket, other: Socket): void {
    this.sockets.add(one);
    one.on('error', () => {}); // its close follows
    one.on('close', () => {
      this.sockets.delete(one);
      other.destroy();
    });
  }
}
