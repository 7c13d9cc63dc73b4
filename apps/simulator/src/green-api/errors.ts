import type { Refusals } from '../world/call-faults';

/** A refusal in one of the vendor's forms: JSON with a message, or plain text. */
export class GreenApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: string | object,
    readonly headers: Record<string, string> = {},
  ) {
    super(`GREEN-API answers ${status}`);
  }
}

export const bad = (message: string) => new GreenApiError(400, { message });
export const invalid = (details: string) => bad(`Validation failed. Details: ${details}`);
export const forbidden = () => new GreenApiError(403, 'Forbidden');
export const unauthorized = () => new GreenApiError(401, 'Unauthorized');
export const notFound = () => new GreenApiError(404, 'Not Found');
export const tooMany = (retryAfterMs: number) =>
  new GreenApiError(
    429,
    'Too Many Requests',
    retryAfterMs > 0 ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } : {},
  );
export const badGateway = () => new GreenApiError(502, '<html><h1>502 Bad Gateway</h1></html>');

/** The plan holds three chats a month, and this would be the fourth. */
export const correspondentsExceeded = () =>
  new GreenApiError(466, {
    invokeStatus: { method: 'sendmessage', used: 67, total: 0, status: 'QUOTE_ALLOWED' },
    correspondentsStatus: {
      method: 'correspondents',
      used: 3,
      total: 3,
      status: 'CORRESPONDENTS_QUOTE_EXCEEDED',
      description: 'Monthly quota has been exceeded',
    },
  });

/** The calls of the month are used up, whomever they are for. */
export const callsExceeded = () =>
  new GreenApiError(466, {
    invokeStatus: { method: 'sendmessage', used: 100, total: 100, status: 'QUOTE_EXCEEDED' },
  });

export const refusals: Refusals = {
  serverError: badGateway,
  unauthorized,
  tooMany,
  gatewayTimeout: () => new GreenApiError(504, '<html><h1>504 Gateway Time-out</h1></html>'),
};
