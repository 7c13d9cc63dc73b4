import type { Answer } from '../http-answer';
import { retryAfterMs } from '../http-answer';
import { peekName } from '../json-body';
import type { Refusal, SendResult } from '../provider';
import { errorIn } from './web-api';

/** Slack's codes by what is to be done about them (contract §6). What it does not name is about the one message. */
const reasons: Partial<Record<Refusal, string[]>> = {
  provider: [
    'service_unavailable',
    'request_timeout', // what we posted came incomplete
    'team_added_to_org',
    'org_login_required',
    'external_channel_migrating',
    'file_update_failed',
    'update_failed',
    'streaming_state_conflict',
  ],
  throttled: ['ratelimited', 'rate_limited', 'message_limit_exceeded'],
  auth: [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
    'not_allowed_token_type',
    'no_permission',
    'ekm_access_denied',
    'two_factor_setup_required',
    'access_denied',
    'accesslimited',
    'invalid_refresh_token',
    'app_access_restricted',
  ],
  recipient: [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'is_inactive',
    'channel_is_limited_access',
    'posting_to_channel_denied',
    'messages_tab_disabled',
    'user_not_found',
    'user_not_in_channel',
    'cannot_reply_to_message',
    'cannot_dm_bot',
    'user_disabled',
    'thread_locked',
  ],
};
const byCode = new Map(
  Object.entries(reasons).flatMap(([reason, codes]) => codes.map((code) => [code, reason as Refusal] as const)), // keys of the object above
);

/** "It's possible some aspect of the operation succeeded before the error was raised": Slack's own words on these two. */
const uncertain = new Set(['fatal_error', 'internal_error']);

export function reasonOf(code: string): Refusal {
  return byCode.get(code) ?? (code.startsWith('restricted_action') ? 'recipient' : 'content');
}

/** The workspace, not the moment, is over its limit: that takes minutes. */
const CROWDED_MS = 60_000;

/** The result of a call that Slack did not say yes to. */
export function notSent(answer: Answer): SendResult {
  const { status, headers, excerpt } = answer;
  const code = errorIn(answer);
  if (status === 429) return throttled(code ?? '429', retryAfterMs(headers));
  if (code === undefined) return withoutError(status, excerpt);
  if (status >= 500 || uncertain.has(code)) return { outcome: 'unknown', detail: code };
  const reason = reasonOf(code);
  if (reason === 'throttled')
    return throttled(code, retryAfterMs(headers) ?? (code === 'message_limit_exceeded' ? CROWDED_MS : undefined));
  const needed = peekName(answer.json, 'needed');
  return { outcome: 'refused', reason, detail: needed === undefined ? code : `${code}: ${needed}`, code };
}

/** Limits of posting are each channel's own. */
function throttled(code: string, wait: number | undefined): SendResult {
  return {
    outcome: 'refused',
    reason: 'throttled',
    detail: code,
    code,
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(code !== 'message_limit_exceeded' && { chatOnly: true }),
  };
}

/** Not Slack's own answer: before 500 it came from something on the way, so nothing was sent. */
function withoutError(status: number, excerpt: string): SendResult {
  const detail = `${status} ${excerpt}`.slice(0, 500);
  if (status < 300 || status >= 500 || status === 408) return { outcome: 'unknown', detail };
  return { outcome: 'refused', reason: 'provider', detail, code: String(status) };
}

/** For what reads. Errors are logged: Slack's codes hold nothing of anybody's. */
export function failure(answer: Answer): Error {
  return new Error(`Slack answered ${answer.status}, ${errorIn(answer)?.slice(0, 60) ?? 'in no words of its own'}`);
}
