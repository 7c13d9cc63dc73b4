import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { APIRequestContext } from '@playwright/test';
import { expect, test } from './support/journey';

/** Of JavaScript, in kB as it travels (1,000 bytes, gzip). The framework's own scripts, the same on every page, come on top. */
const budgets = {
  'sign-in': 15,
  inbox: 80,
  /** What a quiet moment brings: whatever opening a conversation and any menu needs; with a voice message and an album. */
  'inbox, with all that comes late': 200,
};

const weights: Record<string, number> = {};
test.afterAll(() => {
  const kB = (bytes: number) => Number((bytes / 1_000).toFixed(1));
  const rows = Object.entries(budgets).map(([page, atMost]) => ({ page, kB: kB(weights[page] ?? NaN), atMost }));
  console.table([...rows, { page: 'the framework', kB: kB(weights.framework ?? NaN) }]);
});

test('sign-in weighs no more than it may', async ({ page, request }) => {
  expect(await firstWeight(request, '/sign-in', 'sign-in')).toBeLessThanOrEqual(budgets['sign-in'] * 1_000);
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('the inbox weighs no more than it may, before its first row and with all that comes late', async ({
  inboxOf,
  customerOf,
}) => {
  // What is open decides what comes: one's own thread, with what brings parts of its own.
  const customer = customerOf('acme', 'evolution');
  await customer.write('', { kind: 'voice', at: Date.now() - 10_000 }); // so no picture stands before it, whoever comes first
  for (const text of ['our yard', '', '', '']) await customer.write(text, { kind: 'image' });
  const inbox = await inboxOf('agent@acme.test');
  const { page } = inbox;
  const first = await firstWeight(page.request, '/inbox?view=all', 'inbox');
  expect(first).toBeLessThanOrEqual(budgets.inbox * 1_000);

  const loaded = new Set<string>();
  page.on('response', (response) => void (isScript(response.url()) && loaded.add(fileOf(response.url()))));
  await inbox.open('all');
  await inbox.openRow(customer.name);
  await expect(inbox.composer).toBeVisible();
  await expect(inbox.thread.getByRole('group', { name: 'Voice message' })).toBeVisible();
  await expect(inbox.message('our yard').getByRole('link', { name: 'Open Photo' })).toHaveCount(4);
  await nothingMore(loaded);
  const late = ours([...loaded]);
  weights['inbox, with all that comes late'] = await weigh(page.request, late);
  expect(late.length).toBeGreaterThan(0);
  expect(weights['inbox, with all that comes late']).toBeLessThanOrEqual(
    budgets['inbox, with all that comes late'] * 1_000,
  );
});

test('what the inbox reads first comes with the page, and is read once', async ({ inboxOf }) => {
  const inbox = await inboxOf('agent@acme.test');
  const asked: string[] = [];
  inbox.page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  await inbox.page.goto('/inbox?view=unassigned&status=any');
  await expect(inbox.page.getByRole('option').first()).toBeVisible();
  for (const read of ['/api/me', '/api/inbox/conversations', '/api/inbox/counts'])
    expect(asked.filter((each) => each === read)).toEqual([read]);
  const begun = await inbox.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/api/'))
      .map((each) => (each as PerformanceResourceTiming).initiatorType),
  );
  expect(begun.filter((initiator) => initiator === 'link')).toHaveLength(3);
});

/** What waits for a quiet moment waits two seconds at most. */
async function nothingMore(loaded: ReadonlySet<string>): Promise<void> {
  let before = 0;
  const grew = () => {
    const more = loaded.size - before;
    before = loaded.size;
    return more;
  };
  await expect.poll(grew, { intervals: [2_500] }).toBe(0);
}

/** Of the scripts that the page itself names: it cannot show anything before they are here. */
async function firstWeight(request: APIRequestContext, address: string, name: keyof typeof budgets): Promise<number> {
  const html = await (await request.get(address)).text();
  const named = [
    ...new Set([...html.matchAll(/\/_next\/static\/chunks\/([^"\\]+\.js)/g)].map(([, file]) => file ?? '')),
  ];
  const framework = manifest.rootMainFiles.map(fileOf);
  expect(named).toEqual(expect.arrayContaining(framework)); // this build is the one that runs
  weights.framework = await weigh(request, framework);
  return (weights[name] = await weigh(request, ours(named)));
}

interface Manifest {
  rootMainFiles: string[];
  /** For browsers that know no modules: none that we support asks for them. */
  polyfillFiles: string[];
}
const manifest = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../.next/build-manifest.json'), 'utf8'),
) as Manifest;

function ours(files: string[]): string[] {
  const framework = new Set([...manifest.rootMainFiles, ...manifest.polyfillFiles].map(fileOf));
  return files.filter((file) => !framework.has(file));
}

async function weigh(request: APIRequestContext, files: string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async (file) => {
      const answer = await request.get(`/_next/static/chunks/${file}`);
      expect(answer.ok()).toBe(true);
      return gzipSync(await answer.body(), { level: 9 }).length;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function isScript(address: string): boolean {
  return /\/_next\/static\/chunks\/.+\.js$/.test(new URL(address).pathname);
}

function fileOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}
