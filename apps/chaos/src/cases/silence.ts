import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Fleet, FleetProcess } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';
import { Knocks } from './knocks';

interface Held {
  sockets: number;
  threads: number;
}

/** A firewall that lost its table: no byte, no end, no refusal, and what was connected then stays so for ever. */
export function roadsSilent(): ChaosCase {
  let before: Held = { sockets: 0, threads: 0 };
  let [clearedAt, deaths] = [0, 0];
  let knocks: Knocks | undefined;
  return {
    name: 'F14',
    title: 'half-open connections to Postgres, Redis and the providers',
    async inject({ fleet }) {
      before = held(fleet);
      deaths = deathsOf(fleet);
      knocks = new Knocks(fleet).begin();
      for (const door of Object.values(fleet.doors)) door.blackhole();
    },
    async clear({ fleet }) {
      clearedAt = Date.now();
      for (const door of Object.values(fleet.doors)) door.forget();
    },
    random: true,
    obstacle: async () => (process.platform === 'linux' ? undefined : 'sockets and threads are counted in /proc'),
    async figures({ fleet }) {
      await knocks?.stop();
      const after = held(fleet);
      const taken = (knocks?.all ?? []).filter(({ at, status }) => at >= clearedAt && status === 200);
      const firstAck = Math.min(...taken.map(({ at, ms }) => at + ms)) - clearedAt;
      return [
        { what: 'first ack afterwards', value: firstAck, unit: 'ms', gate: { atMost: 10_000 } },
        { what: 'sockets more than before', value: after.sockets - before.sockets, gate: { atMost: 5 } },
        { what: 'threads more than before', value: after.threads - before.threads, gate: { atMost: 2 } },
        { what: 'processes that had to be restarted', value: deathsOf(fleet) - deaths, gate: { equal: 0 } },
      ];
    },
  };
}

const processesOf = ({ apis, workers }: Fleet): FleetProcess[] => [...apis, ...workers];
const deathsOf = (fleet: Fleet) => processesOf(fleet).reduce((sum, one) => sum + one.deaths(), 0);

/** What leads out of the product, and what runs in it. */
function held(fleet: Fleet): Held {
  const ports = new Set(Object.values(fleet.doors).map((door) => door.port));
  const all = processesOf(fleet).map((one) => one.pid());
  return {
    sockets: all.reduce((sum, pid) => sum + socketsTo(ports, pid), 0),
    threads: all.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/task`).length, 0),
  };
}

/** Of the lines of /proc/net/tcp: the peer's port is the hexadecimal end of the third field, the tenth is the inode. */
function socketsTo(ports: Set<number>, pid: number): number {
  const inodes = new Set(
    readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => ports.has(parseInt(fields[2]?.split(':')[1] ?? '', 16)))
      .map((fields) => `socket:[${fields[9]}]`),
  );
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => inodes.has(linkOf(`/proc/${pid}/fd/${fd}`))).length;
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return ''; // closed since it was listed
  }
}
