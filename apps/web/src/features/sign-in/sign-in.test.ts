import { expect, it } from 'vitest';
import { safeNext } from './sign-in';

it.each([
  ['/inbox', '/inbox'],
  ['/inbox/0191?view=all', '/inbox/0191?view=all'],
  ['/inbox?q=a', '/inbox?q=a'],
  ['//evil.test/inbox', '/inbox'],
  ['https://evil.test', '/inbox'],
  ['/settings/members', '/settings/members'],
  ['/admin', '/admin'],
  ['/inboxevil', '/inbox'],
  ['javascript:alert(1)', '/inbox'],
  [null, '/inbox'],
])('leads %s to %s: never off this site', (next, to) => expect(safeNext(next)).toBe(to));
