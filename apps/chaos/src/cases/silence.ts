import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Fleet, FleetProcess } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';
import { Knocks } from './knocks';

/** A firewall that lost its table: no byte, no end, no refusal, and what was connected then stays so for ever. */
export function roadsSilent(): ChaosCase {
  let dead = new Set<string>();
  let [clearedAt, deaths, threads] = [0, 0, 0];
  let knocks: Knocks | undefined;
  return {
    name: 'F14',
    title: 'half-open connections to Postgres, Redis and the providers',
    async inject({ fleet }) {
      threads = threadsOf(fleet);
      deaths = deathsOf(fleet);
      knocks = new Knocks(fleet).begin();
      for (const door of Object.values(fleet.doors)) door.blackhole();
    },
    async clear({ fleet }) {
      clearedAt = Date.now();
      dead = socketsOf(fleet);
      for (const door of Object.values(fleet.doors)) door.forget();
    },
    random: true,
    obstacle: async () => (process.platform === 'linux' ? undefined : 'sockets and threads are counted in /proc'),
    async figures({ fleet }) {
      await knocks?.stop();
      const held = [...socketsOf(fleet)].filter((socket) => dead.has(socket)).length;
      const taken = (knocks?.all ?? []).filter(({ at, status }) => at >= clearedAt && status === 200);
      const firstAck = Math.min(...taken.map(({ at, ms }) => at + ms)) - clearedAt;
      return [
        { what: 'first ack afterwards', value: firstAck, unit: 'ms', gate: { atMost: 10_000 } },
        { what: 'dead connections', value: dead.size, gate: { atLeast: 1 } },
        { what: 'of those still held', value: held, gate: { atMost: 0 } },
        { what: 'threads more than before', value: threadsOf(fleet) - threads, gate: { atMost: 2 } },
        { what: 'processes that had to be restarted', value: deathsOf(fleet) - deaths, gate: { equal: 0 } },
      ];
    },
  };
}

const processesOf = ({ apis, workers }: Fleet): FleetProcess[] => [...apis, ...workers];
const deathsOf = (fleet: Fleet) => processesOf(fleet).reduce((sum, one) => sum + one.deaths(), 0);

const threadsOf = (fleet: Fleet) =>
  processesOf(fleet).reduce((sum, one) => sum + readdirSync(`/proc/${one.pid()}/task`).length, 0);

/** What leads out of the product, as `socket:[inode]`. */
function socketsOf(fleet: Fleet): Set<string> {
  const ports = new Set(Object.values(fleet.doors).map((door) => door.port));
  return new Set(processesOf(fleet).flatMap((one) => socketsTo(ports, one.pid())));
}

/** Of the lines of /proc/net/tcp: the peer's port is the hexadecimal end of the third field, the tenth is the inode. */
function socketsTo(ports: Set<number>, pid: number): string[] {
  const inodes = new Set(
    readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => ports.has(parseInt(fields[2]?.split(':')[1] ?? '', 16)))
      .map((fields) => `socket:[${fields[9]}]`),
  );
  return readdirSync(`/proc/${pid}/fd`)
    .map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
    .filter((link) => inodes.has(link));
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return ''; // closed since it was listed
  }
}
