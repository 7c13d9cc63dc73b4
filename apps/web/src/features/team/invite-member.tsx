'use client';

import type { AnyRole } from '@parley/contracts/permissions';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { OnceDialog } from '@/components/once-dialog';
import { say } from '@/components/toast';
import { call } from '@/lib/api';
import { AccountsField, RoleField } from './access-fields';
import { teamKeys } from './queries';
import { teamRoutes } from './routes';
import { ViaField } from './via-field';

/** Invites one address: by mail, or by a link that one hands over oneself. */
export function InviteMember({ onClose }: { onClose: () => void }) {
  const words = useTranslations('team.invite');
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<AnyRole>('agent');
  const [accountIds, setAccountIds] = useState<string[] | null>(null);
  const [via, setVia] = useState<'mail' | 'link'>('mail');
  const invite = useMutation({
    mutationFn: () => call(teamRoutes.createInvitation, { body: { email, role, accountIds, via } }),
    onSuccess: ({ body }) => {
      void client.invalidateQueries({ queryKey: teamKeys.invitations });
      if (body.link) return;
      say(words('sent', { email: body.invitation.email }));
      onClose();
    },
  });
  const link = invite.data?.body.link;
  if (link) return <InvitationLink link={link} email={email} onClose={onClose} />;
  return (
    <FormDialog
      title={words('title')}
      description={words('hint')}
      submit={words(via === 'mail' ? 'send' : 'make')}
      pending={invite.isPending}
      disabled={accountIds?.length === 0}
      error={invite.error}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field
        label={words('email')}
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RoleField value={role} onChange={setRole} />
      <AccountsField legend={words('accounts')} value={accountIds} onChange={setAccountIds} />
      <ViaField value={via} onChange={setVia} />
    </FormDialog>
  );
}

/** Shown this once. */
export function InvitationLink({ link, email, onClose }: { link: string; email: string; onClose: () => void }) {
  const words = useTranslations('team.invite');
  return (
    <OnceDialog
      title={words('made')}
      description={words('madeHint', { email })}
      label={words('link')}
      value={link}
      onClose={onClose}
    />
  );
}
