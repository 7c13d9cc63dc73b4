import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, type Clock } from './clock';
import { within } from './deadline';
import type { FileStore } from './file-store';
import { FILES } from './platform.module';

const EVERY_MS = 2_000;
const DEADLINE_MS = 10_000;

/**
 * Knows whether the file store can be reached, and tells the log why not. Nobody waits for it: who asks hears what the last
 * look said, and begins another when that is old.
 */
@Injectable()
export class StoreWatch implements OnApplicationBootstrap {
  private readonly log = new Logger('files');
  private reachable = true;
  private lookedMs = -Infinity;
  /** Also past its deadline: a store that hangs is not asked again meanwhile. */
  private checking: Promise<void> | null = null;

  constructor(
    @Inject(FILES) private readonly files: FileStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.look();
  }

  isReachable(): boolean {
    if (!this.checking && this.clock.now() - this.lookedMs >= EVERY_MS) void this.look();
    return this.reachable;
  }

  private async look(): Promise<void> {
    this.lookedMs = this.clock.now();
    this.checking = this.files.check().finally(() => (this.checking = null));
    try {
      await within(DEADLINE_MS, this.checking, () => new Error('no answer in time'));
      if (!this.reachable) this.log.log('files can be kept and read again');
      this.reachable = true;
    } catch (err) {
      if (this.reachable) this.log.error({ err }, 'files can be neither kept nor read: their store cannot be reached');
      this.reachable = false;
    }
  }
}
