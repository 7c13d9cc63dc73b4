import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readChaos } from './chaos-result';

const verdict = (acked: number, lost = 0) => ({
  acked,
  lost,
  intents: 10,
  duplicates: 0,
  doubleArrivals: 0,
  orderViolations: 0,
  sentOutOfOrder: 0,
  sse: { missing: 0 },
});
const row = (name: string, more: object) => ({ name, status: 'passed', reasons: [], figures: [], ...more });

function written(seed: number, results: object[]): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'parley-chaos-')), 'chaos.json');
  writeFileSync(file, JSON.stringify({ seed, results }));
  return file;
}

it('adds up runs, takes a row’s own figure, and names what failed and what could not run', () => {
  const figures = [{ what: 'lanes resume', value: 4200 }];
  const {
    figures: found,
    checks,
    notes,
  } = readChaos([
    written(7, [
      row('F2', { figures, verdict: verdict(100) }),
      row('F26', { status: 'skipped', reasons: ['there is no media yet'] }),
    ]),
    written(8, [row('F5', { status: 'failed', reasons: ['lost 1 (= 0)'], verdict: verdict(50, 1) })]),
  ]);
  const median = (name: string) => found.find((figure) => figure.name === name)?.product.median;
  expect([median('events'), median('lost'), median('worker killed'), median('Redis emptied')]).toEqual([
    170,
    1,
    4.2,
    undefined,
  ]);
  expect(checks).toEqual([
    { what: 'F2', value: '', ok: true },
    { what: 'F5', value: 'lost 1 (= 0)', ok: false },
  ]);
  expect(notes).toEqual(['2 rows in 2 runs, seeds 7, 8.', 'F26 cannot run here: there is no media yet.']);
});
