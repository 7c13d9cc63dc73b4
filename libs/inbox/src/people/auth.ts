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
import type { LoginAudit } from './login-audit';
import { provenByMail } from './logins.queries';
import type { Origin } from './origin';
import { listMemberships } from './sessions.queries';

const IDLE_MS = 12 * 3_600_000;
const ABSOLUTE_S = 30 * 86_400;
const RESET_S = 3600;

/** Headers in which the library is handed who calls, and in which call. Whatever a client sends under these names is dropped. */
export const ADDRESS_HEADER = 'x-parley-address';
export const CORRELATION_HEADER = 'x-parley-correlation';

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
      onPasswordReset: async ({ user }, request) => {
        await platform.query((sql) => provenByMail(sql, user.id));
        await audit.note(user.id, 'login.password_reset', originOf(request));
      },
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

function originOf(request: Request | undefined): Origin {
  const header = (name: string) => request?.headers.get(name) ?? null;
  return {
    address: header(ADDRESS_HEADER),
    userAgent: header('user-agent'),
    correlationId: header(CORRELATION_HEADER),
  };
}

/** The token stands behind a `#`: browsers do not send that, so no log has it. */
function letterOf(to: string, env: Env, token: string) {
  const link = `${publicOrigin(env)}/new-password#${token}`;
  const text = `Somebody, likely you, asked for a new password for ${to}.\n\nTo choose one, open this within an hour; it works once:\n\n${link}\n\nIf it was not you, do nothing: your password stays as it is.`;
  return { to, subject: 'Your new password for Parley', text };
}
