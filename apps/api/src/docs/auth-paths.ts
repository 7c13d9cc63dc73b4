type Json = Record<string, unknown>;

const text = (maxLength: number) => ({ type: 'string', maxLength });
const object = (properties: Json, required: string[]) => ({ type: 'object', properties, required });

interface Who {
  'x-access': 'public' | 'session';
  /** `oneself`: closed to who acts as somebody else. */
  'x-reach': 'caller' | 'oneself';
  security: Record<string, []>[];
}

const anybody: Who = { 'x-access': 'public', 'x-reach': 'caller', security: [] };
const oneself: Who = { 'x-access': 'session', 'x-reach': 'oneself', security: [{ session: [] }] };
/** Who has a session, or has shown a password and has none yet. */
const whoSignsIn: Who = { ...oneself, 'x-access': 'public', security: [] };

/** What of `/api/auth` is open; the auth library serves it, so it is no contract of ours. */
export function authPaths(problem: Json): Record<string, Json> {
  const refused = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problem } },
  });
  const post = (operationId: string, summary: string, who: Who, body: Json = { type: 'object' }) => ({
    post: {
      operationId,
      tags: ['auth'],
      summary,
      ...who,
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
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
    '/api/auth/sign-in/email': post(
      'signIn',
      'Opens a session: 12 h without use, 30 days at most.',
      anybody,
      credentials,
    ),
    '/api/auth/company/begin': {
      post: {
        ...post(
          'beginCompanySignIn',
          'Begins a sign-in by a company’s own OpenID provider: `url` is where to send the browser, which comes back with a session of that company’s tenant alone. The answer is the same for every name that leads nowhere; of an e-mail address its domain alone counts.',
          anybody,
          object({ company: text(254) }, ['company']),
        ).post,
        responses: {
          200: {
            description: 'Where to send the browser that made this call.',
            headers: {
              'Set-Cookie': { description: 'Binds the way back to this browser.', schema: { type: 'string' } },
            },
            content: { 'application/json': { schema: object({ url: { type: 'string', format: 'uri' } }, ['url']) } },
          },
          403: refused('`bad_origin`'),
          404: refused('`not_found`'),
          422: refused('`invalid`'),
          429: refused('`rate_limited`: wait as long as Retry-After says'),
          502: refused('`provider_unavailable`'),
        },
      },
    },
    '/api/auth/sign-out': post('signOut', 'Ends this session.', anybody),
    '/api/auth/change-password': post(
      'changePassword',
      'Changes the password, and ends the other sessions if asked.',
      oneself,
      change,
    ),
    '/api/auth/request-password-reset': post(
      'requestPasswordReset',
      'Sends a link to choose a new password, for an hour and one use. The answer is the same for every address.',
      anybody,
      object({ email: text(254) }, ['email']),
    ),
    '/api/auth/reset-password': post(
      'resetPassword',
      'Sets a new password by the token of the link, and ends every session.',
      anybody,
      object({ token: text(64), newPassword: { ...text(128), minLength: 8 } }, ['token', 'newPassword']),
    ),
    '/api/auth/two-factor/enable': post(
      'enableTwoFactor',
      'Begins a second proof: answers what an authenticator scans, and recovery codes. It counts from the first right code on.',
      oneself,
      object({ password: text(128) }, ['password']),
    ),
    '/api/auth/two-factor/verify-totp': post(
      'verifyTotp',
      'The code of the authenticator: ends setting it up, or a sign-in that answered `twoFactorRedirect`.',
      whoSignsIn,
      object({ code: text(64) }, ['code']),
    ),
    '/api/auth/two-factor/verify-backup-code': post(
      'verifyBackupCode',
      'A recovery code in place of it, once.',
      whoSignsIn,
      object({ code: text(64) }, ['code']),
    ),
    '/api/auth/two-factor/generate-backup-codes': post(
      'generateBackupCodes',
      'New recovery codes; the ones before stop working.',
      oneself,
      object({ password: text(128) }, ['password']),
    ),
    '/api/auth/two-factor/disable': post(
      'disableTwoFactor',
      'Goes without a second proof again.',
      oneself,
      object({ password: text(128) }, ['password']),
    ),
    '/api/auth/passkey/generate-register-options': post(
      'beginPasskey',
      'Begins a passkey: answers what the browser asks the device.',
      oneself,
      object({ password: text(1024) }, ['password']),
    ),
    '/api/auth/passkey/verify-registration': post(
      'addPasskey',
      'What the device answered: from now on it opens the door.',
      oneself,
      object({ response: { type: 'object' }, name: { ...text(64), minLength: 1 } }, ['response']),
    ),
    '/api/auth/passkey/list-user-passkeys': post('listPasskeys', 'One’s own passkeys.', oneself),
    '/api/auth/passkey/delete-passkey': post(
      'deletePasskey',
      'Removes one; `not_found` where it is not one’s own.',
      oneself,
      object({ id: { type: 'string', format: 'uuid' } }, ['id']),
    ),
    '/api/auth/passkey/generate-authenticate-options': post(
      'beginSignInByPasskey',
      'Begins a sign-in: answers what the browser asks the device.',
      anybody,
    ),
    '/api/auth/passkey/verify-authentication': post(
      'signInByPasskey',
      'What the device answered: opens a session, as a password and a second proof would.',
      anybody,
      object({ response: { type: 'object' } }, ['response']),
    ),
    '/api/auth/revoke-other-sessions': post('revokeOtherSessions', 'Ends every session but this.', oneself),
    '/api/auth/revoke-sessions': post('revokeSessions', 'Ends every session, this too.', oneself),
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
    ...anybody,
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: form } } },
    responses: {
      200: answer('A token for `Authorization: Bearer …`.', token),
      400: answer('`invalid_request` or `unsupported_grant_type`.', refusal),
      401: answer('`invalid_client`: the key opens nothing.', refusal),
    },
  };
}
