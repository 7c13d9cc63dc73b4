import { z } from 'zod';
import { mine } from './can';
import { identityKinds } from './conversations';
import { Id, IdParams, text } from './primitives';
import { route } from './route';

export const Contact = z
  .object({
    id: Id,
    /** Null: nobody and no provider named them yet. */
    name: z.string().nullable(),
    identities: z.array(z.object({ kind: z.enum(identityKinds), address: z.string() })),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;

export const updateContact = route('PATCH', '/contacts/:id', {
  summary: 'Names a contact. A name given here is not overwritten by the provider’s.',
  access: 'contact.write',
  reach: 'sight',
  params: IdParams,
  body: z.object({ name: text().trim().min(1).max(120) }),
  response: Contact.extend({ me: mine('contact') }),
});

export const eraseContact = route('DELETE', '/contacts/:id', {
  summary:
    'Removes a contact for good, with everything that was said and all that providers brought of them. It goes on in the background; the audit log says `contact.erased` when nothing is left, and how much went. Everybody’s events then start again. Only for who reads and sees all of the tenant.',
  access: 'settings.manage',
  reach: 'whole',
  params: IdParams,
  status: 202,
});
