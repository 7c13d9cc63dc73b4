import type { Bound, Result } from '../case';
import { judge, type Judged } from '../judge';
import { number } from '../print';
import { targets } from '../targets';
import { markdownTable } from './markdown-table';

const verdicts = { goal: 'goal met', gate: 'gate met', missed: '**missed**', 'not measured': 'not measured' };

/** Every target with what was measured last. */
export function targetsTable(results: Map<string, Result>): string[] {
  const judged = targets.map((target) => judge(target, results));
  const rows = judged.map(rowOf);
  const count = (verdict: Judged['verdict']) => judged.filter((one) => one.verdict === verdict).length;
  return [
    `A gate must be met, or the run fails; a goal is what we want to say of ourselves; a cap is loose and holds whatever the control does. “×” is by the bare pipeline. ${count('goal')} goals met, ${count('gate')} more gates, ${count('missed')} missed, ${count('not measured')} not measured.`,
    markdownTable([['', 'gate', 'goal', 'cap', 'measured', 'verdict'], ...rows]),
  ];
}

function rowOf({ target, measured, own, unit, verdict }: Judged): string[] {
  const { area, of, gate, goal, cap, by } = target;
  const plain = unit === undefined || unit === 'count' || unit === 'ratio' ? '' : ` ${unit}`;
  const times = of === 'ratio' ? ' ×' : plain;
  const value = measured === undefined ? '' : `${number(measured)}${times}`;
  const beside = own !== undefined && of === 'ratio' ? ` (${number(own)}${plain})` : '';
  return [
    area,
    gate ? `${text(gate)}${times}` : '',
    goal ? `${text(goal)}${times}` : '',
    cap ? text(cap) + plain : '',
    value + beside,
    verdict === 'not measured' && by ? `\`${by}\`` : verdicts[verdict],
  ];
}

export function text(bound: Bound): string {
  if ('atMost' in bound && bound.atMost === 0) return '0';
  return 'atMost' in bound ? `≤ ${number(bound.atMost)}` : `≥ ${number(bound.atLeast)}`;
}
