import assert from 'node:assert/strict';
import dns from 'node:dns';
import { Socket } from 'node:net';

/** Runs what must touch nothing outside: a connection or a look-up of a name throws, and so does asking over HTTP. */
export function withoutNetwork<Result>(run: () => Result): Result {
  const kept = { fetch: globalThis.fetch, connect: Socket.prototype.connect, lookup: dns.lookup };
  const reached: string[] = [];
  const trap = (what: string) => () => {
    reached.push(what);
    assert.fail(`It asked the network: ${what}`);
  };
  Object.assign(globalThis, { fetch: trap('fetch') });
  Object.assign(Socket.prototype, { connect: trap('a connection') });
  Object.assign(dns, { lookup: trap('a name') });
  try {
    const result = run();
    // What it caught is told all the same.
    assert.deepEqual(reached, [], 'It asked the network');
    return result;
  } finally {
    Object.assign(globalThis, { fetch: kept.fetch });
    Object.assign(Socket.prototype, { connect: kept.connect });
    Object.assign(dns, { lookup: kept.lookup });
  }
}
