import fs from 'node:fs';

/** What a vitest JSON report counts. A file that could not even be loaded has no tests: it counts as one failure. */
export function countVitest(file) {
  const report = read(file);
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.length,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** What a Playwright JSON report counts; flaky ones passed in the end. */
export function countPlaywright(file) {
  const { expected, flaky, unexpected, skipped } = read(file).stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}

/** What the report of the fault matrix counts: one a case. */
export function countChaos(file) {
  const count = (status) => read(file).results.filter((result) => result.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** The closing line, which other programs read. */
export function summarize(counts) {
  const total = (key) => counts.reduce((sum, count) => sum + count[key], 0);
  return `${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`;
}

function read(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
