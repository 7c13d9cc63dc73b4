import { SenderService } from '@parley/inbox/sending/sender.service';
import { bellWorker, jobs } from '@parley/platform/jobs';
import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';

/** An account has something to send. */
@Processor('send-heads', { ...bellWorker, concurrency: 16 })
export class SendHeadsProcessor extends WorkerHost {
  constructor(private readonly sender: SenderService) {
    super();
  }

  /**
   * Safe to run twice and to die at any line: every step is a committed row. Ends when no more calls can start, not when
   * they end: one slow call must not keep the next bell waiting. A retry is a row with a due time, not a BullMQ attempt.
   */
  async process(job: Job): Promise<void> {
    await this.sender.sendHeads(jobs['send-heads'].payload.parse(job.data).accountId);
  }

  /** Redis is away: told by the health check, and it comes back by itself. */
  @OnWorkerEvent('error')
  ignore(): void {}
}
