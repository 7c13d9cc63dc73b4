'use client';

import { MoonStar } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { Chip } from '@/components/chip';
import { useMe } from '@/features/session/queries';
import { standingAt } from './standing';

const WEEK_MS = 6 * 86_400_000;

/** Says that it is outside of business hours, and when somebody is there again: by the tenant's clock. */
export function HoursChip() {
  const tenant = useMe()?.tenant;
  return tenant?.hours ? <Told hours={tenant.hours} timeZone={tenant.timeZone} /> : null;
}

function Told({ hours, timeZone }: { hours: Parameters<typeof standingAt>[0]; timeZone: string }) {
  const words = useTranslations('conversation.hours');
  const format = useFormatter();
  const nowMs = useNow({ updateInterval: 60_000 }).getTime();
  const { open, untilMs, holiday } = standingAt(hours, timeZone, nowMs);
  if (open) return null;
  const day = untilMs !== null && untilMs - nowMs > WEEK_MS ? dayAndMonth : { weekday: 'short' as const };
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const until = untilMs === null ? null : format.dateTime(untilMs, { ...day, ...clock });
  const why = holiday ?? words('closed');
  return (
    <Chip icon={MoonStar} title={words('title', { zone: timeZone.replaceAll('_', ' ') })}>
      {until === null ? why : words('until', { why, until })}
    </Chip>
  );
}

const dayAndMonth = { day: 'numeric', month: 'short' } as const;
