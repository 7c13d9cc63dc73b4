import postgres from 'postgres';
import journal from '../../../drizzle/meta/_journal.json';

/** Whether the database has every migration that this program was built with. Asked as the owner: no role may read the list. */
export async function isMigrated(databaseUrl: string): Promise<boolean> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {}, connect_timeout: 3 });
  try {
    const [row] = await sql<
      { newest: string | null }[]
    >`select max(created_at) newest from drizzle.__drizzle_migrations`;
    const expected = Math.max(...journal.entries.map((entry) => entry.when));
    return Number(row?.newest ?? 0) >= expected;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
