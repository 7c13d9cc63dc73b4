'use client';

import type { AssignmentRules } from '@parley/contracts/assignment';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { CheckField } from '@/components/check-field';
import { Refused } from '@/components/refused';
import { RowsFailed, RowSkeletons } from '@/components/rows';
import { say } from '@/components/toast';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { Part, SectionHead } from './section-head';
import { VisibilityPart } from './visibility-part';

/** Who sees what, and who is given what nobody has. */
export function WorkPage() {
  const words = useTranslations('settings.work');
  return (
    <>
      <SectionHead title={words('title')} hint={words('hint')} />
      <VisibilityPart />
      <Assignment />
    </>
  );
}

const rulesQuery = queryOptions({
  queryKey: ['assignment-rules'],
  queryFn: async ({ signal }) => (await call(teamRoutes.getAssignmentRules, { signal })).body,
});

const ways = ['off', 'round_robin', 'least_busy'] as const satisfies readonly AssignmentRules['autoAssign'][];

function Assignment() {
  const words = useTranslations('settings.assignment');
  const client = useQueryClient();
  const name = useId();
  const rules = useQuery(rulesQuery);
  const set = useMutation({
    mutationFn: (change: Partial<AssignmentRules>) => call(teamRoutes.setAssignmentRules, { body: change }),
    onSuccess: ({ body }) => {
      client.setQueryData(rulesQuery.queryKey, body);
      say(words('saved'));
    },
  });
  if (rules.isError) return <RowsFailed error={rules.error} retry={() => void rules.refetch()} />;
  if (!rules.data) return <RowSkeletons />;
  const shown = { ...rules.data, ...(set.isPending ? set.variables : {}) };
  return (
    <Part title={words('title')} hint={words('hint')}>
      <Refused error={set.error} />
      <fieldset>
        <legend className="sr-only">{words('title')}</legend>
        {ways.map((way) => (
          <CheckField
            key={way}
            radio
            name={name}
            checked={shown.autoAssign === way}
            onChange={() => set.mutate({ autoAssign: way })}
            label={words(way)}
            hint={words(`${way}Hint`)}
          />
        ))}
      </fieldset>
      <CheckField
        className="mt-2"
        checked={shown.freeWhenAway}
        onChange={({ target }) => set.mutate({ freeWhenAway: target.checked })}
        label={words('freeWhenAway')}
        hint={words('freeWhenAwayHint')}
      />
    </Part>
  );
}
