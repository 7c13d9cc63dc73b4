import { explainRefusal, explainUnknown } from '@parley/channels/refusals';
import { providerOf } from '@parley/channels/registry';
import type { StoredFile } from '@parley/contracts/content';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { searchTextOf } from '../conversations/search-text';
import { previewOf, previewType, textOf } from '../messages/preview';
import { demoId } from './demo-id';
import type { Line, Login, Script } from './demo-script';

/** Rows by table, in the order in which they can be written. */
export type Rows = [table: string, rows: Record<string, unknown>[]][];

export interface Place {
  tenantId: string;
  account: { id: string; name: string };
  /** Of its chat: a phone, or a group's id. */
  address: string;
  /** Contacts by phone. */
  contacts: Map<string, string>;
  members: Record<Login, { id: string; name: string }>;
  /** When "0 minutes ago" was. */
  nowMs: number;
}

/** The same script gives the same ids in the same account, so that a second run finds the first. */
export const idsOf = (script: Script, accountId: string) => {
  const name = script.phone ?? script.name ?? '';
  return {
    conversation: demoId('conversation', accountId, name),
    chat: demoId('chat', accountId, name),
    line: (i: number) => demoId('line', accountId, name, String(i)),
    external: (i: number) => externalIdOf(script, demoId('line', accountId, name, String(i)), script.lines[i]),
  };
};

function externalIdOf({ provider }: Script, id: string, line: Line | undefined): string {
  const hex = id.replaceAll('-', '').toUpperCase();
  if (provider === 'cloud-api') return `wamid.DEMO${hex}`;
  return line?.by === 'customer' ? `3A${hex.slice(0, 18)}` : `3EB0${hex.slice(0, 18)}`;
}

/** Whether the customer ever got it. */
export const reached = (line: Line) =>
  line.status !== 'failed' && line.status !== 'unknown' && !line.by.startsWith('note:');

/** One conversation with all below it, as it would stand had it been lived through. */
export function rowsOf(script: Script, place: Place): Rows {
  const ids = idsOf(script, place.account.id);
  const { tenantId: tenant_id, account, address, contacts } = place;
  const base = { tenant_id, conversation_id: ids.conversation };
  const contactId = script.phone ? contacts.get(script.phone) : undefined;
  const kind = script.phone ? 'direct' : 'group';
  const told = script.lines.map((line, i) => ({ line, i, id: ids.line(i), ms: place.nowMs - line.ago * 60_000 }));
  const chat = {
    tenant_id,
    id: ids.chat,
    account_id: account.id,
    conversation_id: ids.conversation,
    kind,
    external_id: address,
  };
  const ours = told.filter(({ line }) => isAgents(line));
  const external = told.filter(({ line }) => reached(line));
  return [
    ['conversations', [conversationRow(script, place)]],
    ['chats', [{ ...chat, contact_id: contactId ?? null }]],
    ['chat_addresses', [{ tenant_id, account_id: account.id, address, chat_id: ids.chat }]],
    [
      'participants',
      (script.members ?? []).map((m) => ({ ...base, address: m.phone, name: m.name, admin: m.admin ?? false })),
    ],
    ['messages', told.map((one) => ({ ...base, chat_id: ids.chat, ...messageRow(script, place, one) }))],
    [
      'attachments',
      told.flatMap(({ line, i, id }) => {
        const file = fileOf(script, line, id);
        if (!file || line.content.type !== 'media') return [];
        const { kind, mimeType: declared_type, fileName: file_name } = line.content;
        const [due_at, expires_at] = [iso(place.nowMs), iso(place.nowMs + 86_400_000)];
        const handle = { messageId: ids.external(i) };
        const times = { due_at, expires_at };
        return [{ tenant_id, id: file.id, message_id: id, account_id: account.id, kind, declared_type, file_name, handle, ...times }]; // prettier-ignore
      }),
    ],
    [
      'message_edits',
      told.flatMap(({ line, id, ms }) =>
        line.was ? [{ tenant_id, message_id: id, at: iso(ms), content: { type: 'text', text: line.was } }] : [],
      ),
    ],
    [
      'reactions',
      told.flatMap(({ line, id, ms }) =>
        reactionRows(script, place, line).map((r) => ({ tenant_id, message_id: id, at: iso(ms + 60_000), ...r })),
      ),
    ],
    [
      'deliveries',
      ours.map(({ line, id, ms }) => ({
        ...base,
        id,
        account_id: account.id,
        chat_id: ids.chat,
        message_id: id,
        ...deliveryRow(place, line, id, ms),
      })),
    ],
    [
      'attempts',
      ours.map(({ line, i, id, ms }) => ({
        tenant_id,
        id: attemptOf(id),
        delivery_id: id,
        chat_id: ids.chat,
        status: rankOf(line),
        started_at: iso(ms),
        finished_at: iso(ms + 400),
        external_id: reached(line) ? ids.external(i) : null,
        reason: line.reason ?? null,
      })),
    ],
    [
      'externals',
      external.map(({ line, i, id, ms }) => ({
        tenant_id,
        account_id: account.id,
        scope: '',
        external_id: ids.external(i),
        message_id: id,
        attempt_id: isAgents(line) ? attemptOf(id) : null,
        status: line.by === 'customer' ? null : rankOf(line),
        status_at: line.by === 'customer' ? null : iso(ms + 2000),
        seen_at: iso(ms),
      })),
    ],
  ];
}

/** What the list shows, counted from the lines. */
function conversationRow(script: Script, { tenantId, account, members, nowMs, contacts, address }: Place) {
  const ids = idsOf(script, account.id);
  const { lines, status = 'open' } = script;
  const at = (line: Line | undefined) => (line ? nowMs - line.ago * 60_000 : null);
  const inbound = lines.filter((line) => line.by === 'customer');
  const shown = lines.filter((line) => !line.by.startsWith('note:'));
  const last = shown.at(-1);
  const answer = shown.findLastIndex((line) => line.by !== 'customer');
  const waiting = status === 'open' ? shown.slice(answer + 1)[0] : undefined;
  const first = at(lines[0]) ?? nowMs;
  const lastMs = at(last) ?? nowMs;
  const title = script.name ?? address;
  return {
    tenant_id: tenantId,
    id: ids.conversation,
    kind: script.phone ? 'direct' : 'group',
    account_id: account.id,
    chat_id: ids.chat,
    contact_id: (script.phone && contacts.get(script.phone)) ?? null,
    title,
    search_text: searchTextOf([title, address]),
    status,
    assignee_id: script.assignee ? members[script.assignee].id : null,
    received: inbound.length,
    answered: shown.slice(0, answer + 1).filter((line) => line.by === 'customer').length,
    waiting_since: iso(at(waiting)),
    last_inbound_at: iso(at(inbound.at(-1))),
    last_message_id: last ? ids.line(lines.indexOf(last)) : null,
    last_direction: last?.by === 'customer' ? 'inbound' : 'outbound',
    last_type: last ? (last.deleted ? 'deleted' : previewType(last.content)) : null,
    preview: last ? previewOf(last.content) : null,
    last_sender: last ? senderOf(script, members, last) : null,
    last_message_at: iso(lastMs),
    newest: Math.max(...lines.map((line) => positionOf(at(line) ?? 0))),
    dated: Math.max(0, ...inbound.map((line) => positionOf(at(line) ?? 0))),
    created_at: iso(first),
  };
}

interface Told {
  line: Line;
  id: string;
  ms: number;
}

function messageRow(script: Script, { members, contacts, account }: Place, { line, id, ms }: Told) {
  const inbound = line.by === 'customer';
  const isNote = line.by.startsWith('note:');
  const member = memberOf(members, line);
  const phone = script.phone ?? script.members?.[line.member ?? 0]?.phone ?? '';
  const quoted = line.quotes === undefined ? -1 : script.lines.findIndex((other) => other.key === line.quotes);
  const original = script.lines[quoted];
  const file = fileOf(script, line, id);
  const ids = idsOf(script, account.id);
  return {
    id,
    direction: inbound ? 'inbound' : isNote ? 'note' : 'outbound',
    content: file ? { ...line.content, file } : line.content,
    position: positionOf(ms),
    late: false,
    sender_contact_id: inbound ? (contacts.get(phone) ?? null) : null,
    sender_member_id: member?.id ?? null,
    sender_name: senderOf(script, members, line),
    origin: inbound || isNote ? null : member ? 'agent' : line.by,
    quote: original
      ? { messageId: ids.line(quoted), externalId: ids.external(quoted), author: null, text: textOf(original.content) }
      : null,
    forwarded: line.forwarded ?? false,
    dated: member ? null : positionOf(ms),
    created_at: iso(ms),
    edited_at: line.was ? iso(ms + 120_000) : null,
    deleted_at: line.deleted ? iso(ms + 60_000) : null,
    delivery: inbound || isNote ? null : rankOf(line),
    delivery_reason: line.reason ?? null,
    delivery_detail: detailOf(script, account.name, line),
    delivery_at: inbound || isNote ? null : iso(ms + 2000),
  };
}

/** A customer's file is still to be fetched, by what Evolution asks for; by what Meta does only the simulator knows. */
function fileOf({ provider }: Script, { by, content }: Line, messageId: string): StoredFile | undefined {
  if (provider !== 'evolution' || by !== 'customer' || content.type !== 'media') return undefined;
  return { id: demoId('file', messageId), state: 'pending', suspicious: false, detail: null };
}

function deliveryRow({ members }: Place, line: Line, id: string, ms: number) {
  return {
    kind: 'message',
    member_id: memberOf(members, line)?.id ?? null,
    status: rankOf(line),
    reason: line.reason ?? null,
    head: false,
    place: positionOf(ms),
    due_at: iso(ms),
    attempt_id: attemptOf(id),
    tries: 1,
    expires_at: iso(ms + 86_400_000),
    created_at: iso(ms),
  };
}

function reactionRows(script: Script, { contacts, members }: Place, line: Line) {
  const person = script.phone ? { name: script.name, phone: script.phone } : script.members?.[0];
  return (line.reactions ?? []).map(({ by, emoji }) =>
    by === 'us'
      ? { actor: 'us', name: members[script.assignee ?? 'agent'].name, emoji }
      : { actor: (person && contacts.get(person.phone)) ?? 'nobody', name: person?.name ?? null, emoji },
  );
}

function detailOf(script: Script, accountName: string, line: Line): string | null {
  const provider = providerOf(script.provider);
  if (line.status === 'failed') return explainRefusal(line.reason ?? null, { channel: provider.channel, accountName });
  return line.status === 'unknown' ? explainUnknown({ canAsk: 'findSent' in provider }) : null;
}

function memberOf(members: Place['members'], { by }: Line) {
  const login = by.replace('note:', '');
  return login in members ? members[login as Login] : undefined; // a key, as just seen
}

function senderOf(script: Script, members: Place['members'], line: Line): string | null {
  if (line.by !== 'customer') return memberOf(members, line)?.name ?? null;
  return script.phone ? (script.name ?? script.phone) : (script.members?.[line.member ?? 0]?.name ?? null);
}

const isAgents = ({ by }: Line) => ['admin', 'manager', 'agent', 'agent2'].includes(by);
const rankOf = (line: Line): number => rank[line.status ?? 'read'];
const attemptOf = (id: string) => demoId('attempt', id);
const positionOf = (ms: number) => Math.floor(ms) * 1000;
const iso = <T extends number | null>(ms: T): T extends null ? null : string =>
  (ms === null ? null : new Date(ms).toISOString()) as T extends null ? null : string; // as the argument is
