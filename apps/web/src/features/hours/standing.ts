import type { BusinessHours } from '@parley/contracts/business-hours';

/** Whether somebody is to be there now. */
interface Standing {
  open: boolean;
  /** Until when it is so; null: nobody is expected for months. */
  untilMs: number | null;
  /** Which one it is today, where the tenant is. */
  holiday: string | null;
}

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 60;

/** By the clock on the tenant's wall: summer time comes and goes there. */
export function standingAt({ week, holidays }: BusinessHours, timeZone: string, atMs: number): Standing {
  const today = Math.floor(wallAt(timeZone, atMs) / DAY_MS) * DAY_MS;
  const holidayOn = (day: number) => holidays.find(({ date }) => Date.parse(date) === day)?.name;
  const holiday = holidayOn(today) ?? null;
  let openUntilMs: number | null = null;
  for (let day = today; day < today + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
    const openings = holidayOn(day) === undefined ? week[(new Date(day).getUTCDay() + 6) % 7] : [];
    for (const { from, until } of openings ?? []) {
      const [beginsMs, endsMs] = [instantOf(timeZone, day, from), instantOf(timeZone, day, until)];
      if (endsMs <= atMs) continue;
      if (openUntilMs === null && beginsMs > atMs) return { open: false, untilMs: beginsMs, holiday };
      if (openUntilMs !== null && beginsMs > openUntilMs) return { open: true, untilMs: openUntilMs, holiday };
      openUntilMs = endsMs; // one that begins as another ends is the same to who waits
    }
  }
  return { open: openUntilMs !== null, untilMs: openUntilMs, holiday };
}

/** When the clock there shows a time of a day, which is named by its midnight as if it were UTC. */
function instantOf(timeZone: string, day: number, clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  const wall = day + (hours * 60 + minutes) * 60_000;
  const near = wall - offsetAt(timeZone, wall);
  return wall - offsetAt(timeZone, near); // on the right side of a change of the clock
}

function offsetAt(timeZone: string, atMs: number): number {
  return wallAt(timeZone, atMs) - Math.floor(atMs / 1000) * 1000;
}

/** What the clock there shows, as if it were UTC. */
function wallAt(timeZone: string, atMs: number): number {
  const parts = formatOf(timeZone).formatToParts(atMs);
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.find(({ type }) => type === name)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
    ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  formats.set(timeZone, format);
  return format;
}
