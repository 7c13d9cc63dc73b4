import type { Address, Pacing } from '@parley/channels/provider';
import type { AccountState, ProviderName } from '@parley/contracts/accounts';
import type { Content } from '@parley/contracts/content';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import type { deliveryKinds } from '@parley/db/schema/messages';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { groupBy } from '../lanes/batch';

/** An account as sending sees it. */
export interface AccountRow {
  tenant_id: string;
  id: string;
  name: string;
  provider: ProviderName;
  config: Record<string, unknown>;
  pacing: Pacing | null;
  state: AccountState;
  /** Paused by a person, stopped by us, without access, or its tenant is suspended. */
  stopped: boolean;
}

/** A head whose time has come: to be sent, or to be asked about. */
export interface DueRow {
  id: string;
  chat_id: string;
  status: number;
  /** Its call hands over a file. */
  file: boolean;
}

/** The tenant of an account that has something to send. */
export async function findTenant(sql: Sql, accountId: string): Promise<string | undefined> {
  const rows = await run<{ tenant_id: string }>(
    sql,
    'select tenant_id from deliveries where account_id = $1 and head limit 1',
    [accountId],
  );
  return rows[0]?.tenant_id;
}

/** An account of which so many due heads, at most, are wanted. `files`: also those that hand over a file. */
export interface Wanted {
  tenantId: string;
  id: string;
  limit: number;
  files: boolean;
}

/** One of these accounts, and its heads that are due, oldest first. */
export interface Due {
  account: AccountRow | undefined;
  heads: DueRow[];
}

const ACCOUNTS = `select a.tenant_id, a.id, a.name, a.provider, a.config, a.pacing, a.state,
    (a.paused_at is not null and a.state <> 'deleted' or a.state = 'needs_reauth' or t.status <> 'active') stopped
  from unnest($1::uuid[], $2::uuid[]) u(t, i) join accounts a on a.tenant_id = u.t and a.id = u.i join tenants t on t.id = a.tenant_id`;

const due = (which: string) => `select account_id, id, chat_id, status, file, due_at from deliveries
    where account_id = u.i and head and due_at <= to_timestamp($4::float8 / 1000) and ${which} order by due_at, id limit u.n`;
// Two arms, each with an index of its own: files that wait for a place must not be read each time.
const DUE_HEADS = `select h.account_id, h.id, h.chat_id, h.status, h.file
  from unnest($1::uuid[], $2::int[], $3::boolean[]) u(i, n, f) cross join lateral (
    (${due('u.f')}) union all (${due(`not u.f and (not file or status <> ${rank.queued})`)})) h
  order by h.due_at, h.id`;

/** Of each account what is due. */
export async function listDue(sql: Sql, wanted: Wanted[], nowMs: number): Promise<Map<Wanted, Due>> {
  const [tenants, ids, limits, files] = columns(
    wanted,
    (w) => w.tenantId,
    (w) => w.id,
    (w) => w.limit,
    (w) => w.files,
  );
  const [accounts, heads] = await Promise.all([
    run<AccountRow>(sql, ACCOUNTS, [tenants, ids]),
    run<DueRow & { account_id: string }>(sql, DUE_HEADS, [ids, limits, files, nowMs]),
  ]);
  const accountById = new Map(accounts.map((account) => [account.id, account]));
  const byAccount = groupBy(heads, (head) => head.account_id);
  return new Map(wanted.map((w) => [w, { account: accountById.get(w.id), heads: byAccount.get(w.id) ?? [] }]));
}

/** A delivery with all that its call needs. Times in ms. */
export interface OutboundRow {
  tenant_id: string;
  delivery_id: string;
  attempt_id: string;
  kind: (typeof deliveryKinds)[number];
  emoji: string | null;
  /** Of a reaction: ours until now. */
  reacted: string | null;
  message_id: string;
  chat_id: string;
  conversation_id: string;
  account_id: string;
  status: number;
  tries: number;
  started_ms: number | null;
  finished_ms: number | null;
  /** When it was sent or tried again, and later by the time that it stood behind a pause or a breaker. */
  queued_ms: number;
  content: Content;
  chat_kind: 'direct' | 'group';
  chat_address: string;
  contact_id: string | null;
  /** Names of a direct chat; a name that no identity has is without its kind. */
  addresses: { kind: Address['kind'] | null; address: string }[] | null;
  provider: ProviderName;
  account_name: string;
  account_state: AccountState;
  config: Record<string, unknown>;
  credentials: string;
  /** What is quoted or reacted to, as the provider knows it. */
  target_external: string | null;
  target_direction: string | null;
  target_content: Content | null;
  /** What the target quotes itself. */
  target_quote: { externalId: string | null } | null;
  target_authors: Address[] | null;
}

const people = (contact: string) =>
  `(select json_agg(json_build_object('kind', i.kind, 'address', i.address)) from identities i
     where i.tenant_id = d.tenant_id and i.contact_id = ${contact})`;

/** `source` yields `d`. The target and its id are worked out behind fences (`offset 0`), as `selectMessages` explains. */
const selectOutbound = (
  source: string,
) => `select d.tenant_id, d.id delivery_id, d.attempt_id, d.kind, d.emoji, case when d.kind = 'reaction' then (
      select r.emoji from reactions r where r.tenant_id = d.tenant_id and r.message_id = d.message_id and r.actor = 'us') end reacted,
    d.message_id, d.chat_id,
    d.conversation_id, d.account_id, d.status, d.tries, extract(epoch from at.started_at)::float8 * 1000 started_ms,
    extract(epoch from at.finished_at)::float8 * 1000 finished_ms,
    extract(epoch from d.expires_at - interval '24 hours')::float8 * 1000 queued_ms, m.content, ch.kind chat_kind,
    ch.external_id chat_address, ch.contact_id, (
      select json_agg(json_build_object('kind', i.kind, 'address', ca.address))
      from chat_addresses ca left join identities i on i.tenant_id = ca.tenant_id and i.contact_id = ch.contact_id and i.address = ca.address
      where ca.tenant_id = ch.tenant_id and ca.chat_id = ch.id) addresses,
    a.provider, a.name account_name, a.state account_state, a.config, a.credentials,
    coalesce((select x.external_id from externals x where x.tenant_id = d.tenant_id and x.message_id = q.id and x.account_id = d.account_id
      order by x.seen_at limit 1), case when d.kind = 'message' then m.quote->>'externalId' end) target_external,
    q.direction target_direction, q.content target_content, q.quote target_quote, ${people('q.sender_contact_id')} target_authors
  from ${source}
  join messages m on m.tenant_id = d.tenant_id and m.id = d.message_id
  join chats ch on ch.tenant_id = d.tenant_id and ch.id = d.chat_id
  join accounts a on a.tenant_id = d.tenant_id and a.id = d.account_id
  left join attempts at on at.tenant_id = d.tenant_id and at.id = d.attempt_id
  cross join lateral (select case when d.kind = 'reaction' then d.message_id else (m.quote->>'messageId')::uuid end id offset 0) w
  left join lateral (select id, direction, content, quote, sender_contact_id from messages where tenant_id = d.tenant_id and id = w.id offset 0) q on true`;

// `head` is wrapped, or a young database, whose statistics say nothing yet, finds these by reading every head of the install.
const CLAIM = `with picked as materialized (
    select d.tenant_id, d.id, u.attempt from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(t, i, attempt)
    join deliveries d on d.tenant_id = u.t and d.id = u.i
    where coalesce(d.head, false) and d.status = ${rank.queued} and d.due_at <= to_timestamp($4::float8 / 1000) and exists (
      select from accounts a join tenants n on n.id = a.tenant_id
      where a.tenant_id = d.tenant_id and a.id = d.account_id
        and (a.paused_at is null or a.state = 'deleted') and a.state <> 'needs_reauth' and n.status = 'active')
    for no key update of d skip locked),
  d as (update deliveries d set status = ${rank.sending}, attempt_id = p.attempt, tries = d.tries + 1, lease_until = to_timestamp($5::float8 / 1000),
      due_at = to_timestamp($5::float8 / 1000)
    from picked p where d.tenant_id = p.tenant_id and d.id = p.id returning d.*),
  i as (insert into attempts (tenant_id, id, delivery_id, chat_id, status, started_at)
    select tenant_id, attempt_id, id, chat_id, ${rank.sending}, now() from d)
  ${selectOutbound('d')}`;

export interface Claim {
  tenantId: string;
  deliveryId: string;
  attemptId: string;
}

/**
 * Takes heads that are still due: a new attempt each, with a lease. While it runs `due_at` is its end. It starts by
 * Postgres's clock, which also dates what providers tell of it.
 */
export async function claimHeads(sql: Sql, claims: Claim[], { nowMs, leaseMs }: { nowMs: number; leaseMs: number }) {
  return run<OutboundRow>(sql, CLAIM, [
    ...columns(
      claims,
      (c) => c.tenantId,
      (c) => c.deliveryId,
      (c) => c.attemptId,
    ),
    nowMs,
    nowMs + leaseMs,
  ]);
}

const EXTEND = `update deliveries set lease_until = to_timestamp($4::float8 / 1000), due_at = to_timestamp($4::float8 / 1000)
  where tenant_id = $1 and id = $2 and attempt_id = $3 and status = ${rank.sending} and lease_until > to_timestamp($5::float8 / 1000) returning id`;

/** A claim is held for longer: what it sends takes longer. False: it is over. */
export async function extendLease(
  sql: Sql,
  { tenantId, deliveryId, attemptId }: Claim,
  { nowMs, untilMs }: { nowMs: number; untilMs: number },
): Promise<boolean> {
  const rows = await run(sql, EXTEND, [tenantId, deliveryId, attemptId, untilMs, nowMs]);
  return rows.length > 0;
}

const TAKE = `with picked as materialized (
    select d.tenant_id, d.id from unnest($1::uuid[], $2::uuid[]) u(t, i) join deliveries d on d.tenant_id = u.t and d.id = u.i
    where coalesce(d.head, false) and d.status in (${rank.sending}, ${rank.unknown}) and d.due_at <= to_timestamp($3::float8 / 1000) for no key update of d skip locked),
  d as (update deliveries d set due_at = to_timestamp($4::float8 / 1000)
    from picked p where d.tenant_id = p.tenant_id and d.id = p.id returning d.*)
  ${selectOutbound('d')}`;

/** Takes heads whose lease lapsed or whose look-up is due, so that no other worker does so too until `untilMs`. */
export async function takeUnsettled(
  sql: Sql,
  keys: { tenantId: string; deliveryId: string }[],
  { nowMs, untilMs }: { nowMs: number; untilMs: number },
) {
  return run<OutboundRow>(sql, TAKE, [
    ...columns(
      keys,
      (k) => k.tenantId,
      (k) => k.deliveryId,
    ),
    nowMs,
    untilMs,
  ]);
}

/** One delivery of unknown outcome, whether its chat still waits for it or not. */
export async function findUnknown(sql: Sql, tenantId: string, deliveryId: string): Promise<OutboundRow | undefined> {
  const source = `(select * from deliveries where tenant_id = $1 and id = $2 and status = ${rank.unknown}) d`;
  const rows = await run<OutboundRow>(sql, selectOutbound(source), [tenantId, deliveryId]);
  return rows[0];
}

/** Chats that were too fast wait; so do their deliveries. */
export async function delayHeads(
  sql: Sql,
  list: { tenantId: string; deliveryId: string; dueAtMs: number }[],
): Promise<void> {
  await run(
    sql,
    `update deliveries d set due_at = to_timestamp(u.ms / 1000) from unnest($1::uuid[], $2::uuid[], $3::float8[]) u(t, i, ms)
     where d.tenant_id = u.t and d.id = u.i and d.head and d.status = ${rank.queued}`,
    columns(
      list,
      (one) => one.tenantId,
      (one) => one.deliveryId,
      (one) => one.dueAtMs,
    ),
  );
}

/** What is due waits behind a breaker or a pause; that time does not count towards giving up. */
export async function holdHeads(
  sql: Sql,
  account: { tenantId: string; id: string },
  { nowMs, untilMs }: { nowMs: number; untilMs: number },
): Promise<void> {
  await run(
    sql,
    `update deliveries d set expires_at = expires_at + (to_timestamp($3::float8 / 1000) - due_at), due_at = to_timestamp($3::float8 / 1000)
     where d.tenant_id = $4 and d.id in (select id from deliveries where account_id = $1 and head and status = ${rank.queued}
       and due_at <= to_timestamp($2::float8 / 1000) order by due_at limit 1000 for no key update skip locked)`,
    [account.id, nowMs, untilMs, account.tenantId],
  );
}

/** Accounts with something due for longer than that: their bell was lost. One index probe an account. */
export async function listForgottenAccounts(sql: Sql, dueBeforeMs: number): Promise<string[]> {
  const rows = await run<{ account_id: string }>(
    sql,
    `with recursive r as (
       (select account_id, due_at from deliveries where head order by account_id, due_at limit 1)
       union all
       select n.account_id, n.due_at from r cross join lateral (
         select account_id, due_at from deliveries where head and account_id > r.account_id order by account_id, due_at limit 1) n)
     select account_id from r where due_at < to_timestamp($1::float8 / 1000)`,
    [dueBeforeMs],
  );
  return rows.map((row) => row.account_id);
}
