import type { Audience } from '@parley/platform/events';
import { expect, it } from 'vitest';
import { Frame } from './frame';
import { Joined } from './joined';
import { Marks, type SeenBy } from './marks';

const AT = '2026-01-01T00:00:00.000Z';
const conversation = (conversationId: string): Audience => ({
  to: 'conversation',
  conversationId,
  accountId: 'account',
  assigneeId: null,
  teamId: null,
});

const written = (seq: number, id: string) =>
  new Frame({
    seq,
    correlationId: null,
    audience: conversation(id),
    data: `"type":"message.created","at":"${AT}","message":{}`,
  });
const seen = (seq: number, id: string, memberId: string, count: number) =>
  new Frame({
    seq,
    correlationId: null,
    audience: { to: 'member', memberId, conversationId: id },
    data: `"type":"conversation.read","at":"${AT}","conversationId":"${id}","seen":${count}`,
  });

/** Marks as Postgres has them, and how often it was asked. */
function stored(marks: Record<string, Record<string, number>>) {
  const asked: string[][] = [];
  const read = (_members: string[], conversations: string[]) => {
    asked.push(conversations);
    const found = conversations.flatMap((id): [string, SeenBy][] =>
      marks[id] ? [[id, new Map(Object.entries(marks[id]))]] : [],
    );
    return Promise.resolve(new Map(found));
  };
  return { asked, marks: new Marks(read) };
}

const meIn = (frame: Frame, memberId: string) =>
  (
    JSON.parse(frame.shownTo({ memberId, can: '[]', writes: true }).toString().split('data: ')[1] ?? '') as {
      me?: { seen: number | null };
    }
  ).me?.seen;

it('gives each event the marks as they stood then, and asks for all that is unknown at once', async () => {
  const { asked, marks } = stored({ one: { ann: 3 } });
  const frames = [written(1, 'one'), written(2, 'two'), seen(3, 'one', 'ann', 4), written(4, 'one'), written(5, 'two')];
  await marks.give(frames, new Set(['ann', 'ben']));
  expect(frames.map((frame) => [meIn(frame, 'ann'), meIn(frame, 'ben')])).toEqual([
    [3, null],
    [null, null],
    [undefined, undefined],
    [4, null],
    [null, null],
  ]);
  const later = written(6, 'one');
  await marks.give([later], new Set(['ann']));
  expect(meIn(later, 'ann')).toBe(4);
  expect(asked).toEqual([['one', 'two']]);
});

it('asks again once somebody came whose marks it does not know', async () => {
  const { asked, marks } = stored({ one: { ann: 3, cleo: 7 } });
  await marks.give([written(1, 'one')], new Set(['ann']));
  const frame = written(2, 'one');
  await marks.give([frame], new Set(['ann', 'cleo']));
  expect(meIn(frame, 'cleo')).toBe(7);
  expect(asked).toEqual([['one'], ['one']]);
});

it('writes the same bytes to all who are told the same', async () => {
  const { marks } = stored({ one: { ann: 3 } });
  const frames = [written(1, 'one'), written(2, 'one')];
  await marks.give(frames, new Set(['ann', 'ben', 'cleo']));
  const joined = new Joined();
  const bytesOf = (memberId: string) =>
    joined.of(frames.map((frame) => frame.shownTo({ memberId, can: '[]', writes: true })));
  expect(bytesOf('cleo')).toBe(bytesOf('ben'));
  expect(bytesOf('ann')).not.toBe(bytesOf('ben'));
  expect(bytesOf('ann').toString()).toBe(
    frames.map((frame) => frame.shownTo({ memberId: 'ann', can: '[]', writes: true }).toString()).join(''),
  );
});
