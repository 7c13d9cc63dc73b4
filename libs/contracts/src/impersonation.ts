import { z } from 'zod';
import { Me } from './me';
import { AnyRole } from './permissions';
import { At, Id, IdParams, page, PageQuery, text } from './primitives';
import { route } from './route';

export const listTenantMembers = route('GET', '/admin/tenants/:id/members', {
  summary: 'Active members of a tenant by name: as whom one can act. Of a tenant that nobody gets into, nobody.',
  access: 'impersonate',
  reach: 'install',
  params: IdParams,
  query: PageQuery,
  response: page(z.object({ id: Id, name: z.string(), role: AnyRole })),
});

export const beginImpersonation = route('POST', '/admin/impersonations', {
  summary:
    'Acts as a member of a tenant for some minutes: this browser’s session is theirs until then. Both audit logs say so, with the reason.',
  access: 'impersonate',
  reach: 'install',
  body: z.object({
    tenantId: Id,
    memberId: Id,
    reason: text().trim().min(3).max(200),
    minutes: z.int().min(1).max(60).default(30),
  }),
  response: z.object({ until: At }),
  once: true, // it comes with the session's cookie
  status: 201,
});

export const endImpersonation = route('POST', '/me/impersonation/end', {
  summary: 'Back to one’s own session, where that still lives. `conflict` when nobody is impersonated.',
  access: 'session',
  reach: 'caller',
  response: Me.nullable(),
  refuses: ['conflict'],
});
