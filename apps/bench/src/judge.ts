import type { Bound, Figure, Result, Spread, Target } from './case';

export interface Judged {
  target: Target;
  /** Undefined where the case has not been measured. */
  measured: number | undefined;
  verdict: 'goal' | 'gate' | 'missed' | 'not measured' | 'reported';
}

/** A target against what was measured last. */
export function judge(target: Target, results: Map<string, Result>): Judged {
  const [name = '', figureName] = split(target.figure);
  const figure = results.get(name)?.figures.find((one) => one.name === figureName);
  const measured = figure && spreadOfTarget(target, figure)?.[target.take ?? 'median'];
  return { target, measured, verdict: verdictOf(target, measured) };
}

/** The case of a target, and the figure in it: a figure's name may hold a slash itself. */
export function split(figure: string): [string, string] {
  const at = figure.indexOf('/');
  return [figure.slice(0, at), figure.slice(at + 1)];
}

function spreadOfTarget({ of }: Target, figure: Figure): Spread | undefined {
  return of === 'ratio' ? figure.ratio : figure.product;
}

function verdictOf({ gate, goal }: Target, measured: number | undefined): Judged['verdict'] {
  if (measured === undefined) return 'not measured';
  if (goal && meets(measured, goal)) return 'goal';
  if (gate) return meets(measured, gate) ? 'gate' : 'missed';
  return goal ? 'missed' : 'reported';
}

function meets(value: number, bound: Bound): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}
