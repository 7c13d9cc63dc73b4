import type { Reading } from '../grown/readings';
import { buffersOf, faultsOf, nodesOf, sum, type Plan } from './plan';
import type { PlanTap } from './plan-tap';

/** How Postgres went about one request. */
export interface Explained {
  name: string;
  /** Pages that all of its statements read. */
  pages: number;
  plans: Plan[];
  faults: string[];
}

/** Asks for every path of a reading, from an api that goes through the tap and serves nobody else meanwhile. */
export async function explain(tap: PlanTap, url: string, reading: Reading): Promise<Explained[]> {
  const answers: Explained[] = [];
  for (const path of reading.paths) {
    await ask(url + path, reading); // so that the session is known, and what follows is the reading alone
    tap.take();
    await ask(url + path, reading);
    const plans = tap.take();
    const faults = [...faultsOf(plans, reading.limits), ...(reading.kind === 'search' ? strayed(plans) : [])];
    answers.push({ name: reading.name, pages: sum(plans.map(({ root }) => buffersOf(root))), plans, faults });
  }
  return answers;
}

async function ask(url: string, { reader: { cookie } }: Reading): Promise<void> {
  const response = await fetch(url, { headers: { cookie } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
}

/** A search that looked beyond its tenant: its index begins with the tenant, and finds rows, not pages to look through. */
function strayed(plans: Plan[]): string[] {
  const nodes = plans.flatMap(({ root }) => nodesOf(root));
  const index = nodes.filter((node) => node['Index Name'] === 'search_texts_trigrams');
  return [
    ...(index.length ? [] : ['the index of the search was not used']),
    ...(index.every((node) => node['Index Cond']?.includes('tenant_id'))
      ? []
      : ['the search is not bound to its tenant']),
    ...(nodes.some((node) => node['Lossy Heap Blocks']) ? ['the search read whole pages of the table'] : []),
  ];
}
