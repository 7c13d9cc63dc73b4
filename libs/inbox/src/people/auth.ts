import { credentials, sessions, users, verifications } from '@parley/db/schema/people';
import { uuid7 } from '@parley/db/uuid';
import { drizzleClient } from '@parley/platform/drizzle-client';
import type { Env } from '@parley/platform/env';
import { trustedOrigins } from '@parley/platform/origins';
import type { SteadyPool } from '@parley/platform/steady-pool';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { drizzle } from 'drizzle-orm/postgres-js';
import { hashPassword, PASSWORD_LENGTH, verifyPassword } from './password';
import { isSecure, sessionCookieName } from './session-cookie';
import { listMemberships } from './sessions.queries';

const IDLE_MS = 12 * 3_600_000;
const ABSOLUTE_S = 30 * 86_400;

/** Header in which the caller's address is handed to the library. Whatever a client sends under this name is dropped. */
export const ADDRESS_HEADER = 'x-parley-address';

export type Auth = ReturnType<typeof createAuth>;

/**
 * Passwords and sessions, by better-auth; everything about tenants is ours. The cookie outlives the idle time, because
 * the session's own end in the table moves with use (`prolongSession`) and decides.
 */
export function createAuth(env: Env, platform: SteadyPool) {
  return betterAuth({
    appName: 'Parley',
    baseURL: env.PUBLIC_URL ?? `http://localhost:${env.API_PORT}`,
    basePath: '/api/auth',
    secret: env.AUTH_SECRET,
    trustedOrigins: trustedOrigins(env),
    database: drizzleAdapter(drizzle({ client: drizzleClient(platform), casing: 'snake_case' }), {
      provider: 'pg',
      schema: { user: users, session: sessions, account: credentials, verification: verifications },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    user: { additionalFields: { superAdmin: { type: 'boolean', required: false, input: false, defaultValue: false } } },
    session: {
      expiresIn: ABSOLUTE_S,
      disableSessionRefresh: true,
      additionalFields: { activeTenantId: { type: 'string', required: false, input: false } },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const memberships = await platform.query((sql) => listMemberships(sql, session.userId));
            const [only] = memberships.length === 1 ? memberships : [];
            return {
              data: { ...session, expiresAt: new Date(Date.now() + IDLE_MS), activeTenantId: only?.tenantId ?? null },
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
      cookies: { session_token: { name: sessionCookieName(env), attributes: { secure: isSecure(env) } } },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(env) },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    rateLimit: { enabled: false }, // ours counts by account and address, over all processes
    telemetry: { enabled: false },
    logger: { disabled: true }, // it names e-mail addresses
    onAPIError: { throw: false },
  });
}
