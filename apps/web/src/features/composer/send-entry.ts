import { ApiError } from '@parley/client/api-error';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import type { OutboxEntry, SendOutcome } from './outbox';
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
  const withFile = entry.file && (await import('./bring-file').catch(() => null));
  if (withFile === null) return { type: 'later', afterMs: 0 };
  try {
    await withFile?.bringFile(entry, takenBack);
    await call(routes.sendMessage, { body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { type: 'accepted' };
  } catch (error) {
    if (takenBack.aborted) return { type: 'cancelled' };
    if (error instanceof Error && error.name === 'FileLost') return { type: 'refused', reason: error.message };
    if (!(error instanceof ApiError)) return { type: 'later', afterMs: 0 }; // timed out: it may have arrived
    if (error.code === 'unauthenticated') return { type: 'later', afterMs: null }; // signing in loads the page anew
    if (passing.has(error.code) || error.status >= 500) return { type: 'later', afterMs: 0 };
    return { type: 'refused', reason: error.message };
  } finally {
    if (withFile) tellProgress(messageId, null);
  }
}
