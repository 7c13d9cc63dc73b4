import fs from 'node:fs';
import path from 'node:path';
import { onShutdown } from './shutdown.mjs';
import { postgresDataDir, preparePostgres } from './postgres.mjs';
import { prepareRedis, redisPidFile } from './redis.mjs';
import { endStale } from './stale.mjs';
import { Supervised } from './supervised.mjs';

/**
 * PostgreSQL and Redis: the ones given by `databaseUrl` and `redisUrl`, else our own, with their data in `folder`.
 * Returns `{ databaseUrl, redisUrl, stop }`. Whoever exits through `shutDown()` need not call `stop`.
 */
export async function startServices({ folder, logs, postgresPort, redisPort, secrets = {}, throwAway, ...given }) {
  const running = [];
  const places = [folder];
  const start = async ({ url, spec, dataDir }) => {
    const service = new Supervised(spec);
    running.push(service);
    if (dataDir) places.push(dataDir);
    await service.start();
    return url;
  };
  const stop = async () => {
    for (const service of running.splice(0).reverse()) await service.stop();
    if (throwAway) for (const place of places) fs.rmSync(place, { recursive: true, force: true });
  };
  const postgres = () =>
    preparePostgres({
      folder: path.join(folder, 'postgres'),
      port: postgresPort,
      logFile: path.join(logs, 'postgres.log'),
      password: secrets.POSTGRES_PASSWORD,
      throwAway,
    });
  const redis = () =>
    prepareRedis({
      folder: path.join(folder, 'redis'),
      port: redisPort,
      logFile: path.join(logs, 'redis.log'),
      password: secrets.REDIS_PASSWORD,
    });

  onShutdown(stop);
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const databaseUrl = given.databaseUrl ?? (await start(await postgres()));
  const redisUrl = given.redisUrl ?? (await start(await redis()));
  return { databaseUrl, redisUrl, stop };
}

/** Ends the services that an earlier launcher, killed with no chance to clean up, left running on the same data. */
export async function endLeftovers(folder) {
  await endStale(path.join(postgresDataDir(path.join(folder, 'postgres')), 'postmaster.pid'), 'postgres', 'SIGINT');
  await endStale(redisPidFile(path.join(folder, 'redis')), '-server', 'SIGTERM');
}
