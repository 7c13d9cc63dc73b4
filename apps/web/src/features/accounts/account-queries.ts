import type { AccountSettings, listAccountDays, listProviders } from '@parley/contracts/accounts';
import type { ResponseOf } from '@parley/contracts/route';
import type { AgentsSee } from '@parley/contracts/visibility';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

export type ProviderOffer = ResponseOf<typeof listProviders>['items'][number];

export type AccountDay = ResponseOf<typeof listAccountDays>['items'][number];

const settingsKey = (id: string) => ['account', id];

/** One account with all that an admin sees of it. What was last checked stays until something else is. */
export const settingsQuery = (id: string) =>
  queryOptions({
    queryKey: settingsKey(id),
    queryFn: async ({ client, signal }): Promise<AccountSettings> => {
      const { body } = await call(routes.getAccount, { params: { id }, signal });
      return { ...body, checks: client.getQueryData<AccountSettings>(settingsKey(id))?.checks ?? [] };
    },
  });

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await call(routes.listProviders, { signal })).body.items,
});

const MINUTE_MS = 60_000;
/** What came in during the last day, by account. It is written once a minute. */
export const daysQuery = queryOptions({
  queryKey: ['account-days'],
  queryFn: async ({ signal }) => {
    const { items } = (await call(routes.listAccountDays, { signal })).body;
    return new Map(items.map((day) => [day.accountId, day]));
  },
  refetchInterval: MINUTE_MS,
});

/** What can be connected; empty while it is read. */
export function useProviders(): ProviderOffer[] {
  return useQuery(providersQuery).data ?? [];
}

interface Change {
  name?: string;
  paused?: boolean;
  agentsSee?: AgentsSee | null;
  /** Any, an empty one too: the connection is checked. */
  config?: Record<string, unknown>;
}

/** Changes an account, or checks it anew. */
export function useChangeAccount(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change) => (await call(routes.updateAccount, { params: { id }, body: change })).body,
    onSuccess: (account, { config }) =>
      client.setQueryData<AccountSettings>(settingsKey(id), (before) => ({
        ...account,
        checks: config ? account.checks : (before?.checks ?? []),
      })),
  });
}
