'use client';

import type { Team } from '@parley/contracts/teams';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CheckField } from '@/components/check-field';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { useMembers } from '@/features/members/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';

/** Makes a team (`null`), or changes one: its name, and who is of it. */
export function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const words = useTranslations('team.teams');
  const members = useMembers();
  const [name, setName] = useState(team?.name ?? '');
  /** Null: as they are, whoever they are. */
  const [chosen, setChosen] = useState<string[] | null>(null);
  const memberIds = chosen ?? members.flatMap(({ id, teamIds }) => (team && teamIds.includes(team.id) ? [id] : []));
  const save = useMutation({
    mutationFn: () =>
      team
        ? call(teamRoutes.updateTeam, { params: { id: team.id }, body: { name, memberIds: chosen ?? undefined } })
        : call(teamRoutes.createTeam, { body: { name, memberIds } }),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      title={team ? words('changeTitle', { name: team.name }) : words('makeTitle')}
      description={words('dialogHint')}
      submit={words(team ? 'save' : 'makeAct')}
      pending={save.isPending}
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
        <legend className="pb-1 font-medium">{words('members')}</legend>
        <div className="max-h-64 overflow-y-auto">
          {members
            .filter(({ id, active }) => active || memberIds.includes(id))
            .map(({ id, name: memberName }) => (
              <CheckField
                key={id}
                checked={memberIds.includes(id)}
                onChange={({ target }) =>
                  setChosen([...memberIds.filter((one) => one !== id), ...(target.checked ? [id] : [])])
                }
                label={memberName}
              />
            ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
