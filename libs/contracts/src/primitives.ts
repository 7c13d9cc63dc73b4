import { z } from 'zod';
import { languages } from './languages';

/** In small letters, as it is kept and told. */
export const Id = z.uuid().toLowerCase();
export const At = z.iso.datetime();
/** Number of the tenant's last event that an answer has seen. */
export const Seq = z.int().nonnegative();

/** Words of people, without what no text can hold: NUL, which Postgres refuses, and halves of characters. */
export function text(): z.ZodString {
  return z.string().overwrite(tidy);
}

/** A text without NUL; halves of characters become U+FFFD. */
export function tidy(words: string): string {
  return words.replaceAll('\0', '').toWellFormed();
}

export const IdParams = z.object({ id: Id });

/** Every list: opaque cursor, 50 rows unless asked, 100 at most. */
export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** A page and the cursor of the next, `null` at the end. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Of what the product says to people. */
export const LanguageName = z.enum(languages);

/** The eight hues that avatars and labels may have, in degrees. */
export const hues = [25, 60, 100, 150, 195, 240, 285, 340] as const;
export const Hue = z.literal(hues);
