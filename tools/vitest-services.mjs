import { findFreeRow } from './ports.mjs';
import { startThrowAwayServices } from './throw-away.mjs';

/**
 * Global set-up of the integration tests: hands them PostgreSQL and Redis. `npm test` gives the addresses; a plain
 * `npx vitest` does not, and then both are started here.
 */
export default async function setUp(project) {
  const port = await findFreeRow(2);
  const { databaseUrl, redisUrl, stop } = await startThrowAwayServices({
    postgresPort: port,
    redisPort: port + 1,
    databaseUrl: process.env.TEST_DATABASE_URL,
    redisUrl: process.env.TEST_REDIS_URL,
  });
  project.provide('databaseUrl', databaseUrl);
  project.provide('redisUrl', redisUrl);
  project.provide('largeFileMib', Number(process.env.LARGE_FILE_MIB ?? 100)); // 2048 is the most, and takes half a minute
  return stop;
}
