'use client';

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Invitations } from '@/features/team/invitations';
import { call } from '@/lib/api';
import { superAdminInvitationsQuery, superAdminsChanged } from './queries';
import { adminRoutes } from './routes';

/** Invitations to run the install. To send one again is to invite again. */
export function SuperAdminInvitations() {
  const client = useQueryClient();
  return (
    <Invitations
      query={useInfiniteQuery(superAdminInvitationsQuery)}
      again={({ email, via }) => call(adminRoutes.inviteSuperAdmin, { body: { email, via } })}
      revoke={({ id }) => call(adminRoutes.revokeSuperAdminInvitation, { params: { id } })}
      changed={() => superAdminsChanged(client)}
    />
  );
}
