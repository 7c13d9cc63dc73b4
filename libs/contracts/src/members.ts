import { z } from 'zod';
import { Role } from './permissions';
import { Id, page, PageQuery } from './primitives';
import { route } from './route';

export const Member = z.object({ id: Id, name: z.string(), role: Role, active: z.boolean() }).meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const listMembers = route('GET', '/inbox/members', {
  summary: 'Members of the tenant, by name.',
  access: 'member.read',
  query: PageQuery,
  response: page(Member),
});
