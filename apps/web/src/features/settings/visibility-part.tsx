'use client';

import type { AgentsSee } from '@parley/contracts/visibility';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { CheckField } from '@/components/check-field';
import { Refused } from '@/components/refused';
import { say } from '@/components/toast';
import { meQuery, useMe } from '@/features/session/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { Part } from './section-head';

const levels = ['own', 'unassigned', 'team', 'all'] as const satisfies readonly AgentsSee[];

/** What agents see of accounts that say nothing else. */
export function VisibilityPart() {
  const words = useTranslations('settings.visibility');
  const client = useQueryClient();
  const name = useId();
  const agentsSee = useMe()?.tenant?.agentsSee;
  const set = useMutation({
    mutationFn: (next: AgentsSee) => call(teamRoutes.setVisibility, { body: { agentsSee: next } }),
    onSuccess: async () => {
      await client.refetchQueries(meQuery);
      say(words('saved'));
    },
  });
  const shown = set.isPending ? set.variables : agentsSee;
  return (
    <Part title={words('title')} hint={words('hint')}>
      <Refused error={set.error} />
      <fieldset>
        <legend className="sr-only">{words('title')}</legend>
        {levels.map((level) => (
          <CheckField
            key={level}
            radio
            name={name}
            checked={shown === level}
            onChange={() => set.mutate(level)}
            label={words(level)}
            hint={words(`${level}Hint`)}
          />
        ))}
      </fieldset>
    </Part>
  );
}
