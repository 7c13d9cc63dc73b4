'use client';

import type { TeamMember } from '@parley/contracts/members';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Confirm } from '@/components/confirm';
import { SelectField } from '@/components/select-field';
import { say } from '@/components/toast';
import { useMembers } from '@/features/members/queries';
import { call } from '@/lib/api';
import { teamKeys } from './queries';
import { teamRoutes } from './routes';

/** Ends a membership; whose conversations were theirs is decided here. */
export function DeactivateMember({ member, onClose }: { member: TeamMember; onClose: () => void }) {
  const words = useTranslations('team.deactivate');
  const client = useQueryClient();
  const others = useMembers().filter(({ id, active }) => active && id !== member.id);
  const [heir, setHeir] = useState('');
  const work = async () => {
    const { body } = await call(teamRoutes.deactivateMember, {
      params: { id: member.id },
      body: { reassignTo: heir || null },
    });
    say(words('done', { name: member.name, count: body.reassigned }));
    await client.invalidateQueries({ queryKey: teamKeys.members });
  };
  return (
    <Confirm
      title={words('title', { name: member.name })}
      description={words('hint')}
      act={words('act')}
      work={work}
      onClose={onClose}
    >
      <SelectField
        label={words('heir')}
        hint={words('heirHint')}
        value={heir}
        onChange={(event) => setHeir(event.target.value)}
      >
        <option value="">{words('nobody')}</option>
        {others.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
    </Confirm>
  );
}
