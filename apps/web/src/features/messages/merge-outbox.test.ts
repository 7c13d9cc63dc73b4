import type { Message } from '@parley/contracts/messages';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { OutboxEntry } from '../composer/outbox';
import { mergeOutbox, shownEntries } from './merge-outbox';
import { sampleMessage } from './sample-message';

const author = { memberId: 'ana', name: 'Ana Reis' };

function entry(messageId: string, change: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    messageId,
    conversationId: 'c',
    replyTo: null,
    quote: null,
    content: { type: 'text', text: messageId },
    shown: messageId,
    at: '2026-11-20T10:00:00.000Z',
    order: 1,
    state: 'waiting',
    reason: null,
    ...change,
  };
}
const reaction = (messageId: string, target: string, emoji: string, change: Partial<OutboxEntry> = {}) =>
  entry(messageId, { content: { type: 'reaction', messageId: target, emoji }, ...change });
const thread = (ids: string[]): Message[] => ids.map((id, index) => sampleMessage({ id, position: 1_000 + index }));
const ids = (messages: readonly Message[]) => messages.map((message) => message.id);

const someIds = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));

test('what the server has stands first and untouched; what it lacks follows, once, in order', () => {
  fc.assert(
    fc.property(someIds, someIds, (server, queued) => {
      const messages = thread(server);
      const merged = mergeOutbox(
        messages,
        queued.map((id) => entry(id)),
        author,
      );
      expect(merged.slice(0, messages.length)).toEqual(messages);
      expect(ids(merged.slice(messages.length))).toEqual(queued.filter((id) => !server.includes(id)));
      expect(
        merged.every((message, index) => index === 0 || message.position > (merged[index - 1]?.position ?? 0)),
      ).toBe(true);
    }),
  );
});

test('as the server takes entries one by one, no bubble ever doubles or is missing', () => {
  fc.assert(
    fc.property(someIds, fc.integer({ min: 0, max: 8 }), (queued, taken) => {
      const server = queued.slice(0, taken);
      const merged = mergeOutbox(
        thread(server),
        queued.map((id) => entry(id)),
        author,
      );
      expect(ids(merged)).toEqual(queued);
    }),
  );
});

test('no entries: the very same list, so that nothing is drawn again', () => {
  const messages = thread(['a', 'b']);
  expect(mergeOutbox(messages, [], author)).toBe(messages);
});

describe('a bubble on its way', () => {
  it('carries its state, its reason and its author', () => {
    const [message] = mergeOutbox([], [entry('x', { state: 'refused', reason: 'Too long.' })], author);
    expect(message).toMatchObject({
      id: 'x',
      direction: 'outbound',
      sender: { memberId: 'ana', name: 'Ana Reis' },
      content: { type: 'text', text: 'x' },
      local: { state: 'refused', reason: 'Too long.' },
    });
  });

  it('shows a template with its values in place', () => {
    const content = { type: 'template', name: 'hello', language: 'en', parameters: [] } as const;
    const [message] = mergeOutbox(
      [],
      [entry('x', { content: { ...content, parameters: [] }, shown: 'Hi Hassan' })],
      author,
    );
    expect(message?.content).toMatchObject({ type: 'template', text: 'Hi Hassan' });
  });

  it('stands after what the server has, even when this clock is behind', () => {
    const future = sampleMessage({ id: 'a', position: Date.parse('2030-01-01T00:00:00Z') * 1_000 });
    const [, mine] = mergeOutbox([future], [entry('x')], author);
    expect(mine?.position).toBeGreaterThan(future.position);
  });
});

describe('own reactions', () => {
  const theirs = { emoji: '❤️', by: 'Bia', own: false };

  it('stand at once, one per message, the last one said', () => {
    const [message] = mergeOutbox(
      [sampleMessage({ id: 'a', reactions: [theirs, { emoji: '👍', by: 'Ana Reis', own: true }] })],
      [reaction('1', 'a', '😂'), reaction('2', 'a', '🎉')],
      author,
    );
    expect(message?.reactions).toEqual([theirs, { emoji: '🎉', by: 'Ana Reis', own: true }]);
  });

  it('are taken back, and never make a bubble', () => {
    const merged = mergeOutbox(
      [sampleMessage({ id: 'a', reactions: [{ emoji: '👍', by: null, own: true }] })],
      [reaction('1', 'a', '')],
      author,
    );
    expect(merged).toHaveLength(1);
    expect(merged[0]?.reactions).toEqual([]);
  });

  it('fall back to what the server says when they were refused', () => {
    const [message] = mergeOutbox(
      [sampleMessage({ id: 'a', reactions: [theirs] })],
      [reaction('1', 'a', '👍', { state: 'refused' })],
      author,
    );
    expect(message?.reactions).toEqual([theirs]);
  });
});

test('an accepted entry is done once the thread shows it, a waiting one never', () => {
  const server = [sampleMessage({ id: 'a', reactions: [{ emoji: '👍', by: null, own: true }] })];
  const entries = [
    entry('a', { state: 'accepted' }),
    entry('b', { state: 'accepted' }),
    reaction('1', 'a', '👍', { state: 'accepted' }),
    reaction('2', 'a', '', { state: 'accepted' }),
    reaction('3', 'a', '👍'),
  ];
  expect([...shownEntries(server, entries)]).toEqual(['a', '1']);
});
