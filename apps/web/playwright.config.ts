import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const results = path.resolve(import.meta.dirname, '../../test-results');

/**
 * Journeys through the running product. They start nothing: `npm test` starts the stack and tells where it is.
 * Against one that already runs: `BASE_URL=http://localhost:3100 npx playwright test`.
 */
export default defineConfig({
  testDir: 'e2e',
  outputDir: `${results}/browser`,
  reporter: [['list'], ['json', { outputFile: `${results}/browser.json` }]],
  workers: 1, // they share the demo's tenants
  forbidOnly: Boolean(process.env.CI),
  // Bounds for what hangs: the stack, a browser and the faults of chaos share one machine
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: process.env.BASE_URL ?? 'http://localhost:3100',
    screenshot: 'only-on-failure',
    trace: process.env.TRACE ? 'retain-on-failure' : 'off', // recording takes a quarter of a run
    launchOptions: { executablePath: await findChromium(), args: launchArguments() },
  },
});

/** One that is installed, else the one that comes with the packages: it unpacks itself into the temporary folder. */
async function findChromium(): Promise<string> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => `${folder}/${name}`));
  const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const installed = [process.env.CHROMIUM_PATH, ...onPath, onMac].find((file) => file && existsSync(file));
  return installed ?? (await import('@sparticuz/chromium')).default.executablePath();
}

/** Nothing in the background, no network of its own, letters where they belong; root has no sandbox. */
function launchArguments(): string[] {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map((name) => `--disable-${name}`);
  return [
    '--no-first-run',
    '--font-render-hinting=none',
    ...quiet,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}
