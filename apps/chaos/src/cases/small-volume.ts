import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MIB = 2 ** 20;

/** Why none can be made here; undefined where it can. */
export const noSmallVolume = async () => (process.getuid?.() === 0 ? undefined : 'only root may mount a small volume');

/** A folder on a small volume in memory, which can be filled. Nobody may write there while it comes or goes. */
export class SmallVolume {
  private constructor(
    private readonly mount: string,
    private readonly folder: string,
  ) {}

  /** Moves what the folder has onto a volume with so much room beside it. */
  static async under(folder: string, place: string, roomMib: number): Promise<SmallVolume> {
    const mount = path.join(place, 'mount');
    const { stdout } = await run('du', ['-sm', folder]);
    await mkdir(mount);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${parseInt(stdout, 10) + roomMib}m,mode=755`, 'tmpfs', mount]);
    await run('cp', ['-a', folder, path.join(mount, 'data')]);
    await rename(folder, `${folder}.before`);
    await symlink(path.join(mount, 'data'), folder);
    return new SmallVolume(mount, folder);
  }

  /** Not a byte is left. */
  fill(): void {
    const file = openSync(this.ballast, 'w');
    const block = Buffer.alloc(MIB);
    try {
      for (;;) writeSync(file, block);
    } catch {
      closeSync(file); // full
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  /** The folder is where it was, with all that is in it now. */
  async giveBack(): Promise<void> {
    this.free();
    await rm(this.folder);
    await rm(`${this.folder}.before`, { recursive: true });
    await run('cp', ['-a', path.join(this.mount, 'data'), this.folder]);
    await run('umount', [this.mount]);
  }

  private get ballast(): string {
    return path.join(this.mount, 'ballast');
  }
}
