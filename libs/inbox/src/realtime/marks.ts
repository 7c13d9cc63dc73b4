import type { Frame } from './frame';

/** Conversations whose marks are kept; more would hardly be asked for again. */
const MOST = 1000;

/** What members have seen of a conversation; who never marked it is left out. */
export type SeenBy = ReadonlyMap<string, number>;
/** Reads the marks of these members of these conversations, by conversation. */
export type ReadMarks = (memberIds: string[], conversationIds: string[]) => Promise<Map<string, SeenBy>>;

/**
 * Read marks of those who are told the same events, at the place up to which they were told: an event that carries a
 * conversation carries the member's own mark beside it. Kept once for all of them.
 */
export class Marks {
  private readonly seen = new Map<string, SeenBy>();
  private members: ReadonlySet<string> = new Set();

  constructor(private readonly read: ReadMarks) {}

  /** Gives frames, in the order of their events, the marks that go with each. What is not known yet is read in one go. */
  async give(frames: readonly Frame[], members: ReadonlySet<string>): Promise<void> {
    if (![...members].every((id) => this.members.has(id)) || this.seen.size > MOST) {
      this.seen.clear();
      this.members = members;
    }
    const spokenOf = new Set(frames.flatMap(({ marks }) => marks ?? []));
    const unknown = [...spokenOf].filter((id) => !this.seen.has(id));
    if (unknown.length) {
      const found = await this.read([...this.members], unknown);
      for (const id of unknown) this.seen.set(id, found.get(id) ?? new Map());
    }
    for (const frame of frames) this.giveOne(frame);
  }

  /** A map that was given away is never changed: frames before this one keep what stood then. */
  private giveOne(frame: Frame): void {
    const { read, marks } = frame;
    const before = read && this.seen.get(read.conversationId);
    if (before) this.seen.set(read.conversationId, new Map(before).set(read.memberId, read.seen));
    if (marks) frame.seenBy = this.seen.get(marks) ?? new Map();
  }
}
