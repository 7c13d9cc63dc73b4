/** The bare way out: a message is its own intent, attempt and result. 0 waits, 1 is under way, 2 is sent. */
export const bareSendSchema = `
  create table outbox (
    id bigint generated always as identity primary key,
    account text not null, chat text not null, body text not null, accepted_at timestamptz not null default now(),
    status smallint not null default 0, begun_at timestamptz, external_id text) with (fillfactor = 70);
  create index outbox_open on outbox (account, chat, id) where status < 2`;

export interface BareSendSettings {
  databaseUrl: string;
  redisUrl: string;
  port: number;
  providerUrl: string;
}

export const bareSendSettings = (): BareSendSettings => JSON.parse(process.argv[2] ?? '{}') as BareSendSettings; // written by bare-sends.ts

export const sendChannels = { wake: 'bare:send', frames: 'bare:sent' };
