import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { bellWorker, jobs } from '@parley/platform/jobs';
import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';

/** A webhook waits in a lane. */
@Processor('drain-lane', { ...bellWorker, concurrency: 64 })
export class DrainLaneProcessor extends WorkerHost {
  constructor(private readonly lanes: LanesService) {
    super();
  }

  /** Only rings: a drain takes every waiting lane, and the row is the truth. */
  async process(job: Job): Promise<void> {
    this.lanes.ring(jobs['drain-lane'].payload.parse(job.data).lane);
  }

  /** Redis is away: told by the health check, and it comes back by itself. */
  @OnWorkerEvent('error')
  ignore(): void {}
}
