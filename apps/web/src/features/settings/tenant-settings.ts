import type { TenantSettings } from '@parley/contracts/tenant-settings';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { meQuery } from '@/features/session/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';

export const tenantSettingsQuery = queryOptions({
  queryKey: ['tenant-settings'],
  queryFn: async ({ signal }) => (await call(teamRoutes.getTenantSettings, { signal })).body,
  staleTime: 0,
});

/** What is saved shows wherever the tenant does. */
export function useSaveTenant(done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<TenantSettings>) => call(teamRoutes.setTenantSettings, { body: change }),
    onSuccess: async ({ body }) => {
      client.setQueryData(tenantSettingsQuery.queryKey, body);
      done();
      await client.refetchQueries(meQuery);
    },
  });
}
