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
    '/api/auth/sign-in/email': post('signIn', 'Opens a session: 12 h without use, 30 days at most.', credentials, {
      security: [],
    }),
    '/api/auth/sign-out': post('signOut', 'Ends this session.', undefined),
    '/api/auth/change-password': post(
      'changePassword',
      'Changes the password, and ends the other sessions if asked.',
      change,
    ),
    '/api/auth/revoke-other-sessions': post('revokeOtherSessions', 'Ends every session but this.', undefined),
    '/api/auth/revoke-sessions': post('revokeSessions', 'Ends every session, this too.', undefined),
  };
}
