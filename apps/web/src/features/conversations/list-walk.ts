import type { Conversation } from '@parley/contracts/conversations';

/** The list on the screen, for keys that walk it from anywhere. */
interface WalkableList {
  rows: readonly Conversation[];
  /** Brings a row into view and makes it the one that Tab reaches; with `focus`, puts the focus there. */
  goTo(conversation: Conversation, focus: boolean): void;
}

/** Shares the list on the screen with the keyboard: they sit far apart and the keys must read what is shown now. */
class ListWalk {
  private list: WalkableList | null = null;

  /** Returns how to withdraw. */
  offer(list: WalkableList): () => void {
    this.list = list;
    return () => {
      if (this.list === list) this.list = null;
    };
  }

  get rows(): readonly Conversation[] {
    return this.list?.rows ?? [];
  }

  goTo(conversation: Conversation, focus: boolean): void {
    this.list?.goTo(conversation, focus);
  }
}

export const listWalk = new ListWalk();

/** The row `step` further than `from`; at the edge of the list, none. From nowhere: the first. */
export function neighbour(rows: readonly Conversation[], from: string | null, step: 1 | -1): Conversation | undefined {
  const at = rows.findIndex(({ id }) => id === from);
  return at < 0 ? rows[0] : rows[at + step];
}

/** Who has waited longest among those that wait, after `from` if that one waits too; round again at the end. */
export function nextWaiting(rows: readonly Conversation[], from: string | null): Conversation | undefined {
  const waiting = rows
    .filter(({ waitingSince, status }) => waitingSince !== null && status === 'open')
    .sort((a, b) => Date.parse(a.waitingSince ?? '') - Date.parse(b.waitingSince ?? ''));
  const at = waiting.findIndex(({ id }) => id === from);
  const next = waiting[at + 1] ?? waiting[0];
  return next?.id === from ? undefined : next;
}
