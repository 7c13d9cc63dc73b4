'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { say } from '@/components/toast';
import { InvitationLink } from '@/features/team/invite-member';
import { ViaField } from '@/features/team/via-field';
import { call } from '@/lib/api';
import { superAdminsChanged } from './queries';
import { adminRoutes } from './routes';

/** Invites one address to run the install: by mail, or by a link that one hands over oneself. */
export function InviteSuperAdmin({ onClose }: { onClose: () => void }) {
  const words = useTranslations('admin.superAdmins');
  const team = useTranslations('team.invite');
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [via, setVia] = useState<'mail' | 'link'>('mail');
  const invite = useMutation({
    mutationFn: () => call(adminRoutes.inviteSuperAdmin, { body: { email, via } }),
    onSuccess: ({ body }) => {
      void superAdminsChanged(client);
      if (body.link) return;
      say(team('sent', { email: body.invitation.email }));
      onClose();
    },
  });
  const link = invite.data?.body.link;
  if (link) return <InvitationLink link={link} email={email} onClose={onClose} />;
  return (
    <FormDialog
      title={words('inviteTitle')}
      description={words('inviteHint')}
      submit={team(via === 'mail' ? 'send' : 'make')}
      pending={invite.isPending}
      error={invite.error}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field
        label={team('email')}
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <ViaField value={via} onChange={setVia} />
    </FormDialog>
  );
}
