import { z } from 'zod';
import { route } from './route';

/** Who is given what nobody has: nobody, each in turn, or who has the fewest open conversations. */
export const autoAssigns = ['off', 'round_robin', 'least_busy'] as const;
export const AutoAssign = z.enum(autoAssigns);
export type AutoAssign = z.infer<typeof AutoAssign>;

export const AssignmentRules = z
  .object({
    /** To agents who are here and, where a team has it, are of that: not to those who see everything by their role, who assign by hand. */
    autoAssign: AutoAssign,
    /** Whose customers wait while they are away for more than a minute, loses those conversations. */
    freeWhenAway: z.boolean(),
  })
  .meta({ id: 'AssignmentRules' });
export type AssignmentRules = z.infer<typeof AssignmentRules>;

export const getAssignmentRules = route('GET', '/settings/assignment', {
  summary: 'Who is given conversations that nobody has, and what becomes of those whose agent is away.',
  access: 'settings.manage',
  reach: 'caller',
  response: AssignmentRules,
});

export const setAssignmentRules = route('PATCH', '/settings/assignment', {
  summary: 'Changes the rules. They hold for what waits already, oldest first.',
  access: 'settings.manage',
  reach: 'whole',
  body: AssignmentRules.partial(),
  response: AssignmentRules,
});
