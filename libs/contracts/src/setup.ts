import { z } from 'zod';
import { Id, text } from './primitives';
import { route } from './route';

export const createFirstSuperAdmin = route('POST', '/setup', {
  summary: 'Makes who will run the install, with the token that it printed at its first start. Works once.',
  access: 'public',
  reach: 'caller',
  body: z.object({
    token: z.string().min(1).max(100),
    name: text().trim().min(1).max(80),
    email: z.email().max(254),
    password: z.string().min(8).max(128),
  }),
  response: z.object({ userId: Id }),
  status: 201,
  refuses: ['not_found', 'conflict'],
});
