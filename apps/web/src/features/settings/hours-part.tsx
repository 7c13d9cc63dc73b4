'use client';

import type { BusinessHours } from '@parley/contracts/business-hours';
import { Plus, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CheckField } from '@/components/check-field';
import { cx } from '@/components/cx';
import { fieldClass } from '@/components/field';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { Refused } from '@/components/refused';
import { say } from '@/components/toast';
import { Part } from './section-head';
import { useSaveTenant } from './tenant-settings';

type Day = BusinessHours['week'][number];
type Holiday = BusinessHours['holidays'][number];

const workday: Day = [{ from: '09:00', until: '18:00' }];
const usual: BusinessHours = { week: [workday, workday, workday, workday, workday, [], []], holidays: [] };
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

/** When somebody is there, day by day, and the days on which nobody is. */
export function HoursPart({ hours, timeZone }: { hours: BusinessHours | null; timeZone: string }) {
  const words = useTranslations('settings.hours');
  const format = useFormatter();
  const [draft, setDraft] = useState(hours);
  const save = useSaveTenant(() => say(words('saved')));
  const setDay = (at: number, day: Day) =>
    setDraft((old) => old && { ...old, week: old.week.map((one, i) => (i === at ? day : one)) });
  return (
    <Part title={words('title')} hint={words('hint', { zone: timeZone.replaceAll('_', ' ') })}>
      <form
        className="grid max-w-[640px] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ hours: draft });
        }}
      >
        <Refused error={save.error} />
        <CheckField
          checked={draft !== null}
          onChange={({ target }) => setDraft(target.checked ? (hours ?? usual) : null)}
          label={words('on')}
          hint={words('onHint')}
        />
        {draft && (
          <>
            <div className="grid gap-1 border-t border-line pt-3">
              {draft.week.map((day, at) => (
                <DayHours
                  key={at}
                  name={format.dateTime(MONDAY + at * DAY_MS, { weekday: 'long', timeZone: 'UTC' })}
                  day={day}
                  onChange={(next) => setDay(at, next)}
                />
              ))}
            </div>
            <Holidays
              holidays={draft.holidays}
              onChange={(holidays) => setDraft((old) => old && { ...old, holidays })}
            />
          </>
        )}
        <Button type="submit" variant="primary" size="lg" disabled={save.isPending} className="justify-self-start">
          {words('save')}
        </Button>
      </form>
    </Part>
  );
}

function DayHours({ name, day, onChange }: { name: string; day: Day; onChange: (day: Day) => void }) {
  const words = useTranslations('settings.hours');
  const set = (at: number, part: Partial<Day[number]>) =>
    onChange(day.map((one, i) => (i === at ? { ...one, ...part } : one)));
  return (
    <div role="group" aria-label={name} className="flex flex-wrap items-start gap-x-3 gap-y-1">
      <p className="w-28 flex-none py-1.5 font-medium">{name}</p>
      <div className="grid flex-1 gap-1">
        {day.length === 0 && <p className="py-1.5 text-ink-3">{words('closed')}</p>}
        {day.map(({ from, until }, at) => (
          <div key={at} className="flex items-center gap-2">
            <Clock label={words('from')} value={from} onChange={(next) => set(at, { from: next })} />
            <span aria-hidden>–</span>
            {/* Midnight ends a day: fields of time know it as the beginning of one. */}
            <Clock
              label={words('until')}
              value={until === '24:00' ? '00:00' : until}
              onChange={(next) => set(at, { until: next === '00:00' ? '24:00' : next })}
            />
            <IconButton
              icon={X}
              iconSize={14}
              label={words('remove', { from, until })}
              onClick={() => onChange(day.filter((_, i) => i !== at))}
            />
          </div>
        ))}
      </div>
      {day.length < 4 && (
        <IconButton
          icon={Plus}
          label={words('add', { day: name })}
          onClick={() => onChange([...day, day.length === 0 ? { from: '09:00', until: '18:00' } : afterLast(day)])}
        />
      )}
    </div>
  );
}

/** What is left of the day. */
function afterLast(day: Day): Day[number] {
  return { from: day.at(-1)?.until ?? '09:00', until: '24:00' };
}

function Clock({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <span className={cx(fieldClass, 'h-8 px-2 pointer-coarse:h-11')}>
      <input
        type="time"
        required
        aria-label={label}
        className="num bg-transparent outline-none pointer-coarse:text-field"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

function Holidays({ holidays, onChange }: { holidays: Holiday[]; onChange: (holidays: Holiday[]) => void }) {
  const words = useTranslations('settings.hours');
  const set = (at: number, part: Partial<Holiday>) =>
    onChange(holidays.map((one, i) => (i === at ? { ...one, ...part } : one)));
  return (
    <div role="group" aria-label={words('holidays')} className="grid gap-2 border-t border-line pt-3">
      <p className="font-medium">{words('holidays')}</p>
      {holidays.map(({ date, name }, at) => (
        <div key={at} className="flex flex-wrap items-center gap-2">
          <span className={cx(fieldClass, 'h-8 px-2 pointer-coarse:h-11')}>
            <input
              type="date"
              required
              aria-label={words('date')}
              className="num bg-transparent outline-none pointer-coarse:text-field"
              value={date}
              onChange={(event) => set(at, { date: event.target.value })}
            />
          </span>
          <span className={cx(fieldClass, 'h-8 min-w-40 flex-1 px-2 pointer-coarse:h-11')}>
            <input
              required
              maxLength={60}
              aria-label={words('holiday')}
              placeholder={words('holiday')}
              className="min-w-0 flex-1 bg-transparent outline-none pointer-coarse:text-field"
              value={name}
              onChange={(event) => set(at, { name: event.target.value })}
            />
          </span>
          <IconButton
            icon={X}
            iconSize={14}
            label={words('removeHoliday', { name })}
            onClick={() => onChange(holidays.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      {holidays.length < 100 && (
        <Button
          variant="line"
          className="justify-self-start"
          onClick={() => onChange([...holidays, { date: '', name: '' }])}
        >
          <Icon of={Plus} />
          {words('addHoliday')}
        </Button>
      )}
    </div>
  );
}
