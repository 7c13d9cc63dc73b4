'use client';

import { useFormatter, useNow } from 'next-intl';
import { useCallback } from 'react';

const DAY_MS = 86_400_000;

/** When the last message came, as short as it is still clear: "09:31", "Fri", "14 Sep", "3 Mar 2025". */
export function useListTime(): (at: string) => string {
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();

  return useCallback(
    (at) => {
      const date = new Date(at);
      const time = date.getTime();
      if (time >= today) return format.dateTime(date, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
      if (time >= today - 6 * DAY_MS) return format.dateTime(date, { weekday: 'short' });
      const thisYear = date.getFullYear() === new Date(today).getFullYear();
      return format.dateTime(date, { day: 'numeric', month: 'short', year: thisYear ? undefined : 'numeric' });
    },
    [format, today],
  );
}
