'use client';

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Fact } from '@/components/rows';
import { call } from '@/lib/api';
import { Invitations } from './invitations';
import { invitationsQuery, teamKeys, useRoleName } from './queries';
import { teamRoutes } from './routes';
import { useAccountWords } from './use-account-words';

/** Invitations to this tenant. */
export function InvitationList() {
  const client = useQueryClient();
  const roleName = useRoleName();
  const accountWords = useAccountWords();
  return (
    <Invitations
      query={useInfiniteQuery(invitationsQuery)}
      facts={({ role, accountIds }) => (
        <>
          <Fact>{roleName(role)}</Fact>
          <Fact>{accountWords(accountIds)}</Fact>
        </>
      )}
      again={({ id }) => call(teamRoutes.resendInvitation, { params: { id } })}
      revoke={({ id }) => call(teamRoutes.revokeInvitation, { params: { id } })}
      changed={() => client.invalidateQueries({ queryKey: teamKeys.invitations })}
    />
  );
}
