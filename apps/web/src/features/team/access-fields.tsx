'use client';

import type { AnyRole } from '@parley/contracts/permissions';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { ChannelMark } from '@/components/channel-mark';
import { CheckField } from '@/components/check-field';
import { SelectField } from '@/components/select-field';
import { useAccounts } from '@/features/accounts/queries';
import { rolesQuery, useRoleName } from './queries';

/** The roles there are; the API refuses one that would give more than one has. */
export function RoleField({ value, onChange }: { value: AnyRole; onChange: (role: AnyRole) => void }) {
  const words = useTranslations('team.role');
  const roleName = useRoleName();
  const roles = useQuery(rolesQuery).data ?? [];
  const ids = roles.some(({ id }) => id === value) ? roles.map(({ id }) => id) : [value, ...roles.map(({ id }) => id)];
  const hint = value === 'agent' || value === 'manager' || value === 'tenant_admin' ? words(`hint.${value}`) : null;
  return (
    <SelectField label={words('label')} value={value} hint={hint} onChange={(event) => onChange(event.target.value)}>
      {ids.map((id) => (
        <option key={id} value={id}>
          {roleName(id)}
        </option>
      ))}
    </SelectField>
  );
}

interface AccountsFieldProps {
  legend: string;
  value: string[] | null;
  onChange: (ids: string[] | null) => void;
}

/** Every account, or those that are ticked. */
export function AccountsField({ legend, value, onChange }: AccountsFieldProps) {
  const words = useTranslations('team.accounts');
  const name = useId();
  const accounts = useAccounts();
  const known = new Set(accounts.map(({ id }) => id));
  const toggle = (id: string, on: boolean) =>
    onChange([...(value ?? []).filter((one) => one !== id && known.has(one)), ...(on ? [id] : [])]);
  return (
    <fieldset>
      <legend className="pb-1 font-medium">{legend}</legend>
      <CheckField radio name={name} checked={value === null} onChange={() => onChange(null)} label={words('all')} />
      <CheckField
        radio
        name={name}
        checked={value !== null}
        disabled={accounts.length === 0}
        onChange={() => onChange([])}
        label={words('chosen')}
      />
      {value !== null && (
        <div className="max-h-48 overflow-y-auto ps-6">
          {accounts.map((account) => (
            <CheckField
              key={account.id}
              checked={value.includes(account.id)}
              onChange={(event) => toggle(account.id, event.target.checked)}
              label={
                <span className="flex items-center gap-2">
                  <ChannelMark channel={account.channel} />
                  {account.name}
                </span>
              }
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
