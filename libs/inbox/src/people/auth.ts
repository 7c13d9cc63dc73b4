import { credentials, sessions, twoFactors, users, verifications } from '@parley/db/schema/people';
import { uuid7 } from '@parley/db/uuid';
import { drizzleClient } from '@parley/platform/drizzle-client';
import type { Env } from '@parley/platform/env';
import { publicOrigin, trustedOrigins } from '@parley/platform/origins';
import type { Mail } from '@parley/platform/mail';
import type { SteadyPool } from '@parley/platform/steady-pool';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { drizzle } from 'drizzle-orm/postgres-js';
import { hashPassword, PASSWORD_LENGTH, verifyPassword } from './password';
import { isSecure, sessionCookieName } from './session-cookie';
import { provenByMail } from './logins.queries';
import { listMemberships } from './sessions.queries';

const IDLE_MS = 12 * 3_600_000;
const ABSOLUTE_S = 30 * 86_400;
const RESET_S = 3600;

/** Header in which the caller's address is handed to the library. Whatever a client sends under this name is dropped. */
export const ADDRESS_HEADER = 'x-parley-address';

export type Auth = ReturnType<typeof createAuth>;

/**
 * Passwords and sessions, by better-auth; everything about tenants is ours. The cookie outlives the idle time, because
 * the session's own end in the table moves with use (`prolongSession`) and decides.
 */
export function createAuth(env: Env, platform: SteadyPool, mail: Mail) {
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
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      resetPasswordTokenExpiresIn: RESET_S,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => mail.send(letterOf(user.email, env, token)),
      onPasswordReset: ({ user }) => platform.query((sql) => provenByMail(sql, user.id)),
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    user: { additionalFields: { superAdmin: { type: 'boolean', required: false, input: false, defaultValue: false } } },
    session: {
      expiresIn: ABSOLUTE_S,
      disableSessionRefresh: true,
      additionalFields: { activeTenantId: { type: 'string', required: false, input: false } },
    },
    verification: { storeIdentifier: 'hashed' }, // whoever reads the table alone opens nothing with it
    plugins: [twoFactor({ issuer: 'Parley' })],
    databaseHooks: {
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

/** The token stands behind a `#`: browsers do not send that, so no log has it. */
function letterOf(to: string, env: Env, token: string) {
  const link = `${publicOrigin(env)}/new-password#${token}`;
  const text = `Somebody, likely you, asked for a new password for ${to}.\n\nTo choose one, open this within an hour; it works once:\n\n${link}\n\nIf it was not you, do nothing: your password stays as it is.`;
  return { to, subject: 'Your new password for Parley', text };
}
