import type { ErrorCode, Problem } from '@parley/contracts/problem';

/** A refusal in the API's own words, or (`network`) no answer of it at all. `message` may be shown to people. */
export class ApiError extends Error {
  constructor(
    /** To be matched on, never the words. */
    readonly code: ErrorCode | 'network',
    /** Of HTTP; 0 where nothing was answered. */
    readonly status: number,
    message: string,
    readonly problem: Problem | null = null,
    /** How long to wait before another try, where the answer said so. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** To be quoted to an operator. */
  get correlationId(): string | null {
    return this.problem?.correlationId ?? null;
  }

  /** One for each field that was refused. */
  get errors(): readonly { path: string; message: string }[] {
    return this.problem?.errors ?? [];
  }
}

/** Reads a problem document; anything else that failed counts as the server's own failure. */
export async function refusal(response: Response): Promise<ApiError> {
  const problem = await response.json().then(asProblem, () => null);
  const seconds = Number(response.headers.get('retry-after') ?? NaN); // the API never says it as a date
  const retryAfterMs = seconds >= 0 ? seconds * 1000 : null;
  const message = problem?.detail ?? response.statusText;
  return new ApiError(problem?.code ?? 'internal', response.status, message, problem, retryAfterMs);
}

function asProblem(value: unknown): Problem | null {
  return typeof value === 'object' && value !== null && 'code' in value && 'correlationId' in value
    ? (value as Problem)
    : null;
}
