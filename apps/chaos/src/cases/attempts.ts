import type { Fleet } from '@parley/testing/rig/fleet';

/** One call of the simulated provider: when it began (epoch ms), how long it took, what it was answered; `null`: nothing. */
export interface Attempt {
  at: number;
  ms: number;
  status: number | null;
}

interface Webhook {
  type: string;
  attempts?: { at: string; ms: number; status: number | null }[];
}

/** Every webhook that providers sent since, and how often they had to. */
export async function attemptsOf({ simulator, tenants }: Fleet, sinceMs: number): Promise<Attempt[]> {
  const accounts = tenants.flatMap((one) => one.accounts);
  const journals = await Promise.all(accounts.map(({ provider, ref }) => simulator.journal(provider, ref)));
  return (journals.flat() as unknown as Webhook[]) // the journal is another app's: its shape is told in words alone
    .flatMap((entry) => entry.attempts ?? [])
    .map(({ at, ...rest }) => ({ ...rest, at: Date.parse(at) }))
    .filter(({ at }) => at >= sinceMs);
}
