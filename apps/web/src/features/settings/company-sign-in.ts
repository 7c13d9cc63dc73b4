import { queryOptions } from '@tanstack/react-query';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';

export const companySignInQuery = queryOptions({
  queryKey: ['company-sign-in'],
  queryFn: async ({ signal }) => (await call(teamRoutes.getCompanySignIn, { signal })).body,
  staleTime: 0,
});
