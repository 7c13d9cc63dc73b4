import type { Account } from '@parley/contracts/accounts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { type Directory, directoryAfter, directoryKeys } from '@/lib/realtime/directories';
import { freshFrom, settleOne } from '@/lib/realtime/snapshot';
import { wholeList } from '@/lib/realtime/whole-list';
import { routes } from '@/lib/routes';

/** The accounts of the tenant: names, state, and what each can do. */
export const accountsQuery = queryOptions({
  queryKey: directoryKeys.accounts,
  queryFn: async ({ client, queryKey, signal }): Promise<Directory<Account>> => {
    const { items, seq } = await wholeList((cursor) =>
      call(routes.listAccounts, { query: { cursor, limit: 100 }, signal }),
    );
    return { ...freshFrom({ client, queryKey }, seq), kind: 'accounts', items };
  },
  structuralSharing: settleOne<Directory<Account>>(directoryAfter),
});

/** Every account; empty while they are read. */
export function useAccounts(): Account[] {
  return useQuery(accountsQuery).data?.items ?? [];
}

/** One account, or undefined while accounts are read, or once it was deleted. */
export function useAccount(id: string | undefined): Account | undefined {
  return useAccounts().find((account) => account.id === id);
}
