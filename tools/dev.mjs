import { watch } from 'rolldown';
import { forgetBuild } from './build.mjs';
import { say, step } from './console.mjs';
import { inRoot } from './paths.mjs';
import { onShutdown } from './shutdown.mjs';
import { seed, startApp } from './stack.mjs';
import { logs, prepare, welcome } from './start.mjs';

/** `npm run dev`: like `start`, but every change is built at once, and the app it concerns starts again. */
export async function dev() {
  const { ports, demo, environments } = await prepare({ mode: 'development' });
  forgetBuild();
  const watching = ['api', 'worker', 'simulator'];
  const watchers = await step('Building', () => Promise.all(watching.map(watchApp)));
  const start = async (name, overrides) => {
    const echo = (line) => console.log(`${name.padEnd(9)} ${line}`);
    const app = await startApp(name, environments, logs, { waitForChange: true, echo, ...overrides });
    watchers.find((watcher) => watcher.name === name)?.restarts(app);
  };
  if (demo) {
    await start('simulator');
    await seed(environments);
  }
  await Promise.all([start('worker'), start('api'), start('web', nextDev(ports))]);
  welcome({ ports, demo });
}

/** Builds an app whenever one of its sources changes. Resolves after the first build; `restarts` is told what to restart. */
async function watchApp(name) {
  const { default: config } = await import(inRoot(`apps/${name}/rolldown.config.mjs`));
  const watcher = watch(config);
  onShutdown(() => watcher.close());
  let app;
  let failed;
  await new Promise((resolve) => {
    watcher.on('event', (event) => {
      if (event.code === 'START') failed = false;
      if (event.code === 'ERROR') {
        failed = true;
        console.error(`${name} does not build: ${event.error.message}`);
      }
      if (event.code === 'BUNDLE_END' || event.code === 'ERROR') void event.result?.close();
      if (event.code !== 'END') return;
      resolve();
      if (!app || failed) return;
      say(`${name} changed`);
      void app.restart();
    });
  });
  return { name, restarts: (started) => (app = started) };
}

/** Next has its own way of following changes; in development it also compiles a page when it is first asked for. */
function nextDev(ports) {
  return {
    command: inRoot('node_modules/.bin/next'),
    args: ['dev', '--port', `${ports.WEB_PORT}`, '--hostname', '127.0.0.1'],
    cwd: inRoot('apps/web'),
    readyMs: 180_000,
    waitForChange: false,
  };
}
