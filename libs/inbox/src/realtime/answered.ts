/** Past every timeout of the roles. */
const DEADLINE_MS = 7000;

/** The answer to a query, or an error in the end: a lost connection can leave one unanswered, and streams must not wait for it. */
export async function answered<T>(query: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error('Postgres does not answer')), DEADLINE_MS);
  try {
    return await Promise.race([query, deadline.promise]);
  } finally {
    clearTimeout(timer);
    query.catch(() => {}); // told by the race
  }
}
