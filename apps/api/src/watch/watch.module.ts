import { Module } from '@nestjs/common';
import { HttpWatch } from './http-watch';
import { MetricsController } from './metrics.controller';
import { WebhookLog } from './webhook-log';

/** What the process tells of itself: lines and counts. */
@Module({ providers: [HttpWatch, WebhookLog], controllers: [MetricsController], exports: [HttpWatch, WebhookLog] })
export class WatchModule {}
