import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Env } from '@parley/platform/env';
import type { Running, Start } from './app';
import { waitFor } from './wait-for';

const root = path.resolve(import.meta.dirname, '../../..');
/** As in the product: whoever is killed with no chance to clean up leaves nobody running. */
const followParent = pathToFileURL(path.join(root, 'tools/follow-parent.mjs')).href;

const { nodeOptions } = (await import(pathToFileURL(path.join(root, 'tools/node-options.mjs')).href)) as {
  nodeOptions: string;
};

const compiled = path.join(root, 'node_modules/.cache/compiled');

export type AppName = 'api' | 'worker' | 'simulator';

/** A built app in a process of its own, so that it can be killed. */
export interface AppProcess extends Running {
  pid: number;
  /** Everything it printed. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when it is gone, whoever ended it: with the signal it died of, else with its exit code. */
  ended: Promise<NodeJS.Signals | number>;
}

/**
 * Runs `apps/<name>/dist/main.js` as `npm start` does, with these variables and no other; with `FAULT` among them the
 * build that has crash points, in `dist-faults`.
 */
export function spawnApp(name: AppName, variables: Record<string, string>) {
  const main = path.join(root, 'apps', name, variables.FAULT ? 'dist-faults' : 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${name} is not built: run \`npx nx run-many -t build\` first`);
  return spawn(process.execPath, ['--import', followParent, main], {
    env: { PATH: process.env.PATH, NODE_OPTIONS: nodeOptions, NODE_COMPILE_CACHE: compiled, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the app, whether it ever becomes ready or not. */
export function runProcess(name: AppName, variables: Record<string, string>): AppProcess {
  const child = spawnApp(name, variables);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => end(child, signal),
    close: () => end(child, 'SIGTERM'),
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? 0))),
  };
}

/** Starts the app; ready when `readyUrl` answers 2xx. */
export async function startProcess(
  name: AppName,
  variables: Record<string, string>,
  readyUrl: string,
): Promise<AppProcess> {
  const app = runProcess(name, variables);
  let ending: NodeJS.Signals | number | undefined;
  void app.ended.then((how) => (ending = how));
  const isReady = async () => {
    if (ending !== undefined) throw new Error(`${name} ended with ${ending}:\n${app.output().slice(-2000)}`);
    const response = await fetch(readyUrl).catch(() => undefined);
    return response?.ok ? true : undefined;
  };
  try {
    await waitFor(`${name} to be ready`, isReady, { timeoutMs: 40_000 }); // many start at once, on a busy machine
  } catch (error) {
    await app.kill('SIGKILL');
    throw error;
  }
  return app;
}

/** The api or the worker as a part of `startApp`, in a process of its own. `started` hears of each. */
export function processPart(name: 'api' | 'worker', started: (app: AppProcess, env: Env) => void = () => {}): Start {
  return async (env) => {
    const port = name === 'api' ? env.API_PORT : env.WORKER_PORT;
    const app = await startProcess(name, variablesOf(env), `http://127.0.0.1:${port}/health/live`);
    started(app, env);
    return app;
  };
}

/** Back to what the process reads. */
export function variablesOf(env: Env): Record<string, string> {
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const last = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(last);
}
