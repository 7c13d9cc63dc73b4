type Json = Record<string, unknown>;

const text = (maxLength: number) => ({ type: 'string', maxLength });
const object = (properties: Json, required: string[]) => ({ type: 'object', properties, required });

/** What of `/api/auth` is open; the auth library serves it, so it is no contract of ours. */
export function authPaths(problem: Json): Record<string, Json> {
  const refused = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problem } },
  });
  const post = (operationId: string, summary: string, body: Json | undefined, more: Json = {}) => ({
    post: {
      operationId,
      tags: ['auth'],
      summary,
      requestBody: { required: true, content: { 'application/json': { schema: body ?? { type: 'object' } } } },
      responses: {
        200: {
          description: 'Done.',
          headers: { 'Set-Cookie': { description: 'The session.', schema: { type: 'string' } } },
        },
        401: refused('`unauthenticated`'),
        403: refused('`bad_origin`'),
        422: refused('`invalid`'),
        429: refused('`rate_limited`: wait as long as Retry-After says'),
      },
      ...more,
    },
  });
  const credentials = object(
    { email: text(254), password: text(128), rememberMe: { type: 'boolean', default: true } },
    ['email', 'password'],
  );
  const change = object(
    {
      currentPassword: text(128),
      newPassword: { ...text(128), minLength: 8 },
      revokeOtherSessions: { type: 'boolean' },
    },
    ['currentPassword', 'newPassword'],
  );
  return {
    '/api/auth/token': { post: tokenOperation() },
    '/api/auth/sign-in/email': post('signIn', 'Opens a session: 12 h without use, 30 days at most.', credentials, {
      security: [],
    }),
    '/api/auth/sign-out': post('signOut', 'Ends this session.', undefined),
    '/api/auth/change-password': post(
      'changePassword',
      'Changes the password, and ends the other sessions if asked.',
      change,
    ),
    '/api/auth/request-password-reset': post(
      'requestPasswordReset',
      'Sends a link to choose a new password, for an hour and one use. The answer is the same for every address.',
      object({ email: text(254) }, ['email']),
      { security: [] },
    ),
    '/api/auth/reset-password': post(
      'resetPassword',
      'Sets a new password by the token of the link, and ends every session.',
      object({ token: text(64), newPassword: { ...text(128), minLength: 8 } }, ['token', 'newPassword']),
      { security: [] },
    ),
    '/api/auth/two-factor/enable': post(
      'enableTwoFactor',
      'Begins a second proof: answers what an authenticator scans, and recovery codes. It counts from the first right code on.',
      object({ password: text(128) }, ['password']),
    ),
    '/api/auth/two-factor/verify-totp': post(
      'verifyTotp',
      'The code of the authenticator: ends setting it up, or a sign-in that answered `twoFactorRedirect`.',
      object({ code: text(64) }, ['code']),
      { security: [] },
    ),
    '/api/auth/two-factor/verify-backup-code': post(
      'verifyBackupCode',
      'A recovery code in place of it, once.',
      object({ code: text(64) }, ['code']),
      { security: [] },
    ),
    '/api/auth/two-factor/generate-backup-codes': post(
      'generateBackupCodes',
      'New recovery codes; the ones before stop working.',
      object({ password: text(128) }, ['password']),
    ),
    '/api/auth/two-factor/disable': post(
      'disableTwoFactor',
      'Goes without a second proof again.',
      object({ password: text(128) }, ['password']),
    ),
    '/api/auth/revoke-other-sessions': post('revokeOtherSessions', 'Ends every session but this.', undefined),
    '/api/auth/revoke-sessions': post('revokeSessions', 'Ends every session, this too.', undefined),
  };
}

/** OAuth's own shapes: RFC 6749 says them, refusals too. */
function tokenOperation(): Json {
  const answer = (description: string, schema: Json) => ({ description, content: { 'application/json': { schema } } });
  const refusal = object({ error: text(40), error_description: text(200) }, ['error', 'error_description']);
  const form = object(
    {
      grant_type: { const: 'client_credentials' },
      client_id: { type: 'string', format: 'uuid', description: 'The id of an API key.' },
      client_secret: { ...text(200), description: 'The key itself. Both may come as Basic authorization instead.' },
    },
    ['grant_type'],
  );
  const token = object(
    {
      access_token: { type: 'string' },
      token_type: { const: 'Bearer' },
      expires_in: { type: 'integer', description: 'Seconds.' },
      scope: { type: 'string', description: 'The permissions of the key, with spaces between.' },
    },
    ['access_token', 'token_type', 'expires_in', 'scope'],
  );
  return {
    operationId: 'getToken',
    tags: ['auth'],
    summary: 'OAuth 2.0 client credentials: a token for an hour, for what an API key may.',
    security: [],
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: form } } },
    responses: {
      200: answer('A token for `Authorization: Bearer …`.', token),
      400: answer('`invalid_request` or `unsupported_grant_type`.', refusal),
      401: answer('`invalid_client`: the key opens nothing.', refusal),
    },
  };
}
