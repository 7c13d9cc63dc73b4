import type { Sql } from 'postgres';

/** Which of these words stand anywhere in the database, and in which table: as text, or as bytes. */
export async function residueOf(sql: Sql, words: readonly string[]): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`select t::text "row" from ${name} t`);
    const text = rows.map(({ row }) => row).join('\n');
    const isThere = (word: string) => text.includes(word) || text.includes(Buffer.from(word).toString('hex'));
    found.push(...words.filter(isThere).map((word) => `${word} in ${name}`));
  }
  return found;
}
