/** An answer that is no success, in the server's envelope. */
export class EvolutionError extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly detail: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(error);
    this.name = 'EvolutionError';
  }

  get body() {
    return { status: this.status, error: this.error, response: { message: this.detail } };
  }
}

export const badRequest = (...detail: unknown[]) => new EvolutionError(400, 'Bad Request', detail);
export const unauthorized = () => new EvolutionError(401, 'Unauthorized', 'Unauthorized');
export const notFound = (...detail: unknown[]) => new EvolutionError(404, 'Not Found', detail);
export const noSuchInstance = (name: string) => notFound(`The "${name}" instance does not exist`);
export const nameInUse = (name: string) =>
  new EvolutionError(403, 'Forbidden', [`This name "${name}" is already in use.`]);
export const connectionClosed = () => badRequest('Error: Connection Closed');
export const numberUnknown = (jid: string, number: string) => badRequest({ jid, exists: false, number });
export const serverError = (detail: string) => new EvolutionError(500, 'Internal Server Error', detail);
export const gatewayTimeout = () => new EvolutionError(504, 'Gateway Timeout', 'upstream timed out');

/** Comes from a proxy in front of the server: it has no limits of its own. 0 ms leaves Retry-After out. */
export const tooMany = (retryAfterMs: number) =>
  new EvolutionError(
    429,
    'Too Many Requests',
    'rate limited',
    retryAfterMs ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } : {},
  );
