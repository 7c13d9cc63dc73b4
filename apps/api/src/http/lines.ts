import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LINES } from '@parley/contracts/route';
import type { FastifyReply } from 'fastify';
import { Logger } from '@nestjs/common';
import { codeOf } from '@parley/platform/sql-state';
import { takeOver } from './take-over';

const log = new Logger('lines');

/**
 * Answers with one JSON object a line, as a file to be kept, no faster than it is read. What fails before the first line
 * is answered as ever; after it the connection is cut, so that a part is never taken for the whole.
 */
export async function sendLines(reply: FastifyReply, name: string, items: AsyncGenerator<object>): Promise<undefined> {
  const first = await items.next();
  const file = `attachment; filename="${name}.ndjson"`;
  void reply.headers({ 'content-type': LINES, 'content-disposition': file, 'cache-control': 'no-store' });
  const raw = takeOver(reply);
  const lines = async function* () {
    if (!first.done) yield `${JSON.stringify(first.value)}\n`;
    for await (const item of items) yield `${JSON.stringify(item)}\n`;
  };
  try {
    await pipeline(Readable.from(lines()), raw);
  } catch (err) {
    raw.destroy(); // whoever asked went away, or got a part
    if (codeOf(err) !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err, name }, 'an answer in lines broke off');
  }
}
