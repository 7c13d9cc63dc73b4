import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Verdict } from '@parley/testing/rig/verdict';
import type { Figure } from './case';
import { inWords } from './gates';

/** What came of one case. */
export interface Result {
  name: string;
  title: string;
  status: 'passed' | 'failed' | 'skipped';
  /** What fell short, or why it was skipped. */
  reasons: string[];
  verdict?: Verdict;
  figures: Figure[];
  notes: string[];
  /** How long it took, the fleet's start not counted. */
  seconds: number;
}

const columns: { title: string; of: (verdict: Verdict) => string | number }[] = [
  { title: 'sent', of: ({ sent }) => sent },
  { title: 'acked', of: ({ acked }) => acked },
  { title: 'refused', of: ({ refused }) => refused },
  { title: 'once', of: ({ persistedOnce }) => persistedOnce },
  { title: 'lost', of: ({ lost }) => lost },
  { title: 'dup', of: ({ duplicates }) => duplicates },
  { title: 'order', of: ({ orderViolations }) => orderViolations },
  { title: 'sends', of: ({ intents }) => intents },
  { title: 'lost', of: ({ intentsLost }) => intentsLost },
  { title: 'calls', of: ({ callsPerIntent }) => callsPerIntent.toFixed(2) },
  { title: 'twice', of: ({ doubleArrivals }) => doubleArrivals },
  { title: 'sse', of: ({ sse }) => sse.expected },
  { title: 'miss', of: ({ sse }) => sse.missing },
  { title: 'again', of: ({ sse }) => sse.duplicated },
  { title: 'gaps', of: ({ sse }) => sse.gaps },
  {
    title: 'ack p99 ms',
    of: ({ ackP99Ms: { before, during, after } }) => [before, during, after].map(orNone).join('/'),
  },
  { title: 'drain s', of: ({ drainMs }) => (drainMs / 1000).toFixed(1) },
  { title: 'event s', of: ({ firstEventMs }) => (firstEventMs / 1000).toFixed(2) },
];

/** Nothing was acked then. */
const orNone = (ms: number) => (Number.isNaN(ms) ? '–' : String(ms));

/** One line a case, below it what is its own. */
export function printTable(results: Result[]): void {
  const cells = results.map(({ name, status, verdict }) => [
    name,
    status,
    ...columns.map(({ of }) => (verdict ? String(of(verdict)) : '')),
  ]);
  const head = ['', '', ...columns.map(({ title }) => title)];
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]) => row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '); // prettier-ignore
  console.log(`\n${line(head)}`);
  results.forEach((result, i) => {
    console.log(line(cells[i] ?? []));
    for (const text of detailsOf(result)) console.log(`      ${text}`);
  });
}

/** What the row's own line does not hold. */
export function detailsOf({ title, status, reasons, figures, notes }: Result): string[] {
  const word = status === 'skipped' ? 'cannot run here: ' : '';
  return [title, ...figures.map(inWords), ...notes, ...reasons.map((reason) => `! ${word}${reason}`)];
}

export function closingLine(results: Result[]): string {
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

/** For other programs: test-results/chaos.json. */
export function keepResults(results: Result[], how: { seed: number; args: string[]; startedAt: Date }): void {
  const file = path.resolve('test-results/chaos.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const [cpu] = os.cpus();
  const machine = { cpus: os.cpus().length, model: cpu?.model, memoryBytes: os.totalmem(), node: process.version };
  writeFileSync(file, `${JSON.stringify({ ...how, endedAt: new Date(), machine, results }, null, 2)}\n`);
}
