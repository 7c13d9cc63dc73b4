import { ENV, type Env } from '@parley/platform/env';
import { Metrics } from '@parley/platform/metrics';
import { mayReadMetrics } from '@parley/platform/metrics-access';
import { Controller, Get, Header, Headers, Inject, UnauthorizedException } from '@nestjs/common';

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(@Headers('authorization') authorization?: string): Promise<string> {
    if (!mayReadMetrics(this.env, authorization))
      throw new UnauthorizedException('Metrics need the token of METRICS_TOKEN.');
    return this.metrics.text();
  }
}
