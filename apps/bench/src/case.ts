import type { Launcher, Server } from '@parley/testing/rig/launcher';

/** One thing that is measured. Listed in `cases.ts`, run by `npm run bench -- <name>`. */
export interface BenchCase {
  /** As on the command line; its result is kept under this name. */
  name: string;
  title: string;
  /** About how long it takes on two cores, in minutes. */
  minutes: number;
  /** Part of `--quick`. */
  quick?: boolean;
  run(bench: Bench): Promise<Outcome>;
}

/** The hand-written minimum, and what is measured against it. */
export type Side = 'bare' | 'product';

/** What a case works with. */
export interface Bench {
  launcher: Launcher;
  /** PostgreSQL (fsync on, pg_stat_statements) and Redis, this run's own, the same ones for all of its cases. */
  services(): Promise<Services>;
  /** A short look: one round, a few seconds each. Its figures are printed and never kept. */
  quick: boolean;
  /** How often each side is measured: 3, or 1 when quick. */
  rounds: number;
  /** Whatever is drawn at random is drawn from it. */
  seed: number;
  /** One side alone: nothing is compared, and nothing kept. */
  only?: Side;
  /** Tell more, e.g. which statements were run. */
  verbose: boolean;
  /** One line of progress. */
  say(line: string): void;
}

export interface Services {
  postgres: Server;
  redis: Server;
}

/** What a case found. */
export interface Outcome {
  figures: Figure[];
  checks: Check[];
  /** Sentences for the report: what was not as it should be, what a reader has to know. */
  notes?: string[];
}

export type Unit = 'per s' | 'ms' | 'µs' | 's' | 'kB' | 'MB' | 'per event' | 'per batch' | 'count' | 'ratio' | '%';

export interface Figure {
  name: string;
  unit: Unit;
  product: Spread;
  /** The hand-written minimum in the same run. */
  bare?: Spread;
  /** Product by bare, each round by itself. */
  ratio?: Spread;
}

export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** Something that is right or wrong, whatever the machine. A wrong one fails the run. */
export interface Check {
  what: string;
  value: number | string;
  ok: boolean;
}

/** What is kept of a case: `results/<case>.json`. Other measurements (Chromium, chaos) may add files of this shape. */
export interface Result extends Outcome {
  case: string;
  title: string;
  /** ISO 8601, UTC. */
  at: string;
  seed: number;
  rounds: number;
  machine: Machine;
  /** One-minute load averages, and the idle share of all cores in the two seconds before the case; not of what another
   * command measured. */
  load?: { before: number; after: number; idleBefore: number };
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryGib: number;
  os: string;
  node: string;
  postgres: string;
  redis: string;
  /** Short commit of what was measured. */
  commit: string;
}

/** One line of the promises' table (`targets.ts`). */
export interface Target {
  area: string;
  /** `<case>/<name of the figure>`. */
  figure: `${string}/${string}`;
  /** Product by bare, or the product's own value. */
  of: 'ratio' | 'product';
  /** Which of the three counts: the median, unless said otherwise. */
  take?: keyof Spread;
  /** Not met: the run fails. */
  gate?: Bound;
  /** What is worth publishing. */
  goal?: Bound;
  /** Of the product's own median, whatever the bare pipeline does. Not met: the run fails. */
  cap?: Bound;
  /** What measures it, where that is another command than `npm run bench`. */
  by?: string;
}

export type Bound = { atMost: number } | { atLeast: number };
