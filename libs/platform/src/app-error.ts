import { errorStatus, type ErrorCode } from '@parley/contracts/problem';

/** `message` is shown to people; `internal` and `cause` only reach the log. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly extra: {
      internal?: Record<string, unknown>;
      cause?: unknown;
      errors?: { path: string; message: string }[];
      /** Names of the quotas that are used up. */
      violated?: string[];
      /** Becomes the Retry-After header. */
      retryAfterMs?: number;
    } = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = 'AppError';
  }

  get status() {
    return errorStatus[this.code];
  }
}

/** Also of what another tenant has, and of what this member does not see: as if the id never was. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `There is no such ${what}, or you cannot see it.`);
}
