import { createHash } from 'node:crypto';

/** What a bare process is told, as JSON in its first argument. */
export interface BareSettings {
  databaseUrl: string;
  redisUrl: string;
  port: number;
  appSecret: string;
  /** Index of each account's tenant, by phone number id. */
  tenants: Record<string, number>;
}

export const bareSettings = (): BareSettings => JSON.parse(process.argv[2] ?? '{}') as BareSettings; // written by bare.ts

/** Redis channels: lanes that have work, and frames that are to be written. */
export const channels = { wake: 'bare:wake', frames: 'bare:frames' };

/** Unit of order: few enough that batches grow, more than are drained at once. */
export const LANES = 16;

export function laneOf(account: string, chat: string): number {
  return (createHash('md5').update(account).update(chat).digest()[0] ?? 0) % LANES;
}
