import { Customers } from '@parley/testing/customer';
import { openSession } from '@parley/testing/tenant';
import { Redis } from 'ioredis';
import { allChecks, alternate, compare, type Sample } from '../alternate';
import { startBare } from '../bare/bare';
import { channels } from '../bare/bare-settings';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { rssOf } from '../measure/process-stat';
import { quantile } from '../measure/spread';
import { startProduct, type Product } from '../product';
import { inTurn, monotonicMs, type Opening } from './crowd-words';
import { gather, type Crowd } from './gather';
import { frameOf, sampleEvents } from './sample-event';

/** A session may have twenty. */
const STREAMS_OF_A_SESSION = 20;
const SESSIONS_OF_A_MEMBER = 5;
const BATCH = 50;
/** Told beyond what the slowest has heard of: less than makes it a slow reader. */
const MOST_AHEAD = 200;
const DELIVERIES = 400_000;
const SINGLES = 20;

export const streamsCase: BenchCase = {
  name: 'sse',
  title: 'Event streams of one tenant in one process: frames a second, one event to all, memory',
  minutes: 15,
  run,
};

async function run(bench: Bench): Promise<Outcome> {
  const figures: Outcome['figures'] = [];
  const checks: Outcome['checks'] = [];
  for (const connections of bench.quick ? [100, 1000] : [100, 1000, 5000]) {
    bench.say(`${connections} connections`);
    const samples = await alternate(bench, {
      bare: () => measureBare(bench, connections),
      product: () => measureProduct(bench, connections),
    });
    figures.push(...compare(samples, unitsOf(connections)));
    checks.push(
      ...allChecks(samples).map((check) => ({ ...check, what: `${connections} connections, ${check.what}` })),
    );
  }
  return { figures, checks };
}

/** The figures that are held against targets go by the short names. */
function namesOf(connections: number) {
  const at = (usual: number) => (connections === usual ? '' : ` at ${connections.toLocaleString('en')}`);
  return {
    rate: `frames/s${at(1000)}`,
    p50: `one event to all p50${at(1000)}`,
    p99: `one event to all p99${at(1000)}`,
    memory: `memory per connection${at(5000)}`,
    rss: `RSS at ${connections.toLocaleString('en')}`,
  };
}

function unitsOf(connections: number): Record<string, Unit> {
  const { rate, p50, p99, memory, rss } = namesOf(connections);
  return { [rate]: 'per s', [p50]: 'ms', [p99]: 'ms', [memory]: 'kB', [rss]: 'MB' };
}

/** A process that holds streams, as this case sees it. */
interface Server {
  pid: number;
  openings: Opening[];
  /** Tells everybody of so many events more, and resolves when that is under way. */
  tell(events: number): Promise<unknown>;
  close(): Promise<unknown>;
}

async function measureBare(bench: Bench, connections: number): Promise<Sample> {
  const bare = await startBare(bench, { tenants: 1, accounts: 1, worker: false });
  const redis = new Redis((await bench.services()).redis.url);
  let seq = 0;
  const frames = (events: number) => sampleEvents(events).map((event) => frameOf(event, ++seq));
  return measure(connections, {
    pid: bare.pids.api ?? 0,
    openings: Array.from({ length: connections }, () => ({ url: bare.desks[0]?.eventsUrl ?? '', headers: {} })),
    tell: (events) => redis.publish(channels.frames, `0\n${frames(events).join('')}`),
    close: async () => (redis.disconnect(), bare.close()),
  });
}

async function measureProduct(bench: Bench, connections: number): Promise<Sample> {
  const product = await startProduct(bench, { tenants: 1, accounts: 1, worker: false });
  const customers = Customers.of(product.app);
  const home = product.tenants[0]?.tenant;
  if (!home) throw new Error('the product has a tenant');
  return measure(connections, {
    pid: product.pids.api ?? 0,
    openings: await openingsOf(product, connections),
    tell: (events) => customers.emit(home.id, sampleEvents(events)),
    close: async () => (await customers.close(), product.close()),
  });
}

/** Of members who see everything, each with some sessions, each with as many streams as it may have. */
async function openingsOf(product: Product, connections: number): Promise<Opening[]> {
  const [home] = product.tenants;
  const [desk] = product.desks;
  if (!home || !desk) throw new Error('the product has a tenant');
  const openings: Opening[] = [];
  let member = { userId: '', tenantId: '' };
  for (let session = 0; openings.length < connections; session++) {
    if (session % SESSIONS_OF_A_MEMBER === 0) member = await home.tenant.newMember('manager');
    const { cookie } = await openSession(product.app, member);
    const streams = Math.min(STREAMS_OF_A_SESSION, connections - openings.length);
    openings.push(...Array.from({ length: streams }, () => ({ url: desk.eventsUrl, headers: { cookie } })));
  }
  return openings;
}

async function measure(connections: number, server: Server): Promise<Sample> {
  const crowd = gather();
  const names = namesOf(connections);
  try {
    await warmUp(crowd, server);
    const before = rssOf(server.pid);
    await crowd.open(server.openings);
    await tellMany(crowd, server, { events: BATCH * 4, streams: connections }); // every read mark is known
    const open = rssOf(server.pid);
    const events = Math.max(BATCH * 4, Math.round(DELIVERIES / connections));
    const many = await tellMany(crowd, server, { events, streams: connections });
    const latencies: number[] = [];
    let outOfTurn = many.outOfTurn;
    for (let i = 0; i < SINGLES; i++) {
      const one = await tellOne(crowd, server);
      latencies.push(...one.ms);
      outOfTurn += one.outOfTurn;
    }
    return {
      values: {
        [names.rate]: many.perSecond * connections,
        [names.p50]: quantile(latencies, 0.5),
        [names.p99]: quantile(latencies, 0.99),
        ...(connections >= 1000 && { [names.memory]: (open - before) / 1024 / connections }), // of few it is lost in the rest
        [names.rss]: rssOf(server.pid) / 2 ** 20,
      },
      checks: [inTurn({ outOfTurn })],
    };
  } finally {
    await crowd.close();
    await server.close();
  }
}

/** What it needs for any number of streams it has taken then. */
async function warmUp(crowd: Crowd, server: Server): Promise<void> {
  const few = server.openings.slice(0, STREAMS_OF_A_SESSION);
  await crowd.open(few);
  await tellMany(crowd, server, { events: 3000, streams: few.length });
  await crowd.cut();
}

/** In batches, as a worker tells them, never far ahead of the slowest. */
async function tellMany(
  crowd: Crowd,
  server: Server,
  { events, streams }: { events: number; streams: number },
): Promise<{ perSecond: number; outOfTurn: number }> {
  let heard = 0;
  let goOn = () => {};
  const { all } = await crowd.count({ events, streams }, (least) => {
    heard = least;
    goOn();
  });
  const began = monotonicMs();
  for (let told = 0; told < events; told += BATCH) {
    while (told - heard > MOST_AHEAD) await new Promise<void>((resolve) => (goOn = resolve));
    await server.tell(Math.min(BATCH, events - told));
  }
  const { at, outOfTurn } = await all;
  return { perSecond: events / ((Math.max(...at) - began) / 1000), outOfTurn };
}

/** ms from the telling until each stream had heard of it. */
async function tellOne(crowd: Crowd, server: Server): Promise<{ ms: number[]; outOfTurn: number }> {
  const { all } = await crowd.count({ events: 1, streams: server.openings.length });
  const began = monotonicMs();
  await server.tell(1);
  const { at, outOfTurn } = await all;
  return { ms: at.map((one) => one - began), outOfTurn };
}
