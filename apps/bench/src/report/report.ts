import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine, Result } from '../case';
import { cases } from '../cases';
import { formatted } from '../formatted';
import { spread } from '../print';
import { loadResults } from '../results';
import { postgresSettings } from '../services';
import { markdownTable } from './markdown-table';
import { targetsTable } from './targets-table';

const file = path.resolve(import.meta.dirname, '../../../docs/benchmarks.md');

/** Writes docs/benchmarks.md from what was measured last. */
export async function writeReport(): Promise<void> {
  const results = loadResults();
  const order = [...cases.map(({ name }) => name), ...results.keys()];
  const measured = [...new Set(order)].flatMap((name) => results.get(name) ?? []);
  const newest = measured.toSorted((a, b) => b.at.localeCompare(a.at))[0];
  if (!newest) throw new Error('Nothing has been measured yet.');
  const text = [
    ...introduction(newest.machine),
    '## Promises',
    ...targetsTable(results),
    '## Measurements',
    ...measured.flatMap((result) => sectionOf(result, newest.machine)),
  ].join('\n\n');
  writeFileSync(file, await formatted(text, file));
  console.log(`Wrote ${path.relative(process.cwd(), file)}.`);
}

function introduction(machine: Machine): string[] {
  const settings = Object.entries(postgresSettings).filter(([name]) => !/preload|pg_stat/.test(name));
  return [
    '# Benchmarks',
    'Written by `npm run bench -- --report` from `apps/bench/results`; anyone can measure again: `npm run bench` (all, about an hour and a half), `npm run bench -- full-max` (one case), `npm run bench -- --list`.',
    `Machine: ${describe(machine)}. Everything shares it: the load, its event streams, PostgreSQL, Redis, one api, one worker. PostgreSQL has fsync and \`synchronous_commit\` on, and ${settings.map(([name, value]) => `\`${name} = ${value}\``).join(', ')}.`,
    'The control is the **bare pipeline** of `apps/bench/src/bare`: the least code that still verifies a call, commits it before the answer, drops what comes twice, keeps a chat in order, writes contact, conversation, message and summary, and pushes to event streams. It knows no tenants’ isolation, no statuses, edits, late items, poison, deadlines or crash. Both sides run in turns in one run, three rounds each, on fresh tables; a ratio is taken within a round. Load comes in an open loop unless it says “as fast as it goes”; latencies count from the moment a call was meant for; the warm-up is left out. Figures are min / median / max of the rounds. CPU is of the processes that do the work, not of the load.',
  ];
}

function describe({ cpu, cores, memoryGib, os, node, postgres, redis }: Machine): string {
  return `${cores} × ${cpu}, ${memoryGib} GiB, ${os}, Node ${node}, PostgreSQL ${postgres}, Redis ${redis}`;
}

function sectionOf(result: Result, machine: Machine): string[] {
  const { title, figures, checks, notes = [], load, rounds, seed, at } = result;
  const wrong = checks.filter((check) => !check.ok);
  const verdict = wrong.length
    ? `**Wrong:** ${wrong.map(({ what, value }) => `${what}: ${value}`).join('; ')}.`
    : checks.length
      ? `All ${checks.length} checks hold.`
      : '';
  const elsewhere =
    describe(result.machine) === describe(machine) ? '' : ` On another machine: ${describe(result.machine)}.`;
  const busy =
    load && load.idleBefore < 0.9 ? ' **The machine was busy with other work:** only ratios mean something.' : '';
  const how = load
    ? `, ${rounds} rounds, seed ${seed}, load average ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after`
    : '';
  return [
    `### ${title}`,
    `\`${result.case}\`, ${at.slice(0, 10)}, commit ${result.machine.commit}${how}.${busy}${elsewhere}`,
    tableOf(figures),
    [verdict, ...notes].filter(Boolean).join(' '),
  ].filter(Boolean);
}

function tableOf(figures: Result['figures']): string {
  const paired = figures.some((figure) => figure.bare);
  const head = paired ? ['', 'bare', 'product', 'ratio'] : ['', 'product'];
  const rows = figures.map(({ name, unit, product, bare, ratio }) => {
    const label = unit === 'ratio' ? name : `${name}, ${unit}`;
    const cells = paired ? [bare ? spread(bare) : '', spread(product), ratio ? spread(ratio) : ''] : [spread(product)];
    return [label, ...cells];
  });
  return markdownTable([head, ...rows]);
}
