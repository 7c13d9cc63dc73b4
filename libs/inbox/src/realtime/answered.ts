import { within } from '@parley/platform/deadline';

/** Past every timeout of the roles. */
const DEADLINE_MS = 7000;

/** The answer to a query, or an error in the end: a lost connection can leave one unanswered, and streams must not wait for it. */
export const answered = <T>(query: Promise<T>): Promise<T> =>
  within(DEADLINE_MS, query, () => new Error('Postgres does not answer'));
