import { randomHex } from '../world/ids';

interface More {
  subcode?: number;
  details?: string;
  /** What creation errors say to people. */
  user?: { title: string; message: string };
  headers?: Record<string, string>;
  /** Instead of the envelope: what a broken edge answers. */
  html?: string;
}

/** An error in Graph's envelope (contract §5). */
export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly more: More = {},
  ) {
    super(message);
    this.name = 'GraphError';
  }

  get body() {
    const { subcode, details, user } = this.more;
    return {
      error: {
        message: this.message,
        type: this.code === 100 && subcode === 33 ? 'GraphMethodException' : 'OAuthException',
        code: this.code,
        ...(subcode && { error_subcode: subcode }),
        ...(user && { error_user_title: user.title, error_user_msg: user.message }),
        ...(details && { error_data: { messaging_product: 'whatsapp', details } }),
        fbtrace_id: `A${randomHex(22)}`,
      },
    };
  }
}

export const tokenMissing = () => new GraphError(401, 190, 'Invalid OAuth access token - Cannot parse access token');
export const tokenExpired = () =>
  new GraphError(401, 190, 'Error validating access token: Session has expired.', { subcode: 463 });
export const noPermission = () => new GraphError(403, 10, '(#10) Application does not have permission for this action');
export const parameter = (details: string) => new GraphError(400, 100, '(#100) Invalid parameter', { details });
export const unknownObject = (id: string) =>
  new GraphError(
    400,
    100,
    `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
    { subcode: 33 },
  );
export const missingParameter = (details: string) =>
  new GraphError(400, 131008, '(#131008) Required parameter is missing', { details });
export const badValue = (details: string) =>
  new GraphError(400, 131009, '(#131009) Parameter value is not valid', { details });
export const unsupportedType = (details: string) =>
  new GraphError(400, 131051, '(#131051) Unsupported message type', { details });
export const badMedia = (details: string) => new GraphError(400, 131053, '(#131053) Media upload error', { details });
export const toOneself = () =>
  new GraphError(400, 131021, '(#131021) Recipient cannot be sender', {
    details: 'The recipient is the sending number itself',
  });
export const notRegistered = () =>
  new GraphError(400, 133010, '(#133010) Account not registered', {
    details: 'Account does not exist in Cloud API, please use /register API to create an account first',
  });
export const windowClosed = () =>
  new GraphError(400, 131047, '(#131047) Re-engagement message', {
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  });
export const wentWrong = () =>
  new GraphError(500, 131000, '(#131000) Something went wrong', {
    details: 'Message failed to send due to an unknown error.',
  });
export const brokenEdge = () =>
  new GraphError(503, 2, 'Service temporarily unavailable', {
    html: '<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>',
  });
export const gatewayTimeout = () => new GraphError(504, 2, '(#2) Service temporarily unavailable');
export const locked = () =>
  new GraphError(403, 131031, '(#131031) Account has been locked', {
    details: 'The account is locked for a policy violation.',
  });
export const pairLimit = () =>
  new GraphError(400, 131056, '(#131056) (Business Account, Consumer Account) pair rate limit hit', {
    details: 'Too many messages sent from this phone number to the same phone number in a short period of time.',
  });

/** The number is above its throughput. 0 ms leaves Retry-After out. */
export const numberLimit = (retryAfterMs = 0) =>
  new GraphError(429, 130429, '(#130429) Rate limit hit', {
    details:
      'Message failed to send because there were too many messages sent from this phone number in a short period of time.',
    ...(retryAfterMs && { headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } }),
  });

export const templateMissing = (details: string) =>
  new GraphError(404, 132001, '(#132001) Template name does not exist in the translation', { details });
export const parameterCount = (details: string) =>
  new GraphError(400, 132000, '(#132000) Number of parameters does not match the expected number of params', {
    details,
  });
export const parameterFormat = (details: string) =>
  new GraphError(400, 132012, '(#132012) Parameter format does not match format in the created template', { details });
export const templatePaused = () =>
  new GraphError(400, 132015, '(#132015) Template is Paused', {
    details: 'Template is paused due to low quality so it cannot be sent.',
  });
export const templateDisabled = () =>
  new GraphError(400, 132016, '(#132016) Template is Disabled', {
    details: 'Template has been paused too many times due to low quality and is now permanently disabled.',
  });

/** The same trouble as it comes later, in a status. */
export function asyncError(code: number) {
  const [title, details] = asyncTexts[code] ?? ['Message failed', 'The message was not delivered.'];
  const href = 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/';
  return { code, title, message: title, error_data: { details }, href };
}

const asyncTexts: Record<number, [string, string]> = {
  131026: ['Message undeliverable', 'Message undeliverable.'],
  131047: [
    'Re-engagement message',
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  ],
  131049: [
    'This message was not delivered to maintain healthy ecosystem engagement.',
    'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
  ],
  131050: [
    'User opted out of marketing messages',
    'Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business.',
  ],
  131053: ['Media upload error', 'Downloading media from weblink failed.'],
  131009: ['Parameter value is not valid', 'The message reacted to is too old, deleted or unknown.'],
};
