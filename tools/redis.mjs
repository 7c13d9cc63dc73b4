import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findProgram } from './debian-package.mjs';

/**
 * Prepares a Redis of our own and says how to run it. `password` guards it; without one (tests) it is open to this
 * machine. It keeps everything it is given (append-only file, no eviction), unless `settings`, more lines of redis.conf,
 * say otherwise. Returns `{ url, spec }`.
 */
export async function prepareRedis({ folder, port, logFile, password, settings = {} }) {
  const { command, env } = await findServer();
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = redisPidFile(folder);
  const configFile = path.join(folder, 'redis.conf');
  fs.writeFileSync(configFile, config({ folder, port, pidFile, password, settings }), { mode: 0o600 });
  const spec = {
    name: 'redis',
    command,
    args: [configFile],
    env: { ...process.env, ...env },
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

function findServer() {
  return findProgram({
    title: 'Redis',
    names: ['redis-server', 'valkey-server'],
    folder: 'redis-bin',
    packages: ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1'],
    program: 'usr/bin/redis-server',
    help: [
      'Parley needs Redis and found none. One of these gives it one:',
      '  Debian, Ubuntu   sudo apt-get install redis-server',
      '  macOS            brew install redis',
      '  Docker           docker run -d -p 6379:6379 redis:7, then REDIS_URL=redis://127.0.0.1:6379',
    ].join('\n'),
  });
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
