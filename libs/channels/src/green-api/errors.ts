import { retryAfterMs, type Answer } from '../http-answer';
import { peek } from '../json-body';
import type { Refusal, SendResult } from '../provider';

/** What an answer means that is no success; `undefined`: it leaves open how far it came. Source: contract §5. */
export interface Fault {
  reason: Refusal;
  chatOnly?: true;
  retryAfterMs?: number;
}

/** An instance takes some minutes to start. */
const STARTING_MS = 30_000;

/** By the words of a status that many causes share. Any other 500 leaves it open. */
const WORDS: [status: number, pattern: RegExp, fault: Fault][] = [
  [400, /instance in starting process/i, { reason: 'provider', retryAfterMs: STARTING_MS }],
  [400, /not authorized/i, { reason: 'disconnected' }],
  [400, /account is expired|instance is deleted/i, { reason: 'auth' }],
  [400, /bad phone number/i, { reason: 'recipient' }],
  [400, /phone number timeout limit/i, { reason: 'throttled' }],
  [500, /file from url exceeded/i, { reason: 'content' }],
  [200, /^"?Error: (item-not-found|forbidden)\b/i, { reason: 'recipient' }], // a bare string, with which nothing went out
];

export function faultOf(answer: Answer): Fault | undefined {
  const { status } = answer;
  const words = wordsOf(answer);
  const [, , fault] = WORDS.find(([known, pattern]) => known === status && pattern.test(words)) ?? [];
  if (fault) return fault;
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) return { reason: 'auth' };
  if (status === 466) return usedUp(answer);
  if (status === 429) {
    const wait = retryAfterMs(answer.headers);
    return { reason: 'throttled', ...(wait !== undefined && { retryAfterMs: wait }) };
  }
  if (status < 400 || status >= 500 || status === 408 || status === 499) return undefined;
  return { reason: 'content' };
}

/** What a month's plan holds: calls, without which nothing passes, or people, where only one more is too many. */
function usedUp({ json }: Answer): Fault {
  const people = peek(json, 'correspondentsStatus', 'status') === 'CORRESPONDENTS_QUOTE_EXCEEDED';
  const calls = peek(json, 'invokeStatus', 'status') === 'QUOTE_EXCEEDED';
  return { reason: 'plan', ...(people && !calls && { chatOnly: true }) };
}

/** The result of a send that was not accepted. */
export function notSent(answer: Answer): SendResult {
  const fault = faultOf(answer);
  if (!fault) return { outcome: 'unknown', detail: detailOf(answer) };
  return { outcome: 'refused', ...fault, detail: detailOf(answer), code: String(answer.status) };
}

/** For abilities beside sending. Errors are logged: the status alone, for the words may hold numbers and texts. */
export const failure = ({ status }: Answer) => new Error(`GREEN-API answered ${status}`);

/** The provider's words, to be kept with an attempt. */
const detailOf = (answer: Answer) => `${answer.status} ${wordsOf(answer)}`.trim().slice(0, 500);

/** Bodies are JSON with a message, a quota, plain text, or a bare string. */
function wordsOf({ json, excerpt }: Answer): string {
  const quota = peek(json, 'correspondentsStatus', 'status') ?? peek(json, 'invokeStatus', 'status');
  const words = peek(json, 'message') ?? quota ?? peek(json, 'description');
  return typeof words === 'string' ? words : excerpt;
}
