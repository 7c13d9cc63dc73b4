import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { keyOf, type Account } from './account';
import { fileFaults } from './faults';
import type { World } from './world';

/** Answers with a file of the account's, or with what was asked to go wrong with it. */
export function sendFile(
  world: World,
  account: Account,
  request: FastifyRequest,
  reply: FastifyReply,
  { mimeType, bytes }: { mimeType: string; bytes: Buffer },
): FastifyReply {
  switch (world.faults.take(keyOf(account), fileFaults)?.kind) {
    case 'trickle':
      return reply.type(mimeType).send(Readable.from(byteByByte(bytes, world)));
    case 'endless':
      return reply.type(mimeType).send(Readable.from(withoutEnd(bytes)));
    case 'cut-off':
      return reply
        .type(mimeType)
        .header('content-length', bytes.length)
        .send(Readable.from(firstHalf(bytes)));
    case 'circle':
      return reply.redirect(request.url);
    default:
      return reply.type(mimeType).send(bytes);
  }
}

async function* byteByByte(bytes: Buffer, { clock }: World): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i++) {
    yield bytes.subarray(i, i + 1);
    await clock.sleep(1_000);
  }
}

function* withoutEnd(bytes: Buffer): Generator<Buffer> {
  for (;;) yield bytes;
}

function* firstHalf(bytes: Buffer): Generator<Buffer> {
  yield bytes.subarray(0, bytes.length / 2);
  throw new Error('a file that was to break off');
}
