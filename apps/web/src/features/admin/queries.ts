import type { Tenant, TenantStatus } from '@parley/contracts/tenants';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { paged } from '@/lib/paged';
import { adminRoutes } from './routes';

/** Of the whole install, read anew whenever a page is opened. */
export function tenantsQuery(q: string, status: TenantStatus | undefined) {
  return paged(['admin', 'tenants', q, status], ({ cursor, signal }) =>
    call(adminRoutes.listTenants, { query: { q: q || undefined, status, cursor }, signal }),
  );
}

export function tenantQuery(id: string) {
  return queryOptions({
    queryKey: ['admin', 'tenant', id],
    queryFn: async ({ signal }): Promise<Tenant> =>
      (await call(adminRoutes.getTenant, { params: { id }, signal })).body,
    staleTime: 0,
  });
}

export function installAccountsQuery(filter: { tenant?: string; troubled?: boolean }) {
  return paged(['admin', 'accounts', filter], ({ cursor, signal }) =>
    call(adminRoutes.listInstallAccounts, { query: { ...filter, cursor }, signal }),
  );
}

export function deadLettersQuery(tenant?: string) {
  return paged(['admin', 'dead-letters', tenant], ({ cursor, signal }) =>
    call(adminRoutes.listDeadLetters, { query: { tenant, cursor }, signal }),
  );
}

export function tenantMembersQuery(id: string) {
  return paged(['admin', 'members', id], ({ cursor, signal }) =>
    call(adminRoutes.listTenantMembers, { params: { id }, query: { cursor }, signal }),
  );
}

export const superAdminsQuery = paged(['admin', 'super-admins', 'list'], ({ cursor, signal }) =>
  call(adminRoutes.listSuperAdmins, { query: { cursor }, signal }),
);

export const superAdminInvitationsQuery = paged(['admin', 'super-admins', 'invitations'], ({ cursor, signal }) =>
  call(adminRoutes.listSuperAdminInvitations, { query: { cursor }, signal }),
);

export function superAdminsChanged(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ['admin', 'super-admins'] });
}

/** A tenant as an answer has it, at once; lists that show it are read anew. */
export function tenantChanged(client: QueryClient, tenant: Tenant): Promise<void> {
  client.setQueryData(tenantQuery(tenant.id).queryKey, tenant);
  return client.invalidateQueries({ queryKey: ['admin', 'tenants'] });
}
