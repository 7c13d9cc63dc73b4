import type { Sql, TransactionSql } from 'postgres';

type Value = string | number | boolean | null;

/** Runs a statement that is prepared once per connection. */
export function run<Row extends object = object>(sql: Sql | TransactionSql, text: string, parameters: unknown[] = []) {
  return sql.unsafe<Row[]>(text, parameters as never[], { prepare: true }); // what postgres.js can send is wider than its type
}

/**
 * Columns of rows for `unnest`: texts, numbers, booleans and nulls. postgres.js takes the type of a list from its first
 * element and knows no lists of booleans, so those are written as Postgres reads them; times go as milliseconds, JSON as text.
 */
export function columns<Row>(rows: readonly Row[], ...values: ((row: Row) => Value)[]): (Value[] | string)[] {
  return values.map((value) => {
    const cells = rows.map(value);
    return cells.some((cell) => typeof cell === 'boolean')
      ? `{${cells.map((cell) => cell ?? 'null').join(',')}}`
      : cells;
  });
}

/** Lets the later statements of a worker's transaction see these tenants. */
export function seeTenants(sql: TransactionSql, tenantIds: Iterable<string>) {
  const list = `{${[...new Set(tenantIds)].join(',')}}`;
  return run(sql, `select set_config('app.tenant_ids', $1, true)`, [list]);
}
