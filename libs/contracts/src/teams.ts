import { z } from 'zod';
import { mine } from './can';
import { Id, IdParams, page, PageQuery, text } from './primitives';
import { route } from './route';

/** Members who work on the same conversations. Each member says which they are of (`teamIds`). */
export const Team = z.object({ id: Id, name: z.string() }).meta({ id: 'Team' });
export type Team = z.infer<typeof Team>;

/** As whoever asks is shown it. */
export const ListedTeam = Team.extend({ me: mine('team') });
export type ListedTeam = z.infer<typeof ListedTeam>;

const Name = text().trim().min(1).max(40);
/** All of them: who is missing is of it no more. */
const MemberIds = z.array(Id).max(500);

export const listTeams = route('GET', '/inbox/teams', {
  summary: 'Teams of the tenant, by name.',
  access: 'member.read',
  reach: 'caller',
  query: PageQuery,
  response: page(ListedTeam),
});

export const createTeam = route('POST', '/inbox/teams', {
  summary: 'Makes a team. Its name is unique in the tenant, whatever the case.',
  access: 'settings.manage',
  reach: 'whole',
  body: z.object({ name: Name, memberIds: MemberIds.default([]) }),
  response: ListedTeam,
  status: 201,
  refuses: ['conflict', 'not_found'],
});

export const updateTeam = route('PATCH', '/inbox/teams/:id', {
  summary:
    'Names a team anew, or says who is of it: open screens of those who come or leave start again within a second.',
  access: 'settings.manage',
  reach: 'whole',
  params: IdParams,
  body: z.object({ name: Name.optional(), memberIds: MemberIds.optional() }),
  response: ListedTeam,
  refuses: ['conflict', 'not_found'],
});

export const deleteTeam = route('DELETE', '/inbox/teams/:id', {
  summary: 'Deletes a team; its conversations stay with whom they are. Repeat it where it was cut short.',
  access: 'settings.manage',
  reach: 'whole',
  params: IdParams,
});
