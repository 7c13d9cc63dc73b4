import { execFile } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Launcher } from '@parley/testing/rig/launcher';

const run = promisify(execFile);
const LIBRARY = 'libfaketimeMT.so.1';

/** The library that tells a process another time of day: the system's, else Debian's package, unpacked and not installed. */
export async function findFaketime(launcher: Launcher): Promise<string | undefined> {
  const own = findBelow('/usr/lib');
  if (own) return own;
  const folder = await launcher.folder('faketime');
  try {
    await run('apt-get', ['-q', 'download', '-o', 'APT::Sandbox::User=root', 'libfaketime'], { cwd: folder });
    const [name] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    await run('dpkg-deb', ['-x', name ?? '', '.'], { cwd: folder });
  } catch {
    return undefined; // no Debian, or no way to its packages
  }
  return findBelow(path.join(folder, 'usr/lib'));
}

function findBelow(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const places = [folder, ...readdirSync(folder).map((name) => path.join(folder, name))];
  return places.map((place) => path.join(place, 'faketime', LIBRARY)).find((file) => existsSync(file));
}

/** A clock that can be moved while its processes run. Their timers keep counting as they did. */
export class Clockwork {
  private constructor(
    private readonly library: string,
    private readonly file: string,
  ) {}

  /** `undefined` where there is no such library. */
  static async of(launcher: Launcher): Promise<Clockwork | undefined> {
    const library = await findFaketime(launcher);
    if (!library) return undefined;
    const clock = new Clockwork(library, path.join(await launcher.folder('clock'), 'offset'));
    clock.moveTo(0);
    return clock;
  }

  /** Hours beside the true time. */
  moveTo(hours: number): void {
    writeFileSync(this.file, `${hours < 0 ? '-' : '+'}${Math.abs(hours)}h\n`);
  }

  /** For the processes that are to believe it. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1', // its older name
    };
  }
}
