import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import postgres from 'postgres';

/** An empty one, made anew. */
export async function freshDatabase(serverUrl: string): Promise<string> {
  const server = postgres(serverUrl, { max: 1, onnotice() {} });
  await server`drop database if exists bare with (force)`;
  await server`create database bare`;
  await server.end();
  const url = new URL(serverUrl);
  url.pathname = '/bare';
  return url.href;
}

/** Starts one of the bare programs and waits until it is ready. */
export async function start(name: string, settings: object): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, `${name}.js`), [JSON.stringify(settings)]);
  const died = once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended while it started`)));
  await Promise.race([once(child, 'message'), died]);
  died.catch(() => {}); // later it is told to end
  return child;
}

/** p99 of how late its timers ran since the last question, ms. */
export async function lagOf(child: ChildProcess): Promise<number> {
  child.send('lag?');
  const [answer] = (await once(child, 'message')) as [{ lag: number }]; // tell-lag.ts
  return answer.lag;
}

export async function end(child?: ChildProcess): Promise<void> {
  if (!child || child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export const pidOf = (name: 'api' | 'worker', child?: ChildProcess) => (child?.pid ? { [name]: child.pid } : {});
