import { retryAfterMs, type Answer } from '../http-answer';
import { peek } from '../json-body';
import type { Refusal, SendResult } from '../provider';

/** What Evolution means by an answer that is no success. */
export type Fault = { certain: true; reason: Refusal } | { certain: false };

const refusedFor = (reason: Refusal): Fault => ({ certain: true, reason });

/** By the words of the answer, for statuses are shared by many causes. Source: contract §5, observed in 2.3 and 2.4. */
const WORDS: [pattern: RegExp, fault: Fault][] = [
  [/LICENSE_REQUIRED/, refusedFor('auth')],
  [/Connection Closed|reading 'onWhatsApp'|instance is not connected/i, refusedFor('disconnected')],
  [/Group not found/i, refusedFor('recipient')],
];

export function faultOf({ status, json, excerpt }: Answer): Fault {
  const words = wordsIn(json) ?? excerpt;
  if (status === 400 && isNotOnWhatsApp(json)) return refusedFor('recipient');
  const known = status >= 400 ? WORDS.find(([pattern]) => pattern.test(words)) : undefined;
  if (known) return known[1];
  if (status === 429) return refusedFor('throttled');
  // Wrong key, no such instance or path, or a redirect to another address: the settings are wrong.
  if (status === 401 || status === 403 || status === 404 || (status >= 300 && status < 400)) return refusedFor('auth');
  if (status === 408 || status >= 500 || status < 400) return { certain: false };
  return refusedFor('content');
}

/** The result of a send that was not accepted. */
export function notSent(answer: Answer): SendResult {
  const fault = faultOf(answer);
  const detail = detailOf(answer);
  if (!fault.certain) return { outcome: 'unknown', detail };
  const wait = fault.reason === 'throttled' ? retryAfterMs(answer.headers) : undefined;
  return {
    outcome: 'refused',
    reason: fault.reason,
    detail,
    code: String(answer.status),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

/** For abilities beside sending. Errors are logged: the status alone, for the words may hold numbers and texts. */
export const failure = ({ status }: Answer) => new Error(`Evolution answered ${status}`);

/** The provider's words, to be kept with an attempt. */
export function detailOf({ status, json, excerpt }: Answer): string {
  return `${status} ${wordsIn(json) ?? excerpt}`.trim().slice(0, 500);
}

/** `response.message` is a string, or an array of strings or objects. */
function wordsIn(json: unknown): string | undefined {
  const message = peek(json, 'response', 'message') ?? peek(json, 'message');
  const code = peek(json, 'code');
  if (message == null && code == null) return undefined;
  return [code, ...(Array.isArray(message) ? message : [message])]
    .filter((part) => part != null)
    .map((part) => (typeof part === 'string' ? part : (JSON.stringify(part) ?? '')))
    .join('; ');
}

/** `[{ jid, exists: false, number }]`. It may be a false negative (issue 2308); that is for people to try again. */
function isNotOnWhatsApp(json: unknown): boolean {
  const message = peek(json, 'response', 'message');
  return Array.isArray(message) && message.some((one) => peek(one, 'exists') === false);
}
