import { z } from 'zod';

/** Which part of a journal: entries after that number, at most so many. */
export const JournalQuery = z.object({
  /** Instead: the last so many. */
  tail: z.coerce.number().int().min(1).max(1000).optional(),
  after: z.coerce.number().default(0),
  limit: z.coerce.number().int().min(1).max(50_000).default(10_000),
});
