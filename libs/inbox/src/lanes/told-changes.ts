import type { Sql } from '@parley/db/sql';
import { uniqueBy } from './batch';
import {
  applyDeletions,
  applyEdits,
  applyReactions,
  supersedes,
  type Changed,
  type Deletion,
  type Edit,
  type Reaction,
} from './changes';
import type { External, Externals } from './externals';
import type { People } from './people';
import { datedUs, isTold, type Told } from './told';

/** Edits, deletions and reactions: to messages that are here; what comes before its message waits with its external. */
export async function applyToldChanges(
  sql: Sql,
  told: Told[],
  externals: Externals,
  people: People,
  nowUs: number,
): Promise<Changed[]> {
  const edits: Edit[] = [];
  const deletions: Deletion[] = [];
  const reactions: Reaction[] = [];
  const orphans = new Set<External>();
  for (const one of told) {
    const external = externals.of(one);
    if (!external?.found) continue;
    const { found } = external;
    const target = { tenantId: one.tenantId, messageId: found.message_id ?? '', correlationId: one.correlationId };
    const here = found.message_id !== null;
    if (isTold('message.edited')(one)) {
      const edit = { atMs: datedUs(one.event.at, nowUs) / 1000, content: one.event.content };
      if (here) edits.push({ ...target, ...edit });
      else if ((found.waiting?.edit?.atMs ?? 0) <= edit.atMs) keep(external, orphans).edit = edit;
    } else if (isTold('message.deleted')(one)) {
      if (here) deletions.push({ ...target, atMs: datedUs(one.event.at, nowUs) / 1000 });
    } else if (isTold('message.reacted')(one)) {
      const contact = one.event.own ? undefined : people.find(one.tenantId, one.event.from.addresses);
      const actor = one.event.own ? 'us' : contact?.id;
      if (!actor) continue;
      const reaction = {
        name: contact?.name ?? one.event.from.name ?? null,
        emoji: one.event.emoji,
        atMs: datedUs(one.event.at, nowUs) / 1000,
        ...(one.event.was !== undefined && { was: one.event.was }),
      };
      if (here) reactions.push({ ...target, actor, ...reaction });
      else keepReaction(external, orphans, actor, reaction);
    } else if (isTold('delivery.updated')(one) && !here) {
      keep(external, orphans).status = { reason: external.reason, detail: external.detail };
    } else if (external.newMessageId === found.message_id && found.waiting) {
      const { edit, reactions: early } = found.waiting;
      if (edit) edits.push({ ...target, ...edit });
      for (const [actor, reaction] of Object.entries(early ?? {})) reactions.push({ ...target, actor, ...reaction });
    }
  }
  await externals.wait(sql, [...orphans]);
  const ids = new Set<string>();
  if (edits.length) for (const id of await applyEdits(sql, edits)) ids.add(id);
  if (deletions.length) for (const id of await applyDeletions(sql, deletions)) ids.add(id);
  if (reactions.length) for (const id of await applyReactions(sql, reactions)) ids.add(id);
  return uniqueBy([...edits, ...deletions, ...reactions], (c) => c.messageId).filter((c) => ids.has(c.messageId));
}

function keep(external: External, orphans: Set<External>) {
  orphans.add(external);
  const found = external.found ?? { waiting: null };
  return (found.waiting ??= {});
}

function keepReaction(
  external: External,
  orphans: Set<External>,
  actor: string,
  reaction: { name: string | null; emoji: string | null; atMs: number; was?: string },
): void {
  const reactions = (keep(external, orphans).reactions ??= {});
  const known = reactions[actor];
  if (!known || supersedes(reaction, known)) reactions[actor] = reaction;
}
