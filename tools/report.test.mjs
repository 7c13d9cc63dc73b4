import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from './paths.mjs';
import { countChaos, countPlaywright, countVitest, summarize, tellFailures } from './report.mjs';

const noTests = { numPassedTests: 0, numPendingTests: 0, numTodoTests: 0 };

it('adds up what the runners report', () => {
  const vitest = written({
    numPassedTests: 7,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [failedFile([{ status: 'failed', fullName: 'counts', failureMessages: ['no'] }])],
  });
  const playwright = written({
    stats: { expected: 3, flaky: 1, unexpected: 2, skipped: 1 },
    suites: [{ title: 'a.spec.ts', specs: [brokenSpec('writes'), brokenSpec('reads')] }],
    errors: [],
  });
  const chaos = written({
    results: ['passed', 'passed', 'failed', 'skipped'].map((status) => ({ status, reasons: [] })),
  });
  const counts = [countVitest(vitest), countPlaywright(playwright), countChaos(chaos)];
  expect(summarize(counts)).toBe('13 passed, 4 failed, 4 skipped');
});

// A file that could not be loaded has no tests; of one whose last hook failed all have passed.
it.each([[[]], [[{ status: 'passed', fullName: 'works' }]]])('counts a file that failed beside its tests', (tests) => {
  const report = written({ ...noTests, testResults: [{ ...failedFile(tests), message: 'it would not close' }] });
  const counts = countVitest(report);
  expect(counts).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  expect(tellFailures([counts])).toEqual(['libs/one.test.ts\n    it would not close\n']);
});

it('counts what kept the browser tests from running', () => {
  const stats = { expected: 0, flaky: 0, unexpected: 0, skipped: 0 };
  const counts = countPlaywright(written({ stats, suites: [], errors: [{ message: 'no browser' }] }));
  expect(counts).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  expect(tellFailures([counts])).toEqual(['apps/web/e2e\n    no browser\n']);
});

it('tells which failed and why, in plain text and without where the checkout lies', () => {
  const stack = `Error: \u001b[31mexpected 1\u001b[39m to be 2\n    at ${root}/libs/one.test.ts:7:3\n    at file://${root}/node_modules/vitest/x.js:1:1`;
  const vitest = written({
    ...noTests,
    testResults: [failedFile([{ status: 'failed', fullName: 'lanes drain', failureMessages: [stack] }])],
  });
  const stats = { expected: 0, flaky: 0, unexpected: 1, skipped: 0 };
  const inner = { title: 'evolution', specs: [brokenSpec('an agent answers')] };
  const browser = written({ stats, errors: [], suites: [{ title: 'a.spec.ts', specs: [], suites: [inner] }] });
  const chaos = written({
    results: [{ name: 'F9', title: 'Redis away', status: 'failed', reasons: ['lost 1 (= 0)', 'late'] }],
  });
  expect(tellFailures([countVitest(vitest), countChaos(chaos), countPlaywright(browser)])).toEqual([
    'libs/one.test.ts › lanes drain\n    Error: expected 1 to be 2\n        at libs/one.test.ts:7:3\n',
    'chaos › F9 Redis away\n    lost 1 (= 0)\n    late\n',
    'apps/web/e2e/a.spec.ts › evolution an agent answers\n    Error: not visible\n',
  ]);
});

it('tells the beginnings of forty, and how many more there are', () => {
  const long = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
  const tests = Array.from({ length: 50 }, (_, i) => ({ status: 'failed', fullName: `${i}`, failureMessages: [long] }));
  const told = tellFailures([countVitest(written({ ...noTests, testResults: [failedFile(tests)] }))]);
  expect(told).toHaveLength(41);
  expect(told[0].split('\n')).toHaveLength(17);
  expect(told.at(-1)).toBe('… and 10 more\n');
});

function failedFile(assertionResults) {
  return { name: `${root}/libs/one.test.ts`, status: 'failed', message: '', assertionResults };
}

function brokenSpec(title) {
  const results = [{ errors: [{ message: '\u001b[31mError: not visible\u001b[39m' }] }];
  return { title, file: 'a.spec.ts', tests: [{ status: 'unexpected', results }] };
}

function written(report) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-report-')), 'report.json');
  fs.writeFileSync(file, JSON.stringify(report));
  return file;
}
