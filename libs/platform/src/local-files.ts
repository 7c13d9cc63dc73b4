import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, constants, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline as joined, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lettingGo } from './dead-buffers';
import { FileMissing, isKey, UNFINISHED_MS, untilItBreaks, type FileStore, type Place } from './file-store';

/** Files in a folder: what is being written lies in `unfinished/` beside the rest, and is moved in one step. */
export class LocalFiles implements FileStore {
  private readonly unfinished: string;

  constructor(private readonly root: string) {
    this.unfinished = path.join(root, 'unfinished');
  }

  async put(key: string, body: AsyncIterable<Uint8Array>): Promise<number> {
    const target = this.pathOf(key);
    const part = path.join(this.unfinished, randomUUID());
    await mkdir(this.unfinished, { recursive: true });
    const file = createWriteStream(part, { flags: 'wx', flush: true, mode: 0o600 });
    try {
      await pipeline(body, lettingGo(), file);
      await mkdir(path.dirname(target), { recursive: true }); // only now: while it was empty it may have gone
      await rename(part, target);
      await syncFolder(path.dirname(target));
      return file.bytesWritten;
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async append(key: string, { offset }: Place, body: AsyncIterable<Uint8Array>): Promise<number> {
    const target = this.pathOf(key);
    await mkdir(path.dirname(target), { recursive: true });
    const flags = offset === 0 ? 'w' : 'r+';
    const file = createWriteStream(target, { flags, start: offset, flush: true, mode: 0o600 });
    await pipeline(untilItBreaks(body), lettingGo(), file).catch((error: unknown) => {
      throw isMissing(error) ? new FileMissing(`there is no beginning of ${key}`, { cause: error }) : error;
    });
    if (offset === 0) await syncFolder(path.dirname(target));
    return offset + file.bytesWritten;
  }

  async read(key: string, range?: { start: number; end: number }): Promise<Readable> {
    try {
      const file = await open(this.pathOf(key));
      return joined(file.createReadStream(range), lettingGo(), () => undefined);
    } catch (error) {
      throw isMissing(error) ? new FileMissing(`there is no file ${key}`) : error;
    }
  }

  async remove(key: string): Promise<void> {
    const target = this.pathOf(key);
    await rm(target, { force: true });
    await rmdir(path.dirname(target)).catch(() => undefined); // unless there are more in it
  }

  async sweep(nowMs: number): Promise<void> {
    for (const name of await readdir(this.unfinished).catch(() => [])) {
      const part = path.join(this.unfinished, name);
      const known = await stat(part).catch(() => null); // another may have moved it meanwhile
      if (known && nowMs - known.mtimeMs > UNFINISHED_MS) await rm(part, { force: true });
    }
  }

  async check(): Promise<void> {
    await mkdir(this.unfinished, { recursive: true });
    await access(this.unfinished, constants.W_OK);
  }

  private pathOf(key: string): string {
    if (!isKey(key)) throw new Error('not a key of ours');
    return path.join(this.root, 'files', key);
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The file's new name must outlast the machine's power, as its bytes do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
