import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Figure, Outcome, Unit } from '../case';
import { spreadOf } from '../measure/spread';

/** What apps/chaos writes to test-results/chaos.json, as far as it is read here. */
const ChaosRun = z.object({
  seed: z.number(),
  results: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['passed', 'failed', 'skipped']),
      reasons: z.array(z.string()),
      figures: z.array(z.object({ what: z.string(), value: z.number() })),
      verdict: z
        .object({
          acked: z.number(),
          intents: z.number(),
          lost: z.number(),
          duplicates: z.number(),
          doubleArrivals: z.number(),
          orderViolations: z.number(),
          sentOutOfOrder: z.number(),
          sse: z.object({ missing: z.number() }),
        })
        .optional(),
    }),
  ),
});
type ChaosRun = z.infer<typeof ChaosRun>;
type Row = ChaosRun['results'][number];

/** Figures of single rows, as the targets name them. */
const single: { name: string; row: string; what: string; unit: Unit; by: number }[] = [
  { name: 'worker killed', row: 'F2', what: 'lanes resume', unit: 's', by: 1000 },
  { name: 'Redis emptied', row: 'F9', what: 'SSE delay p99', unit: 's', by: 1000 },
  { name: 'PostgreSQL crashed', row: 'F6', what: 'time without an ack beyond it', unit: 's', by: 1000 },
  { name: 'rolling restart', row: 'F34', what: 'calls of providers refused', unit: 'count', by: 1 },
];

/** Several runs of the fault matrix, e.g. all rows and some random ones, as one measurement. */
export function readChaos(files: string[]): Outcome {
  const runs = files.map((file) => ChaosRun.parse(JSON.parse(readFileSync(file, 'utf8'))));
  const rows = runs.flatMap((run) => run.results);
  const sum = (name: string, of: (verdict: NonNullable<Row['verdict']>) => number): Figure => {
    const total = rows.reduce((all, { verdict }) => all + (verdict ? of(verdict) : 0), 0);
    return { name, unit: 'count', product: spreadOf([total]) };
  };
  const skipped = rows.filter((row) => row.status === 'skipped');
  return {
    figures: [
      sum('events', ({ acked, intents }) => acked + intents),
      sum('lost', ({ lost }) => lost),
      sum('duplicates', ({ duplicates, doubleArrivals }) => duplicates + doubleArrivals),
      sum('order violations', ({ orderViolations, sentOutOfOrder }) => orderViolations + sentOutOfOrder),
      sum('SSE missing', ({ sse }) => sse.missing),
      ...single.flatMap((one) => figureOf(one, rows)),
    ],
    checks: rows
      .filter((row) => row.status !== 'skipped')
      .map(({ name, status, reasons }) => ({ what: name, value: reasons.join('; '), ok: status === 'passed' })),
    notes: [
      `${rows.length - skipped.length} rows in ${runs.length} runs, seeds ${runs.map((run) => run.seed).join(', ')}.`,
      ...skipped.map(({ name, reasons }) => `${name} cannot run here: ${reasons.join('; ')}.`),
    ],
  };
}

function figureOf({ name, row, what, unit, by }: (typeof single)[number], rows: Row[]): Figure[] {
  const values = rows
    .filter((one) => one.name === row)
    .flatMap(({ figures }) => figures.filter((figure) => figure.what === what))
    .map(({ value }) => value / by);
  return values.length ? [{ name, unit, product: spreadOf(values) }] : [];
}
