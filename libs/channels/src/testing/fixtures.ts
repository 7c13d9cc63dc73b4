import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ChannelEvent, WebhookCall } from '../provider';

/** One recorded call, and what it must become. `items` leaves out what is derived from the bytes. */
export interface Fixture {
  call: WebhookCall;
  items: { routingKey: string; groupKey?: string; chat?: string; at?: Date }[];
  events: ChannelEvent[];
}

/** All `fixtures/*.json` of a provider as rows for `test.each`. For tests alone. */
export function fixtures(provider: string): [name: string, fixture: Fixture][] {
  const folder = path.join(import.meta.dirname, '..', provider, 'fixtures');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.toSorted().map((file) => [file.replace('.json', ''), read(path.join(folder, file))]);
}

/** The body is written as the wire has it; times of ours are ISO 8601. */
function read(file: string): Fixture {
  const raw = JSON.parse(readFileSync(file, 'utf8')) as Fixture & { call: { body: unknown } }; // our own files
  const { body: written } = raw.call;
  const body = Buffer.from(typeof written === 'string' ? written : JSON.stringify(written)); // a form is written as it is
  return { call: { headers: raw.call.headers, body }, items: raw.items.map(revived), events: raw.events.map(revived) };
}

function revived<Row extends object>(row: Row): Row {
  const times = ['at', 'sentAt'].flatMap((name) => {
    const value = (row as Record<string, unknown>)[name]; // any row: looked at, not trusted
    return typeof value === 'string' ? [[name, new Date(value)]] : [];
  });
  return { ...row, ...(Object.fromEntries(times) as Partial<Row>) };
}
