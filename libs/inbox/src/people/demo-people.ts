import type { Role } from '@parley/contracts/permissions';

/** Everybody's password in a demo. An environment with PUBLIC_URL refuses to be one. */
export const DEMO_PASSWORD = 'parley-demo';

export const demoTenants = [
  { slug: 'acme', name: 'Acme', agentsSeeUnassigned: true },
  { slug: 'globex', name: 'Globex', agentsSeeUnassigned: false },
] as const;
export type DemoTenant = (typeof demoTenants)[number];

/** Of each tenant, by the first part of their address. */
const staff: Record<DemoTenant['slug'], { login: string; name: string; role: Role }[]> = {
  acme: [
    { login: 'admin', name: 'Ines Duarte', role: 'tenant_admin' },
    { login: 'manager', name: 'Marek Novak', role: 'manager' },
    { login: 'agent', name: 'Amara Okafor', role: 'agent' },
    { login: 'agent2', name: 'Jonas Lind', role: 'agent' },
  ],
  globex: [
    { login: 'admin', name: 'Hana Sato', role: 'tenant_admin' },
    { login: 'manager', name: 'Piotr Zielinski', role: 'manager' },
    { login: 'agent', name: 'Leila Haddad', role: 'agent' },
    { login: 'agent2', name: 'Tom Becker', role: 'agent' },
  ],
};

export interface DemoPerson {
  email: string;
  name: string;
  role: Role;
  tenant: DemoTenant;
}

/** Members of the demo's tenants. */
export const demoPeople: DemoPerson[] = demoTenants.flatMap((tenant) =>
  staff[tenant.slug].map(({ login, name, role }) => ({ email: `${login}@${tenant.slug}.test`, name, role, tenant })),
);

/** Runs the install; a member of no tenant. */
export const demoSuperAdmin = { email: 'super@parley.test', name: 'Parley Operator' };
