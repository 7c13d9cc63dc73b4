import type { Fleet } from '@parley/testing/rig/fleet';
import type { LiveAccount } from '@parley/testing/system/system';

export function accountsOf({ tenants }: Pick<Fleet, 'tenants'>): LiveAccount[] {
  return tenants.flatMap(({ accounts }) => accounts);
}

/** The first account of each provider: the ones that something happens to, while the others go on. */
export function chosenOf(fleet: Pick<Fleet, 'tenants'>): LiveAccount[] {
  return [
    ...new Map(
      accountsOf(fleet)
        .toReversed()
        .map((one) => [one.provider, one]),
    ).values(),
  ];
}

/** Lets that go wrong at the accounts' provider; `[]`: nothing any more. */
export async function goWrong(
  { simulator }: Pick<Fleet, 'simulator'>,
  accounts: LiveAccount[],
  faults: Record<string, unknown>[],
): Promise<void> {
  await Promise.all(accounts.map(({ provider, ref }) => simulator.faults(provider, ref, faults)));
}
