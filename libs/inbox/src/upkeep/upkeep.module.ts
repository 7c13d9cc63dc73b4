import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { BacklogService } from './backlog.service';
import { RetentionService } from './retention.service';

/** What the worker's slow timers do. */
@Module({
  imports: [SendingModule],
  providers: [BacklogService, RetentionService],
  exports: [BacklogService, RetentionService],
})
export class UpkeepModule {}
