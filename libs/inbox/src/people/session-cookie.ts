import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Env } from '@parley/platform/env';

/** `__Host-` binds the cookie to this origin and to https; the demo runs on plain http, where browsers refuse it. */
export function sessionCookieName(env: Pick<Env, 'PUBLIC_URL'>): string {
  return isSecure(env) ? '__Host-parley' : 'parley';
}

export function isSecure(env: Pick<Env, 'PUBLIC_URL'>): boolean {
  return env.PUBLIC_URL?.startsWith('https:') ?? false;
}

/** `token.signature`, as the auth library writes it: whoever reads the table alone cannot make a cookie. */
export function signToken(token: string, secret: string): string {
  return `${token}.${createHmac('sha256', secret).update(token).digest('base64')}`;
}

/** The Set-Cookie header of a session, as the auth library writes it; null: there is none any more. `seconds`: beyond the browser's end. */
export function sessionCookie(
  token: string | null,
  env: Pick<Env, 'PUBLIC_URL' | 'AUTH_SECRET'>,
  seconds?: number,
): string {
  const value = token === null ? '' : encodeURIComponent(signToken(token, env.AUTH_SECRET));
  return setCookie(sessionCookieName(env), value, token === null ? 0 : seconds, env);
}

/** A Set-Cookie header of ours; 0 seconds: it goes, none: with the browser. */
export function setCookie(
  name: string,
  value: string,
  seconds: number | undefined,
  env: Pick<Env, 'PUBLIC_URL'>,
): string {
  const age = seconds === undefined ? [] : [`Max-Age=${seconds}`];
  const flags = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(isSecure(env) ? ['Secure'] : []), ...age];
  return [`${name}=${value}`, ...flags].join('; ');
}

/** The session's token in a Cookie header; undefined when there is none, or it was not signed by us. */
export function readToken(cookieHeader: string | undefined, name: string, secret: string): string | undefined {
  const value = cookieOf(cookieHeader, name);
  const end = value?.lastIndexOf('.') ?? -1;
  if (!value || end < 1) return undefined;
  const token = value.slice(0, end);
  return isEqual(value, signToken(token, secret)) ? token : undefined;
}

/** What a Cookie header has under a name. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
