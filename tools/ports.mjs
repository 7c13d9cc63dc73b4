import net from 'node:net';
import { Failure } from './console.mjs';

/** Throws one readable list of the ports that are taken. `wanted` is `[{ port, owner, variable }]`. */
export async function assertFree(wanted) {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ port, owner, variable }) =>
      `Port ${port} is taken, and ${owner} needs it. Stop what uses it, or choose another: ${variable}=${port + 20}`,
  );
  throw new Failure(lines.join('\n'));
}

/**
 * The first of a row of ports that nobody listens on. The search begins at a place of this process' own, so that two
 * runs at once do not meet, and stays below 32768, where outgoing connections take theirs.
 */
export async function findFreeRow(length) {
  for (let first = 20_000 + (process.pid % 1000) * 10; first < 32_000; first += 10) {
    const row = Array.from({ length }, (_, index) => first + index);
    if ((await Promise.all(row.map(isFree))).every(Boolean)) return first;
  }
  throw new Failure('No free ports were found between 20000 and 32000.');
}

/** Whether something accepts connections on that port of this machine. */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function isFree(port) {
  try {
    await close(await listen(port));
    return true;
  } catch (error) {
    if (error.code === 'EACCES') throw new Failure(`Port ${port} may not be used by this account.`);
    return false;
  }
}

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const close = (server) => new Promise((resolve) => server.close(resolve));
