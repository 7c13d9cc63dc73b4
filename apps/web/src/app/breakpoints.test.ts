import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const src = path.join(import.meta.dirname, '..');
const css = readFileSync(path.join(import.meta.dirname, 'globals.css'), 'utf8');
const known = new Set([...css.matchAll(/--breakpoint-(\w+):/g)].map(([, name]) => name));

/** Tailwind makes no rule, and says nothing, for a width that the theme does not name. */
it('names only widths of the theme', () => {
  const used = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => widthsIn(readFileSync(path.join(src, file), 'utf8')).map((name) => ({ file, name })));
  expect(used.some(({ name }) => name === 'md')).toBe(true);
  expect(used.filter(({ name }) => !known.has(name))).toEqual([]);
});

function widthsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])(?:max-|min-)?(xs|sm|md|lg|\d?xl):(?=[\w[-])/g)].map(([, name = '']) => name);
}
