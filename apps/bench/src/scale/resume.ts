import { Customers } from '@parley/testing/customer';
import postgres from 'postgres';
import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { topStatements } from '../measure/counters';
import { startProduct, type BenchTenant, type Product } from '../product';
import { inTurn, monotonicMs, type Opening } from './crowd-words';
import { gather } from './gather';
import { sampleEvents } from './sample-event';

const TENANTS = 50;
const CLIENTS = 1000;
const MISSED = 50;

export const resumeCase: BenchCase = {
  name: 'resume',
  title: `${CLIENTS} clients of ${TENANTS} tenants lose their streams at once, miss ${MISSED} events each, and come back together`,
  minutes: 4,
  run,
};

const units: Record<string, Unit> = {
  'all resumed': 's',
  'half resumed': 's',
  'queries per tenant': 'count',
  'queries of sessions and rights': 'count',
};

async function run(bench: Bench): Promise<Outcome> {
  const samples = await repeat(bench, () => storm(bench));
  return {
    figures: compare(samples, units),
    checks: allChecks(samples),
    notes: [
      'Each client is a member of their own with a session of their own, half of them agents. A query is a statement that reads a tenant’s tables; who is signed in is asked for all tenants together and counted by itself.',
    ],
  };
}

async function storm(bench: Bench): Promise<Sample> {
  const product = await startProduct(bench, { tenants: TENANTS, accounts: TENANTS, worker: false });
  const customers = Customers.of(product.app);
  const crowd = gather();
  try {
    const clients = await clientsOf(product);
    const everywhere = (events: number) =>
      Promise.all(
        product.tenants.map(({ tenant, accounts }) => customers.emit(tenant.id, sampleEvents(events, accounts[0]?.id))),
      );
    const before = await crowd.count({ events: 1, streams: CLIENTS });
    await crowd.open(clients);
    await everywhere(1);
    await before.all;
    await crowd.cut();
    await everywhere(MISSED);
    const statements = await countStatements(bench, product);
    const { all } = await crowd.count({ events: MISSED, streams: CLIENTS });
    const began = monotonicMs();
    await crowd.open(
      clients.map((one) => ({ ...one, headers: { ...one.headers, 'last-event-id': '1' } })),
      CLIENTS,
    );
    const heard = await all;
    const at = heard.at.map((ms) => (ms - began) / 1000).sort((a, b) => a - b);
    const { tenants, sessions } = await statements();
    if (bench.verbose) for (const line of await topStatements(await bench.services(), product)) bench.say(line);
    return {
      values: {
        'all resumed': at.at(-1) ?? NaN,
        'half resumed': at[at.length >> 1] ?? NaN,
        'queries per tenant': tenants / TENANTS,
        'queries of sessions and rights': sessions,
      },
      checks: [inTurn(heard)],
    };
  } finally {
    await crowd.close();
    await customers.close();
    await product.close();
  }
}

async function clientsOf(product: Product): Promise<Opening[]> {
  const each = CLIENTS / TENANTS;
  const of = async ({ tenant }: BenchTenant, i: number) => {
    const url = product.desks[i]?.eventsUrl ?? '';
    const clients: Opening[] = [];
    for (let n = 0; n < each; n++) {
      const { cookie } = await tenant.newMember(n % 2 ? 'agent' : 'manager');
      clients.push({ url, headers: { cookie } });
    }
    return clients;
  };
  return (await Promise.all(product.tenants.map(of))).flat();
}

/** Reads of tenants' tables, and of logins, from now until it is asked. The check of each second is not for who comes back. */
async function countStatements(
  bench: Bench,
  product: Product,
): Promise<() => Promise<{ tenants: number; sessions: number }>> {
  const look = async () => {
    const sql = postgres((await bench.services()).postgres.url, { max: 1, onnotice() {} });
    const [row] = await sql<{ tenants: number; sessions: number }[]>`
      select coalesce(sum(calls) filter (where rolname = 'parley_app' and query ~ ' from ' and query !~ 'insert'), 0)::int tenants,
        coalesce(sum(calls) filter (where rolname = 'parley_platform'), 0)::int sessions
      from pg_stat_statements s join pg_roles r on r.oid = s.userid
      where toplevel and dbid = (select oid from pg_database where datname = ${product.sql.options.database})`;
    await sql.end();
    return row ?? { tenants: 0, sessions: 0 };
  };
  const before = await look();
  return async () => {
    const after = await look();
    return { tenants: after.tenants - before.tenants, sessions: after.sessions - before.sessions };
  };
}
