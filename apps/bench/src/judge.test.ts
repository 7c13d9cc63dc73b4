import { expect, it } from 'vitest';
import type { Result, Target } from './case';
import { failsRun, judge } from './judge';

const machine = { cpu: '', cores: 2, memoryGib: 1, os: '', node: '', postgres: '', redis: '', commit: '' };

function results(ratio: number, own: number): Map<string, Result> {
  const spread = (median: number) => ({ min: median, median, max: median * 2 });
  const figure = { name: 'events/s', unit: 'per s' as const, product: spread(own), ratio: spread(ratio) };
  const rest = { title: '', at: '', seed: 1, rounds: 3, machine, load: { before: 0, after: 0, idleBefore: 1 } };
  return new Map([['full', { case: 'full', figures: [figure], checks: [], ...rest }]]);
}

const target: Target = {
  area: '',
  figure: 'full/events/s',
  of: 'ratio',
  gate: { atLeast: 0.45 },
  goal: { atLeast: 0.7 },
  cap: { atLeast: 300 },
};

it.each([
  [0.8, 500, 'goal', false],
  [0.5, 500, 'gate', false],
  [0.4, 500, 'missed', true],
  [0.8, 200, 'missed', true], // fast beside the control, and too slow all the same
])('judges a ratio of %s at %s/s as %s', (ratio, own, verdict, fails) => {
  const judged = judge(target, results(ratio, own));
  expect([judged.verdict, failsRun(judged)]).toEqual([verdict, fails]);
});

it('fails a run for a figure that is not there, but not for a goal that is missed', () => {
  const absent = judge({ ...target, figure: 'full/nothing of that name' }, results(1, 1000));
  expect([absent.verdict, failsRun(absent)]).toEqual(['not measured', true]);
  const { gate: _gate, cap: _cap, ...wish } = target;
  const missed = judge(wish, results(0.5, 1));
  expect([missed.verdict, failsRun(missed)]).toEqual(['missed', false]);
});

it('takes the worst of the rounds where that counts', () => {
  const judged = judge({ ...target, of: 'product', take: 'max', gate: { atMost: 900 } }, results(1, 500));
  expect([judged.measured, failsRun(judged)]).toEqual([1000, true]);
});
