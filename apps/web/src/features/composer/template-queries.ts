import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

/** The approved templates of an account. The provider decides about them, so they are asked for again after a while. */
export function templatesQuery(accountId: string) {
  return queryOptions({
    queryKey: ['templates', accountId] as const,
    queryFn: async ({ signal }) => (await call(routes.listTemplates, { params: { id: accountId }, signal })).body.items,
    staleTime: 5 * 60_000,
  });
}
