import { passkey } from '@better-auth/passkey';
import { isLanguage, languageAsked, type Language } from '@parley/contracts/languages';
import { credentials, passkeys, sessions, twoFactors, users, verifications } from '@parley/db/schema/people';
import { uuid7 } from '@parley/db/uuid';
import { drizzleClient } from '@parley/platform/drizzle-client';
import type { Env } from '@parley/platform/env';
import { publicOrigin, trustedOrigins } from '@parley/platform/origins';
import type { Mail } from '@parley/platform/mail';
import type { SteadyPool } from '@parley/platform/steady-pool';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { drizzle } from 'drizzle-orm/postgres-js';
import { newPasswordLetter } from './letters';
import { hashPassword, PASSWORD_LENGTH, verifyPassword } from './password';
import { isSecure, sessionCookieName } from './session-cookie';
import type { LoginAudit, LoginChange } from './login-audit';
import { provenByMail } from './logins.queries';
import type { Origin } from './origin';
import { listMemberships } from './sessions.queries';

const IDLE_MS = 12 * 3_600_000;
const ABSOLUTE_S = 30 * 86_400;
const RESET_S = 3600;

/** Headers in which the library is handed who calls, and in which call. Whatever a client sends under these names is dropped. */
export const ADDRESS_HEADER = 'x-parley-address';
export const CORRELATION_HEADER = 'x-parley-correlation';

type PasskeyOptions = NonNullable<Parameters<typeof passkey>[0]>;

export type Auth = ReturnType<typeof createAuth>;

/**
 * Passwords and sessions, by better-auth; everything about tenants is ours. The cookie outlives the idle time, because
 * the session's own end in the table moves with use (`prolongSession`) and decides.
 */
export function createAuth(env: Env, platform: SteadyPool, { mail, audit }: { mail: Mail; audit: LoginAudit }) {
  return betterAuth({
    appName: 'Parley',
    baseURL: env.PUBLIC_URL ?? `http://localhost:${env.API_PORT}`,
    basePath: '/api/auth',
    secret: env.AUTH_SECRET,
    trustedOrigins: trustedOrigins(env),
    database: drizzleAdapter(drizzle({ client: drizzleClient(platform), casing: 'snake_case' }), {
      provider: 'pg',
      schema: {
        user: users,
        session: sessions,
        account: credentials,
        verification: verifications,
        twoFactor: twoFactors,
        passkey: passkeys,
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      resetPasswordTokenExpiresIn: RESET_S,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }, request) => {
        const link = `${publicOrigin(env)}/new-password#${token}`; // behind a `#`: browsers do not send that, so no log has it
        mail.send(newPasswordLetter(languageFor(user, request), { to: user.email, link }));
      },
      onPasswordReset: async ({ user }, request) => {
        await platform.query((sql) => provenByMail(sql, user.id));
        await audit.note(user.id, 'login.password_reset', originOf(request));
      },
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    user: {
      additionalFields: {
        superAdmin: { type: 'boolean', required: false, input: false, defaultValue: false },
        language: { type: 'string', required: false, input: false },
      },
    },
    session: {
      expiresIn: ABSOLUTE_S,
      disableSessionRefresh: true,
      freshAge: 0, // what should not be done at an open screen asks for the password
      additionalFields: { activeTenantId: { type: 'string', required: false, input: false } },
    },
    verification: { storeIdentifier: 'hashed' }, // whoever reads the table alone opens nothing with it
    plugins: [twoFactor({ issuer: 'Parley' }), passkey(passkeyOptions(env))],
    hooks: {
      after: createAuthMiddleware(async (call) => {
        const action = passkeyChanges[call.path];
        if (!action || call.context.returned instanceof APIError) return;
        const session = await getSessionFromCtx(call);
        if (session) await audit.note(session.user.id, action, originOf(call.request));
      }),
    },
    databaseHooks: {
      account: {
        update: {
          after: async (account, call) => {
            if (call?.path !== '/change-password') return; // a reset says whose it is elsewhere
            await audit.note(account.userId, 'login.password_changed', originOf(call.request));
          },
        },
      },
      user: {
        update: {
          after: async ({ id, twoFactorEnabled }, call) => {
            if (!call?.path?.startsWith('/two-factor/')) return;
            const action = twoFactorEnabled === true ? 'login.two_factor_enabled' : 'login.two_factor_disabled';
            await audit.note(id, action, originOf(call.request));
          },
        },
      },
      session: {
        create: {
          before: async (session) => {
            const memberships = await platform.query((sql) => listMemberships(sql, session.userId));
            const [only] = memberships.length === 1 ? memberships : [];
            return {
              data: {
                ...session,
                expiresAt: new Date(Date.now() + IDLE_MS),
                activeTenantId: session.activeTenantId ?? only?.tenantId ?? null,
              },
            };
          },
        },
      },
    },
    advanced: {
      database: { generateId: () => uuid7() },
      disableOriginCheck: false, // said, for under test the library would leave the check out
      useSecureCookies: false, // it would add `__Secure-`, and we want `__Host-`
      cookiePrefix: 'parley',
      cookies: {
        session_token: { name: sessionCookieName(env), attributes: { secure: isSecure(env) } },
        two_factor: { name: `${sessionCookieName(env)}-second`, attributes: { secure: isSecure(env) } },
        passkey: { name: `${sessionCookieName(env)}-passkey`, attributes: { secure: isSecure(env) } },
      },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(env) },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    rateLimit: { enabled: false }, // ours counts by account and address, over all processes
    telemetry: { enabled: false },
    logger: { disabled: true }, // it names e-mail addresses
    onAPIError: { throw: false },
  });
}

/** Whether this is the password of whoever is signed in with these headers. */
export async function isTheirPassword(auth: Auth, headers: Headers, password: string): Promise<boolean> {
  try {
    await auth.api.verifyPassword({ body: { password }, headers });
    return true;
  } catch (error) {
    if (error instanceof APIError && error.body?.code === 'INVALID_PASSWORD') return false;
    throw error;
  }
}

/**
 * A passkey opens the door alone, so it has to be two proofs in one: the device that holds it, and the finger, face or PIN that
 * the device asks for. The library asks for the second half without insisting on it.
 */
function passkeyOptions(env: Env): PasskeyOptions {
  return {
    rpName: 'Parley',
    rpID: env.PUBLIC_URL ? new URL(env.PUBLIC_URL).hostname : 'localhost', // browsers take no address of numbers
    origin: trustedOrigins(env),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    registration: {
      afterVerification: async ({ verification }) => assertVerified(verification.registrationInfo?.userVerified),
    },
    authentication: {
      afterVerification: async ({ verification }) => assertVerified(verification.authenticationInfo.userVerified),
    },
    advanced: { webAuthnChallengeCookie: 'passkey' },
  };
}

function assertVerified(verified: boolean | undefined): void {
  if (!verified) throw new APIError('BAD_REQUEST', { code: 'USER_NOT_VERIFIED' });
}

const passkeyChanges: Record<string, LoginChange> = {
  '/passkey/verify-registration': 'login.passkey_added',
  '/passkey/delete-passkey': 'login.passkey_removed',
};

function originOf(request: Request | undefined): Origin {
  const header = (name: string) => request?.headers.get(name) ?? null;
  return {
    address: header(ADDRESS_HEADER),
    userAgent: header('user-agent'),
    correlationId: header(CORRELATION_HEADER),
  };
}

/** Their own, else what the browser that asks prefers. */
function languageFor(user: object, request: Request | undefined): Language {
  const chosen = 'language' in user && typeof user.language === 'string' ? user.language : undefined;
  return isLanguage(chosen) ? chosen : (languageAsked(request?.headers.get('accept-language')) ?? 'en');
}
