import type { Conversation } from '@parley/contracts/conversations';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Whether free text may be sent. `always`: this channel has no window, or it is far from closing. `closing` shows a chip,
 * amber below four hours and red below one. `closed`: only templates; `closedAt` null: it never was open.
 */
export type WindowState =
  | { type: 'always' }
  | { type: 'closing'; tone: 'warn' | 'danger'; closesAt: number; leftMs: number }
  | { type: 'closed'; closedAt: number | null };

export function windowState(window: Conversation['window'], now: number): WindowState {
  if (!window) return { type: 'always' };
  const closesAt = window.closesAt === null ? null : Date.parse(window.closesAt);
  if (closesAt === null || closesAt <= now) return { type: 'closed', closedAt: closesAt };
  const leftMs = closesAt - now;
  if (leftMs >= 4 * HOUR) return { type: 'always' };
  return { type: 'closing', tone: leftMs < HOUR ? 'danger' : 'warn', closesAt, leftMs };
}

/** Milliseconds until `windowState` or its words change; null when time changes nothing. */
export function nextChangeMs(window: Conversation['window'], now: number): number | null {
  if (!window?.closesAt) return null;
  const leftMs = Date.parse(window.closesAt) - now;
  if (leftMs <= 0) return null;
  if (leftMs >= 4 * HOUR) return leftMs - 4 * HOUR + 1;
  return leftMs < HOUR ? leftMs % MINUTE || MINUTE : (leftMs % HOUR) + 1;
}

/** "3h" from one hour on, else "42m"; always rounded up below an hour, so that it never says zero. */
export function shortLeft(leftMs: number): { unit: 'hours' | 'minutes'; value: number } {
  return leftMs >= HOUR
    ? { unit: 'hours', value: Math.floor(leftMs / HOUR) }
    : { unit: 'minutes', value: Math.ceil(leftMs / MINUTE) };
}
