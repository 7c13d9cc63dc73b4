import fs from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.mjs';

const MOST_TOLD = 40;
const MOST_LINES = 15;

/** What a vitest JSON report counts. A file that failed beside its tests, or could not even be loaded, is one failure. */
export function countVitest(file) {
  const report = read(file);
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && !tests.length) return [failure(name, '', message)];
    return tests.map((test) => failure(name, test.fullName, test.failureMessages.join('\n')));
  });
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** What a Playwright JSON report counts; flaky ones passed in the end. What kept tests from running is a failure, too. */
export function countPlaywright(file) {
  const { stats, suites, errors } = read(file);
  const { expected, flaky, skipped } = stats;
  const failures = [
    ...errors.map((error) => failure('apps/web/e2e', '', errorText(error))),
    ...suites.flatMap((suite) => failedIn(suite)),
  ];
  return { passed: expected + flaky, failed: failures.length, skipped, failures };
}

function failedIn({ suites = [], specs }, titles = []) {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ results }) =>
        failure(
          `apps/web/e2e/${file}`,
          [...titles, title].join(' '),
          (results.at(-1)?.errors ?? []).map(errorText).join('\n'),
        ),
      ),
  );
  return [...own, ...suites.flatMap((suite) => failedIn(suite, [...titles, suite.title]))];
}

/** What the report of the fault matrix counts: one a case. */
export function countChaos(file) {
  const { results } = read(file);
  const count = (status) => results.filter((result) => result.status === status).length;
  const failed = results.filter(({ status }) => status === 'failed');
  return {
    passed: count('passed'),
    failed: failed.length,
    skipped: count('skipped'),
    failures: failed.map(({ name, title, reasons }) => failure('chaos', `${name} ${title}`, reasons.join('\n'))),
  };
}

/** The closing line, which other programs read. */
export function summarize(counts) {
  const total = (key) => counts.reduce((sum, count) => sum + count[key], 0);
  return `${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`;
}

/** What failed and how it began, for who sees only the end of a log; empty when nothing did. */
export function tellFailures(counts) {
  const failures = counts.flatMap((count) => count.failures);
  const told = failures.slice(0, MOST_TOLD).map(({ file, name, lines }) => {
    return [[file, name].filter(Boolean).join(' › '), ...lines.map((line) => `    ${line}`), ''].join('\n');
  });
  const left = failures.length - told.length;
  return [...told, ...(left > 0 ? [`… and ${left} more\n`] : [])];
}

function failure(file, name, message) {
  const lines = ours(message)
    .split('\n')
    .filter((line) => line.trim() && !/^\s+at .*(node_modules|node:internal)/.test(line));
  return { file: ours(file), name, lines: lines.slice(0, MOST_LINES) };
}

/** Without colours, and without where this checkout lies. */
function ours(text) {
  return stripVTControlCharacters(text).replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');
}

function errorText({ stack, message, value }) {
  return stack ?? message ?? value ?? '';
}

function read(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
