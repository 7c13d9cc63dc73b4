import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
    /** Of the large file that goes up and down, in MiB. */
    largeFileMib: number;
  }
}

let given: { databaseUrl: string; redisUrl: string } | undefined;

/** Names the servers, for who is no test: else vitest's set-up names them. */
export function useServices(services: { databaseUrl: string; redisUrl: string }): void {
  given = services;
}

/** The address of a database on the tests' PostgreSQL, as its owner. */
export function serverUrl(database: string): string {
  const url = new URL(given?.databaseUrl ?? inject('databaseUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** The tests' Redis, shared by every test file: each keeps to a key prefix of its own. */
export function redisUrl(): string {
  return given?.redisUrl ?? inject('redisUrl');
}
