import type { Readable } from 'node:stream';

/** Where files lie. Keys are ours: `<tenant>/<file>`, never a word of anybody else's. */
export interface FileStore {
  /**
   * Keeps what comes, in place of what was there. Until all of it is safe nothing is seen of it: who dies meanwhile leaves at
   * most what `sweep` removes. Answers its size in bytes. Throws what `body` throws.
   */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * Writes a part from `offset` on, where the one before ended, and answers where it ends: of a `body` that breaks off, what
   * came is kept. By one writer at a time, and nobody reads before all of it is here.
   */
  append(key: string, offset: number, body: AsyncIterable<Uint8Array>): Promise<number>;
  /** Its bytes, `end` included. Throws `FileMissing`. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** No matter whether it is there. */
  remove(key: string): Promise<void>;
  /** Removes what was begun before and never finished. Called hourly. */
  sweep(): Promise<void>;
}

export class FileMissing extends Error {
  override name = 'FileMissing';
}
