import type { AnyProvider, WebhookCall } from '@parley/channels/provider';
import { registry } from '@parley/channels/registry';
import { crashPoint } from '@parley/platform/crash-points';
import { IntakeService } from '@parley/inbox/intake/intake.service';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebhookWatch } from './webhook.watch';

const inflaters = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/**
 * The providers' doors: bare Fastify routes inside the Nest app, with no pipe and no interceptor. Bodies stay bytes, for
 * signatures are over bytes. What could be our fault is answered 503, never 4xx: some providers drop the event for good.
 */
export function registerWebhooks(fastify: FastifyInstance, intake: IntakeService, watch: WebhookWatch): void {
  fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const provider of Object.values(registry)) registerProvider(scope, provider, intake, watch);
  });
}

type Keyed = { Params: { key?: string } };

function registerProvider(
  scope: FastifyInstance,
  provider: AnyProvider,
  intake: IntakeService,
  watch: WebhookWatch,
): void {
  const { path: root, by, doors = [''] } = provider.ingress;
  const bases = doors.map((door) => ['/api/webhooks', root, door].filter(Boolean).join('/'));
  // Some providers append a segment per kind of event; the body says it too.
  const paths = bases.flatMap((base) =>
    by === 'token' ? [`${base}/:key`, `${base}/:key/:event`] : [base, `${base}/:key`],
  );
  const options = {
    bodyLimit: provider.bodyLimitBytes,
    errorHandler: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerError(error, request, reply, { watch, provider: provider.name }),
  };
  for (const path of paths) {
    scope.post<Keyed>(path, options, (request, reply) => take(provider, request, reply, intake, watch));
    if (provider.handshake)
      scope.get<Keyed>(path, options, (request, reply) => handshake(provider, request, reply, intake));
  }
}

async function take(
  provider: AnyProvider,
  request: FastifyRequest<Keyed>,
  reply: FastifyReply,
  intake: IntakeService,
  watch: WebhookWatch,
) {
  const started = performance.now();
  const correlationId = request.id; // also the answer's `x-request-id`
  const outcome = await answer();
  watch.taken({ provider: provider.name, outcome, ms: performance.now() - started, correlationId });
  return reply;

  async function answer(): Promise<string> {
    if (intake.full) return busy(reply);
    const call = { headers: headersOf(request), body: await inflated(request, provider.bodyLimitBytes) };
    crashPoint('intake.C1');
    const taken = await intake.take(provider, request.params.key ?? '', call, correlationId);
    if (taken.outcome === 'kept') {
      watch.items(provider.name, taken);
      const words = wordsFor(provider, call);
      if (words) reply.code(200).type(words.type).send(words.body);
      else reply.code(200).send();
    } else {
      reply.code(taken.outcome === 'unknown_path' ? 404 : 401).send();
    }
    return taken.outcome;
  }
}

/** What cannot be read is kept, and has no answer of its own. */
function wordsFor(provider: AnyProvider, call: WebhookCall) {
  try {
    return provider.reply?.(call) ?? null;
  } catch {
    return null;
  }
}

async function handshake(
  provider: AnyProvider,
  request: FastifyRequest<Keyed>,
  reply: FastifyReply,
  intake: IntakeService,
) {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const answer = await intake.handshake(provider, request.params.key ?? '', query);
  if (answer === undefined) return reply.code(404).send();
  if (answer === null) return reply.code(query.size ? 403 : 400).send();
  return reply.code(200).type('text/plain').send(answer);
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { watch, provider }: { watch: WebhookWatch; provider: string },
) {
  if (isTooLarge(error)) return reply.code(413).send();
  if (error instanceof BadEncoding) return reply.code(415).send();
  const route = request.routeOptions.url ?? '';
  watch.failed(error, { provider, route, ms: reply.elapsedTime, correlationId: request.id });
  busy(reply);
  return reply;
}

function busy(reply: FastifyReply): string {
  reply.code(503).header('retry-after', '1').send();
  return 'busy';
}

class BadEncoding extends Error {}

/** The body's bytes, opened if the provider packed them; never more than the limit, also opened. */
async function inflated(request: FastifyRequest, limitBytes: number): Promise<Uint8Array> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const encoding = request.headers['content-encoding'];
  if (!encoding || encoding === 'identity') return body;
  const inflater = Object.hasOwn(inflaters, encoding) && inflaters[encoding as keyof typeof inflaters];
  if (!inflater) throw new BadEncoding(`content-encoding ${encoding}`);
  return inflater(body, { maxOutputLength: limitBytes }).catch((error: unknown) => {
    throw isTooLarge(error) ? error : new BadEncoding('the body is not what its content-encoding says');
  });
}

function isTooLarge(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'ERR_BUFFER_TOO_LARGE';
}

function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  // A header that comes twice proves nothing: the first alone would let a second one through.
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
