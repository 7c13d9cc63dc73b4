import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { countChaos, countPlaywright, countVitest, summarize } from './report.mjs';

it('adds up what the runners report', () => {
  const vitest = written({
    numPassedTests: 7,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }],
  });
  const playwright = written({ stats: { expected: 3, flaky: 1, unexpected: 2, skipped: 1 } });
  const chaos = written({ results: ['passed', 'passed', 'failed', 'skipped'].map((status) => ({ status })) });
  const counts = [countVitest(vitest), countPlaywright(playwright), countChaos(chaos)];
  expect(summarize(counts)).toBe('13 passed, 4 failed, 4 skipped');
});

it('counts a file that could not be loaded as a failure', () => {
  const report = written({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ status: 'failed', assertionResults: [] }],
  });
  expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

function written(report) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-report-')), 'report.json');
  fs.writeFileSync(file, JSON.stringify(report));
  return file;
}
