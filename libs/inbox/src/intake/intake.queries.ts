import { isUtf8 } from 'node:buffer';
import type { ProviderName } from '@parley/contracts/accounts';
import { columns, run, SEPARATOR, textColumn, textList } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

/** An account as intake knows it. */
export interface Destination {
  tenantId: string;
  accountId: string;
  provider: ProviderName;
  /** Sealed; empty for an account below an app. */
  webhookSecrets: string;
}

const destination = `tenant_id "tenantId", id "accountId", provider, webhook_secrets "webhookSecrets"`;

export async function findByRoutingKey(sql: Sql, routingKey: string): Promise<Destination | undefined> {
  const [row] = await sql.unsafe<Destination[]>(
    `select ${destination} from accounts where routing_key = $1`,
    [routingKey],
    { prepare: true },
  );
  return row;
}

/** All accounts that share a key, at most 500: a WABA has far fewer numbers. */
export async function listByGroupKey(sql: Sql, groupKey: string): Promise<Destination[]> {
  return sql.unsafe<Destination[]>(
    `select ${destination} from accounts where group_key = $1 and routing_key is not null limit 500`,
    [groupKey],
    { prepare: true },
  );
}

export interface ProviderApp {
  tenantId: string;
  id: string;
  /** Sealed. */
  secrets: string;
}

export async function findApp(sql: Sql, provider: ProviderName, key: string): Promise<ProviderApp | undefined> {
  const [row] = await sql.unsafe<ProviderApp[]>(
    `select tenant_id "tenantId", id, secrets from apps where provider = $1 and key = $2`,
    [provider, key],
    { prepare: true },
  );
  return row;
}

/** One item, addressed. */
export interface Arrival {
  tenantId: string;
  accountId: string;
  lane: number;
  /** Hash of account and the adapter's key. */
  key: string;
  chat: string | null;
  correlationId: string;
  body: Uint8Array;
}

/**
 * Keeps items in one autocommit statement. Arrival is µs of Postgres's clock × 2048 + place in the flush: an identity
 * would number them in the order of their keys.
 */
const KEEP = `with i as (
    select tenant_id, key, account_id, lane, chat, correlation_id, place,
      coalesce(case when plain then convert_to(body, 'UTF8') else decode(body, 'base64') end, '') body
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::int[], $8::boolean[], ${textList('$9')})
      u(tenant_id, key, account_id, lane, chat, correlation_id, place, plain, body)),
  w as (
    insert into webhooks (tenant_id, received_on, key, account_id, received_at, correlation_id, body)
    select tenant_id, (now() at time zone 'utc')::date, key, account_id, now(), correlation_id, body from i
    on conflict do nothing returning tenant_id, received_on, key)
  insert into pending (tenant_id, received_on, key, account_id, lane, arrival, chat)
  select w.tenant_id, w.received_on, w.key, i.account_id, i.lane, (extract(epoch from now()) * 1e6)::bigint * 2048 + i.place, i.chat
  from w join i using (tenant_id, key) on conflict do nothing`;

/** `arrivals` must be sorted by key, or two processes' flushes deadlock; `places` are their order of arrival. */
export async function keepArrivals(sql: Sql, arrivals: Arrival[], places: number[]): Promise<void> {
  const rows = arrivals.map((arrival, i) => ({ ...arrival, place: places[i] ?? 0, ...asText(arrival.body) }));
  await run(sql, KEEP, [
    ...columns(
      rows,
      (r) => r.tenantId,
      (r) => r.key,
      (r) => r.accountId,
      (r) => r.lane,
      (r) => r.chat,
      (r) => r.correlationId,
      (r) => r.place,
      (r) => r.plain,
    ),
    textColumn(rows.map((r) => r.text)),
  ]);
}

/**
 * Bytes as they go to Postgres: almost always they are text, which is half of what hexadecimal digits are and is taken
 * as it stands. What Postgres or the list could not hold goes as base64; of nothing at all the list has no element.
 */
function asText(body: Uint8Array): { text: string; plain: boolean } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const plain = isUtf8(bytes) && !bytes.includes(0) && !bytes.includes(SEPARATOR);
  return { text: bytes.toString(plain ? 'utf8' : 'base64'), plain };
}
