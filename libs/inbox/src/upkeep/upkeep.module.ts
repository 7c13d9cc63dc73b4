import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { BacklogService } from './backlog.service';
import { CensusService } from './census.service';
import { RetentionService } from './retention.service';
import { WatchService } from './watch.service';

/** What the worker's slow timers do. */
@Module({
  imports: [SendingModule],
  providers: [BacklogService, CensusService, RetentionService, WatchService],
  exports: [BacklogService, CensusService, RetentionService, WatchService],
})
export class UpkeepModule {}
