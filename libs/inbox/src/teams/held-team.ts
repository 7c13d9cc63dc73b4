import type { Team } from '@parley/contracts/teams';
import { notFound } from '@parley/platform/app-error';
import type { TenantTx } from '@parley/platform/tenant-db';
import { findTeam } from './teams.queries';

/** A team that nobody deletes until the commit. Throws `not_found`. */
export async function holdTeam(tx: TenantTx, id: string): Promise<Team> {
  return getTeam(tx, id, 'for key share');
}

/** The same, for who changes it or, `for update`, deletes it. */
export async function getTeam(tx: TenantTx, id: string, lock: Parameters<typeof findTeam>[2]): Promise<Team> {
  const team = await findTeam(tx, id, lock);
  if (!team) throw notFound('team');
  return team;
}
