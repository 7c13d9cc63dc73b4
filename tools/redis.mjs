import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { Failure, step } from './console.mjs';
import { inState } from './paths.mjs';

const run = promisify(execFile);

const privateCopy = inState('redis-bin');
const privateServer = path.join(privateCopy, 'usr/bin/redis-server');

/**
 * Prepares a Redis of our own and says how to run it. `password` guards it; without one (tests) it is open to this
 * machine. It keeps everything it is given (append-only file, no eviction), unless `settings`, more lines of redis.conf,
 * say otherwise. Returns `{ url, spec }`.
 */
export async function prepareRedis({ folder, port, logFile, password, settings = {} }) {
  const command = await findServer();
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = redisPidFile(folder);
  const configFile = path.join(folder, 'redis.conf');
  fs.writeFileSync(configFile, config({ folder, port, pidFile, password, settings }), { mode: 0o600 });
  const spec = {
    name: 'redis',
    command,
    args: [configFile],
    env: { ...process.env, ...libraryPath(command) },
    logFile,
    isReady: () => answers(port, password),
  };
  return { url: `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`, spec };
}

export const redisPidFile = (folder) => path.join(folder, 'redis.pid');

/** The password stands in a file: arguments are everybody's to read. */
function config({ folder, port, pidFile, password, settings }) {
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir "${folder}"`,
    `pidfile "${pidFile}"`,
    'save ""',
    'appendonly yes',
    'maxmemory-policy noeviction',
    ...(password ? [`requirepass ${password}`] : []),
    ...Object.entries(settings).map(([name, value]) => `${name} ${value}`), // the last of a name counts
  ];
  return `${lines.join('\n')}\n`;
}

async function findServer() {
  const found = onPath('redis-server') ?? onPath('valkey-server') ?? (fs.existsSync(privateServer) && privateServer);
  if (found) return found;
  if (onPath('apt-get') && onPath('dpkg-deb')) {
    const title = 'Fetching Redis into .parley (the distribution’s package; nothing is installed)';
    await step(title, fetchPackages).catch((error) => console.error(error.stderr ?? error.message));
  }
  if (fs.existsSync(privateServer)) return privateServer;
  throw new Failure(
    [
      'Parley needs Redis and found none. One of these gives it one:',
      '  Debian, Ubuntu   sudo apt-get install redis-server',
      '  macOS            brew install redis',
      '  Docker           docker run -d -p 6379:6379 redis:7, then REDIS_URL=redis://127.0.0.1:6379',
    ].join('\n'),
  );
}

function onPath(name) {
  const candidates = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  return candidates.find((file) => fs.existsSync(file));
}

/** Debian's and Ubuntu's own packages, unpacked into a folder: apt with a private state needs no root. */
async function fetchPackages() {
  const work = `${privateCopy}.${process.pid}`;
  const [apt, packages, unpacked] = ['apt', 'packages', 'unpacked'].map((name) => path.join(work, name));
  for (const folder of [`${apt}/lists/partial`, `${apt}/cache/archives/partial`, packages, unpacked])
    fs.mkdirSync(folder, { recursive: true });
  const settings = [`Dir::State=${apt}`, 'Dir::State::status=/var/lib/dpkg/status', `Dir::Cache=${apt}/cache`];
  const options = ['-q', ...[...settings, 'APT::Sandbox::User=root'].flatMap((setting) => ['-o', setting])];
  try {
    await run('apt-get', [...options, 'update']);
    const wanted = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1'];
    await run('apt-get', [...options, 'download', ...wanted], { cwd: packages });
    for (const file of fs.readdirSync(packages)) await run('dpkg-deb', ['-x', path.join(packages, file), unpacked]);
    const server = path.join(unpacked, 'usr/bin/redis-server');
    await run(server, ['--version'], { env: { ...process.env, ...libraryPath(server, unpacked) } });
    fs.renameSync(unpacked, privateCopy);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function libraryPath(command, folder = privateCopy) {
  if (!command.startsWith(folder)) return {};
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  return { LD_LIBRARY_PATH: path.join(folder, 'usr/lib', triplet) };
}

/** While it reads its file it answers LOADING, which is not yet PONG. */
function answers(port, password) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`${password ? `AUTH ${password}\r\n` : ''}PING\r\n`),
    );
    let answer = '';
    const finish = (ready) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('PONG')) finish(true);
      else if (answer.includes('-')) finish(false);
    });
  });
}
