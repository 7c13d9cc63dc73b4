import type { TestApp } from '@parley/testing/app';
import { readingsOf, type GrownTenant } from '@parley/testing/grown/readings';
import { explain, type Explained } from '@parley/testing/plans/explain';
import { faultsOf, printPlan, type Plan } from '@parley/testing/plans/plan';
import { startPlanTap } from '@parley/testing/plans/plan-tap';
import { processPart, type AppProcess } from '@parley/testing/processes';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Check } from '../case';

const WORKER_MS = 3000;

/** How PostgreSQL goes about every reading of these tenants, and about a worker's rounds, each a check; the plans are printed. */
export async function checkPlans(bench: Bench, app: TestApp, tenants: GrownTenant[]): Promise<Check[]> {
  const tap = await startPlanTap(app.env.DATABASE_URL);
  const running: AppProcess[] = [];
  const part = (name: 'api' | 'worker') =>
    app.start(
      processPart(name, (one) => running.push(one)),
      { DATABASE_URL: tap.url },
    );
  try {
    const { url } = await part('api');
    const explained: Explained[] = [];
    for (const tenant of tenants)
      for (const reading of await readingsOf(app, tenant)) {
        const answers = await explain(tap, url, {
          ...reading,
          name: `${reading.name}, of ${tenant.conversations} conversations`,
        });
        explained.push(...answers);
        tellPlan(bench, answers);
      }
    tap.take();
    await part('worker');
    await delay(WORKER_MS);
    return [...explained.map(checkOf), ...workerChecks(tap.take())];
  } finally {
    for (const one of running) await one.close();
    await tap.close();
  }
}

/** The one that reads most, as PostgreSQL ran it. */
function tellPlan(bench: Bench, answers: Explained[]): void {
  const [most] = answers.toSorted((a, b) => b.pages - a.pages);
  if (!most) return;
  bench.say(
    `${String(most.pages).padStart(6)} pages  ${most.name}${most.faults.length ? ` WRONG ${most.faults.join('; ')}` : ''}`,
  );
  if (bench.verbose || most.faults.length)
    for (const line of most.plans.map(printPlan).join('\n').split('\n')) bench.say(`          ${line}`);
}

function checkOf({ name, faults, pages }: Explained): Check {
  return { what: `plan of ${name}`, value: faults.join('; ') || `${pages} pages`, ok: faults.length === 0 };
}

function workerChecks(plans: Plan[]): Check[] {
  const faults = plans.flatMap((plan) =>
    faultsOf([plan], { sorted: 100, thrownAway: 200 }).map((fault) => `${fault}: ${plan.text.slice(0, 80)}`),
  );
  return [
    {
      what: `plans of a worker’s ${plans.length} statements in ${WORKER_MS / 1000} s`,
      value: faults.join('; ') || 'by index',
      ok: faults.length === 0 && plans.length > 0,
    },
  ];
}
