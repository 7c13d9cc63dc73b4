import type { Readable } from 'node:stream';

/** Where files lie. Keys are ours: `<tenant>/<file>`, never a word of anybody else's. */
export interface FileStore {
  /**
   * Keeps what comes, in place of what was there. Until all of it is safe nothing is seen of it: who dies meanwhile leaves at
   * most what `sweep` removes. Answers its size in bytes. Throws what `body` throws.
   */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * Writes a part of a file, and answers where it ends: of a `body` that breaks off, what came is kept. By one writer at a
   * time, each from any process, and nobody reads before all of it is here. A part whose end nobody heard of is written again.
   * Throws `FileMissing` where what came before is gone.
   */
  append(key: string, place: Place, body: AsyncIterable<Uint8Array>): Promise<number>;
  /** Its bytes, `end` included. Throws `FileMissing`. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** And what was written of it, if it is not whole. No matter whether it is there. */
  remove(key: string): Promise<void>;
  /** Removes what was begun `UNFINISHED_MS` before and never finished. Called hourly. */
  sweep(nowMs: number): Promise<void>;
  /** Throws where it cannot be reached. */
  check(): Promise<void>;
}

/** Where a part of a file goes. */
export interface Place {
  /** Where the part before ended. */
  offset: number;
  /** Of the whole file, as its parts will make it. */
  sizeBytes: number;
}

export class FileMissing extends Error {
  override name = 'FileMissing';
}

/** Nobody writes one file for so long. */
export const UNFINISHED_MS = 24 * 3_600_000;

const KEY = /^[\w-]+(\/[\w-]+)*$/;
export const isKey = (name: string) => KEY.test(name);

/** What comes of it, however it ends: the line broke, and who sends it goes on from there. */
export async function* untilItBreaks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    // as it says
  }
}
