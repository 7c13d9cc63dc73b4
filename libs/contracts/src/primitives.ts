import { z } from 'zod';

export const Id = z.uuid();
export const At = z.iso.datetime();
/** Number of the tenant's last event that an answer has seen. */
export const Seq = z.int().nonnegative();

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

/** The eight hues that avatars and labels may have, in degrees. */
export const hues = [25, 60, 100, 150, 195, 240, 285, 340] as const;
export const Hue = z.literal(hues);
