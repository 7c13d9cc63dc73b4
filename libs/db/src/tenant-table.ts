import { sql, type BuildExtraConfigColumns } from 'drizzle-orm';
import {
  pgPolicy,
  pgRole,
  pgTable,
  uuid,
  type PgColumnBuilderBase,
  type PgTableExtraConfigValue,
} from 'drizzle-orm/pg-core';

/** Created by the first migration; none owns anything or passes row-level security. See docs/decisions. */
export const appRole = pgRole('parley_app').existing();
export const workerRole = pgRole('parley_worker').existing();
export const intakeRole = pgRole('parley_intake').existing();
export const platformRole = pgRole('parley_platform').existing();
/** Removes what must be gone: of one tenant, and of its audit log only once the whole tenant goes. */
export const eraserRole = pgRole('parley_eraser').existing();
export const searchRole = pgRole('parley_search').existing();

/** The one tenant of the transaction; null when none is set, so that nothing matches. Wrapped, so that it is computed once. */
export const currentTenant = sql`(select nullif(current_setting('app.tenant_id', true), '')::uuid)`;
/** The tenants of a worker's batch. */
export const currentTenants = sql`(select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[]))`;

/** The days of grace of the tenant that is set are over. */
const isDue = sql`exists (select from tenants t where t.id = ${currentTenant} and t.status = 'deleting' and t.deletes_at <= now())`;

/** Every row for these roles, which work across tenants. */
export function open(name: string, ...roles: (typeof appRole)[]) {
  return roles.map((to) => pgPolicy(`${name}_${to.name}`, { to, using: sql`true`, withCheck: sql`true` }));
}

type Columns = Record<string, PgColumnBuilderBase>;
type WithTenant<C extends Columns> = C & { tenantId: ReturnType<typeof tenantIdColumn> };
const tenantIdColumn = () => uuid().notNull();

/**
 * A table of a tenant's rows: adds `tenantId`, and the policies that let each transaction see its own tenant alone.
 * `FORCE` and the grants stand in the hand-written migration; a test walks the catalogue for both.
 */
export function tenantTable<Name extends string, C extends Columns>(
  name: Name,
  columns: C,
  extra: (table: BuildExtraConfigColumns<Name, WithTenant<C>, 'pg'>) => PgTableExtraConfigValue[],
  workerSees: 'batch' | 'all' = 'batch',
  goes: 'when erased' | 'with its tenant' = 'when erased',
) {
  return pgTable(name, { tenantId: tenantIdColumn(), ...columns } as WithTenant<C>, (table) => [
    pgPolicy(`${name}_app`, { to: appRole, using: sql`tenant_id = ${currentTenant}` }),
    pgPolicy(`${name}_worker`, {
      to: workerRole,
      using: workerSees === 'all' ? sql`true` : sql`tenant_id in ${currentTenants}`,
    }),
    pgPolicy(`${name}_eraser`, {
      to: eraserRole,
      using:
        goes === 'with its tenant' ? sql`tenant_id = ${currentTenant} and ${isDue}` : sql`tenant_id = ${currentTenant}`,
    }),
    ...extra(table),
  ]);
}
