import { recordingServer } from '../testing/recording-server';
import { abilities } from './abilities';
import { asked } from './asked';
import { callsIn } from './calls-in';
import { callsOut } from './calls-out';
import type { Check, Stage } from './check';
import type { Sample } from './sample';

/** Every rule of the port that can be tried from outside. An adapter is one when all of them hold. */
export const checks: readonly Check[] = [...abilities, ...callsIn, ...callsOut, ...asked];

/** Tries one check, with a server of its own. Throws where it does not hold. */
export async function tryCheck(check: Check, sample: Sample): Promise<void> {
  const server = await recordingServer();
  try {
    const config = sample.provider.config.parse(sample.config(server.origin));
    const stage: Stage = { sample, server, config };
    await check.holds(stage);
  } finally {
    await server.close();
  }
}

/** The names of the checks that do not hold, each with why. */
export async function breachesOf(sample: Sample): Promise<Map<string, unknown>> {
  const breaches = new Map<string, unknown>();
  for (const check of checks) await tryCheck(check, sample).catch((error: unknown) => breaches.set(check.name, error));
  return breaches;
}
