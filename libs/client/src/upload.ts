import { FILE_PART } from '@parley/contracts/route';
import { ApiError, refusal } from './api-error';
import { type Answer, type CallInput, type Send, urlOf } from './call';
import type { Address } from './address';
import { retrying, type Patience } from './retrying';
import { routes } from './routes';

/** Leaves within the 30 s that the server waits for a part on lines from 1 Mbit/s on. */
const PART_BYTES = 2 * 2 ** 20;

export interface FileToUpload {
  bytes: Blob;
  fileName: string;
  mimeType: string;
}

interface Line extends Patience {
  call<P, Q, B, R>(route: Address<P, Q, B, R>, input: CallInput<P, Q, B>): Promise<Answer<R>>;
  send: Send;
}

/** Brings a file to the server, part by part, each from where the one before it ended; gives the id that a message names. */
export async function upload({ bytes, ...file }: FileToUpload, { call, send, ...patience }: Line): Promise<string> {
  const { signal } = patience;
  const begun = { id: crypto.randomUUID(), ...file, sizeBytes: bytes.size };
  const { body } = await call(routes.createUpload, { body: begun, signal });
  const params = { id: body.id };
  let at = body.receivedBytes;
  let unsure = false;
  const sendPart = async () => {
    if (unsure) at = (await call(routes.getUpload, { params, signal })).body.receivedBytes;
    unsure = true;
    if (at >= bytes.size) return;
    const response = await send(urlOf(routes.appendUpload, { params }), {
      method: routes.appendUpload.method,
      headers: { 'content-type': FILE_PART, 'upload-offset': String(at) },
      body: bytes.slice(at, at + PART_BYTES),
      signal,
    });
    if (response.status === 409) throw new ApiError('network', 409, 'A part of the file is still coming in.'); // of a line that broke
    if (!response.ok) throw await refusal(response);
    at = Number(response.headers.get('upload-offset'));
    unsure = false;
  };
  while (at < bytes.size) await retrying(sendPart, patience);
  return params.id;
}
