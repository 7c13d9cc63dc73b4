import { retryAfterMs, type Answer } from '../http-answer';
import { peek } from '../json-body';
import type { Refusal, SendResult } from '../provider';

/** What an answer means that is no success; `undefined`: it leaves open how far it came. Source: contract §5. */
export interface Fault {
  reason: Refusal;
  retryAfterMs?: number;
}

/** An instance takes some minutes to start. */
const STARTING_MS = 30_000;

/** By the words of a 400 or 500, which many causes share. */
const WORDS: [pattern: RegExp, fault: Fault][] = [
  [/instance in starting process/i, { reason: 'provider', retryAfterMs: STARTING_MS }],
  [/not authorized/i, { reason: 'disconnected' }],
  [/account is expired|instance is deleted/i, { reason: 'auth' }],
  [/bad phone number|item-not-found|forbidden/i, { reason: 'recipient' }],
  [/phone number timeout limit/i, { reason: 'throttled' }],
  [/file from url exceeded/i, { reason: 'content' }],
];

export function faultOf(answer: Answer): Fault | undefined {
  const { status } = answer;
  if (status === 400 || status === 500) {
    const [, fault] = WORDS.find(([pattern]) => pattern.test(wordsOf(answer))) ?? [];
    if (fault) return fault;
  }
  // 466: the plan of this month is used up, and nothing passes until somebody buys more.
  if (status === 401 || status === 403 || status === 466 || (status >= 300 && status < 400)) return { reason: 'auth' };
  if (status === 429) {
    const wait = retryAfterMs(answer.headers);
    return { reason: 'throttled', ...(wait !== undefined && { retryAfterMs: wait }) };
  }
  if (status < 400 || status >= 500 || status === 408 || status === 499) return undefined;
  return { reason: 'content' };
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
export const detailOf = (answer: Answer) => `${answer.status} ${wordsOf(answer)}`.trim().slice(0, 500);

/** Bodies are JSON with a message, a quota, plain text, or a bare string. */
function wordsOf({ json, excerpt }: Answer): string {
  const quota = peek(json, 'correspondentsStatus', 'status') ?? peek(json, 'invokeStatus', 'status');
  const words = peek(json, 'message') ?? quota ?? peek(json, 'description');
  return typeof words === 'string' ? words : excerpt;
}
