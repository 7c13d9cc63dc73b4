import { randomUUID } from 'node:crypto';
import { deliveryRank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import type { Sql } from 'postgres';
import type { Things } from './system/route-cases';
import type { TestTenant } from './tenant';

/** What of a tenant's only who sees the conversation reaches. */
export type SightThings = Pick<
  Things,
  | 'conversationId'
  | 'chatId'
  | 'contactId'
  | 'messageId'
  | 'failedId'
  | 'unknownId'
  | 'fileId'
  | 'failedFileId'
  | 'uploadId'
>;

/** A conversation with an inbound message, one of ours that failed, and one of unknown outcome; assigned to `memberId`. */
export async function furnishConversation(
  sql: Sql,
  tenant: TestTenant,
  { accountId, memberId, name }: { accountId: string; memberId: string; name: string },
): Promise<SightThings> {
  const conversation = await tenant.newConversation({ accountId, assigneeId: memberId, name: `${name} contact` });
  const message = await tenant.newMessage(conversation, { text: `${name} words` });
  const out = { direction: 'outbound' as const, memberId };
  const failed = await tenant.newMessage(conversation, { ...out, delivery: 'failed', text: `${name} failed` });
  const unknown = await tenant.newMessage(conversation, { ...out, delivery: 'unknown', text: `${name} unknown` });
  await insertDelivery(sql, conversation, failed.id, 'failed');
  await insertDelivery(sql, conversation, unknown.id, 'unknown');
  const files = {
    fileId: await insertFile(sql, conversation, message.id, 'ready'),
    failedFileId: await insertFile(sql, conversation, message.id, 'failed'),
    uploadId: await insertUpload(sql, tenant.id),
  };
  const { id: conversationId, chatId, contactId } = conversation;
  return {
    ...{ conversationId, chatId, contactId, messageId: message.id, failedId: failed.id, unknownId: unknown.id },
    ...files,
  };
}

export async function insertLabel(sql: Sql, tenantId: string, name: string): Promise<string> {
  const id = randomUUID();
  await sql`insert into labels (tenant_id, id, name, name_key, hue) values (${tenantId}, ${id}, ${name}, ${name.toLowerCase()}, 25)`;
  return id;
}

/** The row alone: there are no bytes. */
async function insertFile(
  sql: Sql,
  { tenantId, accountId }: { tenantId: string; accountId: string },
  messageId: string,
  state: 'ready' | 'failed',
): Promise<string> {
  const [id, now] = [uuid7(), new Date()];
  await sql`insert into attachments ${sql({
    tenant_id: tenantId, id, message_id: messageId, account_id: accountId, kind: 'document', state, size_bytes: 1,
    due_at: now, expires_at: now, handle: '{}',
  })}`; // prettier-ignore
  return id;
}

/** One of which nothing came yet. */
async function insertUpload(sql: Sql, tenantId: string): Promise<string> {
  const [id, now] = [uuid7(), new Date()];
  await sql`insert into attachments ${sql({
    tenant_id: tenantId,
    id,
    kind: 'document',
    state: 'uploading',
    file_name: 'a.txt',
    declared_type: 'text/plain',
    size_bytes: 3,
    received_bytes: 0,
    due_at: now,
    expires_at: new Date(now.getTime() + 86_400_000),
  })}`;
  return id;
}

/** Somebody who runs the install, and an invitation to do so. */
export async function insertSuperAdmin(sql: Sql): Promise<Pick<Things, 'superAdminId' | 'superAdminInvitationId'>> {
  const [superAdminId, superAdminInvitationId] = [uuid7(), uuid7()];
  await sql`insert into users (id, name, email, email_verified, super_admin)
    values (${superAdminId}, 'Operator', ${`${superAdminId}@parley.test`}, true, true)`;
  await sql`insert into super_admin_invitations (id, email, via, token_hash, invited_by, expires_at)
    values (${superAdminInvitationId}, ${`${superAdminInvitationId}@parley.test`}, 'link', ${randomUUID()}, ${superAdminId}, now() + interval '1 day')`;
  return { superAdminId, superAdminInvitationId };
}

/** A team of nobody yet. */
export async function insertTeam(sql: Sql, tenantId: string, name: string): Promise<string> {
  const id = randomUUID();
  await sql`insert into teams (tenant_id, id, name, name_key) values (${tenantId}, ${id}, ${name}, ${name.toLowerCase()})`;
  return id;
}

/** The way out of a message that ended so, and holds nobody. */
async function insertDelivery(
  sql: Sql,
  { tenantId, id, chatId, accountId }: { tenantId: string; id: string; chatId: string; accountId: string },
  messageId: string,
  outcome: 'failed' | 'unknown',
): Promise<void> {
  const [status, now] = [deliveryRank[outcome], new Date()];
  const [attemptId, later] = [uuid7(), new Date(now.getTime() + 86_400_000)];
  await sql`insert into deliveries ${sql({
    tenant_id: tenantId, id: messageId, account_id: accountId, chat_id: chatId, conversation_id: id, message_id: messageId,
    status, place: now.getTime() * 1000, due_at: later, attempt_id: attemptId, tries: 1, expires_at: later,
  })}`; // prettier-ignore
  await sql`insert into attempts ${sql({
    tenant_id: tenantId, id: attemptId, delivery_id: messageId, chat_id: chatId, status, started_at: now, finished_at: now,
  })}`; // prettier-ignore
}
