import assert from 'node:assert/strict';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';

/**
 * Runs what must touch nothing outside: a connection, a look-up of a name and a question over HTTP come to nothing and are
 * told at the end. What `run` put off to the next turn of the loop is waited for.
 */
export async function withoutNetwork(run: () => void | Promise<void>): Promise<void> {
  const kept = { fetch: globalThis.fetch, connect: Socket.prototype.connect };
  const names = { lookup: dns.lookup, promised: dns.promises.lookup };
  const reached: string[] = [];
  const never = (what: string) => () => {
    reached.push(what);
    return new Promise(() => undefined);
  };
  Object.assign(globalThis, { fetch: never('fetch') });
  Object.assign(Socket.prototype, {
    connect(this: Socket) {
      reached.push('a connection');
      return this;
    },
  });
  Object.assign(dns, { lookup: never('a name') });
  Object.assign(dns.promises, { lookup: never('a name') });
  syncBuiltinESMExports();
  try {
    await run();
    await later(1); // timers run in their order, and before them what waits for nothing
    assert.deepEqual(reached, [], 'It asked the network');
  } finally {
    Object.assign(globalThis, { fetch: kept.fetch });
    Object.assign(Socket.prototype, { connect: kept.connect });
    Object.assign(dns, { lookup: names.lookup });
    Object.assign(dns.promises, { lookup: names.promised });
    syncBuiltinESMExports();
  }
}
