import type { ConversationBase, ConversationStatus } from '@parley/contracts/conversations';
import { notFound } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { MemberContext } from '../context';
import { canSee } from './sight';

/** A conversation while its row is ours: the mutex of everything below it, so nothing about it changes until the commit. */
export interface LockedConversation {
  id: string;
  kind: ConversationBase['kind'];
  accountId: string;
  /** The chat last written in. */
  chatId: string;
  status: ConversationStatus;
  assigneeId: string | null;
  teamId: string | null;
  received: number;
  /** `received` at our last answer. */
  answered: number;
  /** The provider's time of the customer's last message. */
  inboundMs: number | null;
}

/** First statement of every write: what is locked later waits for it, in the one order of locks. Throws `not_found`. */
export async function lockConversation(tx: TenantTx<MemberContext>, id: string): Promise<LockedConversation> {
  return seen(tx, await lockAny(tx, id));
}

/** One that the member may see. Throws `not_found`. */
export function seen(tx: TenantTx<MemberContext>, conversation: LockedConversation | undefined): LockedConversation {
  if (!conversation || !canSee(tx.ctx.sight, conversation)) throw notFound('conversation');
  return conversation;
}

/** The same whoever may see it. */
export async function lockAny(tx: TenantTx, id: string): Promise<LockedConversation | undefined> {
  const [row] = await lockAll(tx, [id]);
  return row;
}

/** Several, in the one order of locks; who is missing is gone. */
export function lockAll(tx: TenantTx, ids: string[]): Promise<LockedConversation[]> {
  return run<LockedConversation>(
    tx.raw,
    `select id, kind, account_id "accountId", chat_id "chatId", status, assignee_id "assigneeId", team_id "teamId", received, answered,
       (extract(epoch from last_inbound_at) * 1000)::float8 "inboundMs"
     from conversations where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update`,
    [tx.tenantId, ids],
  );
}
