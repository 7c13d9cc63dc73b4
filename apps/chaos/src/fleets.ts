import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startFleet, type Fleet, type FleetOptions } from '@parley/testing/rig/fleet';
import type { Launcher } from '@parley/testing/rig/launcher';

/** One fleet at a time, kept for the next case as long as that wants the same and nothing has gone wrong. */
export class Fleets {
  private current: { key: string; fleet: Fleet } | undefined;

  constructor(private readonly launcher: Launcher) {}

  async take(options: FleetOptions = {}): Promise<Fleet> {
    const key = JSON.stringify(options);
    if (this.current?.key !== key) await this.drop();
    this.current ??= { key, fleet: await startFleet(this.launcher, options) };
    return this.current.fleet;
  }

  /** What its processes printed, into test-results/chaos. Answers where. */
  keepLogs(name: string): string | undefined {
    if (!this.current) return undefined;
    const { apis, workers } = this.current.fleet;
    const folder = path.resolve('test-results/chaos', name);
    mkdirSync(folder, { recursive: true });
    for (const list of [apis, workers])
      list.forEach((one, i) => writeFileSync(path.join(folder, `${one.name}-${i}.log`), one.output()));
    return folder;
  }

  /** Nobody gets it again. */
  async drop(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.fleet.close();
  }
}

/** Throws when a case did not leave it as it found it. */
export async function assertInOrder(fleet: Fleet): Promise<void> {
  for (const door of Object.values(fleet.doors)) door.open();
  await Promise.all([...fleet.apis, ...fleet.workers].map((one) => one.ready()));
}
