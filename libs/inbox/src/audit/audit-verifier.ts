import type { AuditChain, AuditRow } from '@parley/platform/audit-chain';
import type { SteadyPool } from '@parley/platform/steady-pool';
import { findHead, listChains, listHashed } from './audit.queries';

const PAGE = 1000;
/** Of so many rows that do not fit it is looked where they came from. */
const MOST_SOUGHT = 2000;

/** Something in a chain that is not as it was written. */
export interface Tampering {
  chain: string;
  /** Of the row; of those that are gone from the end the first. */
  seq: number;
  what: 'edited' | 'moved' | 'deleted' | 'cut off' | 'unknown key' | 'head changed' | 'noticed before';
  detail: string;
}

/** Where a chain ends: kept elsewhere, it shows that a chain was put back to an older moment. */
interface End {
  chain: string;
  seq: number;
  hash: string;
}

interface Report {
  ends: End[];
  rows: number;
  tamperings: Tampering[];
}

type Hashed = AuditRow & { hash: string };

/** Reads the chain of every tenant and of the install and names each row that was edited, moved, deleted, or cut off its end. */
export async function verifyAudit(platform: SteadyPool, chain: AuditChain): Promise<Report> {
  const ids = await platform.query(listChains);
  const report: Report = { ends: [], rows: 0, tamperings: [] };
  for (const id of ids) {
    const { rows, end, tamperings } = await verifyChain(platform, chain, id);
    report.ends.push(end);
    report.rows += rows;
    report.tamperings.push(...tamperings);
  }
  return report;
}

async function verifyChain(platform: SteadyPool, chain: AuditChain, id: string) {
  const found: Tampering[] = [];
  const say = (seq: number, what: Tampering['what'], detail: string) => found.push({ chain: id, seq, what, detail });
  const [strange, gaps]: [Hashed[], number[]] = [[], []];
  const head = await platform.query((sql) => findHead(sql, id));
  let last: Hashed | undefined;
  let rows = 0;
  for (let more = true; more;) {
    const page: Hashed[] = await platform.query((sql) => listHashed(sql, id, { after: last?.seq ?? 0, limit: PAGE }));
    for (const row of page) {
      rows++;
      for (let seq = (last?.seq ?? 0) + 1; seq < row.seq; seq++) gaps.push(seq);
      const hash = chain.hashOf(row);
      // Of what follows a gap, a strange row or a break that was noticed nobody knows what was before it.
      const isNext = row.seq === (last?.seq ?? 0) + 1 && last !== strange.at(-1) && row.action !== 'audit.broken';
      const follows = !isNext || row.previous === (last?.hash ?? '');
      if (hash === undefined) say(row.seq, 'unknown key', `it was hashed with the key ${row.keyId}, which is not here`);
      else if (hash !== row.hash || !follows) strange.push(row);
      if (row.action === 'audit.broken')
        say(row.seq, 'noticed before', 'the log did not end where it should when it went on');
      last = row;
    }
    more = page.length === PAGE;
  }
  const end = last?.seq ?? 0;
  const cutOff = Array.from(
    { length: Math.min(MOST_SOUGHT, Math.max(0, (head?.seq ?? 0) - end)) },
    (_, i) => end + 1 + i,
  );
  const moved = movedRows(chain, strange, [...gaps, ...cutOff]);
  for (const row of strange) {
    const from = moved.get(row.seq);
    if (from === undefined) say(row.seq, 'edited', `${row.action} is not what was written there`);
    else say(row.seq, 'moved', `${row.action} was written as ${from}`);
  }
  const elsewhere = new Set(moved.values());
  for (const seq of gaps) if (!elsewhere.has(seq)) say(seq, 'deleted', 'there is no such row');
  checkEnd(chain, id, { head, last }, say);
  const where = { chain: id, seq: end, hash: last?.hash ?? '' };
  return { rows, end: where, tamperings: found.sort((a, b) => a.seq - b.seq) };
}

/** By where it stands now, the number that a row was written with: its hash says so. */
function movedRows(chain: AuditChain, strange: Hashed[], empty: number[]): Map<number, number> {
  const places = [...strange.map(({ seq }) => seq), ...empty].slice(0, MOST_SOUGHT);
  const moved = new Map<number, number>();
  for (const row of strange.slice(0, MOST_SOUGHT)) {
    const from = places.find((seq) => seq !== row.seq && chain.hashOf({ ...row, seq }) === row.hash);
    if (from !== undefined) moved.set(row.seq, from);
  }
  return moved;
}

function checkEnd(
  chain: AuditChain,
  id: string,
  { head, last }: { head: { seq: number; hash: string; seal: string } | undefined; last: Hashed | undefined },
  say: (seq: number, what: Tampering['what'], detail: string) => void,
): void {
  const end = last?.seq ?? 0;
  if (!head)
    return void say(end + 1, 'head changed', 'what says where the log ends is gone, and maybe what was before');
  if (!chain.isSealed(id, head)) say(head.seq, 'head changed', 'what says where the log ends was not written by us');
  for (let seq = end + 1; seq <= head.seq; seq++) say(seq, 'cut off', `the log went on to ${head.seq}`);
  if (end > head.seq) say(head.seq + 1, 'head changed', `the log ends at ${end}, not at ${head.seq}`);
}
