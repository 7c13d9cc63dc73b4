import { listConversations } from '@parley/contracts/conversations';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { ChaosCase, Scene } from '../case';
import { attemptsOf, type Attempt } from './attempts';
import { Knocks } from './knocks';
import { Samples } from './samples';

const MIB = 2 ** 20;

/** Neither answers nor refuses: every process of it is frozen. */
export function postgresFrozen(): ChaosCase {
  let knocks: Knocks | undefined;
  let growth: Samples | undefined;
  const inject = async ({ fleet }: Pick<Scene, 'fleet'>) => {
    const before = fleet.apis.map((api) => api.rss());
    growth = new Samples(200, () => Math.max(...fleet.apis.map((api, i) => api.rss() - (before[i] ?? 0))));
    knocks = new Knocks(fleet).begin();
    fleet.postgres.signal('SIGSTOP');
  };
  const clear = async ({ fleet }: Pick<Scene, 'fleet'>) => {
    fleet.postgres.signal('SIGCONT');
    await Promise.all([knocks?.stop(), growth?.stop()]);
  };
  return {
    name: 'F5',
    title: 'every process of Postgres frozen for 10 s',
    inject,
    clear,
    random: true,
    run: ({ perform }) => perform({ clearAfter: 25, inject, clear }),
    async figures() {
      return [
        { what: 'memory an api grew by', value: (growth?.most ?? NaN) / MIB, unit: 'MiB', gate: { atMost: 64 } },
        { what: 'slowest answer to a provider', value: knocks?.slowestMs ?? 0, unit: 'ms', gate: { atMost: 3_000 } },
      ];
    },
  };
}

/** What a power cut does: no goodbye, and recovery from the log. */
export function postgresCrashed(): ChaosCase {
  let knocks: Knocks | undefined;
  let recoveryMs = 0;
  return {
    name: 'F6',
    title: 'Postgres crashed and recovered',
    async inject({ fleet }) {
      knocks = new Knocks(fleet).begin();
      const started = performance.now();
      await fleet.postgres.stop('immediate');
      await fleet.postgres.start();
      recoveryMs = performance.now() - started;
    },
    async clear() {
      await knocks?.stop();
    },
    random: true,
    async figures() {
      const silenceMs = knocks?.silenceMs ?? 0;
      return [
        { what: 'recovery', value: recoveryMs, unit: 'ms', gate: {} },
        {
          what: 'time without an ack beyond it',
          value: Math.max(0, silenceMs - recoveryMs),
          unit: 'ms',
          gate: { atMost: 3_000 },
        },
      ];
    },
  };
}

interface Kill {
  from: number;
  to: number;
  backends: number;
}

/** Whatever a pool keeps of a connection that died must poison nobody's next request, least of all another tenant's. */
export function backendsTerminated(): ChaosCase {
  let kills: Kill[] = [];
  let timer: NodeJS.Timeout | undefined;
  let readers: Readers | undefined;
  return {
    name: 'F8',
    title: 'every connection to Postgres terminated once a second',
    async inject({ fleet }) {
      kills = [];
      readers = new Readers(fleet);
      timer = setInterval(() => void terminate(fleet).then((kill) => kills.push(kill)), 1_000);
    },
    async clear() {
      clearInterval(timer);
      await readers?.stop();
    },
    random: true,
    async figures({ fleet, marks }) {
      const attempts = attemptsOf(fleet, marks.injectedAt);
      const inFlight = kills.reduce((sum, kill) => sum + attempts.filter((one) => overlaps(one, kill)).length, 0);
      return [
        { what: 'connections terminated', value: kills.reduce((sum, k) => sum + k.backends, 0), gate: { atLeast: 10 } },
        { what: 'webhooks in flight then', value: inFlight, gate: {} },
        {
          what: 'webhooks refused beyond those',
          value: Math.max(0, attempts.filter(({ status }) => status !== 200).length - inFlight),
          gate: { equal: 0 },
        },
        { what: 'rows of another tenant', value: readers?.foreign ?? 0, gate: { equal: 0 } },
        { what: 'reads that fail afterwards', value: await readsThatFail(fleet), gate: { equal: 0 } },
      ];
    },
  };
}

/** All but our own and other tools'. */
async function terminate({ sql }: Fleet): Promise<Kill> {
  const from = Date.now();
  const rows = await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and application_name <> 'postgres.js'`;
  return { from, to: Date.now(), backends: rows.length };
}

const overlaps = ({ at, ms }: Attempt, { from, to }: Kill) => at <= to && at + ms >= from;

/** Every tenant's owner, reading the inbox all the time. */
class Readers {
  foreign = 0;
  private readonly timers: NodeJS.Timeout[];
  private readonly open = new Set<Promise<void>>();

  constructor(private readonly fleet: Fleet) {
    this.timers = fleet.tenants.map((_, i) =>
      setInterval(() => {
        const read = this.read(i)
          .catch(() => {}) // a request may fail; what it shows may not be another's
          .finally(() => this.open.delete(read));
        this.open.add(read);
      }, 200),
    );
  }

  async stop(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    await Promise.all(this.open);
  }

  private async read(index: number): Promise<void> {
    const one = this.fleet.tenants[index];
    if (!one) return;
    const { status, body } = await this.fleet.app.as(one.owner).call(listConversations, {});
    const own = new Set(one.accounts.map((account) => account.id));
    if (status === 200) this.foreign += body.items.filter((item) => !own.has(item.accountId)).length;
  }
}

/** More reads than any pool has connections. */
async function readsThatFail({ app, tenants }: Fleet): Promise<number> {
  const owners = Array.from({ length: 10 }, () => tenants.map((one) => one.owner)).flat();
  const answers = await Promise.all(owners.map((owner) => app.as(owner).call(listConversations, {})));
  return answers.filter(({ status }) => status !== 200).length;
}

/** The worst moment for a connection to die: Postgres has committed, and nobody hears of it. */
export function commitsUnheard(): ChaosCase {
  let lost = 0;
  return {
    name: 'F13',
    title: 'connections to Postgres cut in the middle of COMMIT',
    async inject({ fleet }) {
      lost = 0;
      let commits = 0;
      fleet.doors.postgres.loseReplies((chunk) => {
        const isUnheard = saysCommitted(chunk) && ++commits % 10 === 0;
        if (isUnheard) lost++;
        return isUnheard;
      });
    },
    async clear({ fleet }) {
      fleet.doors.postgres.open();
    },
    random: true,
    async figures(_scene, { callsPerIntent }) {
      return [
        { what: 'commits nobody heard of', value: lost, gate: { atLeast: 10 } },
        { what: 'calls per answer', value: callsPerIntent, gate: { atMost: 1 } },
      ];
    },
  };
}

/** CommandComplete of a COMMIT, or of intake's one statement, which commits by itself. */
function saysCommitted(chunk: Buffer): boolean {
  return chunk.includes('COMMIT\0') || chunk.includes('INSERT 0 ');
}
