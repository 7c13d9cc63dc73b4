import { Controller, Get, Res } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Operational } from '../http/route.decorator';
import { HealthChecks } from './health-checks';

/** For load balancers and people. Says up or down and nothing of anybody's. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly checks: HealthChecks,
  ) {}

  @Get()
  @Operational()
  all(@Res({ passthrough: true }) reply: FastifyReply) {
    const { serving, database, redis, migrations, files, intake, worker } = this.checks;
    return this.check(reply, [serving, database, migrations, redis, files, intake, worker]);
  }

  /** The process runs: whoever gets no answer restarts it. */
  @Get('live')
  @Operational()
  live() {
    return { status: 'ok' };
  }

  /** It may be given requests. Redis may be away, and files: then the rest works. */
  @Get('ready')
  @Operational()
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { serving, database, redis, migrations, files } = this.checks;
    return this.check(reply, [serving, database, migrations, redis, files]);
  }

  /** Providers' calls are taken. */
  @Get('webhook')
  @Operational()
  webhook(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.check(reply, [this.checks.serving, this.checks.intake]);
  }

  /** Somebody applies and sends. */
  @Get('worker')
  @Operational()
  worker(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.check(reply, [this.checks.worker]);
  }

  /** Terminus throws on a failed check; here that is an answer like any other. */
  private async check(reply: FastifyReply, indicators: HealthIndicatorFunction[]) {
    const result = await this.health.check(indicators).catch((error: unknown) => resultOf(error));
    void reply.status(result.status === 'ok' ? 200 : 503);
    return { status: result.status, details: result.details };
  }
}

function resultOf(error: unknown): { status: string; details: unknown } {
  const response: unknown =
    error instanceof Error && 'getResponse' in error && typeof error.getResponse === 'function'
      ? error.getResponse()
      : null;
  if (typeof response !== 'object' || response === null || !('details' in response)) throw error;
  return { status: 'error', details: response.details };
}
