import { hashKey } from '@parley/db/uuid';

/** The same parts give the same id, so that a second seed finds what the first one made. A UUID of version 8. */
export function demoId(...parts: string[]): string {
  const [a = '', b = '', c = '', d = '', e = ''] = hashKey('demo', ...parts).split('-');
  return [a, b, `8${c.slice(1)}`, `a${d.slice(1)}`, e].join('-');
}
