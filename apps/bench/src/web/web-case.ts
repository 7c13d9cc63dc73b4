import { freePort } from '@parley/testing/app';
import { Customers } from '@parley/testing/customer';
import { allChecks, compare, repeat, type Sample } from '../alternate';
import type { Bench, BenchCase, Outcome, Unit } from '../case';
import { quantile } from '../measure/spread';
import { startProduct } from '../product';
import { startBrowser } from './browser';
import { fillInbox } from './fill';
import { eventToPaint, scrollThrough } from './live-list';
import { type Scene, SLOW } from './scene';
import { inboxVitals, signInVitals, typingInp } from './vitals';
import { startWeb } from './web-process';
import { weightOf } from './weight';

export const webCase: BenchCase = {
  name: 'web',
  title: 'The pages in Chromium: 10,000 open conversations, 20 events a second where it says so',
  minutes: 8,
  run,
};

const CONVERSATIONS = 10_000;

const units: Record<string, Unit> = {
  'inbox JavaScript': 'kB',
  'sign-in JavaScript': 'kB',
  LCP: 'ms',
  INP: 'ms',
  CLS: 'ratio',
  'sign-in LCP': 'ms',
  'sign-in INP': 'ms',
  'sign-in CLS': 'ratio',
  'typing INP': 'ms',
  'typing INP, CPU four times slower': 'ms',
  'frames/s': 'per s',
  'longest task': 'ms',
  'DOM nodes': 'count',
  heap: 'MB',
  'event to paint p50': 'ms',
  'event to paint p95': 'ms',
};

async function run(bench: Bench): Promise<Outcome> {
  const [apiPort, webPort] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${apiPort}`;
  const env = { API_PORT: String(apiPort), PUBLIC_URL: origin, WEB_URL: `http://127.0.0.1:${webPort}` };
  const closing: (() => Promise<unknown>)[] = [];
  try {
    closing.push(await startWeb(webPort));
    const product = await startProduct(bench, { tenants: 1, accounts: 1, worker: false, env });
    closing.push(product.close);
    const customers = Customers.of(product.app);
    closing.push(() => customers.close());
    const browser = await startBrowser();
    closing.push(() => browser.close());
    const [home] = product.tenants;
    const accountId = home?.accounts[0]?.id;
    if (!home || !accountId) throw new Error('the product has a tenant with an account');
    const conversations = await fillInbox(product.sql, {
      tenantId: home.tenant.id,
      accountId,
      conversations: CONVERSATIONS,
      messagesEach: 3,
    });
    const { cookie } = home.owner;
    const scene = { browser, origin, cookie, customers, conversations, seconds: bench.quick ? 5 : 15 };
    await inboxVitals(scene); // the first page finds nothing compiled on the server
    const samples = await repeat(bench, () => measure(scene));
    return { figures: compare(samples, units), checks: allChecks(samples) };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function measure(scene: Scene): Promise<Sample> {
  const [signIn, inbox] = [await signInVitals(scene), await inboxVitals(scene)];
  const { waits, unseen } = await eventToPaint(scene);
  const scrolled = await scrollThrough(scene);
  return {
    values: {
      'inbox JavaScript': await weightOf(scene.origin, '/inbox'),
      'sign-in JavaScript': await weightOf(scene.origin, '/sign-in'),
      LCP: inbox.lcp,
      INP: inbox.inp,
      CLS: inbox.cls,
      'sign-in LCP': signIn.lcp,
      'sign-in INP': signIn.inp,
      'sign-in CLS': signIn.cls,
      'typing INP': await typingInp(scene),
      'typing INP, CPU four times slower': await typingInp(scene, SLOW),
      'frames/s': quantile(scrolled.fps, 0.5),
      'longest task': scrolled.longestTaskMs,
      'DOM nodes': scrolled.elements,
      heap: scrolled.heapMb,
      'event to paint p50': quantile(waits, 0.5),
      'event to paint p95': quantile(waits, 0.95),
    },
    checks: [
      { what: 'events that came and were never painted', value: unseen, ok: unseen === 0 },
      { what: 'rows that were loaded', value: scrolled.rows, ok: scrolled.rows === scene.conversations.length },
    ],
  };
}
