import { z } from 'zod';
import { route } from './route';

/** For how many days a tenant keeps what. */
export const Retention = z
  .object({
    /** Resolved conversations in which nothing happened since; with all that was said. Null: they stay. */
    resolvedDays: z.int().min(30).max(3650).nullable(),
    /** What providers brought, as it came. Null: as long as the install keeps it, which is the most. */
    webhookDays: z.int().min(1).max(365).nullable(),
    /** Events, for streams and programs that come back. */
    eventDays: z.int().min(1).max(7),
  })
  .meta({ id: 'Retention' });
export type Retention = z.infer<typeof Retention>;

export const getRetention = route('GET', '/settings/retention', {
  summary: 'For how many days what is kept.',
  access: 'settings.manage',
  reach: 'caller',
  response: Retention,
});

export const setRetention = route('PATCH', '/settings/retention', {
  summary:
    'Says how long what is kept. What is older goes within some hours, for good; contacts stay. Only for who reads and sees all of the tenant.',
  access: 'settings.manage',
  reach: 'whole',
  body: Retention.partial(),
  response: Retention,
});
