import { disposition } from '@parley/inbox/files/file-name';
import { FilesService, type OpenFile } from '@parley/inbox/files/files.service';
import { FileMissing } from '@parley/platform/file-store';
import type { Env } from '@parley/platform/env';
import { AppError } from '@parley/platform/app-error';
import type { RateLimits } from '@parley/platform/rate-limits';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../http/problem.filter';
import { throttleAddress } from '../http/throttle';
import { byteRange } from './byte-range';

/** Whatever is in a file, a browser runs none of it, frames none of it, keeps none of it, and gives it to no other site. */
const guards = {
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-site',
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer', // the address is the key
};

interface Parts {
  env: Env;
  files: FilesService;
  limits: RateLimits;
}

/** The bytes of files. The link is the only proof: no cookie is read here, and none is set. */
export function registerFiles(fastify: FastifyInstance, { env, files, limits }: Parts): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    await throttleAddress(limits, env, request, reply);
    const { '*': token } = request.params as { '*': string }; // a named part may not be so long
    const file = await files.open(token);
    void reply.headers(guards);
    if (!file) return sendProblem(request, reply, gone());
    try {
      return await answer(file, request, reply);
    } catch (error) {
      if (!(error instanceof FileMissing)) throw error;
      return sendProblem(request, reply, gone());
    }
  };
  fastify.route({ method: ['GET', 'HEAD'], url: '/files/*', handler }); // Fastify's own HEAD says that there is nothing
}

async function answer(file: OpenFile, request: FastifyRequest, reply: FastifyReply) {
  const { name, type, sizeBytes, inline } = file;
  if (sizeBytes === null) {
    void reply.headers({ 'content-type': type, 'content-disposition': disposition('inline', name) });
    return reply.send(request.method === 'HEAD' ? undefined : await file.read());
  }
  const range = byteRange(request.headers.range, sizeBytes);
  void reply.header('accept-ranges', 'bytes');
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send();
  if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
  void reply.headers({
    'content-type': inline ? type : 'application/octet-stream',
    'content-disposition': disposition(inline ? 'inline' : 'attachment', name),
    'content-length': range ? range.end - range.start + 1 : sizeBytes,
  });
  if (request.method === 'HEAD') return reply.send();
  return reply.send(await file.read(range ?? undefined));
}

const gone = () => new AppError('not_found', 'This link is over, or was never one.');
