import type { AccountState } from '@parley/contracts/accounts';
import { z } from 'zod';
import { retryAfterMs, type Answer } from '../http-answer';
import type { Refusal, SendResult } from '../provider';
import { GraphError } from './cloud-api.payloads';

/** Meta's codes by what they mean for a send. Decide on the code: statuses and texts differ between its own pages. */
const codes: Record<Refusal, readonly number[]> = {
  throttled: [4, 17, 32, 613, 80007, 130429, 131048, 131056, 131208, 133016],
  disconnected: [],
  provider: [1, 2, 131000, 131016, 131057, 133004],
  auth: [
    0, 3, 10, 33, 104, 190, 368, 803, 131005, 131031, 131037, 131042, 131045, 131215, 133000, 133005, 133006, 133008,
    133009, 133010, 133015, 134011,
  ],
  plan: [],
  // 131049: WhatsApp holds marketing back from this person for a day or longer, and asks that nobody retries by machine.
  recipient: [130472, 130497, 131020, 131021, 131026, 131030, 131041, 131049, 131050, 131062, 131212],
  window: [131047],
  content: [
    100, 130501, 131008, 131009, 131051, 131052, 131053, 131055, 131059, 131202, 131204, 131207, 131209, 131210, 131211,
    131213, 131214, 135000,
  ],
  template: [132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069, 134100, 134101, 134102],
};
const reasonByCode = new Map<number, Refusal>();
for (const [reason, all] of Object.entries(codes)) for (const code of all) reasonByCode.set(code, reason as Refusal); // keys of `codes`

/** `undefined` for a code that is not known. */
export function reasonOf(code: number): Refusal | undefined {
  return code >= 200 && code <= 299 ? 'auth' : reasonByCode.get(code);
}

/** Codes after which the account does not work until somebody acts. */
const blocked: Record<number, string> = {
  368: 'WhatsApp blocked this account for breaking its policy. Ask for a review in Business Support at Meta.',
  131031: 'WhatsApp locked this account. Business Support at Meta shows why and how to unlock it.',
  131037: 'WhatsApp has not approved the display name of this number. Correct it in WhatsApp Manager.',
  131042: 'Meta could not take the payment of this account. Check the payment method in WhatsApp Manager.',
  131045: 'This number is not registered for sending. Register it in WhatsApp Manager.',
  133010: 'This number is not registered for sending. Register it in WhatsApp Manager.',
};

/** What an error says of the account; `undefined` where it passes or concerns one message. */
export function standingOf(code: number): { state: AccountState; detail: string } | undefined {
  const detail = blocked[code];
  if (detail !== undefined) return { state: 'restricted', detail };
  if (reasonOf(code) !== 'auth') return undefined;
  return {
    state: 'needs_reauth',
    detail: 'Meta refused the access token of this account. Create a new one and enter it.',
  };
}

/** The provider's words, to be kept with an attempt. */
export function describe({ code, title, message, error_data }: GraphError): string {
  return `${code} ${error_data?.details ?? message ?? title ?? ''}`.trim().slice(0, 500);
}

const Failure = z.looseObject({
  error: GraphError.extend({ error_subcode: z.number().nullish(), is_transient: z.boolean().nullish() }),
});

/** Meta's error in an answer; `undefined` where something between us answered, or a server in trouble. */
export function errorIn({ json }: Answer) {
  return Failure.safeParse(json).data?.error;
}

/** The result of a send that was not accepted. */
export function notSent(answer: Answer): SendResult {
  const error = errorIn(answer);
  if (!error) return withoutError(answer);
  const detail = describe(error);
  const reason = isHidden(error) ? 'auth' : reasonOf(error.code);
  // "Unknown error" and codes that nobody knows, from a server in trouble, do not say how far it came.
  if (answer.status >= 500 && (reason === undefined || error.code === 1 || error.code === 2))
    return { outcome: 'unknown', detail };
  const wait = waitFor(error.code, answer.headers);
  return {
    outcome: 'refused',
    reason: reason ?? (error.is_transient ? 'provider' : 'content'),
    detail,
    code: String(error.code),
    ...(blocked[error.code] !== undefined && { account: standingOf(error.code) }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(error.code === PAIR_LIMIT && { chatOnly: true }),
  };
}

/** Not Meta's own answer: before 500 it came from something on the way, so nothing was sent. */
function withoutError({ status, headers, excerpt }: Answer): SendResult {
  const detail = `${status} ${excerpt}`.slice(0, 500);
  if (status < 300 || status >= 500 || status === 408) return { outcome: 'unknown', detail };
  const wait = status === 429 ? retryAfterMs(headers) : undefined;
  return {
    outcome: 'refused',
    reason: status === 429 ? 'throttled' : 'provider',
    detail,
    code: String(status),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

/** 100 with subcode 33: the id is wrong or hidden from this token, which Meta does not tell apart. */
export const isHidden = ({ code, error_subcode }: { code: number; error_subcode?: number | null }) =>
  code === 100 && error_subcode === 33;

/** One message in six seconds to one person. */
const PAIR_LIMIT = 131056;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long Meta asks to wait. `undefined`: it does not say, our own steps will do (130429). */
function waitFor(code: number, headers: Headers): number | undefined {
  switch (code) {
    case 4:
    case 80007:
      return usageWaitMs(headers) ?? retryAfterMs(headers) ?? 5 * MINUTE;
    case PAIR_LIMIT:
      return 6 * SECOND;
    case 131057:
      return MINUTE; // the number is being upgraded
    case 131048:
      return 60 * MINUTE; // too many people reported this number
    default:
      return retryAfterMs(headers);
  }
}

const Usage = z.record(z.string(), z.array(z.looseObject({ estimated_time_to_regain_access: z.number().nullish() })));

/** The header holds JSON: per account a list with the minutes until it may ask again. */
function usageWaitMs(headers: Headers): number | undefined {
  const header = headers.get('x-business-use-case-usage');
  if (header === null) return undefined;
  try {
    const minutes = Object.values(Usage.parse(JSON.parse(header))).flat();
    const longest = Math.max(0, ...minutes.map((one) => one.estimated_time_to_regain_access ?? 0));
    return longest > 0 ? longest * MINUTE : undefined;
  } catch {
    return undefined; // a wait of our own will do
  }
}

/** For abilities beside sending. Errors are logged: the code alone, for the words may hold numbers and texts. */
export function failure(answer: Answer): Error {
  const code = errorIn(answer)?.code;
  return new Error(`Meta answered ${answer.status}${code === undefined ? '' : `, code ${code}`}`);
}
