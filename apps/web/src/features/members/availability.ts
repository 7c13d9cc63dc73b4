import type { Availability } from '@parley/contracts/members';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { complain } from '@/components/toast';
import { useMe } from '@/features/session/queries';
import { call } from '@/lib/api';
import { applyEvent } from '@/lib/realtime/apply-event';
import { routes } from '@/lib/routes';
import { useMembers } from './queries';

/** What one says of oneself, and how one says something else. */
export function useAvailability(): [Availability, (next: Availability) => void] {
  const client = useQueryClient();
  const mine = useMe()?.memberId;
  const { availability = 'online' } = useMembers().find(({ id }) => id === mine) ?? {};
  const set = useMutation({
    mutationFn: (next: Availability) => call(routes.setAvailability, { body: { availability: next } }),
    onSuccess: ({ body, stamp }) => applyEvent(client, { ...stamp, type: 'member.updated', member: body }),
    onError: (error) => complain(error.message),
  });
  return [set.isPending ? set.variables : availability, set.mutate];
}
