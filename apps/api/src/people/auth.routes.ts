import { ADDRESS_HEADER, CORRELATION_HEADER, isTheirPassword, type Auth } from '@parley/inbox/people/auth';
import { assertOneself, SessionsService, type SignedIn } from '@parley/inbox/people/sessions.service';
import type { ErrorCode } from '@parley/contracts/problem';
import { AppError, notFound } from '@parley/platform/app-error';
import type { Patience, RateLimits } from '@parley/platform/rate-limits';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendProblem } from '../http/problem.filter';

/** What of the library is open. Everything else it could do is not reachable. */
const open = new Set([
  'sign-in/email',
  'sign-out',
  'change-password',
  'revoke-sessions',
  'revoke-other-sessions',
  'request-password-reset',
  'reset-password',
  'two-factor/enable',
  'two-factor/disable',
  'two-factor/verify-totp',
  'two-factor/verify-backup-code',
  'two-factor/generate-backup-codes',
  'passkey/generate-authenticate-options',
  'passkey/verify-authentication',
  'passkey/generate-register-options',
  'passkey/verify-registration',
  'passkey/list-user-passkeys',
  'passkey/delete-passkey',
]);

/** Where the library itself is asked by GET. */
const askedByGet = new Set([
  'passkey/generate-authenticate-options',
  'passkey/generate-register-options',
  'passkey/list-user-passkeys',
]);

/** Also for who acts as somebody else, or was signed in by their company. */
const ofAnybody = new Set([
  ...['sign-in/email', 'sign-out', 'request-password-reset', 'reset-password'],
  ...['passkey/generate-authenticate-options', 'passkey/verify-authentication'],
]);

const SignIn = z.object({
  email: z.string().max(254),
  password: z.string().max(1024),
  rememberMe: z.boolean().optional(),
});

/** Of an error: it counts as a try. */
const WRONG_PASSWORD = { wrongPassword: true };

/** Growing waits, never a lock: a lock would let anybody shut anybody out. */
const byPerson: Patience = { free: 5, atOnce: 30, firstMs: 1_000, longestMs: 300_000, forgetMs: 3_600_000 }; // one account from one address
const byAccount: Patience = { free: 30, atOnce: 60, firstMs: 1_000, longestMs: 30_000, forgetMs: 900_000 }; // one account from everywhere
const byAddress: Patience = { free: 60, atOnce: 120, firstMs: 1_000, longestMs: 300_000, forgetMs: 900_000 }; // many accounts from one address

interface Parts {
  auth: Auth;
  sessions: SessionsService;
  limits: RateLimits;
}

/** `/api/auth/*`: hands the call to the auth library and its answer back, errors as problems like everywhere. */
export function registerAuth(fastify: FastifyInstance, parts: Parts): void {
  fastify.route<{ Params: { '*': string } }>({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    handler: async (request, reply) => {
      const path = request.params['*'];
      try {
        if (request.method !== 'POST' || !open.has(path)) throw new AppError('not_found', 'There is nothing here.');
        if (!ofAnybody.has(path)) await assertTheirs(parts, request);
        await copy(await answerTo(path, parts, request), reply);
      } catch (error) {
        if (error instanceof AppError) sendProblem(request, reply, error);
        else throw error;
      }
      return reply;
    },
  });
}

function answerTo(path: string, parts: Parts, request: FastifyRequest): Promise<Response> {
  switch (path) {
    case 'sign-in/email':
      return signIn(parts, request);
    case 'sign-out':
      return signOut(parts, request);
    case 'request-password-reset':
      return askForPassword(parts, request);
    case 'two-factor/verify-totp':
    case 'two-factor/verify-backup-code':
      return prove(parts, request);
    case 'change-password':
    case 'two-factor/enable':
    case 'two-factor/disable':
    case 'two-factor/generate-backup-codes':
      return confirm(parts, request);
    case 'passkey/generate-authenticate-options':
      return beginByPasskey(parts, request);
    case 'passkey/verify-authentication':
      return signInByPasskey(parts, request);
    case 'passkey/generate-register-options':
      return beginPasskey(parts, request);
    case 'passkey/verify-registration':
      return addPasskey(parts, request);
    case 'passkey/delete-passkey':
      return removePasskey(parts, request);
    default:
      return passOn(parts, request, request.body);
  }
}

/** Asks for the password again: whoever sits before somebody's open screen does not find it out by trying. */
async function confirm(parts: Parts, request: FastifyRequest): Promise<Response> {
  const signedIn = await parts.sessions.identify(request.headers);
  if (!signedIn) return passOn(parts, request, request.body);
  return withPatience(parts.limits, [['confirm', signedIn.user.id, byPerson]], () =>
    passOn(parts, request, request.body),
  );
}

/** The same for every address, known or not; and no more often than a person needs, or it would be a way to pester one. */
async function askForPassword(parts: Parts, request: FastifyRequest): Promise<Response> {
  const body = z.object({ email: z.email().max(254) }).safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'Enter an e-mail address.');
  const email = body.data.email.trim().toLowerCase();
  for (const [name, key, limit] of [
    ['reset', email, 5],
    ['reset-address', request.ip, 50],
  ] as const) {
    const { allowed, resetMs } = await parts.limits.take(name, key, { limit, windowMs: 3_600_000 });
    if (!allowed) throw new AppError('rate_limited', 'Look for the mails that were sent.', { retryAfterMs: resetMs });
  }
  return passOn(parts, request, { email });
}

async function beginByPasskey(parts: Parts, request: FastifyRequest): Promise<Response> {
  const { allowed, resetMs } = await parts.limits.take('passkey', request.ip, { limit: 60, windowMs: 60_000 });
  if (!allowed) throw new AppError('rate_limited', 'Wait a moment before the next try.', { retryAfterMs: resetMs });
  return passOn(parts, request, undefined);
}

async function signInByPasskey(parts: Parts, request: FastifyRequest): Promise<Response> {
  const body = z.object({ response: z.looseObject({ id: z.string().max(2048) }) }).safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'This is no answer of a passkey.');
  const answer = await withPatience(parts.limits, [['sign-in-address', request.ip, byAddress]], () =>
    passOn(parts, request, body.data),
  );
  await parts.sessions.end(request.headers); // as after a password
  return answer;
}

/** A passkey stays when the password changes: who asks for one at somebody's open screen has to know that. */
async function beginPasskey(parts: Parts, request: FastifyRequest): Promise<Response> {
  const { user } = await assertSignedIn(parts, request);
  const body = z.object({ password: z.string().max(1024) }).safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'Enter your password.');
  return withPatience(parts.limits, [['confirm', user.id, byPerson]], async () => {
    const { headers } = toWebRequest(request, undefined, parts.auth.options.baseURL);
    if (!(await isTheirPassword(parts.auth, headers, body.data.password))) throw wrongPassword();
    return passOn(parts, request, undefined);
  });
}

async function addPasskey(parts: Parts, request: FastifyRequest): Promise<Response> {
  await assertSignedIn(parts, request);
  const body = z
    .object({ response: z.looseObject({}), name: z.string().trim().min(1).max(64).optional() })
    .safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'A passkey needs its answer, and a name of at most 64 characters.');
  return passOn(parts, request, body.data);
}

async function removePasskey(parts: Parts, request: FastifyRequest): Promise<Response> {
  await assertSignedIn(parts, request);
  const body = z.object({ id: z.uuid() }).safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'Say which passkey, by its id.');
  return passOn(parts, request, body.data).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'unauthenticated' ? notFound('passkey') : error; // it is another's
  });
}

async function assertSignedIn({ sessions }: Parts, { headers }: FastifyRequest): Promise<SignedIn> {
  const signedIn = await sessions.identify(headers);
  if (!signedIn) throw new AppError('unauthenticated', 'Sign in first.');
  return signedIn;
}

/** No browser is trusted to go without the second proof the next time. */
function prove(parts: Parts, request: FastifyRequest): Promise<Response> {
  const body = z.object({ code: z.string().max(64) }).safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'Enter the code.');
  return passOn(parts, request, body.data);
}

async function signIn(parts: Parts, request: FastifyRequest): Promise<Response> {
  const body = SignIn.safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'Enter an e-mail address and a password.');
  const account = body.data.email.trim().toLowerCase();
  const attempts = [
    ['sign-in', `${account} ${request.ip}`, byPerson],
    ['sign-in-account', account, byAccount],
    ['sign-in-address', request.ip, byAddress],
  ] as const;
  const answer = await withPatience(parts.limits, attempts, () =>
    passOn(parts, request, { ...body.data, email: account }),
  );
  await parts.sessions.end(request.headers); // the session before this one, if any, is not to live on beside it
  return answer;
}

/** Also of a session that a company's provider opened, which the library does not know. */
async function signOut(parts: Parts, request: FastifyRequest): Promise<Response> {
  const answer = await passOn(parts, request, request.body);
  await parts.sessions.end(request.headers);
  return answer;
}

type Attempt = readonly [name: string, key: string, patience: Patience];

/** Only wrong passwords count, and of tries under way no more than what is patient with them. Throws `rate_limited`. */
async function withPatience<T>(
  limits: RateLimits,
  attempts: readonly [Attempt, ...Attempt[]],
  work: () => Promise<T>,
): Promise<T> {
  const begun: Attempt[] = [];
  try {
    for (const attempt of attempts) {
      const { allowed, resetMs } = await limits.attempt(...attempt);
      if (!allowed)
        throw new AppError('rate_limited', 'Too many tries. Wait a moment before the next.', { retryAfterMs: resetMs });
      begun.push(attempt);
    }
    const done = await work();
    const [[person, personKey], ...shared] = attempts;
    await Promise.all([limits.succeed(person, personKey), ...shared.map(([name, key]) => limits.takeBack(name, key))]);
    return done;
  } catch (error) {
    const wrong =
      error instanceof AppError && (error.code === 'unauthenticated' || error.extra.internal === WRONG_PASSWORD);
    await Promise.all(
      begun.map((attempt) => (wrong ? limits.fail(...attempt) : limits.takeBack(attempt[0], attempt[1]))),
    );
    throw error;
  }
}

/** Whose password and sessions they are decides: not who acts as them, nor their company's provider. Throws `forbidden`. */
async function assertTheirs({ sessions }: Parts, { headers }: FastifyRequest): Promise<void> {
  const signedIn = await sessions.identify(headers);
  if (signedIn) assertOneself(signedIn);
}

/** What the library answers. Throws its errors as ours. */
async function passOn({ auth, sessions }: Parts, request: FastifyRequest, body: unknown): Promise<Response> {
  const response = await auth.handler(toWebRequest(request, body, auth.options.baseURL));
  sessions.forgetAll(); // passwords and sessions changed
  if (response.status >= 400) throw problemFrom(response.status, await response.text());
  return response;
}

async function copy(response: Response, reply: FastifyReply): Promise<void> {
  for (const cookie of response.headers.getSetCookie()) void reply.header('set-cookie', cookie);
  void reply
    .status(response.status)
    .type('application/json')
    .send(withoutTokens(await response.text()));
}

/** The library refuses a cookie without an Origin; who sends none was judged before (`assertOrigin`). */
function toWebRequest({ id, params, url, headers, ip }: FastifyRequest, body: unknown, baseUrl: string): Request {
  const kept = new Headers();
  for (const name of [
    'cookie',
    'origin',
    'user-agent',
    'accept-language',
    'sec-fetch-site',
    'sec-fetch-mode',
    'sec-fetch-dest',
  ] as const) {
    const value = headers[name];
    if (typeof value === 'string') kept.set(name, value);
  }
  if (!kept.has('origin')) kept.set('origin', new URL(baseUrl).origin);
  kept.set(ADDRESS_HEADER, ip);
  kept.set(CORRELATION_HEADER, id);
  if (body !== undefined) kept.set('content-type', 'application/json');
  const read = askedByGet.has((params as { '*': string })['*']);
  return new Request(new URL(url, baseUrl), {
    headers: kept,
    ...(!read && { method: 'POST', body: JSON.stringify(body ?? {}) }),
  });
}

/** One answer for an unknown person and a wrong password. */
function problemFrom(status: number, text: string): AppError {
  const { code } = z.object({ code: z.string().optional() }).catch({}).parse(parsed(text));
  const known = code === undefined ? undefined : problems[code];
  if (known) return new AppError(...known);
  if (status === 401) return new AppError('unauthenticated', 'The e-mail address or the password is wrong.');
  if (status === 403) return new AppError('bad_origin', 'This request was started by a page of another site.');
  if (code === 'PASSWORD_TOO_SHORT' || code === 'PASSWORD_TOO_LONG')
    return new AppError('invalid', 'A password has 8 to 128 characters.');
  if (code === 'INVALID_PASSWORD') return wrongPassword();
  if (status < 500) return new AppError('invalid', 'Enter an e-mail address and a password.');
  return new AppError('internal', 'Something went wrong on our side. It was logged under the correlation id.', {
    internal: { status },
  });
}

const wrongPassword = () => new AppError('invalid', 'The password is wrong.', { internal: WRONG_PASSWORD });

const problems: Record<string, [ErrorCode, string]> = {
  INVALID_CODE: ['invalid', 'The code is wrong.'],
  INVALID_BACKUP_CODE: ['invalid', 'The recovery code is wrong, or was used.'],
  INVALID_TWO_FACTOR_COOKIE: ['unauthenticated', 'Sign in again.'],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: ['rate_limited', 'Too many wrong codes. Sign in again.'],
  ACCOUNT_TEMPORARILY_LOCKED: ['rate_limited', 'Too many wrong codes. Wait a quarter of an hour.'],
  PASSKEY_NOT_FOUND: ['unauthenticated', 'This passkey is not known here. Sign in with your password.'],
  AUTHENTICATION_FAILED: ['unauthenticated', 'This passkey does not fit. Sign in with your password.'],
  CHALLENGE_NOT_FOUND: ['invalid', 'That took too long, or was answered before. Begin again.'],
  USER_NOT_VERIFIED: ['invalid', 'The device has to ask for your finger, face or PIN. This one did not.'],
  FAILED_TO_VERIFY_REGISTRATION: ['invalid', 'The device’s answer does not fit. Begin again.'],
  TOTP_ALREADY_ENABLED: ['conflict', 'There is a second proof already.'],
  INVALID_TOKEN: ['invalid', 'This link was used before, or ran out. Ask for a new one.'],
};

/** The token is the cookie's alone: a script that reads the answer must not get it. */
function withoutTokens(text: string): string {
  return JSON.stringify(parsed(text), (key, value: unknown) => (key === 'token' ? undefined : value));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
