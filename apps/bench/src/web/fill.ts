import type postgres from 'postgres';

export interface FilledConversation {
  tenantId: string;
  id: string;
  chatId: string;
}

interface FillOptions {
  tenantId: string;
  accountId: string;
  conversations: number;
  messagesEach: number;
}

const TEXT = 'Could you tell me where my order is? It was to come on Tuesday.';

/** An id told by a name, with the version and variant that make it valid. */
const idOf = (name: string) =>
  `overlay(overlay(md5($1 || ' ${name} ' || n) placing '4' from 13) placing '8' from 17)::uuid as ${name}`;

/** Of `$1` the tenant, `$2` how many: the n-th conversation, its ids told by its number. */
const source = `(
  select n, ${idOf('conversation')}, ${idOf('chat')}, ${idOf('contact')}, '+1202' || (5000000 + n) as phone, 'Customer ' || lpad(n::text, 5, '0') as name,
    at, (extract(epoch from at) * 1e6)::bigint as micros
  from generate_series(1, $2::int) n, lateral (select date_trunc('minute', now()) - n * interval '1 minute' as at) times
) filled`;

/**
 * An inbox as it is after months: open conversations one minute apart, nobody's, each with a few messages of one customer.
 * A few seconds for 10,000. Answers the newest first.
 */
export async function fillInbox(sql: postgres.Sql, options: FillOptions): Promise<FilledConversation[]> {
  const { tenantId, accountId, conversations, messagesEach } = options;
  const make = (statement: string, ...more: (string | number)[]) =>
    sql.unsafe(statement, [tenantId, conversations, ...more]);

  await make(
    `insert into contacts (tenant_id, id, name, named_by) select $1::uuid, contact, name, 'provider' from ${source}`,
  );
  await make(
    `insert into identities (tenant_id, kind, address, contact_id) select $1::uuid, 'phone', phone, contact from ${source}`,
  );
  await make(
    `insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, received, waiting_since,
       last_inbound_at, last_direction, last_type, preview, last_message_at, newest, dated)
     select $1::uuid, conversation, 'direct', $3::uuid, chat, contact, name, lower(name) || ' ' || phone, $4::int, at,
       at, 'inbound', 'text', $5, at, micros, micros from ${source}`,
    accountId,
    messagesEach,
    TEXT,
  );
  await make(
    `insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
     select $1::uuid, chat, $3::uuid, conversation, 'direct', phone, contact from ${source}`,
    accountId,
  );
  await make(
    `insert into chat_addresses (tenant_id, account_id, address, chat_id) select $1::uuid, $3::uuid, phone, chat from ${source}`,
    accountId,
  );
  await make(
    `insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_contact_id, position, dated)
     select $1::uuid, gen_random_uuid(), conversation, chat, 'inbound', jsonb_build_object('type', 'text', 'text', $4::text), contact,
       micros - m * 30000000, micros - m * 30000000 from ${source}, generate_series(0, $3::int - 1) m`,
    messagesEach,
    TEXT,
  );
  const rows = await make(`select conversation as id, chat as "chatId" from ${source} order by n`);
  await sql`analyze conversations`;
  return rows.map(({ id, chatId }) => ({ tenantId, id: String(id), chatId: String(chatId) }));
}
