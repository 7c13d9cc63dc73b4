import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@parley/testing/wait-for';
import type { Page } from 'playwright';
import { type Watched, watch } from './browser';
import { countFrames, forget, look } from './probe';
import { amidTraffic, openInbox, type Scene } from './scene';

/** How the whole list behaves under the hand while events arrive. */
export interface Scrolled {
  /** Rows that were loaded. */
  rows: number;
  /** Frames in each whole second. */
  fps: number[];
  /** The longest task of the main thread; 0: none of 50 ms or more. */
  longestTaskMs: number;
  /** Elements of the page, the most that were there at once. */
  elements: number;
  /** Of the page's own memory, rubbish collected. */
  heapMb: number;
}

/** Loads every page of the list, then scrolls through it, up and down, while events arrive. */
export async function scrollThrough(scene: Scene): Promise<Scrolled> {
  const watched = await watch(scene.browser, scene);
  const { page } = watched;
  await openInbox(page);
  const rows = await loadAll(page, scene.conversations.length);
  const counted: number[] = [];
  const seen = await amidTraffic(scene, async () => {
    await delay(1_000);
    await countFrames(page);
    await forget(page);
    const until = Date.now() + scene.seconds * 1_000;
    for (let turn = 0; Date.now() < until; turn += 1) {
      await scrollBy(watched, turn % 3 === 2 ? -6_000 : 9_000);
      counted.push(await countElements(page));
    }
    return look(page);
  });
  const heapMb = await heap(watched);
  await watched.close();
  return {
    rows,
    fps: framesPerSecond(seen.frames),
    longestTaskMs: Math.max(0, ...seen.longTasks),
    elements: Math.max(...counted),
    heapMb,
  };
}

const ROW_PX = 64;
/** Ten thousand rows are two hundred pages. */
const PATIENCE_MS = 120_000;

/** To the end again and again, until all are there; then to the middle. */
async function loadAll(page: Page, wanted: number): Promise<number> {
  const list = page.getByRole('listbox').first();
  const rows = await waitFor(
    `${wanted} rows`,
    async () => {
      const height = await list.evaluate((element) => (element.scrollTop = element.scrollHeight));
      return height >= wanted * ROW_PX ? Math.floor(height / ROW_PX) : undefined;
    },
    { timeoutMs: PATIENCE_MS },
  );
  await list.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  return rows;
}

/** As a wheel does it, 6,000 pixels each second: some 90 rows. */
async function scrollBy({ devtools, page }: Watched, pixels: number): Promise<void> {
  const box = await page.getByRole('listbox').first().boundingBox();
  if (!box) throw new Error('The list is not on the screen');
  await devtools.send('Input.synthesizeScrollGesture', {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    yDistance: -pixels,
    speed: 6_000,
    gestureSourceType: 'mouse',
  });
}

function countElements(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

async function heap({ devtools }: Watched): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6;
}

function framesPerSecond(frames: number[]): number[] {
  const [first, last] = [frames[0] ?? 0, frames.at(-1) ?? 0];
  const seconds = Array.from({ length: Math.floor((last - first) / 1_000) }, () => 0);
  for (const at of frames) {
    const second = Math.floor((at - first) / 1_000);
    if (second < seconds.length) seconds[second] = (seconds[second] ?? 0) + 1;
  }
  return seconds;
}

interface Painted {
  /** From an event's arrival at a reader to its row on the screen, ms. */
  waits: number[];
  /** Events that came and never stood on the screen. */
  unseen: number;
}

/** At the top of the list, where every event moves its row. */
export async function eventToPaint(scene: Scene): Promise<Painted> {
  const watched = await watch(scene.browser, scene);
  const { page } = watched;
  await openInbox(page);
  await page.mouse.move(700, 5); // the list stands still while the pointer is in it
  await delay(2_000);
  const ahead = await clockOffset(page);
  const traffic = await amidTraffic(scene, async ({ arrivals }) => {
    await delay(1_000);
    const first = arrivals.size;
    await delay(scene.seconds * 1_000);
    return { arrivals: [...arrivals].slice(first) };
  });
  await delay(1_000);
  const painted = new Map((await look(page)).paints.toReversed()); // the first time of each
  await watched.close();
  const seen = traffic.arrivals.flatMap(([mark, came]) => {
    const at = painted.get(mark);
    return at === undefined ? [] : [at - ahead - came];
  });
  return { waits: seen, unseen: traffic.arrivals.length - seen.length };
}

/** How far the page's clock is ahead of ours, ms: both count from when they began. */
async function clockOffset(page: Page): Promise<number> {
  const looks: { offset: number; took: number }[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const before = performance.timeOrigin + performance.now();
    const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const after = performance.timeOrigin + performance.now();
    looks.push({ offset: theirs - (before + after) / 2, took: after - before });
  }
  return looks.reduce((best, each) => (each.took < best.took ? each : best)).offset;
}
