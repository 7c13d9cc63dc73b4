import { NextRequest } from 'next/server';
import { expect, it } from 'vitest';
import { proxy } from './proxy';

it('lets a page compile WebAssembly, and no script from text', () => {
  const policy = proxy(new NextRequest('http://inbox.test/inbox')).headers.get('content-security-policy') ?? '';
  expect(policy.split('; ').find((each) => each.startsWith('script-src '))).toMatch(
    /^script-src 'self' 'nonce-[\w=]+' 'strict-dynamic' 'wasm-unsafe-eval'$/,
  );
});
