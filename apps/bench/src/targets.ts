import type { Target } from './case';

/**
 * What we hold ourselves to, in the order of the report. Ratios are to the bare pipeline in the same run, a gate is what
 * must be, a goal what we want to publish.
 */
export const targets: Target[] = [
  ...waysIn(),
  ...promises(),
  ...sizes(),
  ...streams(),
  ...waysOut(),
  ...processes(),
  ...pages(),
];

function waysIn(): Target[] {
  const [most, steady] = ['Full path at maximum', 'At 150 webhooks a second'];
  return [
    {
      area: `${most}: throughput`,
      figure: 'full-max/events/s',
      of: 'ratio',
      gate: { atLeast: 0.45 },
      goal: { atLeast: 0.7 },
      cap: { atLeast: 300 },
    },
    {
      area: `${most}: CPU per event, all processes`,
      figure: 'full-max/CPU per event',
      of: 'ratio',
      gate: { atMost: 2.2 },
      goal: { atMost: 1.5 },
      cap: { atMost: 3000 },
    },
    { area: `${steady}: ack p50`, figure: 'full-150/ack p50', of: 'ratio', gate: { atMost: 2 }, goal: { atMost: 1.5 } },
    {
      area: `${steady}: ack p99`,
      figure: 'full-150/ack p99',
      of: 'ratio',
      gate: { atMost: 3 },
      goal: { atMost: 1.5 },
      cap: { atMost: 250 },
    },
    {
      area: `${steady}: webhook to SSE p50`,
      figure: 'full-150/webhook to SSE p50',
      of: 'ratio',
      gate: { atMost: 2.5 },
      goal: { atMost: 1.7 },
    },
    {
      area: `${steady}: webhook to SSE p99`,
      figure: 'full-150/webhook to SSE p99',
      of: 'ratio',
      gate: { atMost: 3 },
      goal: { atMost: 1.7 },
      cap: { atMost: 1000 },
    },
    {
      area: 'SQL statements per inbound batch',
      figure: 'full-max/SQL statements per batch',
      of: 'product',
      gate: { atMost: 14 },
      goal: { atMost: 9 },
    },
    {
      area: 'The same with small batches',
      figure: 'full-150/SQL statements per batch',
      of: 'product',
      gate: { atMost: 14 },
      goal: { atMost: 9 },
    },
    {
      area: 'Redis commands per inbound event at maximum',
      figure: 'full-max/Redis commands per event',
      of: 'product',
      gate: { atMost: 1 },
      goal: { atMost: 0.3 },
    },
    {
      area: 'WAL per inbound text of 2 kB, small tables',
      figure: 'full-max/WAL per event',
      of: 'product',
      gate: { atMost: 12 },
      goal: { atMost: 7 },
    },
    {
      area: 'Noisy neighbour with 90 % of the traffic: the others’ p99',
      figure: 'noisy-neighbour/p99 beside the noisy one by p99 as one of equals',
      of: 'product',
      gate: { atMost: 3 },
      goal: { atMost: 1.5 },
    },
  ];
}

/** What holds through faults. */
function promises(): Target[] {
  const by = 'npm run chaos';
  const none = { of: 'product', take: 'max', gate: { atMost: 0 }, goal: { atMost: 0 }, by } as const;
  return [
    {
      area: 'Events through faults',
      figure: 'chaos/events',
      of: 'product',
      gate: { atLeast: 500_000 },
      goal: { atLeast: 10e6 },
      by,
    },
    { area: 'Acked and lost', figure: 'chaos/lost', ...none },
    { area: 'Duplicated', figure: 'chaos/duplicates', ...none },
    { area: 'Out of order', figure: 'chaos/order violations', ...none },
    { area: 'Missing on event streams', figure: 'chaos/SSE missing', ...none },
    {
      area: 'Back after kill -9 of the worker',
      figure: 'chaos/worker killed',
      of: 'product',
      take: 'max',
      gate: { atMost: 6 },
      goal: { atMost: 5 },
      by,
    },
    {
      area: 'Back after Redis was emptied',
      figure: 'chaos/Redis emptied',
      of: 'product',
      take: 'max',
      gate: { atMost: 2 },
      goal: { atMost: 1.2 },
      by,
    },
    {
      area: 'Back after a crash of PostgreSQL, beyond its own recovery',
      figure: 'chaos/PostgreSQL crashed',
      of: 'product',
      take: 'max',
      gate: { atMost: 3 },
      goal: { atMost: 2 },
      by,
    },
    { area: 'Refused or failed during a rolling restart', figure: 'chaos/rolling restart', ...none },
  ];
}

/** 10 M messages, 200 k conversations, 1,000 tenants. */
function sizes(): Target[] {
  const page = { of: 'ratio', gate: { atMost: 8 }, goal: { atMost: 4 }, cap: { atMost: 50 } } as const;
  const growth = { of: 'product', gate: { atMost: 1.5 }, goal: { atMost: 1.2 } } as const;
  return [
    { area: '10 M messages: inbox list p99, by its SQL alone', figure: 'lists/list p99', ...page },
    { area: '10 M messages: history at any depth p99, by its SQL alone', figure: 'lists/history p99', ...page },
    {
      area: '10 M messages: contact search p95',
      figure: 'lists/search p95',
      of: 'product',
      goal: { atMost: 50 },
      cap: { atMost: 200 },
    },
    { area: 'From 10 k to 10 M messages: inbox list', figure: 'growth/list', ...growth },
    { area: 'From 10 k to 10 M messages: history', figure: 'growth/history', ...growth },
    { area: 'From 10 k to 10 M messages: CPU per inbound event', figure: 'growth/CPU per event', ...growth },
    {
      area: 'From 10 to 5,000 tenants: CPU per inbound event',
      figure: 'tenants/CPU per event',
      of: 'product',
      gate: { atMost: 1.25 },
      goal: { atMost: 1.1 },
    },
  ];
}

function streams(): Target[] {
  return [
    {
      area: 'SSE frames a second and process',
      figure: 'sse/frames/s',
      of: 'ratio',
      gate: { atLeast: 0.4 },
      goal: { atLeast: 0.7 },
    },
    {
      area: 'SSE memory per connection',
      figure: 'sse/memory per connection',
      of: 'product',
      gate: { atMost: 45 },
      goal: { atMost: 30 },
    },
    { area: 'RSS with 5,000 connections', figure: 'sse/RSS at 5,000', of: 'product', cap: { atMost: 400 } },
    {
      area: '1,000 clients resume at once',
      figure: 'resume/all resumed',
      of: 'product',
      gate: { atMost: 8 },
      goal: { atMost: 5 },
    },
    { area: 'SQL queries per tenant for that', figure: 'resume/queries per tenant', of: 'product', cap: { atMost: 3 } },
  ];
}

function waysOut(): Target[] {
  return [
    {
      area: '8 accounts × 40 answers a second, in order and once',
      figure: 'send-320/sends/s',
      of: 'product',
      gate: { atLeast: 316.8 },
    },
    { area: 'The same: accept p99', figure: 'send-320/accept p99', of: 'product', cap: { atMost: 250 } },
    {
      area: '80 answers a second on one account over 60 s, off the pace',
      figure: 'send-80/off the pace',
      of: 'product',
      take: 'max',
      goal: { atMost: 1 },
    },
    {
      area: 'The same: most in any 100 ms',
      figure: 'send-80/most within 100 ms',
      of: 'product',
      take: 'max',
      goal: { atMost: 12 },
    },
    {
      area: 'A dead provider: the other accounts’ p99',
      figure: 'breaker/p99 with one dead by p99 with all alive',
      of: 'product',
      gate: { atMost: 1.2 },
    },
    {
      area: 'A dead provider: calls until it is spared, those in flight included',
      figure: 'breaker/calls of the dead account before it was spared',
      of: 'product',
      take: 'max',
      gate: { atMost: 20 },
    },
  ];
}

function processes(): Target[] {
  // 270 MB, taken for an app of the framework that does nothing, and 120 or 60 MB above it.
  const memory = { of: 'product', gate: { atMost: 390 }, goal: { atMost: 330 } } as const;
  const growth = { of: 'product', gate: { atMost: 1 } } as const;
  return [
    { area: 'api: RSS after a soak', figure: 'memory/RSS api', ...memory },
    { area: 'worker: the same', figure: 'memory/RSS worker', ...memory },
    { area: 'api: growth in 10 minutes', figure: 'memory/growth api in 10 min', ...growth },
    { area: 'worker: the same', figure: 'memory/growth worker in 10 min', ...growth },
    {
      area: 'Cold start: api ready',
      figure: 'cold-start/api ready',
      of: 'product',
      gate: { atMost: 4 },
      goal: { atMost: 2 },
    },
    {
      area: 'Cold start: worker ready',
      figure: 'cold-start/worker ready',
      of: 'product',
      gate: { atMost: 2 },
      goal: { atMost: 1 },
    },
  ];
}

/** In Chromium. */
function pages(): Target[] {
  return [
    {
      area: 'JavaScript of the inbox, gzipped, above the framework',
      figure: 'web/inbox JavaScript',
      of: 'product',
      gate: { atMost: 110 },
      goal: { atMost: 80 },
    },
    {
      area: 'JavaScript of sign-in, the same',
      figure: 'web/sign-in JavaScript',
      of: 'product',
      gate: { atMost: 30 },
      goal: { atMost: 15 },
    },
    {
      area: 'inbox: LCP, CPU four times slower',
      figure: 'web/LCP',
      of: 'product',
      gate: { atMost: 2500 },
      goal: { atMost: 1500 },
    },
    {
      area: 'inbox: INP, CPU four times slower',
      figure: 'web/INP',
      of: 'product',
      gate: { atMost: 200 },
      goal: { atMost: 100 },
    },
    {
      area: 'sign-in: LCP, CPU four times slower',
      figure: 'web/sign-in LCP',
      of: 'product',
      gate: { atMost: 2500 },
      goal: { atMost: 1500 },
    },
    {
      area: 'INP while one types and 20 events a second arrive',
      figure: 'web/typing INP',
      of: 'product',
      gate: { atMost: 200 },
      goal: { atMost: 100 },
    },
    { area: 'CLS', figure: 'web/CLS', of: 'product', gate: { atMost: 0.1 }, goal: { atMost: 0.02 } },
    {
      area: '10,000 conversations scrolled, 20 events a second: frames',
      figure: 'web/frames/s',
      of: 'product',
      gate: { atLeast: 50 },
      goal: { atLeast: 58 },
    },
    {
      area: 'The same: longest task',
      figure: 'web/longest task',
      of: 'product',
      gate: { atMost: 100 },
      goal: { atMost: 50 },
    },
    { area: 'The same: DOM nodes', figure: 'web/DOM nodes', of: 'product', gate: { atMost: 1500 } },
    { area: 'The same: heap', figure: 'web/heap', of: 'product', cap: { atMost: 120 } },
    {
      area: 'SSE event to paint p95',
      figure: 'web/event to paint p95',
      of: 'product',
      gate: { atMost: 100 },
      goal: { atMost: 50 },
    },
  ];
}
