import type { Verdict } from '@parley/testing/rig/verdict';
import { expect, it } from 'vitest';
import { isMet, missed } from './gates';

const kept: Verdict = {
  sent: 100,
  acked: 100,
  refused: 7,
  persistedOnce: 100,
  lost: 0,
  duplicates: 0,
  orderViolations: 0,
  intents: 10,
  intentsLost: 0,
  callsPerIntent: 1,
  doubleArrivals: 0,
  unknownThatArrived: 0,
  failedThatArrived: 0,
  sentOutOfOrder: 0,
  sse: { expected: 500, delivered: 500, duplicated: 0, gaps: 0, missing: 0 },
  ackP99Ms: { before: 9, during: 90, after: 9 },
  drainMs: 500,
  firstEventMs: 50,
};

it('says nothing of a run that kept every promise', () => {
  expect(missed(kept, [{ what: 'resume', value: 5, gate: { atMost: 6 } }], { timed: true })).toEqual([]);
});

it.each<[string, Partial<Verdict>]>([
  ['lost 1', { lost: 1 }],
  ['duplicates 2', { duplicates: 2 }],
  ['order violations 3', { orderViolations: 3 }],
  ['SSE missing 4', { sse: { ...kept.sse, missing: 4 } }],
  ['messages that no provider got rid of 5', { acked: 95 }],
  ['answers lost 6', { intentsLost: 6 }],
  ['answers that arrived twice 7', { doubleArrivals: 7 }],
  ['answers out of order 8', { sentOutOfOrder: 8 }],
  ['nothing was written', { sent: 0, acked: 0, persistedOnce: 0 }],
])('tells of %s', (words, change) => {
  const [first, ...others] = missed({ ...kept, ...change }, [], { timed: false });
  expect(first).toMatch(new RegExp(`^${words}`));
  expect(others).toEqual([]);
});

it('leaves times out where the machine does something else beside, and counts never', () => {
  const figures = [
    { what: 'resume', value: 7, unit: 'ms', gate: { atMost: 6 } },
    { what: 'calls', value: 7, gate: { atMost: 6 } },
  ];
  expect(missed(kept, figures, { timed: false })).toEqual(['calls 7 (≤ 6)']);
  expect(missed(kept, figures, { timed: true })).toEqual(['resume 7 ms (≤ 6)', 'calls 7 (≤ 6)']);
});

it('holds a figure against its own gate', () => {
  const of = (value: number, gate: object) => isMet({ what: 'x', value, gate });
  expect([
    of(5, { atMost: 5 }),
    of(6, { atMost: 5 }),
    of(4, { atLeast: 5 }),
    of(1, { equal: 1 }),
    of(2, { equal: 1 }),
  ]).toEqual([true, false, false, true, false]);
  expect(of(NaN, { atMost: 5 })).toBe(false);
});
