import type { AnyRole } from '@parley/contracts/permissions';
import type { RoleDefinition } from '@parley/contracts/roles';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { call } from '@/lib/api';
import { paged } from '@/lib/paged';
import { teamRoutes } from './routes';

/** What who runs a team reads; anew each time a page is opened, and after each change. */
export const teamKeys = {
  members: ['team', 'members'],
  invitations: ['team', 'invitations'],
  roles: ['team', 'roles'],
  keys: ['team', 'keys'],
  places: ['team', 'places'],
} as const;

export const teamQuery = paged(teamKeys.members, ({ cursor, signal }) =>
  call(teamRoutes.listTeam, { query: { cursor }, signal }),
);

export const invitationsQuery = paged(teamKeys.invitations, ({ cursor, signal }) =>
  call(teamRoutes.listInvitations, { query: { cursor }, signal }),
);

export const apiKeysQuery = paged(teamKeys.keys, ({ cursor, signal }) =>
  call(teamRoutes.listApiKeys, { query: { cursor }, signal }),
);

export const rolesQuery = queryOptions({
  queryKey: teamKeys.roles,
  queryFn: async ({ signal }): Promise<RoleDefinition[]> => (await call(teamRoutes.listRoles, { signal })).body.items,
  staleTime: 0,
});

export const placesQuery = queryOptions({
  queryKey: teamKeys.places,
  queryFn: async ({ signal }) => (await call(teamRoutes.listMySessions, { signal })).body.items,
  staleTime: 0,
});

/** What the member could see and do with a role and accounts, null: all. */
export function sightQuery(id: string, role: AnyRole, accountIds: string[] | null) {
  const accounts = accountIds ?? 'all';
  return queryOptions({
    queryKey: ['team', 'sight', id, role, accounts],
    queryFn: async ({ signal }) =>
      (await call(teamRoutes.previewSight, { params: { id }, query: { role, accounts }, signal })).body,
    staleTime: 0,
  });
}

/** The name of any role: words for the three of everybody, of a tenant's own what it is called. */
export function useRoleName(): (role: AnyRole) => string {
  const words = useTranslations('team.role');
  const roles = useQuery(rolesQuery).data;
  return (role) => {
    if (role === 'agent' || role === 'manager' || role === 'tenant_admin') return words(role);
    return roles?.find(({ id }) => id === role)?.name ?? words('unknown');
  };
}
