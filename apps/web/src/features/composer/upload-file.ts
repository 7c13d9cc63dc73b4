import type { Upload } from '@parley/contracts/files';
import { ApiError } from '@parley/client/api-error';
import { urlOf } from '@parley/client/call';
import { call } from '@/lib/api';
import { FILE_PART } from '@/lib/contract-values';
import { routes } from '@/lib/routes';

const MB = 2 ** 20;
const [LEAST, FIRST, MOST] = [MB / 4, MB, 16 * MB];
/** A part that leaves faster is followed by a larger one; slower, by a smaller one: the server waits 30 s for each. */
const [FAST_MS, SLOW_MS] = [2_000, 8_000];
const TIMEOUT_MS = 20_000;
/** A line that went away without a word. */
const GIVEN_UP_MS = 60_000;

/** This browser lost the bytes before the server had them. */
export class FileLost extends Error {
  override name = 'FileLost';
}

export interface Uploading {
  id: string;
  file: { fileName: string; mimeType: string; sizeBytes: number };
  /** Null: they are here no more, which matters only where the server has not all of them. */
  bytes: Blob | null;
  signal: AbortSignal;
  /** How much of it is over there, from 0 to 1. */
  onProgress: (share: number) => void;
}

/**
 * Brings a file to the server, from where an earlier try of this id ended. Throws `ApiError`, of which `network` passes,
 * `FileLost`, and what `signal` aborts with.
 */
export async function uploadFile({ id, file, bytes, signal, onProgress }: Uploading): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const { body } = await call(routes.createUpload, { body: { id, ...file }, signal: patience });
  const { sizeBytes } = body;
  let { receivedBytes: at } = body;
  onProgress(at / sizeBytes);
  if (at < sizeBytes && bytes?.size !== sizeBytes)
    throw new FileLost('The file is not in this browser any more. Attach it again.');
  let [size, most] = [FIRST, MOST];
  while (bytes && at < sizeBytes) {
    signal.throwIfAborted();
    const [from, began] = [at, performance.now()];
    const part = bytes.slice(from, from + size);
    at = await sendPart({ id, from, part }, signal, (sent) => onProgress((from + sent) / sizeBytes));
    onProgress(at / sizeBytes);
    const ms = performance.now() - began;
    if (at === from) most = size = Math.max(LEAST, size / 4);
    else if (ms < FAST_MS) size = Math.min(most, size * 2);
    else if (ms > SLOW_MS) size = Math.max(LEAST, size / 2);
  }
}

/**
 * Answers how far the file has come: no further, where a proxy on the way takes no part so large. Only XMLHttpRequest tells how
 * much of a body has left.
 */
function sendPart(
  { id, from, part }: { id: string; from: number; part: Blob },
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<Upload['receivedBytes']> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (act: () => void) => (signal.removeEventListener('abort', stop), act());
    const lost = () => end(() => reject(new ApiError('network', 0, 'No answer from the server.')));
    request.open(routes.appendUpload.method, urlOf(routes.appendUpload, { params: { id } }));
    request.setRequestHeader('content-type', FILE_PART);
    request.setRequestHeader('upload-offset', String(from));
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onerror = lost;
    request.ontimeout = lost;
    request.onabort = () => end(() => reject(signal.reason as Error));
    request.onload = () =>
      end(() => {
        const at = Number(request.getResponseHeader('upload-offset'));
        if (request.status === 204 && at > from) resolve(at);
        else if (request.status === 413 && part.size > LEAST) resolve(from);
        else reject(refusalOf(request));
      });
    request.timeout = GIVEN_UP_MS;
    signal.addEventListener('abort', stop);
    request.send(part);
  });
}

/** That it goes on elsewhere, or comes in already, passes: who begins anew is told where. */
function refusalOf(request: XMLHttpRequest): ApiError {
  const passes = request.status === 409 || request.status === 204 || request.status >= 500 || request.status === 429;
  if (request.status === 401) return new ApiError('unauthenticated', 401, request.statusText);
  if (passes) return new ApiError('network', request.status, 'The file did not come through.');
  return new ApiError('invalid', request.status, 'The file was not taken.');
}
