import { beforeEach, expect, it } from 'vitest';
import { Breaker } from './breaker';

let now = 0;
let breaker: Breaker;
beforeEach(() => {
  now = 1_000_000;
  breaker = new Breaker({ now: () => now });
});

const fail = (times: number) => call('failed', times);
const answer = (times: number) => call('answered', times);
function call(how: 'failed' | 'answered', times: number) {
  for (let i = 0; i < times; i++) breaker.end(breaker.begin(), how);
}

it('stays shut to nobody below ten calls, or when most are answered', () => {
  fail(9);
  expect(breaker.admits(5)).toBe(5);
  now += 31_000;
  answer(6);
  fail(5);
  expect(breaker.admits(5)).toBe(5);
});

it('opens when half of ten failed within 30 s', () => {
  answer(5);
  fail(5);
  expect(breaker.admits(5)).toBe(0);
  expect(breaker.shutUntil).toBe(now + 30_000);
});

// A provider that dies was well until then.
it('opens after ten failures in a row, whatever went before', () => {
  answer(500);
  fail(9);
  expect(breaker.admits(5)).toBe(5);
  answer(1);
  fail(9);
  expect(breaker.admits(5)).toBe(5);
  fail(1);
  expect(breaker.admits(5)).toBe(0);
  expect(breaker.shutUntil).toBe(now + 30_000);
});

it('counts such a row within 30 s', () => {
  answer(40);
  fail(9);
  now += 31_000;
  fail(9);
  expect(breaker.admits(5)).toBe(5);
});

it('lets one through, and waits twice as long each time that it fails, 10 min at most', () => {
  fail(10);
  for (const pause of [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]) {
    expect(breaker.shutUntil).toBe(now + pause);
    now += pause;
    expect(breaker.admits(5)).toBe(1);
    const probe = breaker.begin();
    expect(breaker.admits(5)).toBe(0);
    breaker.end(probe, 'failed');
  }
});

it('goes on as before once one is answered', () => {
  fail(10);
  now += 30_000;
  answer(1);
  expect(breaker.admits(5)).toBe(5);
  fail(9);
  expect(breaker.admits(5)).toBe(5);
});

it('learns nothing from calls that were in flight when it opened', () => {
  const early = breaker.begin();
  fail(10);
  breaker.end(early, 'answered');
  expect(breaker.admits(5)).toBe(0);
});

// It may take minutes to fail: nobody else may wait for it, and where there are only files they must go on too.
it('shuts nobody out for the file that it lets through, and hears what becomes of it', () => {
  for (const how of ['failed', 'answered'] as const) {
    breaker = new Breaker({ now: () => now });
    fail(10);
    now += 30_000;
    const file = breaker.begin('file');
    expect(breaker.admits(5)).toBe(1);
    breaker.end(file, how);
    expect(breaker.admits(5)).toBe(how === 'failed' ? 0 : 5);
  }
});

it('learns nothing from a file once a probe failed', () => {
  fail(10);
  now += 30_000;
  const file = breaker.begin('file');
  fail(1);
  breaker.end(file, 'answered');
  expect(breaker.shutUntil).toBe(now + 60_000);
});
