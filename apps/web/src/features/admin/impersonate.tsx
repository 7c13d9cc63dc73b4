'use client';

import type { Tenant } from '@parley/contracts/tenants';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { SelectField } from '@/components/select-field';
import { tellTabs } from '@/features/session/tabs';
import { call } from '@/lib/api';
import { adminRoutes } from './routes';

const lengths = ['5', '15', '30', '60'] as const;

interface ImpersonateProps {
  tenant: Tenant;
  member: { id: string; name: string };
  onClose: () => void;
}

/** Asks why and for how long. Then a whole page load: this browser is the member until it ends. */
export function Impersonate({ tenant, member, onClose }: ImpersonateProps) {
  const words = useTranslations('admin.support');
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('15');
  const begin = useMutation({
    mutationFn: () =>
      call(adminRoutes.beginImpersonation, {
        body: { tenantId: tenant.id, memberId: member.id, reason, minutes: Number(minutes) },
      }),
    onSuccess: () => {
      tellTabs('changed');
      window.location.assign('/inbox');
    },
  });
  return (
    <FormDialog
      title={words('beginTitle', { name: member.name })}
      description={words('beginHint', { tenant: tenant.name })}
      submit={words('begin')}
      pending={begin.isPending || begin.isSuccess}
      error={begin.error}
      onSubmit={() => begin.mutate()}
      onClose={onClose}
    >
      <Field
        label={words('reason')}
        hint={words('reasonHint')}
        required
        minLength={3}
        maxLength={200}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <SelectField label={words('long')} value={minutes} onChange={(event) => setMinutes(event.target.value)}>
        {lengths.map((one) => (
          <option key={one} value={one}>
            {words('minutes', { count: Number(one) })}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
