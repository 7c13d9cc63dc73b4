import { AppError } from '@parley/platform/app-error';
import { willPass } from '@parley/platform/trouble';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUnexpected, problemOf } from './problem';

/** Every error as RFC 9457. What is not ours is a bug: logged whole, answered 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    if (isUnexpected(error)) this.logger.error({ err: error }, 'unexpected error');
    else if (willPass(error)) this.logger.warn({ err: error }, 'Postgres is in trouble');
    else if (error instanceof AppError && (error.extra.internal || error.extra.cause)) {
      this.logger.warn({ code: error.code, internal: error.extra.internal, err: error.extra.cause }, 'refused');
    }
    if (!reply.sent) sendProblem(request, reply, error);
  }
}

/** The parts of a reply that every kind of server has. */
interface AnyReply {
  header(name: string, value: string): unknown;
  status(code: number): { type(contentType: string): { send(body: unknown): unknown } };
}

export function sendProblem(request: { id: string }, reply: AnyReply, error: unknown): void {
  const problem = problemOf(error, request.id);
  const retryAfterMs = error instanceof AppError ? error.extra.retryAfterMs : willPass(error) ? 1000 : undefined;
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  reply.status(problem.status).type('application/problem+json').send(problem);
}
