import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './command.mjs';
import { step } from './console.mjs';
import { inRoot, inState, stateDir } from './paths.mjs';
import { findFreeRow } from './ports.mjs';
import { postgresDataDir, preparePostgres } from './postgres.mjs';
import { prepareRedis, redisPidFile } from './redis.mjs';
import { onShutdown, shutDown } from './shutdown.mjs';
import { endStale, programOf, signalFamily } from './stale.mjs';
import { Supervised } from './supervised.mjs';

/** `npm run chaos`, `npm run bench`: builds what the app drives, and runs it in this process with servers of its own. */
export async function runOnRig(app) {
  const parts = ['api', 'worker', 'simulator', ...(app === 'bench' ? ['web'] : []), app];
  const projects = parts.map((name) => `@parley/${name}`).join(',');
  const args = ['run-many', '-t', 'build', `--projects=${projects}`, '--parallel=2', '--outputStyle=static'];
  await step('Building', () => run('nx', args, { env: { NODE_ENV: 'production' } }));
  await clearAbandoned();
  const { main } = await import(pathToFileURL(inRoot('apps', app, 'dist/main.js')).href);
  await shutDown(await main({ launcher: newLauncher(), args: process.argv.slice(3) }));
}

/** What libs/testing/src/rig/launcher.ts asks for. All of it ends with this process or `close`, and its data goes. */
export function newLauncher() {
  const ports = new PortRow();
  const servers = new Set();
  let place;
  const folder = (name) => {
    place ??= makePlace();
    const made = fs.mkdtempSync(path.join(place, `${name}-`));
    fs.chmodSync(made, 0o755); // PostgreSQL has an account of its own
    return made;
  };
  const start = async (prepare, name, options) => {
    const [home, port] = [folder(name), await ports.take()];
    const remove = async () => {
      servers.delete(remove);
      await supervised?.stop('SIGKILL');
      ports.give(port);
      for (const one of [home, options.dataDir].filter(Boolean)) fs.rmSync(one, { recursive: true, force: true });
    };
    servers.add(remove);
    let supervised;
    const { url, spec, dataDir = home } = await prepare({ folder: home, port, logFile: `${home}/log`, ...options });
    supervised = new Supervised({ ...spec, staysDead: true });
    await supervised.start();
    return { url, port, dataDir, ...handlesOf(supervised, spec.stopSignal), remove };
  };
  const close = async () => {
    for (const remove of [...servers].reverse()) await remove();
    if (place) clearPlace(place);
  };
  onShutdown(close);
  return {
    close,
    folder: async (name) => folder(name),
    postgres: ({ name = 'postgres', fsync = true, ...options } = {}) =>
      start(prepareCluster, name, { throwAway: !fsync, ...options }),
    redis: ({ name = 'redis', settings } = {}) =>
      start(prepareRedis, name, { settings: { appendonly: 'no', ...settings } }),
  };
}

async function prepareCluster({ folder, dataDir = path.join(folder, 'data'), ...options }) {
  const prepared = await preparePostgres({ ...options, folder: dataDir });
  return { ...prepared, url: prepared.url.replace(/parley$/, 'postgres') };
}

function handlesOf(supervised, stopSignal = 'SIGTERM') {
  const isPostgres = stopSignal === 'SIGINT';
  const signal = (name) => supervised.pid && signalFamily(supervised.pid, name);
  return {
    pid: () => supervised.pid ?? 0,
    start: () => supervised.start(),
    signal,
    async stop(how) {
      signal(how === 'kill' ? 'SIGKILL' : 'SIGCONT'); // what is frozen hears of nothing else
      await supervised.stop(how === 'fast' ? stopSignal : how === 'immediate' && isPostgres ? 'SIGQUIT' : 'SIGKILL');
    },
  };
}

/** Ports that are free when it is first asked; each is given to one at a time, also while that one is stopped. */
class PortRow {
  #first;
  #taken = new Set();

  async take() {
    const first = await (this.#first ??= findFreeRow(10));
    const free = Array.from({ length: 10 }, (_, index) => first + index).find((port) => !this.#taken.has(port));
    if (!free) throw new Error('Ten servers run already.');
    this.#taken.add(free);
    return free;
  }

  give(port) {
    this.#taken.delete(port);
  }
}

/** The folder of this process, and a note of where it is: its servers may outlive a kill. */
function makePlace() {
  const note = inState(`rig-${process.pid}`);
  const place = postgresDataDir(`${note}.data`);
  fs.mkdirSync(place, { recursive: true, mode: 0o755 });
  fs.writeFileSync(note, place);
  return place;
}

function clearPlace(place, note = inState(`rig-${process.pid}`)) {
  for (const one of [place, note]) fs.rmSync(one, { recursive: true, force: true });
}

/** What runs that were killed left behind, servers included. */
async function clearAbandoned() {
  const names = fs.existsSync(stateDir) ? fs.readdirSync(stateDir) : [];
  const notes = names.filter((name) => /^rig-\d+$/.test(name) && !programOf(Number(name.slice('rig-'.length))));
  for (const note of notes.map((name) => inState(name))) {
    const place = fs.readFileSync(note, 'utf8');
    for (const home of fs.existsSync(place) ? fs.readdirSync(place) : []) {
      await endStale(path.join(place, home, 'data/postmaster.pid'), 'postgres', 'SIGQUIT');
      await endStale(redisPidFile(path.join(place, home)), '-server', 'SIGKILL');
    }
    clearPlace(place, note);
  }
}
