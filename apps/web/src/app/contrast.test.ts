import { readFileSync } from 'node:fs';
import { hues } from '@parley/contracts/primitives';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'globals.css'), 'utf8');
type Rgb = [number, number, number];

/** Ordinary text needs 4.5, what draws a control or carries a meaning needs 3 (WCAG 2.2, 1.4.3 and 1.4.11). */
const [TEXT, UI] = [4.5, 3];

/** Ground, what stands on it, and how far they must be apart. */
const pairs: [ground: string, on: string, least: number][] = [
  ...pair(
    ['canvas', 'pane', 'sheet', 'raised', 'fill', 'bubble-in', 'bubble-out', 'accent-soft', 'note'],
    ['ink'],
    TEXT,
  ),
  ...pair(['canvas', 'pane', 'sheet', 'raised', 'fill', 'bubble-in', 'bubble-out', 'accent-soft'], ['ink-2'], TEXT),
  ...pair(['canvas', 'pane', 'sheet', 'raised', 'fill', 'accent-soft'], ['ink-3'], TEXT),
  ...pair(
    ['canvas', 'pane', 'sheet', 'raised', 'fill', 'bubble-in', 'bubble-out', 'accent-soft'],
    ['accent-ink'],
    TEXT,
  ),
  ...pair(['accent', 'accent-hover'], ['on-accent'], TEXT),
  ...pair(['danger'], ['on-accent'], TEXT),
  ...pair(['note'], ['note-ink'], TEXT),
  ...pair(['danger-soft', 'sheet', 'pane', 'raised', 'accent-soft'], ['danger-ink'], TEXT),
  ...pair(['warn-soft', 'sheet', 'pane', 'accent-soft'], ['warn-ink'], TEXT),
  ...pair(['ok-soft', 'sheet', 'pane'], ['ok-ink'], TEXT),
  ...pair(['danger-soft', 'warn-soft', 'ok-soft'], ['ink'], TEXT),
  ...pair(['sheet', 'fill'], ['line-strong'], UI),
  ...pair(['sheet', 'bubble-in'], ['accent'], UI),
  ...pair(['canvas', 'pane', 'sheet', 'raised', 'accent-soft'], ['focus'], UI),
  ...pair(['ch-whatsapp', 'ch-slack', 'ch-telegram', 'ch-instagram', 'ch-sms'], ['on-channel'], UI),
  ...pair(['ch-whatsapp', 'ch-slack', 'ch-telegram', 'ch-instagram', 'ch-sms'], ['pane', 'sheet'], UI),
  ...pair(['canvas'], ['danger'], UI),
];

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  const token = tokensOf(theme);

  it.each(pairs)('%s carries %s at %d or more', (ground, on, least) => {
    expect(contrast(token(ground), token(on))).toBeGreaterThanOrEqual(least);
  });

  it.each([...hues])('initials read on an avatar of hue %d, and its label dot shows on a selected row', (hue) => {
    const tint = oklch(token.number('tint-l'), token.number('tint-c'), hue);
    const ink = oklch(token.number('tint-ink-l'), token.number('tint-ink-c'), hue);
    expect(contrast(tint, ink)).toBeGreaterThanOrEqual(TEXT);
    const dot = oklch(token.number('dot-l'), token.number('dot-c'), hue);
    for (const ground of ['accent-soft', 'pane', 'sheet'])
      expect(contrast(token(ground), dot)).toBeGreaterThanOrEqual(UI);
  });
});

it('finds the values that are known of black, white and the light theme', () => {
  expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21);
  const token = tokensOf('light');
  expect(contrast(token('sheet'), token('ink'))).toBeCloseTo(16.5, 1);
  expect(contrast(token('danger-soft'), token('danger-ink'))).toBeCloseTo(5.9, 1);
});

function pair(grounds: string[], ons: string[], least: number): [string, string, number][] {
  return grounds.flatMap((ground) => ons.map((on): [string, string, number] => [ground, on, least]));
}

/** Reads the tokens of a theme; dark ones stand over the light. */
function tokensOf(theme: string) {
  const light = declarations(/:root \{([^}]*)\}/);
  const values = theme === 'dark' ? new Map([...light, ...declarations(/\[data-theme="dark"\] \{([^}]*)\}/)]) : light;
  const text = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`There is no --${name}`);
    return value;
  };
  const colour = (name: string): Rgb => {
    const value = text(name);
    const alias = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
    if (alias) return colour(alias);
    const [l, c, h] = (/^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value) ?? []).slice(1).map(Number);
    if (l === undefined || c === undefined || h === undefined)
      throw new Error(`--${name} is no opaque colour: ${value}`);
    return oklch(l, c, h);
  };
  return Object.assign(colour, { number: (name: string) => Number(text(name)) });
}

function declarations(block: RegExp): Map<string, string> {
  const body = block.exec(css)?.[1] ?? '';
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
}

/** OKLCH to linear sRGB (Björn Ottosson's matrices), clipped as browsers do. */
function oklch(l: number, c: number, h: number): Rgb {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((v) => v ** 3) as Rgb;
  const linear: Rgb = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
  return linear.map((v) => Math.min(1, Math.max(0, v))) as Rgb;
}

/** Of two linear colours. */
function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
