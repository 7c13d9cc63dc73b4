/** Tables of the bare pipeline: what durable, once, in order and a list of conversations need, and nothing else. */
export const bareSchema = `
  create table inbox (
    seq bigint generated always as identity primary key,
    tenant int not null, account text not null, lane smallint not null, key text not null, body text not null,
    received_at timestamptz not null default now(), unique (account, key));
  create index inbox_lane on inbox (lane, seq);
  alter table inbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
  create table contacts (
    id bigint generated always as identity primary key,
    tenant int not null, phone text not null, name text, unique (tenant, phone));
  create table conversations (
    id bigint generated always as identity primary key,
    tenant int not null, account text not null, chat text not null, contact_id bigint not null,
    last_at timestamptz, preview text, unread int not null default 0, unique (account, chat)) with (fillfactor = 70);
  create index conversations_list on conversations (tenant, last_at desc, id desc);
  create table messages (
    id bigint generated always as identity primary key,
    tenant int not null, conversation_id bigint not null, account text not null, external_id text not null,
    body text not null, sent_at timestamptz not null, unique (account, external_id));
  create index messages_thread on messages (conversation_id, id desc)`;
