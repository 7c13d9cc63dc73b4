import { getMe } from '@parley/contracts/me';
import { listConversations } from '@parley/contracts/conversations';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startApp, type TestApp } from '../app';
import { startProcess, variablesOf, type AppProcess } from '../processes';
import { startDoor, type Door } from '../rig/door';
import { waitFor } from '../wait-for';

/** More than any pool has connections. */
const MANY = 30;

let app: TestApp;
let doors: Door[];
let running: AppProcess[];
let health: string[];

beforeAll(async () => {
  app = await startApp({});
  const [database, redis] = [new URL(app.env.DATABASE_URL), new URL(app.env.REDIS_URL)];
  doors = await Promise.all(
    [database, redis].map(({ hostname, port }) => startDoor({ host: hostname, port: Number(port) })),
  );
  const throughDoor = (url: URL, door?: Door) => Object.assign(new URL(url), { port: String(door?.port) }).href;
  const workerPort = await freePort();
  const variables = {
    ...variablesOf(app.env),
    DATABASE_URL: throughDoor(database, doors[0]),
    REDIS_URL: throughDoor(redis, doors[1]),
    WORKER_PORT: String(workerPort),
    LOG_LEVEL: 'error',
  };
  health = [`${app.url}/health`, `http://127.0.0.1:${workerPort}/health`];
  running = [
    await startProcess('api', variables, `${health[0]}/ready`),
    await startProcess('worker', variables, `${health[1]}/ready`),
  ];
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.close()));
  await app?.close();
  await Promise.all(doors.map((door) => door.close()));
});

const isWell = async (url: string) => {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(3_000) });
    const { details } = (await response.json()) as { details: { redis?: { degraded?: boolean } } };
    return response.status === 200 && !details.redis?.degraded;
  } catch {
    return false; // no answer, or half of one
  }
};

// A firewall that forgets connections tells nobody: what was connected stays so for ever, as it seems.
it('works again without a restart when every connection to Postgres and Redis went dead and nobody said so', async () => {
  const { tenant, owner } = await app.newTenant();
  await tenant.newConversation();
  const readers = await Promise.all(Array.from({ length: MANY }, () => tenant.newMember('manager')));
  const read = async () => {
    const answers = await Promise.all(
      readers.flatMap((one) => [app.as(one).call(getMe), app.as(one).call(listConversations)]),
    );
    return answers.map(({ status }) => status);
  };
  const fine = Array.from({ length: 2 * MANY }, () => 200);
  expect(await read()).toEqual(fine); // every pool has its connections
  for (const door of doors) door.blackhole();
  await waitFor('somebody to notice', async () => !(await isWell(health[0] ?? '')));
  for (const door of doors) door.forget();
  const areWell = async () => (await Promise.all(health.map(isWell))).every(Boolean);
  await waitFor('both to be well', areWell);
  await waitFor('a read', async () => (await app.as(owner).call(getMe)).status === 200);
  await waitFor('every reader to be answered', async () => (await read()).every((status) => status === 200));
  await waitFor('both to be well still', areWell);
}, 120_000);
