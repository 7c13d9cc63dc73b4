import type { Exported, exportedTypes } from '@parley/contracts/export';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

interface Source {
  table: string;
  /** Of the rest of its primary key, which is what pages go by. */
  key: string[];
  /** Written out, so that what is added later is not given away by itself. */
  fields: string[];
}

const sources: Record<(typeof exportedTypes)[number], Source> = {
  tenant: { table: 'tenants', key: [], fields: ['id', 'name', 'slug', 'logo', 'time_zone', 'language', 'created_at'] },
  role: { table: 'roles', key: ['id'], fields: ['id', 'name', 'permissions', 'sees_all', 'created_at'] },
  team: { table: 'teams', key: ['id'], fields: ['id', 'name'] },
  member: {
    table: 'members',
    key: ['id'],
    fields: ['id', 'name', 'role', 'role_id', 'account_ids', 'team_ids', 'active', 'availability', 'created_at'],
  },
  account: {
    table: 'accounts',
    key: ['id'],
    fields: ['id', 'provider', 'channel', 'name', 'address', 'state', 'config', 'created_at'],
  },
  label: { table: 'labels', key: ['id'], fields: ['id', 'name', 'hue'] },
  contact: { table: 'contacts', key: ['id'], fields: ['id', 'name', 'created_at'] },
  identity: { table: 'identities', key: ['kind', 'address'], fields: ['contact_id', 'kind', 'address', 'created_at'] },
  conversation: {
    table: 'conversations',
    key: ['id'],
    fields: [
      'id',
      'kind',
      'account_id',
      'contact_id',
      'title',
      'status',
      'assignee_id',
      'team_id',
      'last_message_at',
      'created_at',
    ],
  },
  conversation_label: {
    table: 'conversation_labels',
    key: ['conversation_id', 'label_id'],
    fields: ['conversation_id', 'label_id'],
  },
  participant: {
    table: 'participants',
    key: ['conversation_id', 'address'],
    fields: ['conversation_id', 'address', 'name', 'admin', 'left_at'],
  },
  chat: { table: 'chats', key: ['id'], fields: ['id', 'account_id', 'conversation_id', 'kind', 'external_id'] },
  message: {
    table: 'messages',
    key: ['id'],
    fields: [
      ...[
        'id',
        'conversation_id',
        'chat_id',
        'direction',
        'content',
        'sender_contact_id',
        'sender_member_id',
        'sender_name',
      ],
      ...['origin', 'quote', 'forwarded', 'position', 'dated', 'created_at', 'edited_at', 'deleted_at', 'delivery_at'],
    ],
  },
  file: {
    table: '(select * from attachments where message_id is not null) sent', // else a draft, or bytes that are on their way out
    key: ['id'],
    fields: ['id', 'message_id', 'kind', 'state', 'file_name', 'mime_type', 'size_bytes', 'suspicious', 'created_at'],
  },
  message_edit: { table: 'message_edits', key: ['message_id', 'at'], fields: ['message_id', 'at', 'content'] },
  reaction: {
    table: 'reactions',
    key: ['message_id', 'actor'],
    fields: ['message_id', 'actor', 'name', 'emoji', 'at'],
  },
};

/** Things of one type by their keys. `after`: the key of the last one before, exclusive; as Postgres writes it. */
export async function listExported(
  tx: TenantTx,
  type: Exported['type'],
  { after, limit }: { after: string[] | null; limit: number },
): Promise<{ key: string[]; thing: Exported }[]> {
  const { table, key, fields } = sources[type];
  const tenant = type === 'tenant' ? 'id' : 'tenant_id';
  const places = key.map((_, i) => `$${i + 3}`).join(', ');
  const beyond = after && key.length ? `and (${key.join(', ')}) > (${places})` : '';
  const pairs = fields.map((field) => `'${camel(field)}', ${field}`).join(', ');
  return run(
    tx.raw,
    `select array[${key.map((column) => `${column}::text`).join(', ')}]::text[] "key", jsonb_build_object('type', '${type}', ${pairs}) thing
     from ${table} where ${tenant} = $1 ${beyond} ${key.length ? `order by ${key.join(', ')}` : ''} limit $2`,
    [tx.tenantId, limit, ...(beyond ? (after ?? []) : [])],
  );
}

function camel(column: string): string {
  return column.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
