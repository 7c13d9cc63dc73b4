import { z } from 'zod';
import { Role } from './permissions';
import { route } from './route';

/** What a demo offers to whoever looks at it; outside of one, nothing. */
export const Demo = z
  .discriminatedUnion('demo', [
    z.object({
      demo: z.literal(true),
      logins: z.array(z.object({ email: z.email(), role: Role, tenant: z.string() })),
      /** The same for everybody in it. */
      password: z.string(),
    }),
    z.object({ demo: z.literal(false) }),
  ])
  .meta({ id: 'Demo' });
export type Demo = z.infer<typeof Demo>;

export const getDemo = route('GET', '/demo', {
  summary: 'Whether this install is a demo, and who one can be there.',
  access: 'public',
  reach: 'caller',
  response: Demo,
});
