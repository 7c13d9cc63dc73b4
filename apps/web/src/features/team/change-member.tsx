'use client';

import type { TeamMember } from '@parley/contracts/members';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FormDialog } from '@/components/form-dialog';
import { say } from '@/components/toast';
import { call } from '@/lib/api';
import { AccountsField, RoleField } from './access-fields';
import { teamKeys } from './queries';
import { teamRoutes } from './routes';
import { SightPreview } from './sight-preview';

/** Another role, or other accounts; what that would show them stands below before anybody saves it. */
export function ChangeMember({ member, onClose }: { member: TeamMember; onClose: () => void }) {
  const words = useTranslations('team.change');
  const client = useQueryClient();
  const [role, setRole] = useState(member.role);
  const [accountIds, setAccountIds] = useState(member.accountIds);
  const change = useMutation({
    mutationFn: () => call(teamRoutes.changeMember, { params: { id: member.id }, body: { role, accountIds } }),
    onSuccess: () => {
      say(words('changed', { name: member.name }));
      onClose();
      return client.invalidateQueries({ queryKey: teamKeys.members });
    },
  });
  return (
    <FormDialog
      title={words('title', { name: member.name })}
      description={words('hint')}
      submit={words('save')}
      pending={change.isPending}
      disabled={accountIds?.length === 0}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <RoleField value={role} onChange={setRole} />
      <AccountsField legend={words('accounts')} value={accountIds} onChange={setAccountIds} />
      {accountIds?.length !== 0 && <SightPreview member={member} role={role} accountIds={accountIds} />}
    </FormDialog>
  );
}
