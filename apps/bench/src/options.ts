import { parseArgs } from 'node:util';
import type { Side } from './case';

export interface Options {
  /** Names of cases; none means all. */
  cases: string[];
  quick: boolean;
  report: boolean;
  evenIfBusy: boolean;
  list: boolean;
  /** One side alone, to profile it. Nothing is kept. */
  only?: Side;
  /** Runs of the fault matrix (test-results/chaos.json, kept under other names) that go into the report together. */
  chaos: string[];
  /** Prints which statements PostgreSQL ran. */
  verbose: boolean;
  seed: number;
}

/** What stands behind `npm run bench --`. Throws on what it does not know. */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      'even-if-busy': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      chaos: { type: 'string', multiple: true, default: [] },
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is no whole number: ${values.seed}`);
  const { quick, report, list, verbose, only, chaos } = values;
  return {
    cases: positionals,
    quick,
    report,
    list,
    verbose,
    chaos,
    seed,
    evenIfBusy: values['even-if-busy'],
    ...(only !== undefined && { only: sideOf(only) }),
  };
}

function sideOf(text: string): Side {
  if (text !== 'bare' && text !== 'product') throw new Error(`--only takes bare or product, not ${text}`);
  return text;
}
