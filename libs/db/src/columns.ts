import { bigint, timestamp, uuid } from 'drizzle-orm/pg-core';

/** UUIDv7, made by us or, for a message it sends, by the client. */
export const id = () => uuid().notNull();
/** Milliseconds, what a JavaScript Date can hold. */
export const at = () => timestamp({ withTimezone: true, precision: 3 });
/** Microseconds since 1970: fits a double until the year 2255. */
export const micros = () => bigint({ mode: 'number' });
export const count = () => bigint({ mode: 'number' }).notNull().default(0);
