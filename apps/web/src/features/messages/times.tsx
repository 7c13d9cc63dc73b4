'use client';

import { useFormatter, useNow, useTranslations } from 'next-intl';
import { createContext, useContext, useMemo } from 'react';
import { dayKey } from './thread-rows';

export interface Times {
  /** "09:31" */
  clock: (at: string | number) => string;
  /** "Today", "Yesterday", "Friday", "14 September", "3 March 2025" */
  day: (at: string | number) => string;
  /** "20 November 2026, 09:31" */
  full: (at: string | number) => string;
  /** The clock alone on the day it stands under, else with the date: "19 Nov, 08:58". */
  under: (at: string, dayAt: number) => string;
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const Context = createContext<Times | null>(null);

/** One clock for a whole thread: a message is drawn anew when the day changes, not every minute. */
export function TimesProvider({ children }: { children: React.ReactNode }) {
  const format = useFormatter();
  const words = useTranslations('messages.day');
  const today = dayKey(useNow({ updateInterval: 60_000 }).getTime());

  const times = useMemo((): Times => {
    const day = (value: string | number): string => {
      const at = new Date(value);
      const key = dayKey(at.getTime());
      const days = Math.round((Date.parse(today) - Date.parse(key)) / 86_400_000);
      if (days === 0) return words('today');
      if (days === 1) return words('yesterday');
      if (days > 1 && days < 7) return format.dateTime(at, { weekday: 'long' });
      const year = key.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric';
      return format.dateTime(at, { day: 'numeric', month: 'long', year });
    };
    return {
      day,
      clock: (at) => format.dateTime(new Date(at), clock),
      full: (at) => format.dateTime(new Date(at), { ...clock, day: 'numeric', month: 'long', year: 'numeric' }),
      under: (at, dayAt) => {
        const sameDay = dayKey(Date.parse(at)) === dayKey(dayAt);
        return format.dateTime(new Date(at), sameDay ? clock : { ...clock, day: 'numeric', month: 'short' });
      },
    };
  }, [format, words, today]);
  return <Context value={times}>{children}</Context>;
}

/** Times as the thread writes them, in the browser's own zone. */
export function useTimes(): Times {
  const times = useContext(Context);
  if (!times) throw new Error('There is no clock here');
  return times;
}

/** Minutes and seconds of a recording or call: "0:24", "1:02:03". */
export function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
