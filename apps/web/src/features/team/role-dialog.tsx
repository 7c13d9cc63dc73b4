'use client';

import type { Permission } from '@parley/contracts/permissions';
import type { RoleDefinition } from '@parley/contracts/roles';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { CheckField } from '@/components/check-field';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { call } from '@/lib/api';
import { PermissionFields } from './permission-fields';
import { teamKeys } from './queries';
import { teamRoutes } from './routes';

/** Makes a role (`null`), or changes one of the tenant's own. */
export function RoleDialog({ role, onClose }: { role: RoleDefinition | null; onClose: () => void }) {
  const words = useTranslations('team.roles');
  const client = useQueryClient();
  const group = useId();
  const [name, setName] = useState(role?.name ?? '');
  const [permissions, setPermissions] = useState<Permission[]>(
    role?.permissions ?? ['inbox.read', 'inbox.write', 'label.read', 'member.read', 'account.read'],
  );
  const [seesAll, setSeesAll] = useState(role?.seesAll ?? false);
  const save = useMutation({
    mutationFn: () => {
      const body = { name, permissions, seesAll };
      return role
        ? call(teamRoutes.updateRole, { params: { id: role.id }, body })
        : call(teamRoutes.createRole, { body });
    },
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: teamKeys.roles });
    },
  });
  return (
    <FormDialog
      title={role ? words('changeTitle', { name: role.name }) : words('makeTitle')}
      description={role ? words('changeHint') : undefined}
      submit={words(role ? 'save' : 'makeAct')}
      pending={save.isPending}
      disabled={permissions.length === 0}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field
        label={words('name')}
        required
        maxLength={40}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset>
        <legend className="pb-1 font-medium">{words('sight')}</legend>
        <CheckField
          radio
          name={group}
          checked={!seesAll}
          onChange={() => setSeesAll(false)}
          label={words('seesOwn')}
          hint={words('seesOwnHint')}
        />
        <CheckField radio name={group} checked={seesAll} onChange={() => setSeesAll(true)} label={words('seesAll')} />
      </fieldset>
      <PermissionFields
        legend={words('permissions')}
        hint={words('permissionsHint')}
        value={permissions}
        onChange={setPermissions}
      />
    </FormDialog>
  );
}
