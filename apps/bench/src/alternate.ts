import type { Bench, Check, Figure, Side, Unit } from './case';
import { spreadOf } from './measure/spread';

/** What one round of one side came to. */
export interface Sample {
  values: Record<string, number>;
  checks: Check[];
}

/** Bare and product in turns, so that whatever else the machine does falls on both. */
export async function alternate(
  bench: Bench,
  sides: Record<Side, () => Promise<Sample>>,
): Promise<Record<Side, Sample[]>> {
  const samples: Record<Side, Sample[]> = { bare: [], product: [] };
  for (let round = 1; round <= bench.rounds; round++) {
    for (const side of ['bare', 'product'] as const) {
      if (bench.only && bench.only !== side) continue;
      const sample = await sides[side]();
      samples[side].push(sample);
      bench.say(`round ${round} of ${bench.rounds}, ${side.padEnd(7)}: ${brief(sample)}`);
    }
  }
  return samples;
}

/** The product alone, as often. */
export async function repeat(bench: Bench, run: () => Promise<Sample>): Promise<Record<Side, Sample[]>> {
  const product: Sample[] = [];
  for (let round = 1; round <= bench.rounds; round++) {
    const sample = await run();
    product.push(sample);
    bench.say(`round ${round} of ${bench.rounds}: ${brief(sample)}`);
  }
  return { bare: [], product };
}

/** Every value of the samples as a figure, with the ratio of each round by itself where both sides have it. */
export function compare({ bare, product }: Record<Side, Sample[]>, units: Record<string, Unit>): Figure[] {
  const names = Object.keys((product[0] ?? bare[0])?.values ?? {});
  return names.map((name) => {
    const of = (samples: Sample[]) => samples.flatMap(({ values }) => values[name] ?? []);
    const [ours, theirs] = [of(product), of(bare)];
    const unit = units[name];
    if (!unit) throw new Error(`no unit is given for "${name}"`);
    if (!ours.length) return { name, unit, product: spreadOf(theirs) }; // one side alone
    if (theirs.length < ours.length) return { name, unit, product: spreadOf(ours) };
    const ratios = ours.map((value, i) => value / (theirs[i] ?? NaN)).filter(Number.isFinite);
    const ratio = ratios.length ? { ratio: spreadOf(ratios) } : {};
    return { name, unit, product: spreadOf(ours), bare: spreadOf(theirs), ...ratio };
  });
}

/** Those of all rounds and both sides: what went wrong once went wrong. */
export function allChecks({ bare, product }: Record<Side, Sample[]>): Check[] {
  const told = [...bare.map((one) => ['bare', one] as const), ...product.map((one) => ['product', one] as const)];
  const all = told.flatMap(([side, { checks }]) =>
    checks.map((check) => ({ ...check, what: `${side}: ${check.what}` })),
  );
  const worst = new Map<string, Check>();
  for (const check of all) if (worst.get(check.what)?.ok ?? true) worst.set(check.what, check);
  return [...worst.values()];
}

function brief({ values, checks }: Sample): string {
  const wrong = checks.filter((check) => !check.ok).map((check) => `${check.what}: ${check.value}`);
  const first = Object.entries(values).slice(0, 6);
  return [...first.map(([name, value]) => `${name} ${short(value)}`), ...wrong.map((text) => `WRONG ${text}`)].join(
    ' · ',
  );
}

const short = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
