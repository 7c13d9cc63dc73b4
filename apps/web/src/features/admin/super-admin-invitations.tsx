'use client';

import type { SuperAdminInvitation } from '@parley/contracts/super-admins';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { LinkButton } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { Fact, Row, Rows } from '@/components/rows';
import { complain, say } from '@/components/toast';
import { Part } from '@/features/settings/section-head';
import { InvitationMark, InvitationTitle } from '@/features/team/invitation-marks';
import { InvitationLink } from '@/features/team/invite-member';
import { call } from '@/lib/api';
import { superAdminInvitationsQuery, superAdminsChanged } from './queries';
import { adminRoutes } from './routes';

/** Invitations to run the install, newest first: those that are open can be made anew or taken back. */
export function SuperAdminInvitations() {
  const words = useTranslations('team.invitations');
  const invitations = useInfiniteQuery(superAdminInvitationsQuery);
  return (
    <div className="pt-8">
      <Part title={words('title')} hint={words('hint')}>
        <Rows
          label={words('title')}
          query={invitations}
          empty={<p className="border-t border-line py-3 text-ink-3">{words('none')}</p>}
        >
          {(invitation) => <InvitationRow key={invitation.id} invitation={invitation} />}
        </Rows>
      </Part>
    </div>
  );
}

function InvitationRow({ invitation }: { invitation: SuperAdminInvitation }) {
  const words = useTranslations('team.invitations');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const { email, state, via, invitedBy, expiresAt } = invitation;
  const closed = state === 'revoked' || state === 'accepted';
  return (
    <Row
      quiet={closed}
      lead={<InvitationMark via={via} />}
      title={<InvitationTitle email={email} state={state} />}
      meta={invitedBy ? words('by', { name: invitedBy }) : words('byPlatform')}
      facts={<Fact>{state === 'open' && words('ends', { when: format.relativeTime(new Date(expiresAt), now) })}</Fact>}
      end={!closed && <InvitationActs invitation={invitation} />}
    />
  );
}

function InvitationActs({ invitation: { id, email, via } }: { invitation: SuperAdminInvitation }) {
  const words = useTranslations('team.invitations');
  const client = useQueryClient();
  const [revoking, setRevoking] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const again = useMutation({
    mutationFn: () => call(adminRoutes.inviteSuperAdmin, { body: { email, via } }),
    onSuccess: ({ body }) => {
      if (body.link) return setLink(body.link);
      say(words('resent', { email }));
      return superAdminsChanged(client);
    },
    onError: (error) => complain(error.message),
  });
  return (
    <>
      <LinkButton disabled={again.isPending} onClick={() => again.mutate()}>
        {words(via === 'mail' ? 'resend' : 'newLink')}
      </LinkButton>
      <LinkButton tone="danger" onClick={() => setRevoking(true)}>
        {words('revoke')}
      </LinkButton>
      {link && (
        <InvitationLink
          link={link}
          email={email}
          onClose={() => {
            setLink(null);
            void superAdminsChanged(client); // not before: its row goes with it
          }}
        />
      )}
      {revoking && (
        <Confirm
          title={words('revokeTitle', { email })}
          description={words('revokeHint')}
          act={words('revokeAct')}
          onClose={() => setRevoking(false)}
          work={() =>
            call(adminRoutes.revokeSuperAdminInvitation, { params: { id } }).then(() => superAdminsChanged(client))
          }
        />
      )}
    </>
  );
}
