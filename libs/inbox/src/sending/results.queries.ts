import type { AccountState } from '@parley/contracts/accounts';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { revealed, stopsAccount, type Finding } from './findings';
import { wordsForPlan, wordsForReauth } from './words';

const LOCK = `with t as materialized (
    select t, c from unnest($1::uuid[], $2::uuid[]) u(t, c)
    union
    select m.tenant_id, m.conversation_id from unnest($3::uuid[], $4::uuid[], $5::text[]) u(t, a, e)
      cross join lateral (select * from externals x where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e offset 0) x
      join messages m on m.tenant_id = x.tenant_id and m.id = x.message_id)
  select c.id from t join conversations c on c.tenant_id = t.t and c.id = t.c order by c.id for no key update of c`;

/** The mutexes, in id order: conversations of the findings, and of messages that stand with their ids already. */
export async function lockConversations(sql: Sql, findings: Finding[]): Promise<Set<string>> {
  const ids = findings.flatMap((f) => ('externalId' in f.outcome ? [{ ...f, externalId: f.outcome.externalId }] : []));
  const rows = await run<{ id: string }>(sql, LOCK, [
    ...columns(
      findings,
      (f) => f.tenantId,
      (f) => f.conversationId,
    ),
    ...columns(
      ids,
      (i) => i.tenantId,
      (i) => i.accountId,
      (i) => i.externalId,
    ),
  ]);
  return new Set(rows.map((row) => row.id));
}

const LEARN = `with u as (select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[]) u(t, k, d, p, a, c)),
  i as (insert into identities (tenant_id, kind, address, contact_id) select distinct t, k, d, p from u order by 1, 2, 3 on conflict do nothing)
  insert into chat_addresses (tenant_id, account_id, address, chat_id) select distinct t, a, d, c from u order by 1, 2, 3 on conflict do nothing`;

/** Names of chats that answers revealed. One that another contact or chat has stays there. */
export async function learnAddresses(sql: Sql, findings: Finding[]): Promise<void> {
  const list = findings.flatMap((f) => revealed(f).map((address) => ({ ...f, ...address })));
  if (!list.length) return;
  await run(
    sql,
    LEARN,
    columns(
      list,
      (f) => f.tenantId,
      (f) => f.kind,
      (f) => f.address,
      (f) => f.contactId,
      (f) => f.accountId,
      (f) => f.chatId,
    ),
  );
}

/** Who has an id that a look-up found: its attempt, and where its message came from. */
export async function findOwners(sql: Sql, findings: Finding[]) {
  const found = findings.flatMap((f) =>
    f.outcome.outcome === 'found' ? [{ ...f, externalId: f.outcome.externalId }] : [],
  );
  if (!found.length) return [];
  return run<{
    account_id: string;
    external_id: string;
    attempt_id: string | null;
    origin: string | null;
    direction: string | null;
  }>(
    sql,
    `select x.account_id, x.external_id, x.attempt_id, m.origin, m.direction from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, a, e)
     cross join lateral (select * from externals x where x.tenant_id = u.t and x.account_id = u.a and x.scope = '' and x.external_id = u.e offset 0) x
     left join messages m on m.tenant_id = x.tenant_id and m.id = x.message_id`,
    columns(
      found,
      (f) => f.tenantId,
      (f) => f.accountId,
      (f) => f.externalId,
    ),
  );
}

const STOP = `update accounts a set state = u.s, state_detail = u.w, state_at = to_timestamp(u.ms / 1000),
    paused_at = coalesce(a.paused_at, to_timestamp(u.ms / 1000))
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[]) u(t, i, s, w, ms)
  where a.tenant_id = u.t and a.id = u.i and a.state <> 'deleted' and (a.state <> u.s or a.paused_at is null)
  returning a.tenant_id, a.id`;

/** Stops accounts whose credentials were refused, or whose plan is used up, until a person goes on. Answers those that this stopped. */
export async function stopAccounts(sql: Sql, findings: Finding[]) {
  const refused = findings.filter(({ outcome }) => outcome.outcome === 'refused' && stopsAccount(outcome));
  const list = [...new Map(refused.map((f) => [f.accountId, f])).values()].sort((a, b) =>
    a.accountId < b.accountId ? -1 : 1,
  );
  if (!list.length) return [];
  const rows = await run<{ tenant_id: string; id: string }>(
    sql,
    STOP,
    columns(
      list,
      (f) => f.tenantId,
      (f) => f.accountId,
      (f) => standingAfter(f).state,
      (f) => standingAfter(f).detail,
      (f) => f.atMs,
    ),
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, id: row.id }));
}

function standingAfter(finding: Finding): { state: AccountState; detail: string } {
  const { outcome } = finding;
  if (outcome.outcome === 'refused' && outcome.account) return outcome.account;
  return outcome.outcome === 'refused' && outcome.reason === 'plan'
    ? { state: 'restricted', detail: wordsForPlan(finding) }
    : { state: 'needs_reauth', detail: wordsForReauth(finding) };
}
