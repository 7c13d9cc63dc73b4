import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const src = path.join(import.meta.dirname, '..');
/** Of Tailwind's classes those that name a side of the screen, where a language that is read from the right has the other. */
const SIDED =
  /(?<![\w-])-?(?:(?:scroll-)?[mp][lr]-[\w[]|(?:text|float|clear)-(?:left|right)\b|(?:border|rounded)-(?:[lr]|[tb][lr])\b|(?:left|right)-(?:\d|\[|px|auto))/g;
/** The middle of the screen has no side, and a tooltip is placed by what it points at. */
const allowed = new Set(['components/dialog.tsx: left-1', 'components/tooltip.tsx: left-0']);

it('begins and ends; only the screen has a left and a right', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
  const used = files.flatMap((file) =>
    [...readFileSync(path.join(src, file), 'utf8').matchAll(SIDED)].map(([name]) => `${file}: ${name}`),
  );
  expect(new Set(used)).toEqual(allowed); // nothing else; and what is looked for is found
});

it('draws by rules without sides', () => {
  const css = readFileSync(path.join(import.meta.dirname, 'globals.css'), 'utf8');
  expect(
    css.match(/(?:margin|padding|border)-(?:left|right)|^\s*(?:left|right):|(?:text-align|float): (?:left|right)/gm),
  ).toBeNull();
});
