import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { BacklogService } from './backlog.service';
import { RetentionService } from './retention.service';
import { WatchService } from './watch.service';

/** What the worker's slow timers do. */
@Module({
  imports: [SendingModule],
  providers: [BacklogService, RetentionService, WatchService],
  exports: [BacklogService, RetentionService, WatchService],
})
export class UpkeepModule {}
