import { inState } from './paths.mjs';
import { findFreeRow } from './ports.mjs';
import { startServices } from './services.mjs';

/**
 * Global set-up of the integration tests: hands them PostgreSQL and Redis. `npm test` gives the addresses; a plain
 * `npx vitest` does not, and then both are started here, on throw-away data.
 */
export default async function setUp(project) {
  const { databaseUrl, redisUrl, stop } = await services();
  project.provide('databaseUrl', databaseUrl);
  project.provide('redisUrl', redisUrl);
  return stop;
}

async function services() {
  const { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  const [port, folder] = [await findFreeRow(2), inState(`vitest-${process.pid}`)];
  return startServices({
    folder,
    logs: folder,
    postgresPort: port,
    redisPort: port + 1,
    throwAway: true,
    databaseUrl,
    redisUrl,
  });
}
