import { z } from 'zod';
import { route } from './route';

/**
 * What somebody sees whose role does not show them everything: always what is assigned to them, with `unassigned` what nobody
 * has too, neither a member nor a team that they are not of, with `team` all that their teams have, and with `all` what
 * anybody has.
 */
export const AgentsSee = z.enum(['own', 'unassigned', 'team', 'all']);
export type AgentsSee = z.infer<typeof AgentsSee>;

export const setVisibility = route('PATCH', '/settings/visibility', {
  summary:
    'What agents see of accounts that say nothing else, and whoever has a role that does not show everything. Open screens start again within a second.',
  access: 'settings.manage',
  reach: 'whole',
  body: z.object({ agentsSee: AgentsSee }),
  response: z.object({ agentsSee: AgentsSee }),
});
