'use client';

import type { RoleDefinition } from '@parley/contracts/roles';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Shield } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Chip } from '@/components/chip';
import { Confirm } from '@/components/confirm';
import { Icon } from '@/components/icon';
import { Row, WholeRows } from '@/components/rows';
import { SectionHead } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { rolesQuery, teamKeys, useRoleName } from './queries';
import { RoleDialog } from './role-dialog';
import { teamRoutes } from './routes';
import { usePermissionWords } from './use-permission-words';

/** The three roles of everybody, and the tenant's own. */
export function RolesPage() {
  const words = useTranslations('team.roles');
  const [making, setMaking] = useState(false);
  const roles = useQuery(rolesQuery);
  return (
    <>
      <SectionHead
        title={words('title')}
        hint={words('hint')}
        action={
          <Button variant="primary" onClick={() => setMaking(true)}>
            <Icon of={Plus} />
            {words('make')}
          </Button>
        }
      />
      <WholeRows label={words('title')} query={roles} items={roles.data}>
        {(role) => <RoleRow key={role.id} role={role} />}
      </WholeRows>
      {making && <RoleDialog role={null} onClose={() => setMaking(false)} />}
    </>
  );
}

function RoleRow({ role }: { role: RoleDefinition }) {
  const words = useTranslations('team.roles');
  const client = useQueryClient();
  const roleName = useRoleName();
  const permissionWords = usePermissionWords();
  const [doing, setDoing] = useState<'change' | 'delete' | null>(null);
  const { can } = role.me;
  const name = roleName(role.id);
  const builtIn = name !== role.name;
  return (
    <Row
      lead={
        <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
          <Icon of={Shield} />
        </span>
      }
      title={
        <>
          <span className="truncate">{name}</span>
          {builtIn && <Chip small>{words('builtIn')}</Chip>}
        </>
      }
      end={
        can.length > 0 && (
          <>
            {can.includes('change') && (
              <LinkButton onClick={() => setDoing('change')} aria-label={words('changeWhat', { name })}>
                {words('change')}
              </LinkButton>
            )}
            {can.includes('delete') && (
              <LinkButton tone="danger" onClick={() => setDoing('delete')} aria-label={words('deleteWhat', { name })}>
                {words('delete')}
              </LinkButton>
            )}
          </>
        )
      }
    >
      <p className="max-w-[72ch] pb-1.5 ps-11 text-meta text-pretty text-ink-2">
        {words(role.seesAll ? 'seesAll' : 'seesOwn')} {words('may')} {role.permissions.map(permissionWords).join(', ')}.
      </p>
      {doing === 'change' && <RoleDialog role={role} onClose={() => setDoing(null)} />}
      {doing === 'delete' && (
        <Confirm
          title={words('deleteTitle', { name })}
          description={words('deleteHint')}
          act={words('deleteAct')}
          onClose={() => setDoing(null)}
          work={() =>
            call(teamRoutes.deleteRole, { params: { id: role.id } }).then(() =>
              client.invalidateQueries({ queryKey: teamKeys.roles }),
            )
          }
        />
      )}
    </Row>
  );
}
