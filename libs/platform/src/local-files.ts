import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline as joined, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lettingGo } from './dead-buffers';
import { FileMissing, isKey, UNFINISHED_MS, untilItBreaks, type FileStore, type Place } from './file-store';

/** So much waits for the disk at most, of a file: Postgres may commit on the same one, behind all that is to be written then. */
const UNSYNCED_BYTES = 4 * 2 ** 20;

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
    try {
      const size = await pipeline(body, lettingGo(), (bytes) => writeDown(bytes, { to: part, flags: 'wx' }));
      await mkdir(path.dirname(target), { recursive: true }); // only now: while it was empty it may have gone
      await rename(part, target);
      await syncFolder(path.dirname(target));
      return size;
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async append(key: string, { offset }: Place, body: AsyncIterable<Uint8Array>): Promise<number> {
    const target = this.pathOf(key);
    await mkdir(path.dirname(target), { recursive: true });
    const flags = offset === 0 ? 'w' : 'r+';
    const write = (bytes: AsyncIterable<Uint8Array>) => writeDown(bytes, { to: target, flags, offset });
    const end = await pipeline(untilItBreaks(body), lettingGo(), write).catch((error: unknown) => {
      throw isMissing(error) ? new FileMissing(`there is no beginning of ${key}`, { cause: error }) : error;
    });
    if (offset === 0) await syncFolder(path.dirname(target));
    return end;
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

/** Answers where it ends, once all of it would outlast the machine's power. What breaks off is left as it is. */
async function writeDown(
  bytes: AsyncIterable<Uint8Array>,
  { to, flags, offset = 0 }: { to: string; flags: string; offset?: number },
): Promise<number> {
  const file = await open(to, flags, 0o600);
  try {
    let [at, synced] = [offset, offset];
    for await (const piece of bytes) {
      for (let rest = piece; rest.byteLength > 0;) {
        const { bytesWritten } = await file.write(rest, 0, rest.byteLength, at);
        rest = rest.subarray(bytesWritten);
        at += bytesWritten;
      }
      if (at - synced < UNSYNCED_BYTES) continue;
      await file.datasync();
      synced = at;
    }
    await file.sync();
    return at;
  } finally {
    await file.close();
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
