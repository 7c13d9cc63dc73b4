import type { Bound, Figure, Result, Target, Unit } from './case';

export interface Judged {
  target: Target;
  /** Undefined where the case has not been measured. */
  measured: number | undefined;
  /** The product's own median, where a cap bounds it. */
  own: number | undefined;
  unit: Unit | undefined;
  verdict: 'goal' | 'gate' | 'missed' | 'not measured';
}

/** A target against what was measured last. `missed` where only the goal is, and there is no gate, too. */
export function judge(target: Target, results: Map<string, Result>): Judged {
  const { case: name, name: figureName } = split(target.figure);
  const figure = results.get(name)?.figures.find((one) => one.name === figureName);
  const measured = figure && measuredOf(target, figure);
  const own = target.cap && figure?.product.median;
  return { target, measured, own, unit: figure?.unit, verdict: verdictOf(target, measured, own) };
}

/** Whether a run that measured it must fail for it. */
export function failsRun({ target, measured, own }: Judged): boolean {
  if (measured === undefined) return true;
  const { gate, cap } = target;
  return (gate !== undefined && !meets(measured, gate)) || (cap !== undefined && own !== undefined && !meets(own, cap));
}

/** A figure's name may hold a slash itself. */
export function split(figure: Target['figure']): { case: string; name: string } {
  const at = figure.indexOf('/');
  return { case: figure.slice(0, at), name: figure.slice(at + 1) };
}

function measuredOf({ of, take = 'median' }: Target, figure: Figure): number | undefined {
  return (of === 'ratio' ? figure.ratio : figure.product)?.[take];
}

function verdictOf({ gate, goal, cap }: Target, measured?: number, own?: number): Judged['verdict'] {
  if (measured === undefined) return 'not measured';
  if (cap && own !== undefined && !meets(own, cap)) return 'missed';
  if (goal && meets(measured, goal)) return 'goal';
  if (gate) return meets(measured, gate) ? 'gate' : 'missed';
  return goal ? 'missed' : 'gate';
}

function meets(value: number, bound: Bound): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}
