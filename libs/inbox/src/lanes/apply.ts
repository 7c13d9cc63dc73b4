import type { Sender } from '@parley/channels/provider';
import { deliveryRank } from '@parley/db/delivery-rank';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { loadSurroundings, type Surroundings } from '../conversations/conversation.view';
import { claimEchoes } from '../sending/echoes';
import { settleStatuses } from '../sending/settle';
import { applyAccountStates, countUnreadable } from './account-states';
import { addFiles, type ArrivingFile } from './arriving-files';
import { Retry, uniqueBy, type ChatState, type Outcome } from './batch';
import { lockChats, resolveChats, type Chats } from './chats';
import { applyContacts, applyLinks } from './contacts';
import { Externals } from './externals';
import { eventsOf, typingOf, type Heard } from './facts';
import { applyParticipants, applyTitles, touchListed } from './groups';
import { readIgnored, withoutIgnored } from './ignored-groups';
import { BURY_PENDING, DELAY_PENDING, type PendingRow } from './lanes.queries';
import { readMoves } from './moves';
import { namelessOf, nameLines } from './nameless';
import { readIdentities, resolvePeople, type People } from './people';
import { placeMessages } from './place';
import { fillUnreadable } from './replay';
import { newMessages, summarise, systemLine } from './thread';
import { applyToldChanges } from './told-changes';
import { datedUs, isTold, type Told, type ToldOf } from './told';
import { recallGroups, rememberGroups } from './unmet-groups';
import { replaceUnsupported } from './unsupported';
import { createdMs } from './views';
import { write, type NewMessage } from './write';

/** A row that cannot be applied, and why. */
export interface Dead extends Pick<PendingRow, 'tenant_id' | 'received_on' | 'key' | 'account_id' | 'chat'> {
  why: string;
}

export interface Batch {
  rows: PendingRow[];
  told: Told[];
  dead: Dead[];
  nowUs: number;
}

/**
 * Applies a batch inside its transaction, in a number of statements that does not depend on its size. Locks are taken in
 * the order of every writer: conversations, identities, externals, children, and (by the caller) event heads.
 */
export async function applyBatch(sql: Sql, whole: Batch): Promise<Outcome> {
  const { nowUs } = whole;
  const nowMs = Math.floor(nowUs / 1000);
  const [locked, identities, ignored] = await Promise.all([
    lockChats(sql, whole.told),
    readIdentities(sql, whole.told),
    readIgnored(sql, whole.told),
  ]);
  const batch = { ...whole, told: withoutIgnored(whole.told, ignored, locked) };
  const people = await resolvePeople(sql, batch.told, identities);
  const chats = await resolveChats(sql, batch.told, locked, people, createdMs(nowUs));

  const recalled = await recallGroups(sql, batch.told, chats);

  const { told, claims, waiting } = await matchEchoes(sql, [...recalled, ...batch.told], chats, nowMs);
  const externals = new Externals(told, chats, claims, nowMs);
  const [surroundings, moves] = await Promise.all([
    told.some(isTold('message.received')) ? surroundingsOf(sql, chats) : null,
    readMoves(
      sql,
      told.filter((one) => !recalled.includes(one)),
      chats,
    ),
    externals.upsert(sql),
  ]);
  assertLocked(externals, chats);

  const refilled = await fillUnreadable(sql, told, externals, chats);
  const readable = await replaceUnsupported(sql, told, externals);
  const news = newMessages(told, chats, externals, people, nowUs).filter((m) => !refilled.changed.has(m.id));
  const placed = await place(sql, news, told, externals, nowMs);
  const lines = groupLines(told, { chats, people, moves }, nowUs);
  await placeMessages(sql, lines);
  for (const line of lines) line.chat.conversation.touched = true;
  applyTitles(told, chats);
  touchListed(told, chats);

  const all = [...placed, ...lines];
  const conversations = [...chats.conversations.values()].filter((c) => c.touched);
  const done = batch.rows.filter((row) => !waiting.has(row) && !batch.dead.some((d) => d.key === row.key));
  const files = [...filesOf(placed), ...refilled.files, ...readable.files];
  const written = Promise.all([
    write(sql, { messages: all, conversations, done }),
    files.length ? addFiles(sql, files, nowMs) : null,
    keepRows(sql, batch, waiting),
  ]);
  written.catch(() => {}); // heard below, or with the COMMIT
  try {
    const changed = await applyToldChanges(sql, told, externals, people, nowUs);
    const settled = await settle(sql, told, externals, nowMs);
    await applyParticipants(sql, told.filter(isTold('participants.changed')), chats, nowMs);
    await rememberGroups(sql, told, chats);
    const grown = [...people.grown, ...(await applyLinks(sql, told))];
    const acquainted = await applyContacts(sql, told, { renamed: people.renamed(), grown }, chats);
    const named = await nameLines(sql, told, chats);
    const accounts = await applyAccountStates(sql, told, nowMs);
    const unreadable = await countUnreadable(
      sql,
      batch.dead.filter((row) => !placed.some((m) => m.webhookKey === row.key)),
    );
    const events = await eventsOf(sql, {
      news: all,
      changed: uniqueBy([...changed, ...refilled.changed.values(), ...readable.changed, ...named], (c) => c.messageId),
      settled,
      chats,
      acquainted,
      accounts: uniqueBy([...accounts, ...unreadable], (a) => a.id),
      surroundings,
      nowUs,
    });
    return {
      events,
      ephemeral: typingOf(told, chats),
      ring: [...new Set(settled.map((s) => s.accountId))],
      nameless: namelessOf(told, chats, people, nowMs),
      delayed: waiting.size > 0,
      written,
    };
  } catch (error) {
    await written; // what failed first tells why: the statements behind it only say that they were not run
    throw error;
  }
}

function surroundingsOf(sql: Sql, chats: Chats): Promise<Surroundings> {
  const accounts = [...chats.all()].map(({ tenantId, accountId }) => ({ tenantId, id: accountId }));
  return loadSurroundings(
    sql,
    chats.known(),
    uniqueBy(accounts, (a) => a.id),
  );
}

/**
 * Our own messages that come back: one that an attempt of ours made is absorbed; while an attempt of its chat still runs,
 * it waits for its answer, and its whole row with it.
 */
async function matchEchoes(sql: Sql, told: Told[], chats: Chats, nowMs: number) {
  const echoes = told
    .filter(isTold('message.received'))
    .filter((one) => one.event.own === 'api' || one.event.own === 'unknown');
  const claims = new Map<Told, string>();
  const waiting = new Set<PendingRow>();
  const asked = echoes.flatMap((one) => {
    const chat = chats.of(one);
    return chat ? [{ one, chat }] : [];
  });
  if (asked.length) {
    const answers = await claimEchoes(
      sql,
      asked.map(({ one, chat }) => ({
        tenantId: one.tenantId,
        accountId: one.accountId,
        chatId: chat.id,
        externalId: one.event.externalId,
        content: one.event.content,
        sentAt: one.event.sentAt,
        receivedAt: new Date(nowMs - one.row.age_us / 1000),
        history: one.event.history === true,
      })),
    );
    answers.forEach(({ absorbedBy, wait }, i) => {
      const one = asked[i]?.one;
      if (one && wait) waiting.add(one.row);
      else if (one && absorbedBy) claims.set(one, absorbedBy);
    });
  }
  return { told: told.filter((one) => !waiting.has(one.row)), claims, waiting };
}

/** A message that was committed after our lock has a conversation that we do not hold: all again. */
function assertLocked(externals: Externals, chats: Chats): void {
  for (const { found } of externals.all()) {
    if (found?.conversation_id && !chats.conversations.has(found.conversation_id))
      throw new Retry('its message came after our lock');
  }
}

async function place(
  sql: Sql,
  news: NewMessage[],
  told: Told[],
  externals: Externals,
  nowMs: number,
): Promise<NewMessage[]> {
  await placeMessages(sql, news);
  const sources = new Map<string, Told>();
  for (const one of told) {
    const id = externals.of(one)?.newMessageId;
    if (id && !sources.has(id)) sources.set(id, one);
  }
  return news.flatMap((message) => {
    const one = sources.get(message.id);
    const line = one ? summarise(message, one, nowMs) : null;
    return line ? [line, message] : [message];
  });
}

function filesOf(messages: NewMessage[]): ArrivingFile[] {
  return messages.flatMap(({ id: messageId, chat: { tenantId, accountId }, content, handle }) =>
    handle ? [{ tenantId, accountId, messageId, content, handle }] : [],
  );
}

const groupEvents = {
  add: 'participants_added',
  remove: 'participants_removed',
  promote: 'participants_promoted',
  demote: 'participants_demoted',
} as const;

/** Lines that say who came and went, what the group is called now, and that a number changed. */
function groupLines(
  told: Told[],
  { chats, people, moves }: { chats: Chats; people: People; moves: Map<Told, ToldOf<'participants.changed'>[]> },
  nowUs: number,
): NewMessage[] {
  return told.flatMap((one) => {
    const chat = chats.of(one);
    if (!chat) return [];
    if (isTold('participants.changed')(one))
      return (moves.get(one) ?? []).flatMap((move) => memberLine(move, chat, people, nowUs));
    if (isTold('chat.renamed')(one) && isRenamed(one, chat)) {
      return [
        systemLine(one, chat, { type: 'system', event: 'title_changed', by: null, to: [one.event.title] }, nowUs),
      ];
    }
    if (isTold('contact.linked')(one)) {
      return [
        systemLine(
          one,
          chat,
          {
            type: 'system',
            event: 'number_changed',
            by: one.event.known.address,
            to: one.event.now.map((a) => a.address),
          },
          nowUs,
        ),
      ];
    }
    return [];
  });
}

/** Nothing where nobody has as much as an address. */
function memberLine(one: ToldOf<'participants.changed'>, chat: ChatState, people: People, nowUs: number): NewMessage[] {
  const { action, members, by, at } = one.event;
  if (action === 'replace') return [];
  const nameOf = ({ name, addresses }: Sender) =>
    name ?? people.find(one.tenantId, addresses)?.name ?? addresses[0]?.address ?? '';
  const to = members.map(nameOf).filter(Boolean);
  if (!to.length) return [];
  const content = { type: 'system', event: groupEvents[action], by: (by && nameOf(by)) || null, to } as const;
  return [{ ...systemLine(one, chat, content, nowUs), dated: datedUs(at, nowUs), hasDate: at !== null }];
}

/** Until its name is known a group is called by its id: learning it is no change. */
function isRenamed({ event: { title, chat } }: ToldOf<'chat.renamed'>, { conversation }: ChatState): boolean {
  return title !== conversation.title && conversation.title !== chat.externalId;
}

/** Rows that stay in the queue: they wait for something, or nobody can read them. */
function keepRows(sql: Sql, { dead }: Batch, waiting: Set<PendingRow>) {
  const keys = (list: Pick<PendingRow, 'tenant_id' | 'received_on' | 'key'>[]) =>
    columns(
      list,
      (r) => r.tenant_id,
      (r) => r.received_on,
      (r) => r.key,
    );
  return Promise.all([
    waiting.size ? run(sql, DELAY_PENDING, keys([...waiting])) : null,
    dead.length ? run(sql, BURY_PENDING, [...keys(dead), ...columns(dead, (d) => d.why)]) : null,
  ]);
}

/** Statuses of this batch, the word that an echo is, and statuses that had waited for their message. */
async function settle(sql: Sql, told: Told[], externals: Externals, nowMs: number): Promise<Heard[]> {
  const correlations = new Map(
    told.flatMap((one) => {
      const external = externals.of(one);
      return external ? [[external, one.correlationId] as const] : [];
    }),
  );
  const words = externals.all().filter((x) => x.found && (x.rank !== null || x.claimedMessageId !== null));
  if (!words.length) return [];
  const changed = await settleStatuses(
    sql,
    words.map((x) => ({
      tenantId: x.tenantId,
      accountId: x.accountId,
      externalId: x.externalId,
      rank: Math.max(x.found?.status ?? 0, x.rank ?? deliveryRank.accepted),
      at: new Date(x.rankAtMs ?? nowMs),
      reason: x.reason,
      detail: x.detail,
    })),
  );
  const byMessage = new Map(words.map((x) => [x.found?.message_id, correlations.get(x) ?? null] as const));
  return changed.map((c) => ({ ...c, correlationId: byMessage.get(c.messageId) ?? null }));
}
