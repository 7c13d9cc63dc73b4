import { ApiError, call } from '@/lib/api';
import { routes } from '@/lib/routes';
import type { OutboxEntry, SendOutcome } from './outbox';

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

/** Hands one entry to the server. Safe to repeat: the entry's id is sent once. */
export async function sendEntry({ messageId, conversationId, replyTo, content }: OutboxEntry): Promise<SendOutcome> {
  const body = { messageId, conversationId, replyTo: replyTo ?? undefined, content };
  try {
    await call(routes.sendMessage, { body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { type: 'accepted' };
  } catch (error) {
    if (!(error instanceof ApiError)) return { type: 'later', afterMs: 0 }; // timed out: it may have arrived
    if (error.code === 'unauthenticated') return { type: 'later', afterMs: null }; // signing in loads the page anew
    if (passing.has(error.code) || error.status >= 500) return { type: 'later', afterMs: 0 };
    return { type: 'refused', reason: error.message };
  }
}
