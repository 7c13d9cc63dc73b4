import { describe, expect, it } from 'vitest';
import { Ledger } from './ledger';
import type { LoadPlan } from './load-plan';

const door = { url: '', phoneNumberId: '', wabaId: '', tenant: 0 };
const plan: LoadPlan = {
  doors: [door],
  desks: [],
  appSecret: '',
  messageFrame: '',
  chats: 10,
  streams: 2,
  inFlight: 1,
  warmUpSeconds: 0,
  seconds: 0,
  bytes: 0,
  duplicates: 0,
  groups: { first: [0] },
  seed: 1,
};

function acked(...chats: number[]): Ledger {
  const ledger = new Ledger(plan, plan.doors);
  ledger.warm();
  for (const chat of chats) ledger.acked(ledger.open(0, chat, performance.now()));
  return ledger;
}

describe('the ledger of a load', () => {
  it('is complete once every stream told of every call that was answered', () => {
    const ledger = acked(1, 2);
    for (const stream of [0, 1]) for (const call of [0, 1]) ledger.heard(stream, call);
    const { expected, delivered, duplicated, outOfOrder, counted, groups } = ledger.report();
    expect(ledger.isComplete).toBe(true);
    expect({ expected, delivered, duplicated, outOfOrder }).toEqual({
      expected: 4,
      delivered: 4,
      duplicated: 0,
      outOfOrder: 0,
    });
    expect([counted.acked, counted.arrived, groups.first?.arrival.count]).toEqual([2, 2, 2]);
  });

  it('sees a frame that is missing, one that comes twice, and one that was overtaken', () => {
    const ledger = acked(1, 1, 2);
    ledger.heard(0, 1);
    ledger.heard(0, 0); // of the same chat, and earlier
    ledger.heard(0, 2); // another chat has no part in it
    ledger.heard(1, 0);
    ledger.heard(1, 0);
    const { expected, delivered, duplicated, outOfOrder } = ledger.report();
    expect([expected, delivered, duplicated, outOfOrder]).toEqual([6, 4, 1, 1]);
    expect(ledger.isComplete).toBe(false);
  });
});
