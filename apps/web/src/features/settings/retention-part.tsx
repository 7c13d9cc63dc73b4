'use client';

import type { Retention } from '@parley/contracts/retention';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Confirm } from '@/components/confirm';
import { RowsFailed, RowSkeletons } from '@/components/rows';
import { SelectField } from '@/components/select-field';
import { say } from '@/components/toast';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { Part } from './section-head';

const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: async ({ signal }) => (await call(teamRoutes.getRetention, { signal })).body,
  staleTime: 0,
});

const choices = {
  resolvedDays: [null, 30, 90, 180, 365, 730, 1825],
  webhookDays: [null, 1, 3, 7, 14],
  eventDays: [7, 3, 1],
} as const satisfies { [Field in keyof Retention]: readonly Retention[Field][] };
const fields = ['resolvedDays', 'webhookDays', 'eventDays'] as const;

/** For how long what is kept. What goes is gone for good: each choice is asked once more. */
export function RetentionPart() {
  const words = useTranslations('settings.retention');
  const client = useQueryClient();
  const kept = useQuery(retentionQuery);
  const [asked, setAsked] = useState<Partial<Retention> | null>(null);
  if (kept.isError) return <RowsFailed error={kept.error} retry={() => void kept.refetch()} />;
  if (!kept.data) return <RowSkeletons />;
  const { data } = kept;
  return (
    <Part title={words('title')} hint={words('hint')}>
      <div className="grid max-w-[420px] gap-4">
        {fields.map((field) => (
          <SelectField
            key={field}
            label={words(field)}
            hint={words(`${field}Hint`)}
            value={String(data[field])}
            onChange={({ target }) => setAsked(changeOf(field, target.value === 'null' ? null : Number(target.value)))}
          >
            {[...new Set<number | null>([...choices[field], data[field]])].map((days) => (
              <option key={String(days)} value={String(days)}>
                {days === null ? words(`${field}Always`) : words('days', { days })}
              </option>
            ))}
          </SelectField>
        ))}
      </div>
      {asked && (
        <Confirm
          title={words('sure')}
          description={words('sureHint')}
          act={words('act')}
          onClose={() => setAsked(null)}
          work={() =>
            call(teamRoutes.setRetention, { body: asked }).then(({ body }) => {
              client.setQueryData(retentionQuery.queryKey, body);
              say(words('saved'));
            })
          }
        />
      )}
    </Part>
  );
}

function changeOf(field: keyof Retention, days: number | null): Partial<Retention> {
  switch (field) {
    case 'resolvedDays':
      return { resolvedDays: days };
    case 'webhookDays':
      return { webhookDays: days };
    case 'eventDays':
      return days === null ? {} : { eventDays: days };
  }
}
