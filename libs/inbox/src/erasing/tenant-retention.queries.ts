import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { deleteConversations, deleteMessages } from './contact-eraser.queries';

const MESSAGES = 500;
const WEBHOOKS = 1000;

/** What a tenant does not keep for ever. */
export interface Keeping {
  id: string;
  resolvedDays: number | null;
  webhookDays: number | null;
}

export const KEEPING = `select id, keep_resolved_days "resolvedDays", keep_webhook_days "webhookDays" from tenants
  where status <> 'deleting' and num_nonnulls(keep_resolved_days, keep_webhook_days) > 0 order by id`;

/** Nothing was said in it for so many days, nor has anybody opened, resolved or handed it on. */
const isOver = `status = 'resolved' and last_message_at < now() - make_interval(days => $2::int)
  and newest < (extract(epoch from now() - make_interval(days => $2::int)) * 1e6)::bigint`;

interface Over {
  id: string;
  accountId: string;
  assigneeId: string | null;
  teamId: string | null;
}

/** Some of the conversations that are not kept any longer, held; those that somebody else holds come another time. */
export function lockOver(
  sql: Sql,
  tenantId: string,
  { days, limit }: { days: number; limit: number },
): Promise<Over[]> {
  return run<Over>(
    sql,
    `select id, account_id "accountId", assignee_id "assigneeId", team_id "teamId" from conversations
     where tenant_id = $1 and ${isOver} order by last_message_at, id limit $3 for no key update skip locked`,
    [tenantId, days, limit],
  );
}

/** Removes some of a conversation, the oldest first, in the end itself. False: there is no more to remove, or it goes on since. */
export async function removeOver(
  sql: Sql,
  tenantId: string,
  { id, days }: { id: string; days: number },
): Promise<boolean> {
  const [held] = await run(
    sql,
    `select 1 from conversations where tenant_id = $1 and ${isOver} and id = $3 for no key update`,
    [tenantId, days, id],
  );
  if (!held) return false;
  const messages = await run<{ id: string }>(
    sql,
    `select id from messages where tenant_id = $1 and conversation_id = $2 order by position, id limit ${MESSAGES}`,
    [tenantId, id],
  );
  await deleteMessages(sql, tenantId, messages.map((message) => message.id)); // prettier-ignore
  if (messages.length === MESSAGES) return true;
  await deleteConversations(sql, tenantId, [id]);
  return false;
}

/** What waits to be applied stays; what could not be applied goes with its dead letter. */
const REMOVE_WEBHOOKS = `with p as materialized (select received_on, key from webhooks
      where tenant_id = $1 and received_on < (now() at time zone 'utc')::date - $2::int and (received_on, key) > ($3::date, $4::uuid)
      order by received_on, key limit ${WEBHOOKS}),
    q as (delete from pending q using p where q.tenant_id = $1 and q.received_on = p.received_on and q.key = p.key and q.dead is not null),
    w as (delete from webhooks w using p where w.tenant_id = $1 and w.received_on = p.received_on and w.key = p.key and not exists (
      select from pending l where l.tenant_id = $1 and l.received_on = p.received_on and l.key = p.key and l.dead is null))
  select received_on::text "day", key from p order by received_on desc, key desc limit 1`;

/** Of a webhook. */
export interface Key {
  day: string;
  key: string;
}

/** A page behind a key. Answers the key of its last; undefined: there was none. */
export async function removeWebhooks(
  sql: Sql,
  tenantId: string,
  { days, after }: { days: number; after: Key },
): Promise<Key | undefined> {
  const [last] = await run<Key>(sql, REMOVE_WEBHOOKS, [tenantId, days, after.day, after.key]);
  return last;
}
