import net from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { assertFree, findFreeRow } from './ports.mjs';

let server;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve())));

it('names the port that is taken, who wanted it, and the variable that moves it', async () => {
  const first = await findFreeRow(2);
  server = net.createServer();
  await new Promise((resolve) => server.listen(first, '127.0.0.1', resolve));
  const wanted = [
    { port: first, owner: 'the api', variable: 'API_PORT' },
    { port: first + 1, owner: 'the worker', variable: 'WORKER_PORT' },
  ];
  await expect(assertFree(wanted)).rejects.toThrow(
    `Port ${first} is taken, and the api needs it. Stop what uses it, or choose another: API_PORT=${first + 20}`,
  );
});
