'use client';

import type { Invitation } from '@parley/contracts/invitations';
import { Link, Mail } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip, type ChipTone } from '@/components/chip';
import { Icon } from '@/components/icon';

const tones: Record<Invitation['state'], ChipTone> = {
  open: 'accent',
  accepted: 'ok',
  expired: 'warn',
  revoked: 'neutral',
};

/** How it goes, in front of its row. */
export function InvitationMark({ via }: Pick<Invitation, 'via'>) {
  return (
    <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
      <Icon of={via === 'mail' ? Mail : Link} />
    </span>
  );
}

/** For whom it is, and what became of it. */
export function InvitationTitle({ email, state }: Pick<Invitation, 'email' | 'state'>) {
  const words = useTranslations('team.invitations');
  return (
    <>
      <span className="truncate">{email}</span>
      <Chip small tone={tones[state]}>
        {words(`state.${state}`)}
      </Chip>
    </>
  );
}
