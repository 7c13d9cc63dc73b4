import type { AgentsSee } from '@parley/contracts/visibility';

/** What a tenant `t`, or an account `a`, lets agents see; null: this account leaves it to its tenant. */
export const agentsSeeOf = (alias: 't' | 'a') =>
  `case when ${alias}.agents_see_unassigned is null then null when ${alias}.agents_see_all then 'all'
     when not ${alias}.agents_see_unassigned then 'own' when ${alias}.agents_see_team then 'team' else 'unassigned' end`;

/** The same as columns: `agents_see_unassigned`, `agents_see_team` and `agents_see_all`. */
export function agentsSeeColumns(
  agentsSee: AgentsSee | null,
): [unassigned: boolean | null, team: boolean, all: boolean] {
  return [agentsSee === null ? null : agentsSee !== 'own', agentsSee === 'team', agentsSee === 'all'];
}
