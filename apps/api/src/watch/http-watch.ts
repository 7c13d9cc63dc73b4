import { FILE_PART } from '@parley/contracts/route';
import { Metrics, type Verdict } from '@parley/platform/metrics';
import { Tracing } from '@parley/platform/tracing';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isApi, isWebhook } from '../http/origin.hook';

/** An answer that comes later is none, to who waits for it. */
const LATE_MS = 1000;

/**
 * Counts every answer by its route's pattern, and writes a line for each of the API's. A stream is none: how long somebody
 * reads is nobody's wait, and how long a part of a file takes is its sender's line.
 */
@Injectable()
export class HttpWatch {
  private readonly logger = new Logger('Http');

  constructor(
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  observe(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      this.answered(request, reply);
      done();
    });
  }

  private answered(request: FastifyRequest, reply: FastifyReply): void {
    const labels = { method: request.method, route: routeOf(request), status: String(reply.statusCode) };
    this.metrics.httpRequests.inc(labels);
    const ms = reply.elapsedTime;
    this.metrics.httpDuration.observe(labels, ms / 1000);
    if (!isApi(request)) return;
    this.metrics.answers.inc({
      door: isWebhook(request) ? 'webhooks' : 'api',
      verdict: verdictOf(reply.statusCode, isFilePart(request) ? 0 : ms),
    });
    if (isWebhook(request)) return; // they write a line of their own
    const { memberContext: ctx } = request;
    const who = ctx && { tenantId: ctx.tenantId, actorId: ctx.actorId };
    this.logger.log({ ...labels, ms: Math.round(ms), ip: request.ip, ...who }, 'answered');
    if (!this.tracing.isOn) return;
    const beganMs = performance.now() - ms;
    const failure = reply.statusCode >= 500 ? { error: labels.status } : {};
    this.tracing.tell({ name: 'http.request', of: request.id, beganMs, attributes: labels, ...failure });
  }
}

const isFilePart = ({ headers }: FastifyRequest) => headers['content-type'] === FILE_PART;

function verdictOf(status: number, ms: number): Verdict {
  if (status >= 500) return 'failed';
  return ms > LATE_MS ? 'slow' : 'good';
}

/** The pattern, never the path: that has ids and tokens in it. What only the pages know has one name. */
function routeOf({ routeOptions }: FastifyRequest): string {
  const pattern = routeOptions.url ?? 'unknown';
  return pattern === '/*' ? 'pages' : pattern;
}
