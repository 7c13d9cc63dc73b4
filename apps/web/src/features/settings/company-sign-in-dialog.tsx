'use client';

import type { ResponseOf } from '@parley/contracts/route';
import type { getCompanySignIn } from '@parley/contracts/company-sign-in';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CheckField } from '@/components/check-field';
import { CopyLine } from '@/components/copy-line';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { Refused } from '@/components/refused';
import { say } from '@/components/toast';
import { CheckList } from '@/features/accounts/check-list';
import { RoleField } from '@/features/team/access-fields';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { companySignInQuery } from './company-sign-in';

interface CompanySignInDialogProps {
  settings: ResponseOf<typeof getCompanySignIn>;
  onClose: () => void;
}

/** Everything that the provider and we must know of each other. */
export function CompanySignInDialog({ settings: { signIn, redirectUri }, onClose }: CompanySignInDialogProps) {
  const words = useTranslations('settings.companySignIn');
  const client = useQueryClient();
  const [draft, setDraft] = useState({
    ...(signIn ?? { issuer: '', clientId: '', newRole: null, isSecondProof: false, only: false }),
    domains: signIn?.domains.join(', ') ?? '',
    clientSecret: '',
  });
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const stays = signIn?.issuer === draft.issuer.trim() && signIn.clientId === draft.clientId.trim();
  const save = useMutation({
    mutationFn: () =>
      call(teamRoutes.setCompanySignIn, {
        body: {
          ...draft,
          issuer: draft.issuer.trim(),
          domains: draft.domains.split(/[\s,;]+/).filter(Boolean),
          clientSecret: draft.clientSecret || undefined,
        },
      }),
    onSuccess: ({ body }) => {
      client.setQueryData(companySignInQuery.queryKey, body);
      say(words('saved'));
      onClose();
    },
  });
  return (
    <FormDialog
      title={words('title')}
      description={words('dialogHint')}
      submit={words('save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <CopyLine label={words('redirectUri')} value={redirectUri} />
      <Field
        label={words('issuer')}
        hint={words('issuerHint')}
        type="url"
        required
        maxLength={500}
        value={draft.issuer}
        onChange={({ target }) => change({ issuer: target.value })}
      />
      <Examination issuer={draft.issuer.trim()} />
      <Field
        label={words('clientId')}
        required
        maxLength={500}
        autoComplete="off"
        value={draft.clientId}
        onChange={({ target }) => change({ clientId: target.value })}
      />
      <Field
        label={words('clientSecret')}
        hint={words(stays ? 'secretStays' : 'secretHint')}
        type="password"
        required={!stays}
        maxLength={1000}
        autoComplete="new-password"
        value={draft.clientSecret}
        onChange={({ target }) => change({ clientSecret: target.value })}
      />
      <Field
        label={words('domains')}
        hint={words('domainsHint')}
        required
        autoCapitalize="none"
        spellCheck={false}
        value={draft.domains}
        onChange={({ target }) => change({ domains: target.value })}
      />
      <div>
        <CheckField
          checked={draft.newRole !== null}
          onChange={({ target }) => change({ newRole: target.checked ? 'agent' : null })}
          label={words('admit')}
          hint={words('admitHint')}
        />
        {draft.newRole !== null && (
          <div className="ps-6 pt-1 pb-2">
            <RoleField value={draft.newRole} onChange={(newRole) => change({ newRole })} />
          </div>
        )}
        <CheckField
          checked={draft.isSecondProof}
          onChange={({ target }) => change({ isSecondProof: target.checked })}
          label={words('secondProofCounts')}
          hint={words('secondProofHint')}
        />
        <CheckField
          checked={draft.only}
          onChange={({ target }) => change({ only: target.checked })}
          label={words('only')}
          hint={words('onlyHint')}
        />
      </div>
    </FormDialog>
  );
}

/** What the provider says of itself, before anybody depends on it. */
function Examination({ issuer }: { issuer: string }) {
  const words = useTranslations('settings.companySignIn');
  const check = useMutation({
    mutationFn: () => call(teamRoutes.checkCompanySignIn, { body: { issuer } }).then(({ body }) => body.checks),
  });
  return (
    <div className="grid gap-3">
      <p>
        <Button variant="line" disabled={!issuer || check.isPending} onClick={() => check.mutate()}>
          {words('check')}
        </Button>
      </p>
      <Refused error={check.error} />
      <CheckList
        checks={(check.data ?? []).map(({ name, ...rest }) => ({ title: words(`checks.${name}`), ...rest }))}
      />
    </div>
  );
}
