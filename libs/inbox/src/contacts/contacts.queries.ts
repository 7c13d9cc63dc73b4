import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

interface Owned {
  id: string;
  accountId: string;
  assigneeId: string | null;
  teamId: string | null;
}

/** Every conversation of a contact, locked in id order, as every writer locks. */
export async function lockConversationsOf(tx: TenantTx, contactId: string): Promise<Owned[]> {
  return run<Owned>(
    tx.raw,
    `select id, account_id "accountId", assignee_id "assigneeId", team_id "teamId" from conversations
     where tenant_id = $1 and contact_id = $2 order by id for no key update`,
    [tx.tenantId, contactId],
  );
}

/** False when there is no such contact. */
export async function nameContact(tx: TenantTx, id: string, name: string): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update contacts set name = $3, named_by = 'member' where tenant_id = $1 and id = $2 returning 1`,
    [tx.tenantId, id, name],
  );
  return rows.length === 1;
}

/** What lists show and search of the contact's conversations. */
export async function retitle(tx: TenantTx, contactId: string, title: string, searchText: string): Promise<void> {
  await run(tx.raw, `update conversations set title = $3, search_text = $4 where tenant_id = $1 and contact_id = $2`, [
    tx.tenantId,
    contactId,
    title,
    searchText,
  ]);
}
