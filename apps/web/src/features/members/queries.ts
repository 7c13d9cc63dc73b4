import type { Member } from '@parley/contracts/members';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { type Directory, directoryAfter, directoryKeys } from '@/lib/realtime/directories';
import { freshFrom, settleOne } from '@/lib/realtime/snapshot';
import { wholeList } from '@/lib/realtime/whole-list';
import { routes } from '@/lib/routes';

/** The members of the tenant, by name; inactive ones too, for what they wrote. */
export const membersQuery = queryOptions({
  queryKey: directoryKeys.members,
  queryFn: async ({ client, queryKey, signal }): Promise<Directory<Member>> => {
    const { items, seq } = await wholeList((cursor) =>
      call(routes.listMembers, { query: { cursor, limit: 100 }, signal }),
    );
    return { ...freshFrom({ client, queryKey }, seq), kind: 'members', items };
  },
  structuralSharing: settleOne<Directory<Member>>(directoryAfter),
});

/** Every member; empty while they are read. */
export function useMembers(): Member[] {
  return useQuery(membersQuery).data?.items ?? [];
}
