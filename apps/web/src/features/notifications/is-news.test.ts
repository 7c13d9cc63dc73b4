import type { RealtimeEvent } from '@parley/contracts/realtime';
import { expect, it } from 'vitest';
import { aConversation, aMessage, ids, T0 } from '@/lib/realtime/test/factories';
import { isNews } from './is-news';
import { titleOf } from './tab-title';

const memberId = ids.member(0);
const away = { memberId, lookingAt: null };

function written(
  change: { assigneeId?: string | null; direction?: 'inbound' | 'outbound'; late?: boolean } = {},
): RealtimeEvent {
  const { assigneeId = memberId, direction = 'inbound', late = false } = change;
  return {
    seq: 1,
    at: T0,
    type: 'message.created',
    message: aMessage(1, { direction, late }),
    conversation: aConversation(0, { assigneeId }),
  };
}

it('tells of what is mine and of what is nobody’s, never of a colleague’s', () => {
  expect(isNews(written(), away)).toBe(true);
  expect(isNews(written({ assigneeId: null }), away)).toBe(true);
  expect(isNews(written({ assigneeId: ids.member(1) }), away)).toBe(false);
});

it('is quiet about what is being looked at, what we wrote, and what came late', () => {
  expect(isNews(written(), { memberId, lookingAt: ids.conversation(0) })).toBe(false);
  expect(isNews(written({ direction: 'outbound' }), away)).toBe(false);
  expect(isNews(written({ late: true }), away)).toBe(false);
});

it('counts in the title', () => {
  expect([titleOf('Inbox', 0), titleOf('Inbox', 3)]).toEqual(['Inbox · Parley', '(3) Inbox · Parley']);
});
