/// <reference lib="dom" />
import type { Page } from 'playwright';

/** What a page tells of itself. Times in ms since it was asked for, unless said otherwise. */
export interface Seen {
  /** When the largest part of the first screen was painted. */
  lcp: number;
  /** How much the page moved under the reader's eyes, by the session windows of Core Web Vitals. */
  cls: number;
  /** From each key or click to the frame that answers it; those below 16 ms are not told by the browser. */
  interactions: number[];
  /** Main-thread tasks of 50 ms and more. */
  longTasks: number[];
  /** When each frame began, since `countFrames`: asking for frames keeps the page drawing. */
  frames: number[];
  /** Number of each marked text, and when it was on the screen, in ms since 1970. */
  paints: [mark: number, at: number][];
}

declare global {
  interface Window {
    parleyProbe: Seen & { forget(): void; countFrames(): void };
  }
}

/** How a text is marked, so that its paint can be found again. */
export const markOf = (number: number): string => `⟦${number}⟧`;

/** Runs in the page before anything of it does. Takes nothing from outside itself. */
export function installProbe(): void {
  const interactions = new Map<number, number>();
  const windowOf = { sum: 0, first: 0, last: 0 };
  const seen: Window['parleyProbe'] = {
    lcp: 0,
    cls: 0,
    get interactions() {
      return [...interactions.values()];
    },
    longTasks: [],
    frames: [],
    paints: [],
    countFrames() {
      requestAnimationFrame((at) => {
        seen.frames.push(at);
        seen.countFrames();
      });
    },
    forget() {
      interactions.clear();
      Object.assign(windowOf, { sum: 0, first: 0, last: 0 });
      Object.assign(seen, { cls: 0, longTasks: [], frames: [], paints: [] });
    },
  };
  window.parleyProbe = seen;

  const observe = (type: string, take: (entry: PerformanceEntry) => void, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  observe('largest-contentful-paint', ({ startTime }) => (seen.lcp = startTime));
  observe('longtask', ({ duration }) => seen.longTasks.push(duration));
  observe('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (hadRecentInput) return;
    const goesOn = entry.startTime - windowOf.last < 1_000 && entry.startTime - windowOf.first < 5_000;
    if (!goesOn) Object.assign(windowOf, { sum: 0, first: entry.startTime });
    windowOf.last = entry.startTime;
    windowOf.sum += value;
    seen.cls = Math.max(seen.cls, windowOf.sum);
  });
  observe(
    'event',
    (entry) => {
      const { interactionId = 0, duration } = entry as PerformanceEventTiming & { interactionId?: number };
      if (interactionId) interactions.set(interactionId, Math.max(interactions.get(interactionId) ?? 0, duration));
    },
    { durationThreshold: 16 },
  );

  // A frame is on the screen when the first task after it runs.
  const painted = (marks: number[]) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const at = performance.timeOrigin + performance.now();
        for (const mark of marks) seen.paints.push([mark, at]);
      };
      port2.postMessage(null);
    });
  const marksIn = (node: Node) => [...(node.textContent ?? '').matchAll(/⟦(\d+)⟧/g)].map(([, mark]) => Number(mark));
  new MutationObserver((changes) => {
    const marks = changes.flatMap(({ type, target, addedNodes }) =>
      type === 'characterData' ? marksIn(target) : [...addedNodes].flatMap(marksIn),
    );
    if (marks.length > 0) painted(marks);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Forgets what was seen so far. */
export async function forget(page: Page): Promise<void> {
  await page.evaluate(() => window.parleyProbe.forget());
}

/** From now on. */
export async function countFrames(page: Page): Promise<void> {
  await page.evaluate(() => window.parleyProbe.countFrames());
}

/** What was seen since the page was opened, or since `forget`. */
export function look(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const { lcp, cls, interactions, longTasks, frames, paints } = window.parleyProbe;
    return { lcp, cls, interactions, longTasks, frames, paints };
  });
}
