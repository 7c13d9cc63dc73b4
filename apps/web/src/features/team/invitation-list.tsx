'use client';

import type { Invitation } from '@parley/contracts/invitations';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Confirm } from '@/components/confirm';
import { LinkButton } from '@/components/button';
import { Fact, Row, Rows } from '@/components/rows';
import { complain, say } from '@/components/toast';
import { Part } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { InvitationMark, InvitationTitle } from './invitation-marks';
import { InvitationLink } from './invite-member';
import { invitationsQuery, teamKeys, useRoleName } from './queries';
import { teamRoutes } from './routes';
import { useAccountWords } from './use-account-words';

/** Invitations, newest first: those that are open can be sent again or taken back. */
export function InvitationList() {
  const words = useTranslations('team.invitations');
  const invitations = useInfiniteQuery(invitationsQuery);
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

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const words = useTranslations('team.invitations');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const roleName = useRoleName();
  const accountWords = useAccountWords();
  const { email, state, via, role, invitedBy, accountIds } = invitation;
  return (
    <Row
      quiet={state === 'revoked' || state === 'accepted'}
      lead={<InvitationMark via={via} />}
      title={<InvitationTitle email={email} state={state} />}
      meta={invitedBy ? words('by', { name: invitedBy }) : words('byPlatform')}
      facts={
        <>
          <Fact>{roleName(role)}</Fact>
          <Fact>{accountWords(accountIds)}</Fact>
          <Fact>
            {state === 'open' && words('ends', { when: format.relativeTime(new Date(invitation.expiresAt), now) })}
          </Fact>
        </>
      }
      end={<InvitationActs invitation={invitation} />}
    />
  );
}

function InvitationActs({ invitation: { id, email, via, me } }: { invitation: Invitation }) {
  const words = useTranslations('team.invitations');
  const client = useQueryClient();
  const [revoking, setRevoking] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: teamKeys.invitations });
  const resend = useMutation({
    mutationFn: () => call(teamRoutes.resendInvitation, { params: { id } }),
    onSuccess: ({ body }) => {
      if (body.link) setLink(body.link);
      else say(words('resent', { email }));
      return changed();
    },
    onError: (error) => complain(error.message),
  });
  return (
    <>
      {me.can.includes('resend') && (
        <LinkButton disabled={resend.isPending} onClick={() => resend.mutate()}>
          {words(via === 'mail' ? 'resend' : 'newLink')}
        </LinkButton>
      )}
      {me.can.includes('revoke') && (
        <LinkButton tone="danger" onClick={() => setRevoking(true)}>
          {words('revoke')}
        </LinkButton>
      )}
      {link && <InvitationLink link={link} email={email} onClose={() => setLink(null)} />}
      {revoking && (
        <Confirm
          title={words('revokeTitle', { email })}
          description={words('revokeHint')}
          act={words('revokeAct')}
          onClose={() => setRevoking(false)}
          work={() => call(teamRoutes.revokeInvitation, { params: { id } }).then(changed)}
        />
      )}
    </>
  );
}
