import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10; // USER_HZ is 100 on every Linux that Node runs on

/** CPU time that this process has used, user and system, in ms. 0 once it is gone. */
export function cpuMsOf(pid: number): number {
  const { user = 0, system = 0 } = statOf(pid) ?? {};
  return (user + system) * TICK_MS;
}

/** The same of a process with all its children, those that ended included: PostgreSQL with its backends. */
export function cpuMsOfFamily(pid: number): number {
  const { user = 0, system = 0, reaped = 0 } = statOf(pid) ?? {};
  return childrenOf(pid).reduce((sum, child) => sum + cpuMsOf(child), (user + system + reaped) * TICK_MS);
}

/** Resident memory in bytes. 0 once it is gone. */
export function rssOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`${pid}/status`) ?? '')?.[1];
  return Number(kib ?? 0) * 1024;
}

interface Stat {
  parent: number;
  user: number;
  system: number;
  /** Of children that ended and were waited for. */
  reaped: number;
}

function statOf(pid: number): Stat | undefined {
  const text = readProc(`${pid}/stat`);
  // The second field is the name in brackets, which may hold spaces and brackets itself.
  const fields = text
    ?.slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (!fields) return undefined;
  const at = (index: number) => fields[index - 3] ?? 0; // numbered as in proc(5), from the third on
  return { parent: at(4), user: at(14), system: at(15), reaped: at(16) + at(17) };
}

function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return all.filter((one) => statOf(one)?.parent === pid);
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined; // it ended between two looks
  }
}
