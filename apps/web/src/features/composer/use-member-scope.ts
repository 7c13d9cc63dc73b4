'use client';

import { useMe } from '@/features/session/queries';

/** Names what belongs to one member of one tenant in this browser; null until it is known who looks. */
export function useMemberScope(): string | null {
  const me = useMe();
  return me?.tenant && me.memberId ? `${me.tenant.id}:${me.memberId}` : null;
}
