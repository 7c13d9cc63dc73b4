import { IntakeModule } from '@parley/inbox/intake/intake.module';
import { Module } from '@nestjs/common';
import { HttpWatch } from './http-watch';
import { IntakeBeat } from './intake-beat';
import { MetricsController } from './metrics.controller';
import { WebhookLog } from './webhook-log';

/** What the process tells of itself: lines and counts, and that it takes calls. */
@Module({
  imports: [IntakeModule],
  providers: [HttpWatch, WebhookLog, IntakeBeat],
  controllers: [MetricsController],
  exports: [HttpWatch, WebhookLog],
})
export class WatchModule {}
