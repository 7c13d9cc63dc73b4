'use client';

import type { Permission } from '@parley/contracts/permissions';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { OnceDialog } from '@/components/once-dialog';
import { SelectField } from '@/components/select-field';
import { call } from '@/lib/api';
import { AccountsField } from './access-fields';
import { PermissionFields } from './permission-fields';
import { teamKeys } from './queries';
import { teamRoutes } from './routes';

const DAY_MS = 86_400_000;
const lives = ['30', '90', '365', 'endless'] as const;
type Life = (typeof lives)[number];

/** Makes a key of what it may, on which accounts, until when; then shows it, this once. */
export function KeyDialog({ onClose }: { onClose: () => void }) {
  const words = useTranslations('team.keys');
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<Permission[]>(['inbox.read', 'inbox.write']);
  const [accountIds, setAccountIds] = useState<string[] | null>(null);
  const [life, setLife] = useState<Life>('90');
  const make = useMutation({
    mutationFn: () => {
      const expiresAt = life === 'endless' ? null : new Date(Date.now() + Number(life) * DAY_MS).toISOString();
      return call(teamRoutes.createApiKey, { body: { name, permissions, accountIds, expiresAt } });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: teamKeys.keys }), // not awaited: the key would wait for the list
  });
  if (make.data) return <MadeKey value={make.data.body.key} onClose={onClose} />;
  return (
    <FormDialog
      title={words('makeTitle')}
      description={words('makeHint')}
      submit={words('makeAct')}
      pending={make.isPending}
      disabled={permissions.length === 0 || accountIds?.length === 0}
      error={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Field
        label={words('name')}
        required
        maxLength={80}
        autoComplete="off"
        hint={words('nameHint')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField label={words('life.label')} value={life} onChange={(event) => setLife(event.target.value as Life)}>
        {lives.map((one) => (
          <option key={one} value={one}>
            {words(`life.${one}`)}
          </option>
        ))}
      </SelectField>
      <AccountsField legend={words('accounts')} value={accountIds} onChange={setAccountIds} />
      <PermissionFields
        legend={words('permissions')}
        hint={words('permissionsHint')}
        value={permissions}
        onChange={setPermissions}
      />
    </FormDialog>
  );
}

/** The key itself, which nobody can look up again. */
export function MadeKey({ value, onClose }: { value: string; onClose: () => void }) {
  const words = useTranslations('team.keys');
  return (
    <OnceDialog
      title={words('made')}
      description={words('madeHint')}
      label={words('key')}
      value={value}
      onClose={onClose}
    />
  );
}
