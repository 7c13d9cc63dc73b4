import { WARM_MS } from '@parley/testing/rig/verdict';
import type { LiveAccount } from '@parley/testing/system/system';
import type { Scene } from '../case';

/** From the provider's first call to the screen of the first client that shows the message, once all is warm; of calls in that time, ms. */
export async function roadTimes(
  { fleet, load, watchers }: Scene,
  isMeant: (account: LiveAccount) => boolean,
  from = 0,
  to = Infinity,
): Promise<number[]> {
  const sentAt = new Map(
    [...fleet.journal.hooks.values()].flatMap((hook) => hook.externalIds.map((id) => [id, hook.sentAt])),
  );
  const rows = await fleet.sql<{ id: string; text: string }[]>`
    select id, content->>'text' as text from messages where direction = 'inbound' and starts_with(content->>'text', ${`in ${load.run} `})`;
  const ids = new Map(rows.map(({ id, text }) => [text, id]));
  const shownAt = new Map<string, number>();
  for (const { type, messageId, at } of watchers.clients.flatMap(({ frames }) => frames))
    if (type === 'message.created' && messageId)
      shownAt.set(messageId, Math.min(at, shownAt.get(messageId) ?? Infinity));
  return load.written.flatMap(({ chat, text, externalId }) => {
    const account = load.chats[chat]?.account;
    const [sent, shown] = [sentAt.get(externalId), shownAt.get(ids.get(text) ?? '')];
    const counts = sent !== undefined && sent >= Math.max(from, load.startedAt + WARM_MS) && sent < to;
    return account && isMeant(account) && counts && shown !== undefined ? [shown - sent] : [];
  });
}
