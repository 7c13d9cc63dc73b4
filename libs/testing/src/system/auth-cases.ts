import { randomUUID } from 'node:crypto';

/** What a call of `/api/auth` can name of somebody's. */
export interface Login {
  email: string;
  /** Of an API key of their tenant. */
  keyId: string;
}

/** Calls that open nothing, of an operation that the auth library serves, and what they are answered. */
export interface AuthCase {
  body: (login: Login) => Record<string, string>;
  names?: keyof Login;
  /** As OAuth wants it, instead of JSON. */
  form?: true;
  answers: { nobody: number; signedIn: number; malformed?: number };
}

const WRONG = 'a wrong horse 8';
const oneself = (body: Record<string, string>): AuthCase => ({
  body: () => body,
  answers: { nobody: 401, signedIn: 422 },
});
const done = (nobody: number): AuthCase => ({ body: () => ({}), answers: { nobody, signedIn: 200 } });
const guess = (status: number): AuthCase['answers'] => ({ nobody: status, signedIn: status });

/** By the operation's name in the OpenAPI document; one without a line here fails the access matrix. */
export const authCases: Record<string, AuthCase | undefined> = {
  getToken: {
    body: ({ keyId }) => ({ grant_type: 'client_credentials', client_id: keyId, client_secret: WRONG }),
    names: 'keyId',
    form: true,
    answers: guess(401),
  },
  signIn: {
    body: ({ email }) => ({ email, password: WRONG }),
    names: 'email',
    answers: { ...guess(401), malformed: 422 },
  },
  beginCompanySignIn: { body: ({ email }) => ({ company: email }), names: 'email', answers: guess(404) },
  requestPasswordReset: {
    body: ({ email }) => ({ email }),
    names: 'email',
    answers: { ...guess(200), malformed: 422 },
  },
  resetPassword: { body: () => ({ token: WRONG, newPassword: WRONG }), answers: guess(422) },
  verifyTotp: oneself({ code: '000000' }),
  verifyBackupCode: oneself({ code: '00000-00000' }),
  changePassword: oneself({ currentPassword: WRONG, newPassword: 'another horse 8' }),
  enableTwoFactor: oneself({ password: WRONG }),
  disableTwoFactor: oneself({ password: WRONG }),
  generateBackupCodes: oneself({ password: WRONG }),
  beginPasskey: oneself({ password: WRONG }),
  addPasskey: oneself({ response: WRONG }),
  listPasskeys: done(401),
  deletePasskey: { body: () => ({ id: randomUUID() }), answers: { nobody: 401, signedIn: 404 } },
  beginSignInByPasskey: done(200),
  signInByPasskey: { body: () => ({ response: WRONG }), answers: guess(422) },
  revokeOtherSessions: done(401),
  revokeSessions: done(401),
  signOut: done(200),
};
