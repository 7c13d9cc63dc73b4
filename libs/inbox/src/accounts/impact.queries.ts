import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/** Everything that hangs on an account and would change when it is deleted. */
export async function countImpact(
  tx: TenantTx,
  accountId: string,
): Promise<{ conversations: number; open: number; waiting: number }> {
  const [row] = await run<{ conversations: string; open: string; waiting: string }>(
    tx.raw,
    `select c.conversations, c.open, h.waiting + q.waiting waiting from
       (select count(*) conversations, count(*) filter (where status <> 'resolved') open
          from conversations where tenant_id = $1 and account_id = $2) c,
       (select count(*) waiting from deliveries where tenant_id = $1 and account_id = $2 and head and status = 0) h,
       (select count(*) waiting from deliveries f join deliveries d on d.tenant_id = f.tenant_id and d.chat_id = f.chat_id
          where f.tenant_id = $1 and f.account_id = $2 and f.head and d.status = 0 and not d.head) q`,
    [tx.tenantId, accountId],
  );
  return { conversations: Number(row?.conversations), open: Number(row?.open), waiting: Number(row?.waiting) };
}
