import { timingSafeEqual } from 'node:crypto';
import type { Env } from './env';

/** Open in the demo, else for the bearer of METRICS_TOKEN. */
export function mayReadMetrics(
  { METRICS_TOKEN, PARLEY_DEMO }: Pick<Env, 'METRICS_TOKEN' | 'PARLEY_DEMO'>,
  authorization: string | undefined,
): boolean {
  if (PARLEY_DEMO || METRICS_TOKEN === undefined) return true; // without a token only a development install starts
  const [given, wanted] = [Buffer.from(authorization ?? ''), Buffer.from(`Bearer ${METRICS_TOKEN}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
