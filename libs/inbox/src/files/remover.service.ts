import { CLOCK, type Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import type { FileStore } from '@parley/platform/file-store';
import { FILES } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { smallKey, storageKey } from './file-links';
import { delayRemoval, expireUploads, forgetFiles, listRemoved } from './files.queries';

/** What could not be removed is tried again then, so that it is not in the way of the rest. */
const AGAIN_MS = 600_000;

/** Takes away the bytes of what was removed, whoever removed it. Safe to run in every worker, and to die at any line. */
@Injectable()
export class RemoverService {
  private readonly log = new Logger('files');

  constructor(
    private readonly worker: SteadyPool,
    @Inject(FILES) private readonly files: FileStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** First the bytes, then the row that stands for them; some of them. Called twice a second by a timer. */
  async turn(): Promise<void> {
    const removed = await this.worker.query((sql) => listRemoved(sql, this.clock.now()));
    if (!removed.length) return;
    const went = await Promise.all(removed.map((file) => this.remove(file)));
    crashPoint('upload.U6');
    const [gone, stuck] = [true, false].map((is) => removed.filter((_file, i) => went[i] === is));
    if (gone?.length) await this.worker.query((sql) => forgetFiles(sql, gone));
    if (stuck?.length) await this.worker.query((sql) => delayRemoval(sql, stuck, this.clock.now() + AGAIN_MS));
  }

  /** Removes what was begun and never finished, and what was taken up and never sent. Called each hour by a timer. */
  async sweep(): Promise<void> {
    await this.worker.query((sql) => expireUploads(sql, this.clock.now()));
    await this.files.sweep(this.clock.now());
  }

  /** Whether nothing is left of it. */
  private async remove(file: { tenantId: string; id: string }): Promise<boolean> {
    try {
      await Promise.all([storageKey(file), smallKey(file)].map((key) => this.files.remove(key)));
      return true;
    } catch (err) {
      this.log.warn({ err, file: file.id }, 'a file could not be removed; it is tried again');
      return false;
    }
  }
}
