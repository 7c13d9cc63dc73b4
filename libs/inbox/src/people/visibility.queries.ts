import type { AgentsSee } from '@parley/contracts/visibility';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { agentsSeeColumns, agentsSeeOf } from '../conversations/agents-see';

/** What agents see where an account says nothing else, held until the commit. */
export async function lockAgentsSee(tx: TenantTx): Promise<AgentsSee> {
  const [row] = await run<{ agentsSee: AgentsSee }>(
    tx.raw,
    `select ${agentsSeeOf('t')} "agentsSee" from tenants t where id = $1 for no key update`,
    [tx.tenantId],
  );
  if (!row) throw new Error('a tenant that is at work is not there');
  return row.agentsSee;
}

export async function setAgentsSee(tx: TenantTx, agentsSee: AgentsSee): Promise<void> {
  await run(
    tx.raw,
    'update tenants set agents_see_unassigned = $2, agents_see_team = $3, agents_see_all = $4 where id = $1',
    [tx.tenantId, ...agentsSeeColumns(agentsSee)],
  );
}

/** Accounts that leave it to their tenant, deleted ones too: what went through them is still read. */
export async function listFollowers(tx: TenantTx): Promise<string[]> {
  const rows = await run<{ id: string }>(
    tx.raw,
    `select id from accounts where tenant_id = $1 and agents_see_unassigned is null order by id`,
    [tx.tenantId],
  );
  return rows.map(({ id }) => id);
}
