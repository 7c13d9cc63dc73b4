import type { Figure } from '../case';

/**
 * A time (ms) in the fault beside the same time without it: at most so many times as long, or, where that is shorter than
 * anybody notices, at most as long as that.
 */
export function against(
  what: string,
  times: { without: number; within: number },
  gate: { ratio: number; unnoticedMs: number },
): Figure[] {
  const atMost = Math.max(gate.ratio * times.without, gate.unnoticedMs);
  return [
    { what: `${what}, without the fault`, value: times.without, unit: 'ms', gate: {} },
    { what: `${what}, in it`, value: times.within, unit: 'ms', gate: { atMost } },
  ];
}
