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
