import { errorStatus, type ErrorCode, type Problem } from '@parley/contracts/problem';
import { AppError } from '@parley/platform/app-error';
import { willPass } from '@parley/platform/trouble';
import { HttpException } from '@nestjs/common';

/** What a caller is told of any error. Nothing of an unexpected one but the id under which it was logged. */
export function problemOf(error: unknown, correlationId: string): Problem {
  const { code, message, errors, violated } = describe(error);
  return {
    type: `/api/docs#${code}`,
    title: titleOf(code),
    status: errorStatus[code],
    detail: message,
    code,
    correlationId,
    ...(errors ? { errors } : {}),
    ...(violated ? { 'violated-policies': violated } : {}),
  };
}

/** Not one of ours: a bug, or something below us broke. */
export function isUnexpected(error: unknown): boolean {
  return describe(error).code === 'internal';
}

interface Described {
  code: ErrorCode;
  message: string;
  errors?: { path: string; message: string }[] | undefined;
  violated?: string[] | undefined;
}

function describe(error: unknown): Described {
  if (error instanceof AppError) {
    const { errors, violated } = error.extra;
    return { code: error.code, message: error.message, errors, violated };
  }
  const code = willPass(error) ? 'unavailable' : codeOfStatus(statusOf(error));
  return { code, message: words[code] ?? 'Something went wrong on our side. It was logged under the correlation id.' };
}

/** Fastify's errors carry `statusCode`, Nest's are HttpExceptions; of both only the status is worth telling. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
}

function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 404:
    case 405:
      return 'not_found';
    case 413:
      return 'too_large';
    case 415:
      return 'unsupported_media_type';
    case 429:
      return 'rate_limited';
    case 503:
      return 'unavailable';
    default:
      return status >= 400 && status < 500 ? 'bad_request' : 'internal';
  }
}

const words: Partial<Record<ErrorCode, string>> = {
  bad_request: 'The request could not be read.',
  not_found: 'There is nothing here.',
  too_large: 'The request is larger than what is taken here.',
  unsupported_media_type: 'Only application/json is taken here.',
  rate_limited: 'Too many requests. Wait a moment.',
  unavailable: 'Not available at the moment. Try again soon.',
};

/** `member_cannot_receive` → "Member cannot receive". */
function titleOf(code: ErrorCode): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');
}
