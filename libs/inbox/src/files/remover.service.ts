import { CLOCK, type Clock } from '@parley/platform/clock';
import type { FileStore } from '@parley/platform/file-store';
import { FILES } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import { smallKey, storageKey } from './file-links';
import { expireUploads, forgetFiles, listRemoved } from './files.queries';

/** Takes away the bytes of what was removed, whoever removed it. Safe to run in every worker, and to die at any line. */
@Injectable()
export class RemoverService {
  constructor(
    private readonly worker: SteadyPool,
    @Inject(FILES) private readonly files: FileStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** First the bytes, then the row that stands for them; some of them. Called twice a second by a timer. */
  async turn(): Promise<void> {
    const removed = await this.worker.query((sql) => listRemoved(sql, this.clock.now()));
    if (!removed.length) return;
    const keys = removed.flatMap((file) => [storageKey(file), smallKey(file)]);
    await Promise.all(keys.map((key) => this.files.remove(key)));
    await this.worker.query((sql) => forgetFiles(sql, removed));
  }

  /** Removes what was begun and never finished, and what was taken up and never sent. Called each hour by a timer. */
  async sweep(): Promise<void> {
    await this.worker.query((sql) => expireUploads(sql, this.clock.now()));
    await this.files.sweep();
  }
}
