import type { RealtimeEvent } from '@parley/contracts/realtime';
import { AppError } from '@parley/platform/app-error';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { visibleTo } from '../conversations/sight';
import { Admission } from './admission';
import { EventLog, markKey } from './event-log';
import { Frame } from './frame';
import type { Reader } from './stream';

/** The events of the streams for who asks page by page. */
@Injectable()
export class EventPagesService {
  constructor(
    private readonly admission: Admission,
    private readonly events: EventLog,
  ) {}

  /** Without `after`: no events, and the head to go on from. Throws `cursor_gone` where a stream would be reset. */
  async page(
    ctx: MemberContext,
    { after, limit }: { after?: number | undefined; limit: number },
  ): Promise<{ items: RealtimeEvent[]; nextCursor: string }> {
    const { reader, reason, head } = await this.admission.admit(ctx, after);
    if (reason)
      throw new AppError(
        'cursor_gone',
        'These events are not kept any more, or what you may see has changed. Fetch everything again.',
      );
    if (after === undefined) return { items: [], nextCursor: String(head) };
    const { events } = await this.events.read(reader.tenantId, after, limit);
    const frames = events.map((event) => new Frame(event));
    const marks = await this.marksOf(reader, frames);
    const items = frames.flatMap((frame) => copyFor(reader, frame, marks));
    return { items, nextCursor: String(frames.at(-1)?.seq ?? after) };
  }

  private async marksOf({ tenantId, memberId }: Reader, frames: Frame[]): Promise<Map<string, number>> {
    const wanted = frames.flatMap(({ marks }) => (marks ? [{ memberId, conversationId: marks }] : []));
    return wanted.length ? this.events.marks(tenantId, wanted) : new Map();
  }
}

function copyFor({ memberId, sight }: Reader, frame: Frame, marks: Map<string, number>): RealtimeEvent[] {
  switch (visibleTo(sight, frame.audience, frame.now)) {
    case 'hide':
      return [];
    case 'remove':
      return [frame.toRemoved()];
    case 'show':
      if (!frame.marks) return [frame.toEvent()];
      return [frame.toEvent({ seen: marks.get(markKey({ memberId, conversationId: frame.marks })) ?? null })];
  }
}
