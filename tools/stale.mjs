import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether the process whose id a file begins with is alive and still the program that wrote it. */
export function isAlive(pidFile, program) {
  return programOf(readPid(pidFile)).includes(program);
}

/** Ends the process whose id a file begins with, if it is still that program, and waits until it is gone. */
export async function endStale(pidFile, program, signal) {
  if (!isAlive(pidFile, program)) return;
  process.kill(readPid(pidFile), signal);
  while (isAlive(pidFile, program)) await delay(50);
}

function readPid(pidFile) {
  try {
    return Number.parseInt(fs.readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return Number.NaN;
  }
}

/** The command line of a living process, else nothing: a number may have gone to somebody else since. */
export function programOf(pid) {
  if (!Number.isInteger(pid)) return '';
  try {
    if (fs.existsSync('/proc/self')) return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Sends a signal to a process and to all that it started; one that ends or freezes them lets none slip away. */
export function signalFamily(pid, signal) {
  if (signal === 'SIGKILL' || signal === 'SIGSTOP') process.kill(pid, 'SIGSTOP'); // it makes no more of them
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const children = all
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child);
  for (const one of [...children, pid]) sendSignal(one, signal);
}

function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
