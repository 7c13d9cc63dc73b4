import { describe, expect, it } from 'vitest';
import type { Accepted } from '../load/send-plan';
import type { ProviderCall } from '../provider/run-provider';
import { joinSends, mostWithin } from './sends';

const answer = (chat: number, place: number, account = 0): Accepted => ({
  text: `${account} ${chat} ${place}`,
  chat,
  account,
  place,
  intendedAt: 1000 + place,
  acceptedAt: 1010 + place,
});
const call = (of: Accepted, at: number, answered = true): ProviderCall => ({ at, number: '', text: of.text, answered });
const wrong = (accepted: Accepted[], calls: ProviderCall[], dead: number[] = []) =>
  joinSends({ accepted, refused: 0, firstRefusal: '', warmAt: 1000 }, calls, dead)
    .checks.filter((check) => !check.ok)
    .map(({ what, value }) => `${what}: ${value}`);

describe('what the provider saw of the answers', () => {
  const [a, b, other] = [answer(1, 0), answer(1, 1), answer(2, 0)];

  it('is right when each came once and none overtook another of its chat', () => {
    expect(wrong([a, b, other], [call(other, 1), call(a, 2), call(b, 3)])).toEqual([]);
  });

  it.each([
    ['one never came', [call(a, 1), call(b, 2)], 'accepted and never called for: 1'],
    ['one came twice', [call(a, 1), call(a, 2), call(b, 3), call(other, 1)], 'called for twice: 1'],
    [
      'one overtook another',
      [call(b, 1), call(a, 2), call(other, 1)],
      'calls that overtook an earlier one of their chat: 1',
    ],
  ])('is wrong when %s', (_what, calls, expected) => {
    expect(wrong([a, b, other], calls)).toEqual([expected]);
  });

  it('may be nothing where the provider is dead, and a call that failed may come again', () => {
    const [lost, again] = [answer(3, 0, 7), answer(4, 0, 7)];
    expect(wrong([lost, again], [call(again, 1, false), call(again, 2)], [7])).toEqual([]);
  });

  it('counts from the end of the warm-up, and from the moment an answer was meant for', () => {
    const early = { ...answer(5, 0), intendedAt: 900, acceptedAt: 905 };
    const calls = [call(early, 910), call(a, 1500), call(b, 2000)];
    const seen = joinSends({ accepted: [early, a, b], refused: 0, firstRefusal: '', warmAt: 1000 }, calls);
    expect([seen.calls, seen.seconds, seen.arrival.map((one) => one.ms)]).toEqual([2, 1, [500, 999]]);
  });
});

it('finds the fullest window', () => {
  const at = [0, 50, 99, 100, 150, 400].map((ms) => call(answer(0, ms), ms));
  expect(mostWithin(at, 100)).toBe(3); // 0, 50, 99; and at 100 the first is out
  expect(mostWithin([], 100)).toBe(0);
});
