import { connect, type Socket } from 'node:net';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { FleetProcess } from '@parley/testing/rig/fleet-process';
import { percentile } from '@parley/testing/rig/verdict';
import { startWatchers, type Watcher, type Watchers } from '@parley/testing/rig/watchers';
import { TestStream } from '@parley/testing/event-stream';
import type { TestMember } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import type { ChaosCase } from '../case';
import { metricOf } from './metrics';
import { Samples } from './samples';

const MIB = 2 ** 20;

export const streamCases: ChaosCase[] = [clientsDrop(), clientsReadSlowly(), gatewayKilled()];

/** Half of the clients come back with Last-Event-ID, half with the cursor they began with. */
function clientsDrop(): ChaosCase {
  let timer: NodeJS.Timeout | undefined;
  let forgetful: Watchers | undefined;
  let cuts = 0;
  return {
    name: 'F31',
    title: 'clients of the stream that drop every 3 s',
    random: true,
    async inject({ fleet, watchers }) {
      const others = (forgetful = await startWatchers(fleet, { perTenant: 5, forgets: true }));
      cuts = 0;
      timer = setInterval(() => {
        for (const client of [...watchers.clients, ...others.clients]) client.cut();
        cuts++;
      }, 3_000);
    },
    async clear({ watchers }) {
      clearInterval(timer);
      const all = [...watchers.clients, ...(forgetful?.clients ?? [])];
      await waitFor('all to be back', () => all.every(({ lastBackAt, lastCutAt }) => lastBackAt >= lastCutAt), {
        timeoutMs: 15_000,
      });
      await forgetful?.stop();
    },
    async figures({ fleet }, { sse }) {
      return [
        { what: 'cuts of every client', value: cuts, gate: { atLeast: 1 } },
        { what: 'gaps', value: sse.gaps, gate: { equal: 0 } },
        { what: 'frames told twice to who said what it had', value: sse.duplicated, gate: { equal: 0 } },
        { what: 'missing to who forgot what it had', value: await missedBy(fleet, forgetful), gate: { equal: 0 } },
      ];
    },
  };
}

/** Events up to the last one a client saw, which it never saw. */
async function missedBy({ sql }: Fleet, watchers?: Watchers): Promise<number> {
  let missed = 0;
  for (const { member, from, frames } of watchers?.clients ?? []) {
    const seen = new Set(frames.map(({ seq }) => seq));
    const rows = await sql<{ seq: number }[]>`
      select seq from events where tenant_id = ${member.tenantId} and seq > ${from} and seq <= ${Math.max(from, ...seen)}
        and (member_id is null or member_id = ${member.id})`;
    missed += rows.filter(({ seq }) => !seen.has(seq)).length;
  }
  return missed;
}

/** That one session may have. */
const STREAMS = 20;
const SLOW = 2 * STREAMS;
const BYTES_A_SECOND = 1024;

/** Nearly all is written in one tenant, or it would take minutes until a client is a MiB behind. */
function clientsReadSlowly(): ChaosCase {
  let slow: SlowReader[] = [];
  let others = 0;
  const connectionsOf = async (fleet: Fleet) => {
    const [api] = fleet.apis;
    return api ? metricOf(fleet, api, 'realtime_connections') : 0;
  };
  let growths: { slow: Samples; other: Samples } | undefined;
  return {
    name: 'F32',
    title: 'clients of the stream that read 1 kB a second',
    load: { perSecond: 250, weightOf: (_account, index) => (index < 5 ? 100 : 1) },
    async inject({ fleet }) {
      const [home] = fleet.tenants;
      const [api, other] = fleet.apis;
      if (!home || !api || !other) throw new Error('a fleet has tenants and two apis');
      slow = [];
      growths = { slow: growthOf(api), other: growthOf(other) };
      others = await metricOf(fleet, api, 'realtime_connections');
      for (let n = 0; n < SLOW; n += STREAMS) {
        const member = await home.tenant.newMember('tenant_admin');
        for (let i = 0; i < STREAMS; i++) slow.push(new SlowReader(api.url, member));
      }
      await waitFor('the slow readers', async () => (await connectionsOf(fleet)) >= others + SLOW);
    },
    async clear({ fleet }) {
      // The reader itself hears of it once it has read what the kernel still holds: that would take it an hour.
      await waitFor('the slow readers to be dropped', async () => (await connectionsOf(fleet)) <= others, {
        timeoutMs: 90_000,
        everyMs: 200,
      });
      for (const reader of slow) reader.end();
      await Promise.all([growths?.slow.stop(), growths?.other.stop()]);
    },
    async figures({ fleet }) {
      const complete = await Promise.all(slow.map((reader) => reader.resumes(fleet)));
      return [
        {
          what: 'of them complete after they came back',
          value: complete.filter(Boolean).length,
          gate: { equal: SLOW },
        },
        {
          what: 'memory their api grew by beyond the other, a slow client',
          value: ((growths?.slow.most ?? NaN) - (growths?.other.most ?? NaN)) / SLOW / MIB,
          unit: 'MiB',
          gate: { atMost: 2 },
        },
      ];
    },
  };
}

/** Bytes that its memory has grown by since. */
function growthOf(process: FleetProcess): Samples {
  const before = process.rss();
  return new Samples(200, () => process.rss() - before);
}

/** Takes its bytes from the socket one kB a second. */
class SlowReader {
  private lastId = 0;
  private rest = '';
  private readonly seen = new Set<number>();
  private readonly socket: Socket;
  private readonly timer: NodeJS.Timeout;

  constructor(
    url: string,
    private readonly member: TestMember,
  ) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port), highWaterMark: BYTES_A_SECOND } as never);
    this.socket.write(
      `GET /api/inbox/events HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\nCookie: ${member.cookie}\r\n\r\n`,
    );
    this.socket.on('error', () => {}).on('close', () => this.end());
    this.socket.on('readable', () => {}); // paused: what is read is read below
    this.timer = setInterval(() => this.take(this.socket.read(BYTES_A_SECOND) as Buffer | null), 1_000);
  }

  /** Reads on from where it was, at full speed; whether it then has everything. */
  async resumes({ app, sql }: Fleet): Promise<boolean> {
    const stream = await TestStream.open({ url: app.url, cookie: this.member.cookie, lastEventId: this.lastId });
    const [row] = await sql<
      { head: number }[]
    >`select max(seq) head from events where tenant_id = ${this.member.tenantId}`;
    const head = row?.head ?? 0;
    await waitFor('the rest', () => stream.lastId >= head, { timeoutMs: 30_000 });
    stream.cut();
    for (const { seq } of stream.events) this.seen.add(seq);
    const first = Math.min(...this.seen);
    const wanted = await sql<{ seq: number }[]>`
      select seq from events where tenant_id = ${this.member.tenantId} and seq between ${first} and ${head}
        and (member_id is null or member_id = ${this.member.id})`;
    return stream.resets.length === 0 && wanted.every(({ seq }) => this.seen.has(seq));
  }

  private take(chunk: Buffer | null): void {
    const blocks = (this.rest + (chunk?.toString('latin1') ?? '')).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const id = Number(/^id: (\d+)$/m.exec(block)?.[1] ?? 0);
      if (!id) continue;
      this.lastId = id;
      if (/^data: /m.test(block)) this.seen.add(id);
    }
  }

  end(): void {
    clearInterval(this.timer);
    this.socket.destroy();
  }
}

const CROWD = 1_000;

/** The api that half of them hang on dies; all of them come back to whoever is there. */
function gatewayKilled(): ChaosCase {
  let crowd: Watchers | undefined;
  let [killedAt, reads, tenants] = [0, 0, 0];
  return {
    name: 'F33',
    title: 'an api killed with 1,000 clients on both',
    fleet: { postgres: { shared_preload_libraries: 'pg_stat_statements' } },
    load: { perSecond: 50 },
    async inject({ fleet }) {
      await fleet.sql`create extension if not exists pg_stat_statements`;
      const members = await crowdOf(fleet);
      tenants = fleet.tenants.length;
      crowd = await startWatchers({ ...fleet, tenants: members.map((owner) => ({ owner })) }, { perTenant: STREAMS });
      await allTold(fleet, crowd);
      const before = await readsOf(fleet);
      killedAt = Date.now();
      fleet.apis[0]?.kill('SIGKILL');
      const { clients } = crowd;
      await waitFor('somebody to be cut', () => clients.some(({ lastCutAt }) => lastCutAt >= killedAt));
      await waitFor('all to be back', () => clients.every(({ lastBackAt, lastCutAt }) => lastBackAt >= lastCutAt), {
        timeoutMs: 30_000,
      });
      await allTold(fleet, crowd);
      reads = (await readsOf(fleet)) - before;
    },
    clear: async () => {},
    async figures({ fleet }) {
      const cut = (crowd?.clients ?? []).filter(({ lastCutAt, connects }) => lastCutAt >= killedAt && connects > 1);
      const times = cut.map(({ lastCutAt, lastBackAt }) => lastBackAt - lastCutAt);
      const missed = await missedBy(fleet, crowd);
      await crowd?.stop();
      return [
        { what: 'clients that were cut', value: cut.length, gate: { atLeast: CROWD / 4 } },
        { what: 'back again, p99', value: percentile(times, 0.99), unit: 'ms', gate: { atMost: 6_000 } },
        { what: 'reads of events a tenant', value: reads / tenants, gate: { atLeast: 0.1, atMost: 3 } },
        { what: 'events missing', value: missed, gate: { equal: 0 } },
      ];
    },
  };
}

async function crowdOf({ tenants }: Fleet): Promise<TestMember[]> {
  const sessions = Math.ceil(CROWD / STREAMS / tenants.length);
  const members = tenants.flatMap(({ tenant }) =>
    Array.from({ length: sessions }, () => tenant.newMember('tenant_admin')),
  );
  return Promise.all(members);
}

/** Waits until each of them was told the last event that there is now. */
async function allTold({ sql }: Fleet, { clients }: Watchers): Promise<void> {
  const rows = await sql<{ tenantId: string; head: number }[]>`
    select tenant_id "tenantId", max(seq) head from events where member_id is null group by tenant_id`;
  const heads = new Map(rows.map(({ tenantId, head }) => [tenantId, head]));
  const isTold = ({ member, from, frames }: Watcher) =>
    (frames.at(-1)?.seq ?? from) >= (heads.get(member.tenantId) ?? 0);
  await waitFor('all to be told what they missed', () => clients.every(isTold), { timeoutMs: 30_000 });
}

/** How often anybody has read past events. */
async function readsOf({ sql }: Fleet): Promise<number> {
  const [row] = await sql<{ calls: number }[]>`
    select coalesce(sum(calls), 0)::int calls from pg_stat_statements where query like '%from event_heads h left join p e%'`;
  return row?.calls ?? 0;
}
