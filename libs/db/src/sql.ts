/** Rows, how many the statement touched, and what it was. */
export type Answer<Rows extends unknown[]> = Rows & { count: number; command: string };

/** Whatever takes a statement: a connection, a pool or a transaction, of postgres.js or steady. Rejects with Postgres' error. */
export interface Sql {
  /** `prepare`: planned once for the connection. */
  unsafe<Rows extends object[] = object[]>(
    text: string,
    parameters?: unknown[],
    options?: { prepare?: boolean },
  ): Promise<Answer<Rows>>;
}
