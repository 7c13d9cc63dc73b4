import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from './case';

/** Beside the code, and committed: a single case can be measured again without losing the others. */
const folder = path.resolve(import.meta.dirname, '../results');

export function keepResult(result: Result): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${result.case}.json`), `${JSON.stringify(rounded(result), null, 2)}\n`);
}

/** The last result of every case that was ever measured, by name. */
export function loadResults(): Map<string, Result> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const all = files.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Result); // written by keepResult
  return new Map(all.map((result) => [result.case, result]));
}

/** Five digits say all that a measurement knows. */
function rounded<T>(value: T): T {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' ? Number(part.toPrecision(5)) : part,
  );
  return JSON.parse(text) as T;
}
