import type { Target } from './case';

/** What we hold ourselves to, in the order of the report. Ratios are to the bare pipeline of the same run. */
export const targets: Target[] = [
  {
    area: 'Full path at maximum, throughput',
    figure: 'full-max/events/s',
    of: 'ratio',
    gate: { atLeast: 0.45 },
    goal: { atLeast: 0.7 },
  },
  {
    area: 'Full path at maximum, CPU per event',
    figure: 'full-max/CPU per event',
    of: 'ratio',
    gate: { atMost: 2.2 },
    goal: { atMost: 1.5 },
  },
];
