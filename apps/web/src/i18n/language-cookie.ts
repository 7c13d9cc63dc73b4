import type { Me } from '@parley/contracts/me';

/** Tells the server what to write a page in, before it is known who asks for it. */
export const LANGUAGE_COOKIE = 'parley-language';
const YEAR_S = 365 * 86_400;

/**
 * Has pages written in the person's language, else their tenant's. True: this one is in another, and comes again in the right
 * one. Happens once in a browser, and after each change. Who acts as somebody else keeps their own.
 */
export function adoptLanguage({ user, tenant, impersonation }: Me): boolean {
  const language = user.language ?? tenant?.language;
  if (!language || impersonation || language === document.documentElement.lang) return false;
  const cookie = `${LANGUAGE_COOKIE}=${language}`;
  if (document.cookie.split('; ').includes(cookie)) return false; // the server was told, and wrote another: asking again helps nothing
  document.cookie = `${cookie}; path=/; max-age=${YEAR_S}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
  location.reload();
  return true;
}
