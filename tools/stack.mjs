import fs from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { step } from './console.mjs';
import { inRoot, root } from './paths.mjs';
import { onShutdown } from './shutdown.mjs';
import { Supervised } from './supervised.mjs';

const commands = {
  simulator: ['apps/simulator/dist/main.js'],
  worker: ['apps/worker/dist/main.js'],
  api: ['apps/api/dist/main.js'],
  web: ['apps/web/.next/standalone/apps/web/server.js'],
};

const readyAt = {
  simulator: { variable: 'SIMULATOR_PORT', path: '/' },
  worker: { variable: 'WORKER_PORT', path: '/health/ready' },
  api: { variable: 'API_PORT', path: '/health/ready' },
  web: { variable: 'WEB_PORT', path: '/' },
};

/**
 * Starts the built apps in the order they need each other and waits until all are ready: the simulator and the seed
 * first where there is a demo, then worker, api and web together.
 */
export async function startStack({ environments, demo, logs }) {
  if (demo) {
    await startApp('simulator', environments, logs);
    await seed(environments);
  }
  await step('Starting worker, api and web', () =>
    Promise.all(['worker', 'api', 'web'].map((name) => startApp(name, environments, logs))),
  );
}

/** Fills the demo's tenants. Safe to repeat. The simulator must run: the seed gives it the other end of every chat. */
export async function seed(environments) {
  const entry = inRoot('apps/worker/dist/seed.js');
  if (!fs.existsSync(entry)) return;
  await step('Seeding the demo', () => run('node', [entry], { env: environments.worker }));
}

/** Starts one built app and waits until it is ready. It stops with the launcher. */
export async function startApp(name, environments, logs, overrides = {}) {
  const app = new Supervised({ ...specOf(name, environments[name], logs), ...overrides });
  onShutdown(() => app.stop());
  await app.start();
  return app;
}

function specOf(name, env, logs) {
  const { variable, path: page } = readyAt[name];
  return {
    name,
    command: 'node',
    args: ['--import', inRoot('tools/follow-parent.mjs'), ...commands[name].map((file) => inRoot(file))],
    cwd: root,
    env,
    logFile: path.join(logs, `${name}.log`),
    isReady: () => isUp(`http://127.0.0.1:${env[variable]}${page}`),
  };
}

async function isUp(url) {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}
