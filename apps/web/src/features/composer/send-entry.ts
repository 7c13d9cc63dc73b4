import { ApiError, call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { heldFile } from './held-files';
import type { OutboxEntry, SendOutcome } from './outbox';
import { FileLost, uploadFile } from './upload-file';
import { tellProgress } from './upload-progress';

const TIMEOUT_MS = 20_000;

/** Refusals that pass: the first send still runs, too many at once, the server is away. */
const passing = new Set([
  'network',
  'idempotency_running',
  'rate_limited',
  'internal',
  'provider_unavailable',
  'unavailable',
]);

/** Hands one entry to the server, its file first. Safe to repeat: the entry's id is sent once. */
export async function sendEntry(entry: OutboxEntry, takenBack: AbortSignal): Promise<SendOutcome> {
  const { messageId, conversationId, replyTo, content } = entry;
  const body = { messageId, conversationId, replyTo: replyTo ?? undefined, content };
  try {
    await bringFile(entry, takenBack);
    await call(routes.sendMessage, { body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { type: 'accepted' };
  } catch (error) {
    if (takenBack.aborted) return { type: 'cancelled' };
    if (error instanceof FileLost) return { type: 'refused', reason: `${error.message} Attach it again.` };
    if (!(error instanceof ApiError)) return { type: 'later', afterMs: 0 }; // timed out: it may have arrived
    if (error.code === 'unauthenticated') return { type: 'later', afterMs: null }; // signing in loads the page anew
    if (passing.has(error.code) || error.status >= 500) return { type: 'later', afterMs: 0 };
    return { type: 'refused', reason: error.message };
  } finally {
    tellProgress(messageId, null);
  }
}

async function bringFile({ messageId, content, file }: OutboxEntry, signal: AbortSignal): Promise<void> {
  if (content.type !== 'media' || !file) return;
  const { fileName, mimeType, sizeBytes } = file;
  await uploadFile({
    id: content.fileId,
    file: { fileName: fileName ?? 'file', mimeType: mimeType ?? 'application/octet-stream', sizeBytes: sizeBytes ?? 0 },
    bytes: await heldFile(messageId),
    signal,
    onProgress: (share) => tellProgress(messageId, share),
  });
  signal.throwIfAborted();
}
