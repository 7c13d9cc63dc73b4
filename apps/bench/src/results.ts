import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from './case';
import { formatted } from './formatted';

/** Beside the code, and committed: a single case can be measured again without losing the others. */
const folder = path.resolve(import.meta.dirname, '../results');

export async function keepResult(result: Result): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${result.case}.json`);
  writeFileSync(file, await formatted(JSON.stringify(result, rounded, 2), file));
}

/** The last result of every case that was ever measured, by name. */
export function loadResults(): Map<string, Result> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const all = files.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Result); // written by keepResult
  return new Map(all.map((result) => [result.case, result]));
}

/** Five digits say all that a measurement knows. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
