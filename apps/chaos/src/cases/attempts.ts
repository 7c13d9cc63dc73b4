import type { Fleet } from '@parley/testing/rig/fleet';
import type { Hook } from '@parley/testing/rig/journal';

/** One call of the simulated provider: when it began (epoch ms), how long it took, what it was answered; `null`: nothing. */
export type Attempt = Hook['attempts'][number];

/** Every webhook that providers sent since, and how often they had to. */
export function attemptsOf({ journal }: Pick<Fleet, 'journal'>, sinceMs: number): Attempt[] {
  return [...journal.hooks.values()].flatMap(({ attempts }) => attempts).filter(({ at }) => at >= sinceMs);
}
