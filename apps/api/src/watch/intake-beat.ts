import { IntakePulse } from '@parley/inbox/intake/intake-pulse';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const EVERY_MS = 10_000;

/** While this process takes providers' calls it says so: from the silence of all of them a gap is known. */
@Injectable()
export class IntakeBeat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pulse: IntakePulse) {}

  onApplicationBootstrap(): void {
    const beat = () => void this.pulse.beat().catch(() => {}); // without Redis nobody knows of a gap
    beat();
    this.timer = setInterval(beat, EVERY_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
