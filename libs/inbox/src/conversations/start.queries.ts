import type { Address } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import type { Channel, ProviderName } from '@parley/contracts/accounts';
import { uuid7 } from '@parley/db/uuid';
import { notFound } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { WayOut } from '../messages/way-out';

/** An account to write from; the chat is still to be found. Throws `not_found`. */
export async function getAccount(
  tx: TenantTx,
  id: string,
): Promise<Omit<WayOut, 'chatId'> & { channel: Channel; address: string | null }> {
  const [row] = await run<{
    state: WayOut['state'];
    channel: Channel;
    address: string | null;
    provider: ProviderName;
    config: Record<string, unknown>;
  }>(tx.raw, `select state, channel, address, provider, config from accounts where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
  ]);
  if (!row) throw notFound('account');
  const { provider, config, ...account } = row;
  return { ...account, accountId: id, can: providerOf(provider).capabilities(config) };
}

/** The chat of an address on an account, by whichever of its names. */
export async function findChat(
  tx: TenantTx,
  accountId: string,
  address: string,
): Promise<{ chatId: string; conversationId: string } | undefined> {
  const [row] = await run<{ chatId: string; conversationId: string }>(
    tx.raw,
    `select ch.id "chatId", ch.conversation_id "conversationId" from chat_addresses ca
     join chats ch on ch.tenant_id = ca.tenant_id and ch.id = ca.chat_id
     where ca.tenant_id = $1 and ca.account_id = $2 and ca.address = $3`,
    [tx.tenantId, accountId, address],
  );
  return row;
}

/** The contact with this address; a new one, without a name, where nobody has it. */
export async function findOrMakeContact(
  tx: TenantTx,
  { kind, address }: Address,
): Promise<{ id: string; name: string | null }> {
  const find = () =>
    run<{ id: string; name: string | null }>(
      tx.raw,
      `select c.id, c.name from identities i join contacts c on c.tenant_id = i.tenant_id and c.id = i.contact_id
       where i.tenant_id = $1 and i.kind = $2 and i.address = $3`,
      [tx.tenantId, kind, address],
    );
  const [known] = await find();
  if (known) return known;
  // The identity decides who is first; its key to the contact is checked at the end of the statement.
  await run(
    tx.raw,
    `with i as (insert into identities (tenant_id, kind, address, contact_id) values ($1, $2, $3, $4) on conflict do nothing returning contact_id)
     insert into contacts (tenant_id, id) select $1, contact_id from i`,
    [tx.tenantId, kind, address, uuid7()],
  );
  const [made] = await find();
  if (!made) throw new Error('a contact that was just made is not there');
  return made;
}

export interface NewConversation {
  id: string;
  chatId: string;
  accountId: string;
  address: string;
  contactId: string;
  title: string;
  searchText: string;
  /** Null: a program wrote first. */
  assigneeId: string | null;
}

/** Makes the chat of an address with its conversation, which is then locked. False: somebody else made it first. */
export async function insertConversation(tx: TenantTx, one: NewConversation): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `with a as (insert into chat_addresses (tenant_id, account_id, address, chat_id) values ($1, $2, $3, $4) on conflict do nothing returning chat_id),
       c as (insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, assignee_id)
         select $1, $5, 'direct', $2, chat_id, $6, $7, $8, $9 from a)
     insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
       select $1, chat_id, $2, $5, 'direct', $3, $6 from a returning id`,
    [
      tx.tenantId,
      one.accountId,
      one.address,
      one.chatId,
      one.id,
      one.contactId,
      one.title,
      one.searchText,
      one.assigneeId,
    ],
  );
  return rows.length === 1;
}
