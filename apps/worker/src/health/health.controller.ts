import { Controller, Get, Res } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { HealthChecks } from './health-checks';

/** For load balancers and people. Says up or down and nothing of anybody's. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly checks: HealthChecks,
  ) {}

  @Get()
  all(@Res({ passthrough: true }) reply: FastifyReply) {
    const { serving, database, migrations, redis, files, sweeper } = this.checks;
    return this.check(reply, [serving, database, migrations, redis, files, sweeper]);
  }

  /** The process runs: whoever gets no answer restarts it. */
  @Get('live')
  live() {
    return { status: 'ok' };
  }

  /** It applies and sends. Redis may be away, and files: then the rest works. */
  @Get('ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { serving, database, migrations, redis, files } = this.checks;
    return this.check(reply, [serving, database, migrations, redis, files]);
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
