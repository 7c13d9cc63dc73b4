import { Metrics } from '@parley/platform/metrics';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isApi, isWebhook } from '../http/origin.hook';

/** Counts every answer by its route's pattern, and writes a line for each of the API's. */
@Injectable()
export class HttpWatch {
  private readonly logger = new Logger('Http');

  constructor(private readonly metrics: Metrics) {}

  observe(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', async (request, reply) => this.answered(request, reply));
  }

  private answered(request: FastifyRequest, reply: FastifyReply): void {
    const labels = { method: request.method, route: routeOf(request), status: String(reply.statusCode) };
    this.metrics.httpRequests.inc(labels);
    this.metrics.httpDuration.observe(labels, reply.elapsedTime / 1000);
    if (!isApi(request) || isWebhook(request)) return; // webhooks write a line of their own
    const { memberContext: ctx } = request;
    const who = ctx && { tenantId: ctx.tenantId, memberId: ctx.memberId };
    this.logger.log({ ...labels, ms: Math.round(reply.elapsedTime), ip: request.ip, ...who }, 'answered');
  }
}

/** The pattern, never the path: that has ids and tokens in it. What only the pages know has one name. */
function routeOf({ routeOptions }: FastifyRequest): string {
  const pattern = routeOptions.url ?? 'unknown';
  return pattern === '/*' ? 'pages' : pattern;
}
