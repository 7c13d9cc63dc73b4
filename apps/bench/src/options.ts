import { parseArgs } from 'node:util';

export interface Options {
  /** Names of cases; none means all. */
  cases: string[];
  quick: boolean;
  report: boolean;
  evenIfBusy: boolean;
  list: boolean;
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
      seed: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is no whole number: ${values.seed}`);
  const { quick, report, list } = values;
  return { cases: positionals, quick, report, list, evenIfBusy: values['even-if-busy'], seed };
}
