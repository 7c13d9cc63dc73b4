import type { Sql } from '@parley/db/sql';

type Value = string | number | boolean | null;

/** Runs a statement that is prepared once per connection. */
export function run<Row extends object = object>(sql: Sql, text: string, parameters: unknown[] = []) {
  return sql.unsafe<Row[]>(text, parameters, { prepare: true });
}

/**
 * Columns of rows for `unnest`: texts, numbers, booleans and nulls, as Postgres reads lists. All that can fail here fails
 * before the first byte is sent: what goes out together with a COMMIT must. Times go as milliseconds, long texts as `textColumn`.
 */
export function columns<Row>(rows: readonly Row[], ...values: ((row: Row) => Value)[]): string[] {
  return values.map((value) => `{${rows.map((row) => cellOf(value(row))).join(',')}}`);
}

const SPECIAL = /["\\]/;

function cellOf(value: Value): string {
  if (typeof value !== 'string') return String(value);
  return `"${SPECIAL.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
}

/** No JSON holds it: there control characters are escaped. */
export const SEPARATOR = '\x1f';

/**
 * A column of texts that hold no `SEPARATOR`, none of them empty, for `textList`. JSON and other long texts go so: it is
 * half the work of a list, in which every quote is escaped.
 */
export function textColumn(values: readonly string[]): string {
  return values.join(SEPARATOR);
}

/** How a statement reads a `textColumn`, e.g. `$3`. */
export const textList = (parameter: string) => `string_to_array(${parameter}::text, E'\\x1f')`;

/** Lets the later statements of a worker's transaction see these tenants. */
export function seeTenants(sql: Sql, tenantIds: Iterable<string>) {
  const list = `{${[...new Set(tenantIds)].join(',')}}`;
  return run(sql, `select set_config('app.tenant_ids', $1, true)`, [list]);
}
