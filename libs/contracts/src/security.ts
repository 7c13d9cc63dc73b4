import { z } from 'zod';
import { route } from './route';

export const setSecurity = route('PATCH', '/settings/security', {
  summary:
    'Whether everybody here needs a second proof of who they are. Who has none is out within a second, and comes in again once they set one up; so nobody asks it of others before they have their own.',
  access: 'settings.manage',
  reach: 'caller',
  body: z.object({ requireTwoFactor: z.boolean() }),
  response: z.object({ requireTwoFactor: z.boolean() }),
  refuses: ['conflict'],
});
