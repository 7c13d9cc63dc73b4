import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { uniqueBy } from './batch';
import type { lockChats } from './chats';
import { chatOf, isTold, type Told } from './told';

const IGNORED = `select a.id account_id, u.g group_id from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, i, g)
  join accounts a on a.tenant_id = u.t and a.id = u.i where a.ignores_groups and u.g <> all (a.allowed_groups)`;

/** Groups of a batch that their accounts leave out, as `account group`. Asks nothing where nothing was said in any. */
export async function readIgnored(sql: Sql, told: Told[]): Promise<Set<string>> {
  const groups = uniqueBy(
    told.flatMap((one) => {
      const groupId = groupIdOf(one);
      return groupId === undefined ? [] : [{ tenantId: one.tenantId, accountId: one.accountId, groupId }];
    }),
    (group) => keyOf(group.accountId, group.groupId),
  );
  if (!groups.length) return new Set();
  const rows = await run<{ account_id: string; group_id: string }>(
    sql,
    IGNORED,
    columns(
      groups,
      (group) => group.tenantId,
      (group) => group.accountId,
      (group) => group.groupId,
    ),
  );
  return new Set(rows.map((row) => keyOf(row.account_id, row.group_id)));
}

/**
 * What is left when ignored groups are left out: their rows are done, and make no message, no conversation and nobody a
 * contact. What was sent from here into one that has a conversation still hears what became of it.
 */
export function withoutIgnored(told: Told[], ignored: Set<string>, locked: Awaited<ReturnType<typeof lockChats>>) {
  if (!ignored.size) return told;
  const known = new Set(
    locked.flatMap((row) =>
      row.chat_kind === 'group' && row.address !== null ? [keyOf(row.chat_account_id, row.address)] : [],
    ),
  );
  return told.filter((one) => {
    const groupId = groupIdOf(one);
    const key = groupId === undefined ? '' : keyOf(one.accountId, groupId);
    if (!ignored.has(key)) return true;
    if (one.event.type === 'unreadable') return !known.has(key); // its address may be a person's
    return (
      known.has(key) && isTold('message.received')(one) && (one.event.own === 'api' || one.event.own === 'unknown')
    );
  });
}

function groupIdOf(one: Told): string | undefined {
  if (one.event.type === 'unreadable') return one.event.chat;
  const chat = chatOf(one);
  return chat?.kind === 'group' ? chat.externalId : undefined;
}

const keyOf = (accountId: string, groupId: string) => `${accountId} ${groupId}`;
