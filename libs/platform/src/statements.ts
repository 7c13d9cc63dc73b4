import type { Sql, TransactionSql } from 'postgres';

type Value = string | number | null;

/** Runs a statement that is prepared once per connection. */
export function run<Row extends object = object>(sql: Sql | TransactionSql, text: string, parameters: unknown[] = []) {
  return sql.unsafe<Row[]>(text, parameters as never[], { prepare: true }); // what postgres.js can send is wider than its type
}

/**
 * Columns of rows for `unnest`. Texts, numbers and nulls alone: postgres.js types a list by its first element, so times
 * go as milliseconds, booleans as 0 and 1, JSON as text.
 */
export function columns<Row>(rows: readonly Row[], ...values: ((row: Row) => Value)[]): Value[][] {
  return values.map((value) => rows.map(value));
}

/** Lets the later statements of a worker's transaction see these tenants. */
export function seeTenants(sql: TransactionSql, tenantIds: Iterable<string>) {
  const list = `{${[...new Set(tenantIds)].join(',')}}`;
  return run(sql, `select set_config('app.tenant_ids', $1, true)`, [list]);
}
