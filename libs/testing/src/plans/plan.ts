/** A node of a plan, as `auto_explain` tells it of a statement that has run. */
export interface PlanNode {
  'Node Type': string;
  /** `Outer`, `Inner`, `Member`, …; `InitPlan` and `SubPlan` are parts that are worked out beside it. */
  'Parent Relationship'?: string;
  'Subplan Name'?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Lossy Heap Blocks'?: number;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

/** A statement, and how Postgres went about it. */
export interface Plan {
  text: string;
  root: PlanNode;
}

/** What a piece of work may read. */
export interface Limits {
  /** Pages of all its statements together. */
  buffers?: number;
  /** Of them those of the page itself: of the part that a statement calls `p`. */
  walked?: number;
  /** Rows that one sort takes in; a search may sort what it found. */
  sorted?: number;
  /** Rows of a big table that one node reads and throws away. */
  thrownAway?: number;
}

/** Tables that grow with the years. Their partitions are theirs. */
const BIG = /^(messages|conversations|events|webhooks(_\w+)?|deliveries|externals|attempts|attachments)$/;

/** What of it goes beyond the limits, or scans a big table; empty when all is well. */
export function faultsOf(plans: Plan[], limits: Limits): string[] {
  const { buffers = Infinity, walked = Infinity, sorted = 100, thrownAway = Infinity } = limits;
  const nodes = plans.flatMap((plan) => nodesOf(plan.root));
  const total = sum(plans.map(({ root }) => buffersOf(root)));
  const pages = sum(nodes.filter((node) => node['Subplan Name'] === 'CTE p').map(buffersOf));
  return [
    ...nodes.flatMap((node) => faultsOfNode(node, { sorted, thrownAway })),
    ...(total > buffers ? [`${total} pages were read, ${buffers} may be`] : []),
    ...(pages > walked ? [`${pages} pages were walked, ${walked} may be`] : []),
  ];
}

function faultsOfNode(
  node: PlanNode,
  { sorted, thrownAway }: Required<Pick<Limits, 'sorted' | 'thrownAway'>>,
): string[] {
  const { 'Node Type': type, 'Relation Name': relation = '', 'Index Name': index = '', 'Actual Loops': loops } = node;
  const where = [type, relation, index].filter(Boolean).join(' ');
  if (type === 'Seq Scan' && BIG.test(relation)) return [where];
  const removed = BIG.test(relation) ? loops * removedBy(node) : 0;
  if (removed > thrownAway) return [`${where} threw ${removed} rows away`];
  const taken = /Sort$/.test(type) ? rowsInto(node) : 0;
  return taken > sorted ? [`${where} took in ${taken} rows`] : [];
}

export function removedBy(node: PlanNode): number {
  return (
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)
  );
}

function rowsInto(node: PlanNode): number {
  const inputs = (node.Plans ?? []).filter((one) => !/Plan$/.test(one['Parent Relationship'] ?? ''));
  return sum(inputs.map((one) => one['Actual Rows'] * one['Actual Loops']));
}

/** Pages that it and what is below it looked at, wherever they were. */
export function buffersOf(node: PlanNode): number {
  return (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);
}

export function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

export function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** A plan in lines: what was read through what, how many rows and pages. */
export function printPlan(plan: Plan): string {
  return lines(plan.root, 0).join('\n');
}

function lines(node: PlanNode, depth: number): string[] {
  const {
    'Node Type': type,
    'Relation Name': relation,
    'Index Name': index,
    'Actual Rows': rows,
    'Actual Loops': loops,
  } = node;
  const pages = buffersOf(node);
  const removed = removedBy(node);
  const what = [type, relation && `on ${relation}`, index && `by ${index}`].filter(Boolean).join(' ');
  const count = `${rows}${loops === 1 ? '' : ` × ${loops}`} rows, ${pages} pages${removed ? `, ${removed} thrown away` : ''}`;
  return [`${'  '.repeat(depth)}${what}: ${count}`, ...(node.Plans ?? []).flatMap((one) => lines(one, depth + 1))];
}
