import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { describe, expect, it } from 'vitest';
import { afterNews, type News, type Standing } from './transition';

const base: Standing = {
  status: rank.sending,
  head: true,
  attemptId: 'b',
  attemptStatus: rank.sending,
  proven: 0,
  expiresAtMs: 1000,
  dueAtMs: null,
};
const standing = (change: Partial<Standing> = {}): Standing => ({ ...base, ...change });
const status = (to: number): News => ({ is: 'status', rank: to });
const refused: News = { is: 'refused', retryAtMs: 500 };
const unknown: News = { is: 'status', rank: rank.unknown, lookAtMs: 50 };
const held = standing({ status: rank.unknown, attemptStatus: rank.unknown });
const passed = standing({ status: rank.unknown, attemptStatus: rank.unknown, head: false });
const again = standing({ status: rank.queued, attemptStatus: rank.failed });

describe('news of the attempt that the chat waits for', () => {
  const cases: [string, Standing, News, Partial<Standing>][] = [
    ['accepted: the chat goes on', base, status(rank.accepted), { status: rank.accepted, head: false }],
    ['failed for good: the chat goes on', base, status(rank.failed), { status: rank.failed, head: false }],
    ['no answer: it holds its chat', base, unknown, { status: rank.unknown, head: true, dueAtMs: 50 }],
    ['refused, and that passes: queued again', base, refused, { status: rank.queued, head: true, dueAtMs: 500 }],
    [
      'refused after its time was up: failed',
      standing({ expiresAtMs: 400 }),
      refused,
      { status: rank.failed, head: false },
    ],
    ['refused after all, while held as unknown: queued again', held, refused, { status: rank.queued, head: true }],
    ['refused after its chat went on: failed', passed, refused, { status: rank.failed, head: false }],
    ['unknown for too long: the chat goes on', held, { is: 'passed' }, { status: rank.unknown, head: false }],
    ['not seen yet: looked for again', held, { is: 'unseen', lookAtMs: 70 }, { status: rank.unknown, dueAtMs: 70 }],
    ['accepted after its chat went on', passed, status(rank.accepted), { status: rank.accepted, head: false }],
    ['a lapsed lease after it was queued again changes nothing', again, unknown, { status: rank.queued, head: true }],
    [
      'delivered although it had been refused: no second try',
      again,
      status(rank.delivered),
      { status: rank.delivered, head: false },
    ],
  ];
  it.each(cases)('%s', (_name, before, news, after) => {
    expect(afterNews(before, 'b', news)).toMatchObject(after);
  });

  it('never falls back to a lesser status', () => {
    const read = standing({ status: rank.read, attemptStatus: rank.read, head: false });
    for (const news of [status(rank.accepted), status(rank.failed), unknown, refused]) {
      expect(afterNews(read, 'b', news)).toEqual(read);
    }
  });

  it('fails after it was accepted, until a receipt proves otherwise', () => {
    const accepted = afterNews(base, 'b', status(rank.accepted));
    const failed = afterNews(accepted, 'b', status(rank.failed));
    expect(failed.status).toBe(rank.failed);
    expect(afterNews(failed, 'b', status(rank.delivered)).status).toBe(rank.delivered);
  });
});

describe('news of an older attempt', () => {
  it('ends the waiting when it proves to have gone out', () => {
    for (const before of [base, held, again, passed]) {
      const after = afterNews(before, 'a', status(rank.sent));
      expect(after).toMatchObject({ status: rank.sent, head: false, proven: rank.sent });
    }
  });

  it('outlives the failure of the newer one', () => {
    const after = afterNews(afterNews(base, 'a', status(rank.sent)), 'b', status(rank.failed));
    expect(after.status).toBe(rank.sent);
  });

  it('is nobody’s business otherwise', () => {
    for (const news of [status(rank.failed), unknown, refused, { is: 'passed' } as const]) {
      expect(afterNews(base, 'a', news)).toEqual(base);
    }
  });
});

it('ends in one state, whatever the order of statuses', () => {
  const words = [rank.accepted, rank.sent, rank.delivered, rank.read];
  for (const order of permutations(words)) {
    const end = order.reduce((at, word) => afterNews(at, 'b', status(word)), base);
    expect(end).toMatchObject({ status: rank.read, attemptStatus: rank.read, head: false });
  }
});

function permutations<T>(list: T[]): T[][] {
  if (list.length < 2) return [list];
  return list.flatMap((first, i) => permutations(list.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}
