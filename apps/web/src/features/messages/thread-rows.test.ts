import type { Message } from '@parley/contracts/messages';
import { describe, expect, it, test } from 'vitest';
import { sampleMessage } from './sample-message';
import { dayKey, findFirstUnread, threadRows, type ThreadRow } from './thread-rows';

const all = { timeZone: 'UTC', hasOlder: false, unread: null };

let count = 0;
function at(sentAt: string, change: Partial<Message> = {}): Message {
  count += 1;
  return sampleMessage({ id: `m${count}`, sentAt, ...change });
}
const ours = (memberId: string): Partial<Message> => ({
  direction: 'outbound',
  origin: 'agent',
  sender: { contactId: null, memberId, name: memberId },
});
const shape = (rows: ThreadRow[]) =>
  rows.map((row) => (row.type === 'message' ? `${row.first ? '[' : ''}m${row.last ? ']' : ''}` : row.type)).join(' ');

describe('runs', () => {
  it('joins what one sender writes within five minutes of the message before', () => {
    const rows = threadRows([at('2026-11-20T09:00:00Z'), at('2026-11-20T09:05:00Z'), at('2026-11-20T09:10:00Z')], all);
    expect(shape(rows)).toBe('day [m m m]');
  });

  it('begins anew after five minutes and a moment', () => {
    const rows = threadRows([at('2026-11-20T09:00:00.000Z'), at('2026-11-20T09:05:00.001Z')], all);
    expect(shape(rows)).toBe('day [m] [m]');
  });

  test.each<[string, Partial<Message>, Partial<Message>]>([
    ['us after them', {}, ours('ana')],
    ['a colleague', ours('ana'), ours('rui')],
    ['the phone after an agent', ours('ana'), { ...ours('ana'), origin: 'phone' }],
    ['another person of a group', {}, { sender: { contactId: 'b', memberId: null, name: 'Bia' } }],
    ['a note after a reply', ours('ana'), { ...ours('ana'), direction: 'note' }],
  ])('ends at %s', (_name, before, after) => {
    expect(shape(threadRows([at('2026-11-20T09:00:00Z', before), at('2026-11-20T09:00:01Z', after)], all))).toBe(
      'day [m] [m]',
    );
  });

  it('ends at a system line, at the line of what is new, and at midnight', () => {
    const first = at('2026-11-20T23:58:00Z');
    const system = at('2026-11-20T23:58:10Z', {
      direction: 'system',
      content: { type: 'system', event: 'resolved', by: 'Ana', to: [] },
    });
    const [second, third, fourth] = [
      at('2026-11-20T23:58:20Z'),
      at('2026-11-20T23:58:30Z'),
      at('2026-11-21T00:00:00Z'),
    ];
    const rows = threadRows([first, system, second, third, fourth], {
      ...all,
      unread: { messageId: third.id, count: 2 },
    });
    expect(shape(rows)).toBe('day [m] system [m] new [m] day [m]');
  });
});

describe('days', () => {
  it('follow the time zone', () => {
    const messages = [at('2026-11-20T21:58:00Z'), at('2026-11-20T22:02:00Z')];
    expect(shape(threadRows(messages, all))).toBe('day [m m]');
    expect(shape(threadRows(messages, { ...all, timeZone: 'Europe/Bucharest' }))).toBe('day [m] day [m]');
  });

  it('follow the place in the thread, so that a wrong clock opens no second Friday', () => {
    const late = at('2026-11-19T08:00:00Z', { position: Date.parse('2026-11-20T09:01:00Z') * 1_000 });
    expect(shape(threadRows([at('2026-11-20T09:00:00Z'), late, at('2026-11-20T09:02:00Z')], all))).toBe('day [m m m]');
  });

  it('leave the first open while older messages may belong to it', () => {
    expect(
      shape(threadRows([at('2026-11-20T09:00:00Z'), at('2026-11-21T09:00:00Z')], { ...all, hasOlder: true })),
    ).toBe('[m] day [m]');
  });

  it('have keys of their own, and every row has one', () => {
    const rows = threadRows([at('2026-11-20T09:00:00Z'), at('2026-11-21T09:00:00Z'), at('2026-11-22T09:00:00Z')], all);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });

  test.each([
    ['2026-03-28T23:59:00Z', 'Europe/Lisbon', '2026-03-28'],
    ['2026-03-29T00:00:00Z', 'Europe/Lisbon', '2026-03-29'],
    ['2026-11-20T20:00:00Z', 'Asia/Kathmandu', '2026-11-21'],
    ['2026-11-20T18:14:59Z', 'Asia/Kathmandu', '2026-11-20'],
    ['2026-11-20T18:15:00Z', 'Asia/Kathmandu', '2026-11-21'],
  ])('%s in %s is %s', (time, zone, day) => {
    expect(dayKey(Date.parse(time), zone)).toBe(day);
  });
});

describe('the first unread', () => {
  const thread = [
    at('2026-11-20T09:00:00Z'),
    at('2026-11-20T09:01:00Z', ours('ana')),
    at('2026-11-20T09:02:00Z'),
    at('2026-11-20T09:03:00Z'),
  ];

  test.each([
    [0, null],
    [1, { messageId: thread[3]?.id, more: false }],
    [2, { messageId: thread[2]?.id, more: false }],
    [3, { messageId: thread[0]?.id, more: false }],
    [4, { messageId: thread[0]?.id, more: true }],
  ])('of %i counts only what came in', (unread, found) => {
    expect(findFirstUnread(thread, unread)).toEqual(found);
  });

  it('is none where nothing came in', () => {
    expect(findFirstUnread([], 3)).toBeNull();
  });
});

// Long threads are cut again on every event.
test('10,000 messages are cut in a blink', () => {
  const messages = Array.from({ length: 10_000 }, (_, index) =>
    at(new Date(1_700_000_000_000 + index * 90_000).toISOString()),
  );
  threadRows(messages, all);
  const before = process.cpuUsage();
  expect(threadRows(messages, all).length).toBeGreaterThan(10_000);
  const { user, system } = process.cpuUsage(before); // of this process alone, µs
  expect(user + system).toBeLessThan(150_000);
});
