import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './console.mjs';

/** How long the apps of a launcher that was killed may take to notice: see follow-parent. */
const patienceMs = 3_000;

/** Throws one readable list of the ports that stay taken. `wanted` is `[{ port, owner, variable }]`. */
export async function assertFree(wanted) {
  const deadline = Date.now() + patienceMs;
  let taken = await takenOf(wanted);
  while (taken.length && Date.now() < deadline) {
    await delay(100);
    taken = await takenOf(taken);
  }
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ port, owner, variable }) =>
      `Port ${port} is taken, and ${owner} needs it. Stop what uses it, or choose another: ${variable}=${port + 20}`,
  );
  throw new Failure(lines.join('\n'));
}

async function takenOf(wanted) {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  return wanted.filter((_, index) => !free[index]);
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
