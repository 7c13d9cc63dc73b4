import type { Verdict } from '@parley/testing/rig/verdict';
import type { Figure } from './case';

/** What holds in every row, whatever the fault. */
const hard: { what: string; of: (verdict: Verdict) => number }[] = [
  { what: 'lost', of: ({ lost }) => lost },
  { what: 'duplicates', of: ({ duplicates }) => duplicates },
  { what: 'order violations', of: ({ orderViolations }) => orderViolations },
  { what: 'SSE missing', of: ({ sse }) => sse.missing },
  { what: 'messages that no provider got rid of', of: ({ sent, acked }) => sent - acked },
  { what: 'answers lost', of: ({ intentsLost }) => intentsLost },
  { what: 'answers that arrived twice', of: ({ doubleArrivals }) => doubleArrivals },
  { what: 'answers that arrived, and are shown as failed', of: ({ failedThatArrived }) => failedThatArrived },
  { what: 'answers out of order', of: ({ sentOutOfOrder }) => sentOutOfOrder },
];

/**
 * What fell short, in words; empty: nothing. A run in which nothing was said proves nothing. Without `timed` no time
 * counts: that is for machines that do something else beside.
 */
export function missed(verdict: Verdict, figures: Figure[], { timed }: { timed: boolean }): string[] {
  const promises = hard.map(({ what, of }) => ({ what, value: of(verdict), gate: { equal: 0 } }));
  const silent = verdict.persistedOnce > 0 ? [] : ['nothing was written'];
  const gated = timed ? figures : figures.filter(({ unit }) => unit !== 'ms' && unit !== 's');
  return [...silent, ...[...promises, ...gated].filter((figure) => !isMet(figure)).map(inWords)];
}

export function isMet({ value, gate }: Figure): boolean {
  const { atMost = Infinity, atLeast = -Infinity, equal = value } = gate;
  return value <= atMost && value >= atLeast && value === equal;
}

export function inWords({ what, value, unit, gate }: Figure): string {
  const bounds = [
    gate.equal !== undefined && `= ${gate.equal}`,
    gate.atMost !== undefined && `≤ ${gate.atMost}`,
    gate.atLeast !== undefined && `≥ ${gate.atLeast}`,
  ].filter(Boolean);
  const shown = Number.isInteger(value) ? value : value.toFixed(2);
  return `${what} ${shown}${unit ? ` ${unit}` : ''}${bounds.length ? ` (${bounds.join(', ')})` : ''}`;
}
