import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { within } from './deadline';

/** Longest that all of it may take: 32 MB at 18 Mbit/s. */
const READ_MS = 15_000;

/**
 * All bytes of a small file. A store may answer and then stand still in the midst of it, which no deadline of its own ends, for
 * who reads slowly looks the same: here nobody does. Throws what `open` throws, and where it takes too long.
 */
export function readWhole(open: () => Promise<Readable>): Promise<Buffer> {
  const over = new AbortController();
  const bytes = open().then((stream) => buffer(addAbortSignal(over.signal, stream)));
  return within(READ_MS, bytes, () => {
    over.abort(); // also what is opened only now
    return new Error(`a file was not read within ${READ_MS} ms`);
  });
}
