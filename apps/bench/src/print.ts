import type { Outcome, Spread } from './case';

/** A case's figures as a table, and what is wrong with it. */
export function printOutcome({ figures, checks, notes = [] }: Outcome): void {
  const rows = figures.map((figure) => [
    figure.name,
    figure.unit,
    figure.bare ? spread(figure.bare) : '',
    spread(figure.product),
    figure.ratio ? spread(figure.ratio) : '',
  ]);
  console.log(`\n${table([['', '', 'bare', 'product', 'ratio by round'], ...rows])}`);
  const wrong = checks.filter((check) => !check.ok);
  console.log(wrong.length ? '' : `\nAll ${checks.length} checks hold.`);
  for (const { what, value } of wrong) console.log(`WRONG: ${what}: ${value}`);
  for (const note of notes) console.log(note);
}

/** Three digits are what a measurement of three rounds is good for. */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return digits.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** `min / median / max`, or one number where they are the same. */
export function spread({ min, median, max }: Spread): string {
  return min === max ? number(median) : `${number(min)} / ${number(median)} / ${number(max)}`;
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
