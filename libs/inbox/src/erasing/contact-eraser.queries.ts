import { run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';

const BATCH = 500;

/** A contact, as far as it must be known to remove it. */
export interface Person {
  id: string;
  /** `kind:address`. */
  addresses: string[];
  /** Theirs alone; they go whole. */
  conversations: string[];
  /** Groups that they are or were in: what they said there goes. */
  groups: string[];
  /** What gives them away in what a provider sent, or in an answer that is kept. */
  needles: string[];
}

export async function findPerson(sql: TransactionSql, tenantId: string, id: string): Promise<Person | undefined> {
  const [found] = await run(sql, 'select 1 from contacts where tenant_id = $1 and id = $2', [tenantId, id]);
  if (!found) return undefined;
  const identities = await run<{ kind: string; address: string }>(
    sql,
    'select kind, address from identities where tenant_id = $1 and contact_id = $2',
    [tenantId, id],
  );
  const addresses = identities.map(({ kind, address }) => `${kind}:${address}`);
  const conversations = await run<{ id: string }>(
    sql,
    `select id from conversations where tenant_id = $1 and contact_id = $2 and kind = 'direct' order by id`,
    [tenantId, id],
  );
  const groups = await run<{ id: string }>(
    sql,
    `select distinct conversation_id id from participants where tenant_id = $1 and address = any($2::text[])`,
    [tenantId, addresses],
  );
  return {
    id,
    addresses,
    conversations: conversations.map((row) => row.id),
    groups: groups.map((row) => row.id),
    needles: identities.map(needleOf),
  };
}

/** Providers write numbers in their own ways, all with the same digits; a name could be a part of any word. */
function needleOf({ kind, address }: { kind: string; address: string }): string {
  const digits = address.replace(/\D/g, '');
  return kind !== 'username' && digits.length >= 6 ? digits : `"${address}"`;
}

/** Some of what they said or was said to them, with all that hangs on it. Answers how many; 0: no more. */
export async function removeMessages(sql: TransactionSql, tenantId: string, person: Person): Promise<number> {
  const [row] = await run<{ removed: number }>(
    sql,
    `with m as materialized (
       (select id, conversation_id from messages where tenant_id = $1 and conversation_id = any($2::uuid[]) limit ${BATCH})
       union all
       (select id, conversation_id from messages where tenant_id = $1 and conversation_id = any($3::uuid[]) and sender_contact_id = $4 limit ${BATCH})),
     d as (select id from deliveries where tenant_id = $1 and message_id in (select id from m)),
     a as (delete from attempts where tenant_id = $1 and delivery_id in (select id from d)),
     dd as (delete from deliveries where tenant_id = $1 and id in (select id from d)),
     x as (delete from externals where tenant_id = $1 and message_id in (select id from m)),
     e as (delete from message_edits where tenant_id = $1 and message_id in (select id from m)),
     r as (delete from reactions where tenant_id = $1 and message_id in (select id from m)),
     q as (update messages q set quote = q.quote || '{"author":null,"text":null}' where q.tenant_id = $1 and q.conversation_id = any($3::uuid[])
       and q.quote ->> 'messageId' in (select id::text from m) and q.id not in (select id from m)),
     c as (update conversations set preview = null, last_sender = null where tenant_id = $1 and id = any($3::uuid[])
       and last_message_id in (select id from m)),
     g as (delete from messages where tenant_id = $1 and id in (select id from m) returning 1)
     select count(*)::int removed from g`,
    [tenantId, person.conversations, person.groups, person.id],
  );
  return row?.removed ?? 0;
}

/** Days of which anything is kept of what providers brought. */
export async function listDays(sql: TransactionSql, tenantId: string): Promise<string[]> {
  const rows = await run<{ day: string }>(
    sql,
    `select distinct received_on::text "day" from webhooks where tenant_id = $1 order by 1`,
    [tenantId],
  );
  return rows.map(({ day }) => day);
}

/** Of one day, what names them: also what still waits to be applied. */
export async function removeWebhooks(
  sql: TransactionSql,
  tenantId: string,
  day: string,
  { needles }: Person,
): Promise<number> {
  if (!needles.length) return 0;
  const [row] = await run<{ removed: number }>(
    sql,
    `with w as (delete from webhooks where tenant_id = $1 and received_on = $2
       and exists (select from unnest($3::text[]) n where position(convert_to(n, 'UTF8') in body) > 0) returning key),
     p as (delete from pending where tenant_id = $1 and received_on = $2 and key in (select key from w))
     select count(*)::int removed from w`,
    [tenantId, day, needles],
  );
  return row?.removed ?? 0;
}

/** The rest, at once. Fails with a foreign key's error where a message came meanwhile. */
export async function removePerson(sql: TransactionSql, tenantId: string, person: Person): Promise<void> {
  const { id, addresses, conversations, needles } = person;
  const own = [tenantId, conversations];
  await run(sql, FORGET_EVENTS, [tenantId, conversations, [id, ...needles].map((word) => `%${word}%`)]);
  await run(sql, `delete from idempotency_keys where tenant_id = $1 and response::text like any($2::text[])`, [
    tenantId,
    [id, ...needles, ...conversations].map((word) => `%${word}%`),
  ]);
  await run(
    sql,
    `delete from externals where tenant_id = $1 and message_id is null and waiting::text like any($2::text[])`,
    [tenantId, [id, ...needles].map((word) => `%${word}%`)],
  );
  await run(sql, `delete from reactions where tenant_id = $1 and actor = $2`, [tenantId, id]);
  await run(
    sql,
    `delete from participants where tenant_id = $1 and (conversation_id = any($2::uuid[]) or address = any($3::text[]))`,
    [...own, addresses],
  );
  for (const table of ['reads', 'conversation_labels'])
    await run(sql, `delete from ${table} where tenant_id = $1 and conversation_id = any($2::uuid[])`, own);
  await run(
    sql,
    `delete from chat_addresses where tenant_id = $1 and chat_id in (select id from chats where tenant_id = $1 and conversation_id = any($2::uuid[]))`,
    own,
  );
  await run(sql, `delete from chats where tenant_id = $1 and conversation_id = any($2::uuid[])`, own);
  await run(sql, `delete from conversations where tenant_id = $1 and id = any($2::uuid[])`, own);
  await run(sql, `delete from merge_suggestions where tenant_id = $1 and $2 in (contact_id, other_id)`, [tenantId, id]);
  await run(sql, `delete from identities where tenant_id = $1 and contact_id = $2`, [tenantId, id]);
  await run(sql, `delete from contacts where tenant_id = $1 and id = $2`, [tenantId, id]);
}

/** Their numbers stay, for streams count them; of what they told only the conversation's id, which is gone. */
const FORGET_EVENTS = `update events set type = 'conversation.removed', data = '"type":"conversation.removed","at":"'
    || to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","conversationId":"' || conversation_id || '"'
  where tenant_id = $1 and conversation_id is not null and (conversation_id = any($2::uuid[]) or data like any($3::text[]))`;
