import { type NextRequest, NextResponse } from 'next/server';

/** Gives every page its own nonce: scripts and styles run only when this server wrote them. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = policyFor(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy); // Next reads the nonce from here and stamps its own scripts
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('x-frame-options', 'DENY');
  response.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(self)');
  return response;
}

function policyFor(nonce: string): string {
  const development = process.env.NODE_ENV === 'development'; // React rebuilds stack traces with eval there, and pages reload over a socket
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`, // for features/messages/ogg-opus
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`, // its overlay styles itself
    "style-src-attr 'unsafe-inline'", // a hue or a width on one element; no rule can be smuggled in
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const config = { matcher: ['/((?!_next/static|_next/image|api/|.*\\.(?:svg|png|ico|woff2|webmanifest)$).*)'] };
