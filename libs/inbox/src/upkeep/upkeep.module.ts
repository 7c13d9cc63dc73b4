import { Module } from '@nestjs/common';
import { ErasingModule } from '../erasing/erasing.module';
import { SendingModule } from '../sending/sending.module';
import { BacklogService } from './backlog.service';
import { CensusService } from './census.service';
import { RetentionService } from './retention.service';
import { WatchService } from './watch.service';

/** What the worker's slow timers do. */
@Module({
  imports: [SendingModule, ErasingModule],
  providers: [BacklogService, CensusService, RetentionService, WatchService],
  exports: [BacklogService, CensusService, RetentionService, WatchService, ErasingModule],
})
export class UpkeepModule {}
