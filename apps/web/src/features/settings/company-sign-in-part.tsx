'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { RowsFailed, RowSkeletons } from '@/components/rows';
import { useRoleName } from '@/features/team/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { companySignInQuery } from './company-sign-in';
import { CompanySignInDialog } from './company-sign-in-dialog';
import { Part } from './section-head';

/** The company's own OpenID provider: what it does here, and the way to change or remove it. */
export function CompanySignInPart() {
  const words = useTranslations('settings.companySignIn');
  const client = useQueryClient();
  const roleName = useRoleName();
  const settings = useQuery(companySignInQuery);
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  if (settings.isError) return <RowsFailed error={settings.error} retry={() => void settings.refetch()} />;
  if (!settings.data) return <RowSkeletons />;
  const { signIn, leading } = settings.data;
  const close = () => setOpen(null);
  return (
    <Part
      title={words('title')}
      hint={words('hint')}
      action={
        <div className="flex gap-2">
          {signIn && (
            <Button variant="line" onClick={() => setOpen('remove')}>
              {words('remove')}
            </Button>
          )}
          <Button variant="line" onClick={() => setOpen('edit')}>
            {words(signIn ? 'change' : 'setUp')}
          </Button>
        </div>
      }
    >
      {signIn ? (
        <dl className="grid max-w-[64ch] gap-3">
          <Line term={words('issuer')}>{signIn.issuer}</Line>
          <Line term={words('domains')}>
            {signIn.domains.join(', ')}
            {signIn.domains
              .filter((domain) => !leading.includes(domain))
              .map((domain) => (
                <span key={domain} className="block text-meta text-pretty text-ink-3">
                  {words('notLeading', { domain })}
                </span>
              ))}
          </Line>
          <Line term={words('newcomers')}>
            {signIn.newRole ? words('newcomersAs', { role: roleName(signIn.newRole) }) : words('newcomersNone')}
          </Line>
          {signIn.isSecondProof && <Line term={words('secondProof')}>{words('secondProofCounts')}</Line>}
          {signIn.only && <Line term={words('only')}>{words('onlyHint')}</Line>}
        </dl>
      ) : (
        <p className="text-ink-3">{words('none')}</p>
      )}
      {open === 'edit' && <CompanySignInDialog settings={settings.data} onClose={close} />}
      {open === 'remove' && (
        <Confirm
          title={words('removeTitle')}
          description={words('removeHint')}
          act={words('removeAct')}
          onClose={close}
          work={() => call(teamRoutes.removeCompanySignIn, {}).then(() => client.invalidateQueries(companySignInQuery))}
        />
      )}
    </Part>
  );
}

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-meta text-ink-3">{term}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
