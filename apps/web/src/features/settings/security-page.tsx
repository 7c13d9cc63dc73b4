'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, buttonClass } from '@/components/button';
import { Icon } from '@/components/icon';
import { Refused } from '@/components/refused';
import { say } from '@/components/toast';
import { meQuery, useMe } from '@/features/session/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { goToSection } from './sections';
import { CompanySignInPart } from './company-sign-in-part';
import { RetentionPart } from './retention-part';
import { Part, SectionHead } from './section-head';

/** What holds for everybody of the tenant, and taking everything along. */
export function SecurityPage() {
  const words = useTranslations('settings.security');
  const setsPeopleUp = useMe()?.permissions.includes('member.manage');
  return (
    <>
      <SectionHead title={words('title')} />
      <TwoFactorPolicy />
      {setsPeopleUp && <CompanySignInPart />}
      <RetentionPart />
      <Part
        title={words('export')}
        hint={words('exportHint')}
        action={
          <a href="/api/export" download="parley-export.ndjson" className={buttonClass('line')}>
            <Icon of={Download} />
            {words('exportAct')}
          </a>
        }
      />
    </>
  );
}

/** The API refuses who has no second proof of their own: then the way to one is offered. */
function TwoFactorPolicy() {
  const words = useTranslations('settings.security');
  const client = useQueryClient();
  const me = useMe();
  const required = me?.tenant?.requireTwoFactor ?? false;
  const set = useMutation({
    mutationFn: (requireTwoFactor: boolean) => call(teamRoutes.setSecurity, { body: { requireTwoFactor } }),
    onSuccess: async ({ body }) => {
      say(words(body.requireTwoFactor ? 'nowRequired' : 'nowOptional'));
      await client.refetchQueries(meQuery);
    },
  });
  return (
    <Part
      title={words('twoFactor')}
      hint={words('twoFactorHint')}
      action={
        <Button variant="line" disabled={set.isPending} onClick={() => set.mutate(!required)}>
          {words(required ? 'stopRequiring' : 'require')}
        </Button>
      }
    >
      <div className="grid gap-3">
        <p className="font-medium">{words(required ? 'required' : 'optional')}</p>
        <Refused error={set.error} />
        {set.error && me && !me.user.twoFactor && (
          <p>
            <Button variant="line" onClick={() => goToSection('you')}>
              {words('setUpOwn')}
            </Button>
          </p>
        )}
      </div>
    </Part>
  );
}
