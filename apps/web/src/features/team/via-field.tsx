'use client';

import type { Invitation } from '@parley/contracts/invitations';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { CheckField } from '@/components/check-field';

type Via = Invitation['via'];

/** How an invitation reaches whom it is for. */
export function ViaField({ value, onChange }: { value: Via; onChange: (via: Via) => void }) {
  const words = useTranslations('team.invite');
  const name = useId();
  return (
    <fieldset>
      <legend className="pb-1 font-medium">{words('via')}</legend>
      <CheckField
        radio
        name={name}
        checked={value === 'mail'}
        onChange={() => onChange('mail')}
        label={words('byMail')}
        hint={words('byMailHint')}
      />
      <CheckField
        radio
        name={name}
        checked={value === 'link'}
        onChange={() => onChange('link')}
        label={words('byLink')}
        hint={words('byLinkHint')}
      />
    </fieldset>
  );
}
