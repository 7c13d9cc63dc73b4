import { Module } from '@nestjs/common';
import { BacklogService } from './backlog.service';
import { RetentionService } from './retention.service';

/** What the worker's slow timers do. */
@Module({ providers: [BacklogService, RetentionService], exports: [BacklogService, RetentionService] })
export class UpkeepModule {}
