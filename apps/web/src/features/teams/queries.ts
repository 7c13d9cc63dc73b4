import type { Team } from '@parley/contracts/teams';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { type Directory, directoryAfter, directoryKeys } from '@/lib/realtime/directories';
import { freshFrom, settleOne } from '@/lib/realtime/snapshot';
import { wholeList } from '@/lib/realtime/whole-list';
import { routes } from '@/lib/routes';

/** The teams of the tenant, by name. Who is of one stands with each member. */
export const teamsQuery = queryOptions({
  queryKey: directoryKeys.teams,
  queryFn: async ({ client, queryKey, signal }): Promise<Directory<Team>> => {
    const { items, seq } = await wholeList((cursor) =>
      call(routes.listTeams, { query: { cursor, limit: 100 }, signal }),
    );
    return { ...freshFrom({ client, queryKey }, seq), kind: 'teams', items };
  },
  structuralSharing: settleOne<Directory<Team>>(directoryAfter),
});

/** Every team; empty while they are read. */
export function useTeams(): Team[] {
  return useQuery(teamsQuery).data?.items ?? [];
}
