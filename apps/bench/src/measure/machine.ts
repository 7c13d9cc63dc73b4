import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import postgres from 'postgres';
import type { Machine, Services } from '../case';

/** What everything runs on, and in which versions. */
export async function describeMachine({ postgres: { url }, redis }: Services): Promise<Machine> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  const client = new Redis(redis.url);
  try {
    const [row] = await sql<{ version: string }[]>`select current_setting('server_version') version`;
    const info = await client.info('server');
    return {
      cpu: os.cpus()[0]?.model ?? 'unknown',
      cores: os.availableParallelism(),
      memoryGib: Math.round(os.totalmem() / 2 ** 30),
      os: `${os.type()} ${os.release()}`,
      node: process.versions.node,
      postgres: row?.version ?? 'unknown',
      redis: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
      commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
    };
  } finally {
    client.disconnect();
    await sql.end();
  }
}

/** Load average of the last minute. */
export const loadAverage = (): number => os.loadavg()[0] ?? 0;

/** Share of all cores that had nothing to do during `ms`, 0 to 1. */
export async function idleShare(ms = 2000): Promise<number> {
  const before = ticks();
  await delay(ms);
  const after = ticks();
  return (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

function ticks(): { idle: number; all: number } {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  return { idle: idle + iowait, all: user + nice + system + idle + iowait + irq + softirq + steal };
}
