import { AppError } from '@parley/platform/app-error';
import { z } from 'zod';

/** Where a page ends, opaque to clients. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Milliseconds since 1970, with microseconds behind the point, that both JavaScript and Postgres can hold. */
export const CursorTime = z.number().min(0).max(8.64e15);
/** A name that Postgres can hold. */
export const CursorName = z.string().refine((name) => name.isWellFormed() && !name.includes('\0'));

/** The place in a cursor of ours. Throws `invalid` on anything else. */
export function decodeCursor<Place>(cursor: string, shape: z.ZodType<Place>): Place {
  const place = shape.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (place.success) return place.data;
  throw new AppError('invalid', 'This cursor is not one that a list gave.', {
    errors: [{ path: 'cursor', message: 'Use `nextCursor` of the page before, as it is.' }],
  });
}

/** Cuts a page from up to `limit + 1` rows: the one too many only says that there is a next. */
export function cutPage<Row>(rows: Row[], limit: number, place: (last: Row) => readonly (string | number)[]) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last ? encodeCursor(place(last)) : null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
