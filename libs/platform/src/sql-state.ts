import { AppError } from './app-error';

/** Postgres asks to try again: deadlock, serialization failure, lock timeout. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001' || code === '55P03';
}

/** SQLSTATE of an error or of what caused it, or the code of its network error. An answer of ours has a code of another kind. */
export function codeOf(error: unknown): string | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (!(e instanceof AppError) && 'code' in e && typeof e.code === 'string') return e.code;
  }
  return undefined;
}
