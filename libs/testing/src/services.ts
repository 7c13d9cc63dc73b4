import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
  }
}

/** The address of a database on the tests' PostgreSQL, as its owner. */
export function serverUrl(database: string): string {
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** The tests' Redis, shared by every test file: each keeps to a key prefix of its own. */
export function redisUrl(): string {
  return inject('redisUrl');
}
