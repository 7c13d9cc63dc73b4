import type { Launcher } from '@parley/testing/rig/launcher';
import { useServices } from '@parley/testing/services';
import postgres from 'postgres';
import type { Services } from './case';

/** Both sides run on these; sized for two cores and a few GB, everything else as PostgreSQL comes. */
export const postgresSettings: Record<string, string> = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'off',
};

/** PostgreSQL, durable, and Redis, started when first asked for. */
export function startServices(launcher: Launcher): () => Promise<Services> {
  let services: Promise<Services> | undefined;
  return () => (services ??= start(launcher));
}

async function start(launcher: Launcher): Promise<Services> {
  const server = await launcher.postgres({ name: 'bench', settings: postgresSettings, fsync: true });
  const redis = await launcher.redis({ name: 'bench' });
  const sql = postgres(server.url, { max: 1, onnotice() {} });
  await sql`create extension if not exists pg_stat_statements`;
  await sql.end();
  useServices({ databaseUrl: server.url, redisUrl: redis.url });
  return { postgres: server, redis };
}
