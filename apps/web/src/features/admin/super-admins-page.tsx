'use client';

import type { Me } from '@parley/contracts/me';
import type { SuperAdmin } from '@parley/contracts/super-admins';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { ShieldUser, UserPlus } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { Button, LinkButton } from '@/components/button';
import { Chip } from '@/components/chip';
import { Confirm } from '@/components/confirm';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { Fact, Row, Rows } from '@/components/rows';
import { say } from '@/components/toast';
import { SectionHead } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { InviteSuperAdmin } from './invite-super-admin';
import { superAdminsChanged, superAdminsQuery } from './queries';
import { adminRoutes } from './routes';
import { SuperAdminInvitations } from './super-admin-invitations';

/** Who runs the install, and who is about to. */
export function SuperAdminsPage({ me }: { me: Me }) {
  const words = useTranslations('admin.superAdmins');
  const [inviting, setInviting] = useState(false);
  const superAdmins = useInfiniteQuery(superAdminsQuery);
  return (
    <>
      <SectionHead
        title={words('title')}
        hint={words('hint')}
        action={
          <Button variant="primary" onClick={() => setInviting(true)}>
            <Icon of={UserPlus} />
            {words('invite')}
          </Button>
        }
      />
      <Rows
        label={words('title')}
        query={superAdmins}
        empty={
          <Empty icon={ShieldUser} title={words('none')}>
            {words('noneHint')}
          </Empty>
        }
      >
        {(one) => <SuperAdminRow key={one.id} one={one} mine={one.id === me.user.id} />}
      </Rows>
      <SuperAdminInvitations />
      {inviting && <InviteSuperAdmin onClose={() => setInviting(false)} />}
    </>
  );
}

function SuperAdminRow({ one: { id, name, email, since, lastSeenAt, twoFactor }, mine }: RowProps) {
  const words = useTranslations('admin.superAdmins');
  const members = useTranslations('team.members');
  const common = useTranslations('common');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const [removing, setRemoving] = useState(false);
  return (
    <Row
      lead={<Avatar id={id} name={name} size={32} />}
      title={
        <>
          <span className="truncate">{name}</span>
          {mine && <Chip small>{common('you')}</Chip>}
        </>
      }
      meta={email}
      facts={
        <>
          <Fact>{words('since', { day: format.dateTime(new Date(since), { dateStyle: 'medium' }) })}</Fact>
          <Fact>
            {lastSeenAt
              ? members('seen', { when: format.relativeTime(new Date(lastSeenAt), now) })
              : members('notSeen')}
          </Fact>
          <Fact>{words(twoFactor ? 'twoFactor' : 'noTwoFactor')}</Fact>
        </>
      }
      end={
        <LinkButton tone="danger" aria-label={words('removeWhat', { name })} onClick={() => setRemoving(true)}>
          {words('remove')}
        </LinkButton>
      }
    >
      {removing && <Remove id={id} name={name} mine={mine} onClose={() => setRemoving(false)} />}
    </Row>
  );
}

interface RowProps {
  one: SuperAdmin;
  mine: boolean;
}

function Remove({ id, name, mine, onClose }: { id: string; name: string; mine: boolean; onClose: () => void }) {
  const words = useTranslations('admin.superAdmins');
  const client = useQueryClient();
  return (
    <Confirm
      title={mine ? words('removeOwnTitle') : words('removeTitle', { name })}
      description={words(mine ? 'removeOwnHint' : 'removeHint')}
      act={words('removeAct')}
      onClose={onClose}
      work={async () => {
        await call(adminRoutes.removeSuperAdmin, { params: { id } });
        if (mine) return window.location.reload(); // the console is somebody else's now
        say(words('removed', { name }));
        await superAdminsChanged(client);
      }}
    />
  );
}
