import { z } from 'zod';

/** Every error code and its HTTP status. Callers match on `code`, never on the words. */
export const errorStatus = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  bad_origin: 403,
  not_found: 404,
  conflict: 409,
  message_id_taken: 409,
  conversation_taken: 409,
  last_admin: 409,
  idempotency_running: 409,
  cursor_gone: 410,
  invitation_gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  idempotency_mismatch: 422,
  member_cannot_receive: 422,
  window_closed: 422,
  channel_cannot: 422,
  account_unavailable: 422,
  quota_exceeded: 422,
  feature_off: 422,
  rate_limited: 429,
  internal: 500,
  provider_unavailable: 502,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof errorStatus;

/** RFC 9457. `detail` says what happened and what to do, in words for people. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
    correlationId: z.string(),
    /** One per field that was refused. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** Of `rate_limited`: the policies of the RateLimit-Policy header that were used up. */
    'violated-policies': z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
