import type { Label } from '@parley/contracts/labels';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { type Directory, directoryAfter, directoryKeys } from '@/lib/realtime/directories';
import { freshFrom, settleOne } from '@/lib/realtime/snapshot';
import { wholeList } from '@/lib/realtime/whole-list';
import { routes } from '@/lib/routes';

/** The labels of the tenant, by name. */
export const labelsQuery = queryOptions({
  queryKey: directoryKeys.labels,
  queryFn: async ({ client, queryKey, signal }): Promise<Directory<Label>> => {
    const { items, seq } = await wholeList((cursor) =>
      call(routes.listLabels, { query: { cursor, limit: 100 }, signal }),
    );
    return { ...freshFrom({ client, queryKey }, seq), kind: 'labels', items };
  },
  structuralSharing: settleOne<Directory<Label>>(directoryAfter),
});

/** Every label; empty while they are read. */
export function useLabels(): Label[] {
  return useQuery(labelsQuery).data?.items ?? [];
}
