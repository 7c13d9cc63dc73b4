import { Metrics } from '@parley/platform/metrics';
import { Tracing } from '@parley/platform/tracing';
import { Injectable, Logger } from '@nestjs/common';
import type { WebhookWatch } from '../webhooks/webhook.watch';

/** One line and one count for each call of a provider; its correlation id goes with the items to the last event. */
@Injectable()
export class WebhookLog implements WebhookWatch {
  private readonly logger = new Logger('Webhook');

  constructor(
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  taken({ provider, outcome, ms, correlationId }: Parameters<WebhookWatch['taken']>[0]): void {
    this.metrics.webhookCalls.inc({ provider, outcome });
    this.metrics.webhookDuration.observe({ provider }, ms / 1000);
    const line = { provider, outcome, ms: Math.round(ms), correlationId };
    if (outcome === 'kept') this.logger.log(line, 'webhook');
    else this.logger.warn(line, 'webhook');
    const beganMs = performance.now() - ms;
    this.tracing.tell({ name: 'webhook.receive', of: correlationId, beganMs, attributes: { provider, outcome } });
  }

  items(provider: string, { items, nobodys }: Parameters<WebhookWatch['items']>[1]): void {
    this.metrics.webhookItems.inc({ provider, whose: 'ours' }, items);
    if (nobodys) this.metrics.webhookItems.inc({ provider, whose: 'nobody' }, nobodys);
  }

  failed(error: unknown, { provider, route, ms, correlationId }: Parameters<WebhookWatch['failed']>[1]): void {
    this.metrics.webhookCalls.inc({ provider, outcome: 'failed' });
    this.logger.error({ err: error, route, correlationId }, 'a webhook could not be kept');
    const beganMs = performance.now() - ms;
    this.tracing.tell({
      name: 'webhook.receive',
      of: correlationId,
      beganMs,
      attributes: { provider },
      error: 'failed',
    });
  }
}
