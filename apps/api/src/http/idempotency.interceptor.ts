import { createHash } from 'node:crypto';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import type { AnyRoute } from '@parley/contracts/route';
import { AppError } from '@parley/platform/app-error';
import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, defer, from, type Observable } from 'rxjs';
import { IdempotencyStore, type KeyOwner, type StoredAnswer } from './idempotency.store';
import { problemOf } from './problem';
import { findRoute, statusOf } from './route.decorator';

/** Set on an answer that was given before. */
export const REPLAYED_HEADER = 'idempotency-replayed';

/** Not kept: the same call may do better next time. */
const passing = new Set([429, 503]);

/** Honours `Idempotency-Key` on writes of whoever is known, for 24 h: the second call does nothing and gets the first one's answer. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Idempotency');

  constructor(private readonly store: IdempotencyStore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const [owner, route] = [ownerOf(request), findRoute(context.getHandler())];
    const header = request.headers['idempotency-key'];
    if (!owner || !route || route.method === 'GET' || route.takes || header === undefined) return next.handle();
    const key = keyOf(header);
    return defer(() => this.store.begin(owner, key, fingerprintOf(request))).pipe(
      concatMap((known) =>
        known ? from([replay(known, reply)]) : this.run({ owner, key, route, request, reply }, next),
      ),
    );
  }

  private run({ owner, key, route, request, reply }: Call, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        const problem = problemOf(error, request.id);
        await this.keep(() =>
          passing.has(problem.status)
            ? this.store.forget(owner, key)
            : this.store.finish(owner, key, { status: problem.status, body: problem, cursor: null }),
        );
        throw error;
      }),
      concatMap(async (body: unknown) => {
        const cursor = request.memberContext?.cursor ?? Number(reply.getHeader(CURSOR_HEADER) ?? NaN);
        const answer = { status: statusOf(route), body: body ?? null, cursor: Number.isNaN(cursor) ? null : cursor };
        await this.keep(() => this.store.finish(owner, key, route.once ? shownOnce(request.id) : answer));
        return body;
      }),
    );
  }

  /** What was done is done, whether or not its answer could be kept: then the second call is told to look. */
  private async keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.logger.error({ err: error }, 'the answer of a write could not be kept for its Idempotency-Key');
    }
  }
}

interface Call {
  owner: KeyOwner;
  key: string;
  route: AnyRoute;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** In a tenant who acts there, else the login; of who acts as somebody else the super-admin. Null: anybody. */
function ownerOf({ memberContext, signedIn }: FastifyRequest): KeyOwner | null {
  if (memberContext) return memberContext;
  return signedIn ? { userId: signedIn.impersonation?.userId ?? signedIn.user.id } : null;
}

/** In place of an answer with a secret in it. */
function shownOnce(correlationId: string): StoredAnswer {
  const message = 'This was done before. Its answer held a secret, which is kept nowhere: make a new one.';
  const problem = problemOf(new AppError('conflict', message), correlationId);
  return { status: problem.status, body: problem, cursor: null };
}

function replay({ status, body, cursor }: StoredAnswer, reply: FastifyReply): unknown {
  void reply.status(status).header(REPLAYED_HEADER, 'true');
  if (cursor !== null) void reply.header(CURSOR_HEADER, String(cursor));
  if (status >= 400) void reply.type('application/problem+json');
  return body ?? undefined;
}

/** Quoted, as the standard has it, or bare. */
function keyOf(header: string | string[]): string {
  const [, quoted, bare] = /^(?:"([\x20\x21\x23-\x7e]{1,128})"|([\x21\x23-\x7e]{1,128}))$/.exec(String(header)) ?? [];
  const key = quoted ?? bare;
  if (!key) throw new AppError('bad_request', 'Idempotency-Key must be 1 to 128 printable characters; a UUID is best.');
  return key;
}

/** Of what is asked: method, path and body. */
function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('base64url');
}
