import { isDeepStrictEqual } from 'node:util';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import type { AnyRoute } from '@parley/contracts/route';
import { ENV, type Env } from '@parley/platform/env';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { findRoute } from './route.decorator';

/** Adds the cursor that the member's context came back with; in tests, holds every answer against its contract. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  private readonly checks: boolean;

  constructor(@Inject(ENV) env: Env) {
    this.checks = env.NODE_ENV === 'test';
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = findRoute(context.getHandler());
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    return next.handle().pipe(
      map((body: unknown) => {
        if (reply.sent) return body; // a stream took the connection over
        const cursor = request.memberContext?.cursor;
        if (cursor !== undefined) void reply.header(CURSOR_HEADER, String(cursor));
        if (this.checks && route && !reply.getHeader('idempotency-replayed')) assertShape(route, body);
        return body;
      }),
    );
  }
}

/** The contract is closed: a field that it does not name must not leave either. */
function assertShape({ method, path, response }: AnyRoute, body: unknown): void {
  const sent: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
  if (!response) {
    if (sent !== undefined && sent !== null)
      throw new Error(`${method} ${path} answers a body that its contract does not have`);
    return;
  }
  const parsed = response.safeParse(sent);
  if (!parsed.success) throw new Error(`${method} ${path} breaks its contract: ${parsed.error.message}`);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(parsed.data)), sent))
    throw new Error(`${method} ${path} answers more than its contract`);
}
