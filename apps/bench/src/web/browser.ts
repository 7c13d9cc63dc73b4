import type { BrowserContext, CDPSession, Page } from 'playwright';
import { chromium, type Browser } from 'playwright';
import { installProbe } from './probe';

export type { Browser } from 'playwright';

/** A page whose speed is being looked at. */
export interface Watched {
  page: Page;
  /** Chromium's own debugging protocol: throttling, memory. */
  devtools: CDPSession;
  close(): Promise<void>;
}

export interface WatchOptions {
  origin: string;
  /** Cookie header of the member who is signed in; left out: nobody is. */
  cookie?: string;
  /** How many times slower than it is the processor pretends to be. */
  throttle?: number;
}

/** A laptop's window. */
const viewport = { width: 1440, height: 900 };

/** The Chromium that comes with the packages, so that figures of two machines are of one browser. Elsewhere than on Linux: Chrome. */
export async function startBrowser(): Promise<Browser> {
  const args = ['--no-first-run', '--disable-gpu', '--font-render-hinting=none', '--disable-background-networking'];
  if (process.platform !== 'linux') return chromium.launch({ channel: 'chrome', args });
  const packaged = (await import('@sparticuz/chromium')).default;
  const root = process.getuid?.() === 0; // who has no sandbox
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    args: [...args, ...(root ? ['--no-sandbox'] : [])],
  });
}

/** An empty page in a browser profile of its own, nothing cached, with the probe in whatever it opens. */
export async function watch(browser: Browser, { origin, cookie, throttle = 1 }: WatchOptions): Promise<Watched> {
  const context = await browser.newContext({ baseURL: origin, viewport, reducedMotion: 'reduce' });
  if (cookie) await context.addCookies([cookieOf(cookie, origin)]);
  await context.addInitScript(installProbe);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  if (throttle > 1) await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  return { page, devtools, close: () => context.close() };
}

function cookieOf(header: string, url: string): Parameters<BrowserContext['addCookies']>[0][number] {
  const at = header.indexOf('=');
  return { name: header.slice(0, at), value: header.slice(at + 1), url };
}
