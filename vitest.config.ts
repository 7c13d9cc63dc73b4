import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Libraries that need neither a database nor Redis, and the browser's code, whose pages Playwright tests in `e2e`. */
const withoutServices = ['libs/{contracts,client,channels,platform,db}', 'apps/{web,simulator,chaos,bench}'];
const withServices = ['apps/{api,worker}', 'libs/{inbox,testing}'];

const testsOf = (folders: string[]) => folders.map((folder) => `${folder}/src/**/*.test.{ts,tsx}`);

export default defineConfig({
  test: {
    env: { NODE_ENV: 'test', LOG_LEVEL: 'silent', TZ: 'UTC' },
    maxWorkers: 3, // of two cores: tests that kill, cut and freeze mostly wait
    // A bound is for what hangs: a busy machine may take ten times as long as it mostly does
    testTimeout: 60_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        oxc: { jsx: { runtime: 'automatic' } }, // apps/web leaves JSX to Next
        resolve: { alias: { '@': path.resolve(import.meta.dirname, 'apps/web/src') } },
        test: {
          name: 'unit',
          include: [...testsOf(withoutServices), 'tools/**/*.test.mjs'],
          provide: { givenS3: process.env.TEST_S3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: testsOf(withServices),
          globalSetup: ['tools/vitest-services.mjs'],
        },
      },
    ],
  },
});
