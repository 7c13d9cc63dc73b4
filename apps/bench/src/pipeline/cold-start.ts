import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startApp, type TestApp } from '@parley/testing/app';
import { variablesOf } from '@parley/testing/processes';
import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { environment } from '../product';

export const coldStartCase: BenchCase = {
  name: 'cold-start',
  title: 'From the start of a process until it is ready, as `npm start` starts it',
  minutes: 1,
  quick: true,
  run,
};

const units: Record<string, Unit> = {
  'api ready': 's',
  'worker ready': 's',
  'api ready, the very first time': 's',
  'worker ready, the very first time': 's',
};

/** The very first time Node has no compiled code of the app on disk. */
async function run(bench: Bench): Promise<Outcome> {
  const { redis } = await bench.services();
  const samples = await repeat(bench, async (): Promise<Sample> => {
    const app = await startApp({ env: { REDIS_URL: redis.url, ...environment } });
    const cache = await bench.launcher.folder('compiled');
    try {
      const [api, worker] = [await secondsToReady('api', app, cache), await secondsToReady('worker', app, cache)];
      return {
        values: {
          'api ready': await secondsToReady('api', app, cache),
          'worker ready': await secondsToReady('worker', app, cache),
          'api ready, the very first time': api,
          'worker ready, the very first time': worker,
        },
        checks: [],
      };
    } finally {
      await app.close();
    }
  });
  return { figures: compare(samples, units), checks: allChecks(samples) };
}

async function secondsToReady(name: 'api' | 'worker', app: TestApp, cache: string): Promise<number> {
  const port = String(await freePort());
  const env = { ...variablesOf(app.env), API_PORT: port, WORKER_PORT: port, NODE_COMPILE_CACHE: cache };
  const main = path.resolve(import.meta.dirname, `../../${name}/dist/main.js`);
  const began = performance.now();
  const child = spawn(process.execPath, [main], { env, stdio: 'ignore' });
  const exited = once(child, 'exit');
  while (!(await answers(`http://127.0.0.1:${port}/health/ready`))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode} instead of being ready`);
    await delay(5);
  }
  const seconds = (performance.now() - began) / 1000;
  child.kill('SIGTERM'); // in order: what was compiled is written at the end
  await exited;
  return seconds;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok ?? false;
}
