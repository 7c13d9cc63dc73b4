import type { BusinessHours } from '@parley/contracts/business-hours';
import { describe, expect, it } from 'vitest';
import { standingAt } from './standing';

const nineToSix = [{ from: '09:00', until: '18:00' }];
const workdays: BusinessHours = {
  week: [...Array.from({ length: 5 }, () => nineToSix), [], []],
  holidays: [{ date: '2026-12-25', name: 'Christmas' }],
};
const everyDay = (day: BusinessHours['week'][number]): BusinessHours => ({
  week: Array.from({ length: 7 }, () => day),
  holidays: [],
});

describe('by hours from Monday to Friday', () => {
  it.each([
    ['in the morning', 'Europe/Lisbon', '2026-11-23T09:00:00Z', true, '2026-11-23T18:00:00Z'],
    ['a second before', 'Europe/Lisbon', '2026-11-23T08:59:59Z', false, '2026-11-23T09:00:00Z'],
    ['at the end of a day', 'Europe/Lisbon', '2026-11-23T18:00:00Z', false, '2026-11-24T09:00:00Z'],
    ['over a weekend', 'Europe/Lisbon', '2026-11-20T19:00:00Z', false, '2026-11-23T09:00:00Z'],
    ['in summer, an hour earlier', 'Europe/Lisbon', '2026-10-23T08:00:00Z', true, '2026-10-23T17:00:00Z'],
    ['over the end of summer time', 'Europe/Lisbon', '2026-10-23T17:00:00Z', false, '2026-10-26T09:00:00Z'],
    ['over its beginning', 'Europe/Lisbon', '2026-03-27T18:00:00Z', false, '2026-03-30T08:00:00Z'],
    ['where it is Monday already', 'Pacific/Auckland', '2026-11-22T21:00:00Z', true, '2026-11-23T05:00:00Z'],
    ['where it is Sunday still', 'America/Los_Angeles', '2026-11-23T01:00:00Z', false, '2026-11-23T17:00:00Z'],
    ['where the clock stands at half past', 'Asia/Kolkata', '2026-11-23T03:30:00Z', true, '2026-11-23T12:30:00Z'],
  ])('%s: %s at %s', (_when, timeZone, at, open, until) => {
    const standing = standingAt(workdays, timeZone, Date.parse(at));
    expect(standing).toEqual({ open, untilMs: Date.parse(until), holiday: null });
  });

  it('is closed on a holiday, and says which, and goes on behind it', () => {
    const at = (time: string) => standingAt(workdays, 'Europe/Lisbon', Date.parse(time));
    const monday = Date.parse('2026-12-28T09:00:00Z');
    expect(at('2026-12-25T10:00:00Z')).toEqual({ open: false, untilMs: monday, holiday: 'Christmas' });
    expect(at('2026-12-24T19:00:00Z')).toEqual({ open: false, untilMs: monday, holiday: null });
  });
});

it('has its breaks', () => {
  const hours = everyDay([
    { from: '09:00', until: '12:00' },
    { from: '13:00', until: '24:00' },
  ]);
  const at = (time: string) => standingAt(hours, 'UTC', Date.parse(time));
  expect(at('2026-11-23T12:30:00Z')).toMatchObject({ open: false, untilMs: Date.parse('2026-11-23T13:00:00Z') });
  expect(at('2026-11-23T23:59:59Z')).toMatchObject({ open: true, untilMs: Date.parse('2026-11-24T00:00:00Z') });
});

it('goes on over midnight where the next day begins with it, and never opens where no day does', () => {
  const at = Date.parse('2026-11-23T12:00:00Z');
  const always = standingAt(everyDay([{ from: '00:00', until: '24:00' }]), 'Europe/Lisbon', at);
  expect(always.open).toBe(true);
  expect(always.untilMs).toBeGreaterThan(at + 50 * 86_400_000);
  expect(standingAt(everyDay([]), 'UTC', at)).toEqual({ open: false, untilMs: null, holiday: null });
});
