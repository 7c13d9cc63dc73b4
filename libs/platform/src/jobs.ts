import { z } from 'zod';

/** Lanes of the install: an account's webhooks all go through one, in order. */
export const LANES = 64;

/**
 * Every job, by queue name. A job is a bell: it names an account and nothing else, so Redis never holds content. The row
 * is the truth. What must run by the clock is a timer, not a job. Lanes ring too often for jobs: see `lane-bells.ts`.
 */
export const jobs = {
  'send-heads': { payload: z.object({ accountId: z.uuid() }) },
} as const;
export type JobName = keyof typeof jobs;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobs)[Name]['payload']>;

/** Worker options for bells: a killed worker's account goes on after 4 s, and no number of crashes silences it. */
export const bellWorker = { lockDuration: 4000, stalledInterval: 2000, maxStalledCount: 1000 };

/** The lane of an account. Stable for ever: rows that wait carry it. FNV-1a. */
export function laneOf(accountId: string): number {
  let hash = 2166136261;
  for (let i = 0; i < accountId.length; i++) hash = Math.imul(hash ^ accountId.charCodeAt(i), 16777619);
  return (hash >>> 0) % LANES;
}
