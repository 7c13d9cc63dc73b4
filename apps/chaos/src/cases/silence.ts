import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Fleet, FleetProcess } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';
import { Knocks } from './knocks';

/** A firewall that lost its table: no byte, no end, no refusal, and what was connected then stays so for ever. */
export function roadsSilent(): ChaosCase {
  let dead = new Map<string, string>();
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
    async figures({ fleet, note }) {
      await knocks?.stop();
      const held = [...socketsOf(fleet)].filter(([socket]) => dead.has(socket));
      for (const [, where] of held) note(`still believed in: ${where}`);
      const taken = (knocks?.all ?? []).filter(({ at, status }) => at >= clearedAt && status === 200);
      const firstAck = Math.min(...taken.map(({ at, ms }) => at + ms)) - clearedAt;
      return [
        { what: 'first ack afterwards', value: firstAck, unit: 'ms', gate: { atMost: 10_000 } },
        { what: 'dead connections', value: dead.size, gate: { atLeast: 1 } },
        { what: 'of those still held', value: held.length, gate: { atMost: 0 } },
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

/** What leads out of the product: `socket:[inode]`, and whose it is. */
function socketsOf(fleet: Fleet): Map<string, string> {
  const names = new Map(Object.entries(fleet.doors).map(([name, door]) => [door.port, name]));
  return new Map(processesOf(fleet).flatMap((one) => socketsTo(names, one)));
}

/** Established, says /proc/net/tcp. One that the product has closed is the kernel's: it gives up once its FIN was not heard long enough. */
const ESTABLISHED = '01';

/** Of the lines there: the peer's port is the hexadecimal end of the third field, the fourth the state, the tenth the inode. */
function socketsTo(names: Map<number, string>, one: FleetProcess): [string, string][] {
  const targets = new Map(
    readFileSync(`/proc/${one.pid()}/net/tcp`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === ESTABLISHED)
      .map((fields) => [`socket:[${fields[9]}]`, names.get(parseInt(fields[2]?.split(':')[1] ?? '', 16))]),
  );
  return readdirSync(`/proc/${one.pid()}/fd`).flatMap((fd) => {
    const socket = linkOf(`/proc/${one.pid()}/fd/${fd}`);
    const target = targets.get(socket);
    return target ? [[socket, `${one.name} to ${target}`] as [string, string]] : [];
  });
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return ''; // closed since it was listed
  }
}
