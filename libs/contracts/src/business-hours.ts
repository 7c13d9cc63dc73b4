import { z } from 'zod';
import { text } from './primitives';

/** By the clock on the tenant's wall; `24:00` is the end of a day. */
const Clock = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'e.g. 09:00');
const Opening = z
  .object({ from: Clock, until: Clock })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'must be later than from' });
const Day = z
  .array(Opening)
  .max(4)
  .refine((day) => day.every(({ from }, i) => i === 0 || (day[i - 1]?.until ?? '') <= from), 'must not overlap');
const Holiday = z.object({ date: z.iso.date(), name: text().trim().min(1).max(60) });

/** When somebody is there to answer, in the tenant's time zone. */
export const BusinessHours = z
  .object({
    /** From Monday to Sunday, each day's in order. None: closed. */
    week: z.array(Day).length(7),
    /** Nobody is there, whatever day of the week it is. */
    holidays: z.array(Holiday).max(100),
  })
  .meta({ id: 'BusinessHours' });
export type BusinessHours = z.infer<typeof BusinessHours>;
