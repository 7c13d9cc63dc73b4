import { describe, expect, it } from 'vitest';
import { type Doubt, doubtAfter, type Evidence } from './doubt';

const nothing: Evidence = { confirmedMs: null, unconfirmed: null, silentSinceMs: null, heardMs: null };
const waits = (count: number, firstMs = 100): Evidence['unconfirmed'] => ({ count, firstMs });

/** What is thought after each of these, one after the other. */
function thoughts(...seen: Partial<Evidence>[]): (Doubt['kind'] | null)[] {
  let doubt: Doubt | null = null;
  return seen.map((each) => (doubt = doubtAfter(doubt, { ...nothing, ...each }))?.kind ?? null);
}

describe('sends that nobody confirms', () => {
  it('are doubted at the first where nothing was confirmed of late, from when it began', () => {
    expect(doubtAfter(null, { ...nothing, unconfirmed: waits(1, 42) })).toEqual({ kind: 'unconfirmed', sinceMs: 42 });
  });

  it('are doubted at the second where sends are confirmed else: one may be the customer’s', () => {
    expect(thoughts({ confirmedMs: 50, unconfirmed: waits(1) }, { confirmedMs: 50, unconfirmed: waits(2) })).toEqual([
      null,
      'unconfirmed',
    ]);
  });

  it('stay doubted while nothing is sent, and keep their beginning while more wait', () => {
    const doubt = doubtAfter(null, { ...nothing, unconfirmed: waits(1, 100) });
    expect(doubtAfter(doubt, nothing)).toEqual(doubt);
    expect(doubtAfter(doubt, { ...nothing, unconfirmed: waits(3, 300) })).toEqual(doubt);
  });

  it('are believed again once one that began since is confirmed, late or anew', () => {
    const raised = { unconfirmed: waits(1, 100) };
    expect(thoughts(raised, { confirmedMs: 100 })).toEqual(['unconfirmed', null]);
    expect(thoughts(raised, { confirmedMs: 900 })).toEqual(['unconfirmed', null]);
    expect(thoughts(raised, { confirmedMs: 99 })).toEqual(['unconfirmed', 'unconfirmed']); // from before
  });

  it('do not flap where every second one is lost', () => {
    const lost = { confirmedMs: 200, unconfirmed: waits(1, 300) };
    const found = { confirmedMs: 400 };
    expect(thoughts(lost, found, lost, found, lost)).toEqual([null, null, null, null, null]);
    const raised = { unconfirmed: waits(1, 100) };
    expect(thoughts(raised, lost, raised, lost)).toEqual(Array(4).fill('unconfirmed'));
  });
});

describe('silence', () => {
  it('is doubted from the last that was heard, until something is heard', () => {
    expect(thoughts({ silentSinceMs: 100 }, { heardMs: 100 }, { heardMs: 101 })).toEqual(['silent', 'silent', null]);
    expect(doubtAfter(null, { ...nothing, silentSinceMs: 100 })).toEqual({ kind: 'silent', sinceMs: 100 });
  });

  it('is told only where nothing is worse, and remains when that has passed', () => {
    const silent = { silentSinceMs: 50 };
    expect(
      thoughts(silent, { ...silent, heardMs: 50, unconfirmed: waits(1) }, { ...silent, confirmedMs: 900 }),
    ).toEqual(['silent', 'unconfirmed', 'silent']);
  });
});
