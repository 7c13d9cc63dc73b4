import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startApp, type TestApp } from '../app';
import { runProcess, variablesOf, type AppProcess } from '../processes';
import { startDoor, type Door } from '../rig/door';
import { waitFor } from '../wait-for';

let app: TestApp;
let door: Door;
let api: AppProcess | undefined;
beforeAll(async () => {
  app = await startApp({});
  const { hostname: host, port } = new URL(app.env.DATABASE_URL);
  door = await startDoor({ host, port: Number(port) });
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  await door?.close();
  await app?.close();
});

it('prints the link of whoever will run the install, though Postgres comes after the api; it works once', async () => {
  door.shut();
  const database = new URL(app.env.DATABASE_URL);
  database.port = String(door.port);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const own = { NODE_ENV: 'production', PUBLIC_URL: url, DATABASE_URL: database.href, API_PORT: String(port) };
  api = runProcess('api', { ...variablesOf(app.env), ...own });
  await waitFor('the api', async () => (await fetch(`${url}/health/live`).catch(() => null))?.ok);
  door.open();
  const link = () => /(http\S+)\/setup#(\S+)/.exec(api?.output() ?? '');
  const [, origin, token = ''] = await waitFor('the link', () => Promise.resolve(link()));
  expect(origin).toBe(url);
  const body = JSON.stringify({ token, name: 'Grace', email: 'grace@parley.test', password: 'a long enough one' });
  const headers = { 'content-type': 'application/json' };
  const setUp = async () => (await fetch(`${url}/api/setup`, { method: 'POST', headers, body })).status;
  expect([await setUp(), await setUp()]).toEqual([201, 404]);
});
