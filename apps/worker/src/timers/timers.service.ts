import { ContactEraser } from '@parley/inbox/erasing/contact-eraser';
import { TenantEraser } from '@parley/inbox/erasing/tenant-eraser';
import { FetcherService } from '@parley/inbox/files/fetcher.service';
import { RemoverService } from '@parley/inbox/files/remover.service';
import { TenantRetention } from '@parley/inbox/erasing/tenant-retention';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { SenderService } from '@parley/inbox/sending/sender.service';
import { AssignmentService } from '@parley/inbox/upkeep/assignment.service';
import { BacklogService } from '@parley/inbox/upkeep/backlog.service';
import { CensusService } from '@parley/inbox/upkeep/census.service';
import { DoubtsService } from '@parley/inbox/upkeep/doubts.service';
import { RenewalsService } from '@parley/inbox/upkeep/renewals.service';
import { RetentionService } from '@parley/inbox/upkeep/retention.service';
import { TrafficService } from '@parley/inbox/upkeep/traffic.service';
import { WatchService } from '@parley/inbox/upkeep/watch.service';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Ticker } from './ticker';

const SWEEP_MS = 500;
const WATCH_MS = 1_000;
const SHARING_MS = 1_000;
const METRICS_MS = 15_000;
const ERASING_MS = 2_000;
const MINUTE_MS = 60_000;
const DOUBT_MS = 30_000;
const HOUR_MS = 3_600_000;

/** What must run by the clock. Plain timers in every worker: an emptied Redis kills job schedulers for good. */
@Injectable()
export class TimersService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('timers');
  private readonly tickers: Ticker[];
  private sweptAt = performance.now();

  constructor(
    private readonly lanes: LanesService,
    private readonly sender: SenderService,
    retention: RetentionService,
    backlog: BacklogService,
    census: CensusService,
    traffic: TrafficService,
    watch: WatchService,
    renewals: RenewalsService,
    fetcher: FetcherService,
    remover: RemoverService,
    doubts: DoubtsService,
    assignment: AssignmentService,
    eraser: TenantEraser,
    private readonly contacts: ContactEraser,
    private readonly tenants: TenantRetention,
  ) {
    this.tickers = [
      this.ticker('sweep of lanes', SWEEP_MS, () => this.lanes.sweep()),
      this.ticker('sweep of sends', SWEEP_MS, () => this.sweepSends()),
      this.ticker('files', SWEEP_MS, () => fetcher.turn()),
      this.ticker('removed files', SWEEP_MS, () => remover.turn()),
      this.ticker('unfinished files', HOUR_MS, () => remover.sweep()),
      this.ticker('partitions', HOUR_MS, () => retention.maintainPartitions()),
      this.ticker('retention', HOUR_MS, () => retention.removeOld()),
      this.ticker('retention of tenants', HOUR_MS, () => this.tenants.turn()),
      this.ticker('backlog', METRICS_MS, () => backlog.measure()),
      this.ticker('census', MINUTE_MS, () => census.measure()),
      this.ticker('traffic', MINUTE_MS, () => traffic.store()),
      this.ticker('renewal of access', MINUTE_MS, () => renewals.turn()),
      this.ticker('watch of connections', WATCH_MS, () => watch.turn()),
      this.ticker('doubts of connections', DOUBT_MS, () => doubts.turn()),
      this.ticker('sharing of work', SHARING_MS, () => assignment.turn()),
      this.ticker('end of contacts', ERASING_MS, () => contacts.turn()),
      this.ticker('end of tenants', MINUTE_MS, () => eraser.turn()),
    ];
  }

  /** Since the sweeper last came through. It does whenever Postgres answers, so a large number means trouble. */
  get silentMs(): number {
    return performance.now() - this.sweptAt;
  }

  onApplicationBootstrap(): void {
    for (const ticker of this.tickers) ticker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.contacts.stop();
    this.tenants.stop();
    await Promise.allSettled(this.tickers.map((ticker) => ticker.stop()));
  }

  private async sweepSends(): Promise<void> {
    await this.sender.sweep();
    this.sweptAt = performance.now();
  }

  private ticker(what: string, everyMs: number, work: () => Promise<void>): Ticker {
    return new Ticker(everyMs, work, {
      failed: (err) => this.log.warn({ err, what }, 'a timer failed; it goes on trying'),
      recovered: () => this.log.log({ what }, 'a timer works again'),
    });
  }
}
