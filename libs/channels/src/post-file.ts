import { randomUUID } from 'node:crypto';
import { call, type Answer } from './http-answer';
import type { OutboundFile, SendResult } from './provider';

export interface Form {
  headers?: Record<string, string>;
  /** What is not known is left out. */
  fields: Record<string, string | undefined>;
  file: OutboundFile;
}

/**
 * POSTs a form with a file at its end, in the field `file`. Its bytes are read as they leave; how long it is, is told ahead,
 * for not every server takes what does not say.
 */
export function postForm(
  http: typeof fetch,
  url: string,
  { headers = {}, fields, file }: Form,
  options: { secret?: string } = {},
): Promise<Answer> {
  const boundary = `parley-${randomUUID()}`;
  const part = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const said = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
  const opening = `${part(`name="file"; filename="${file.name}"`)}Content-Type: ${file.mimeType}\r\n\r\n`;
  const around = { before: Buffer.from([...said, opening].join('')), after: Buffer.from(`\r\n--${boundary}--\r\n`) };
  const type = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return post(http, url, { headers: { ...headers, ...type }, file, ...around }, options);
}

/** POSTs a file alone. */
export function postBytes(http: typeof fetch, url: string, file: OutboundFile): Promise<Answer> {
  const nothing = Buffer.alloc(0);
  const headers = { 'content-type': 'application/octet-stream' };
  return post(http, url, { headers, file, before: nothing, after: nothing }, {});
}

async function post(
  http: typeof fetch,
  url: string,
  {
    headers,
    file,
    before,
    after,
  }: { headers: Record<string, string>; file: OutboundFile; before: Buffer; after: Buffer },
  options: { secret?: string },
): Promise<Answer> {
  const bytes = await file.open();
  const length = before.byteLength + file.sizeBytes + after.byteLength;
  async function* body(): AsyncGenerator<Uint8Array> {
    if (before.byteLength) yield before;
    yield* bytes;
    if (after.byteLength) yield after;
  }
  const told = { ...headers, 'content-length': String(length) };
  try {
    return await call(http, url, { method: 'POST', headers: told, ...asItLeaves(body()) }, options);
  } finally {
    bytes.destroy(); // also where no byte of it was asked for
  }
}

/** A body that is read as it leaves: Node takes one, which browsers' types, known beside Node's to who drives a browser, deny. */
function asItLeaves(body: AsyncIterable<Uint8Array>): RequestInit {
  return { body, duplex: 'half' } as unknown as RequestInit;
}

/**
 * A step that shows nothing to anybody: handing over a file, or asking. Whatever became of it, nothing was sent, so where no
 * answer comes it counts as trouble that passes.
 */
export async function beforehand(ask: () => Promise<Answer>): Promise<Answer | SendResult> {
  try {
    return await ask();
  } catch {
    return { outcome: 'refused', reason: 'provider', detail: 'the file could not be handed over' };
  }
}

/** The result of such a step that was not taken. */
export function certain(result: SendResult): SendResult {
  return result.outcome === 'unknown' ? { outcome: 'refused', reason: 'provider', detail: result.detail } : result;
}
