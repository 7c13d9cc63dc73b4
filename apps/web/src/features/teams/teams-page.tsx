'use client';

import type { Team } from '@parley/contracts/teams';
import { useQuery } from '@tanstack/react-query';
import { Plus, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { Row, WholeRows } from '@/components/rows';
import { useMembers } from '@/features/members/queries';
import { SectionHead } from '@/features/settings/section-head';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { teamsQuery } from './queries';
import { TeamDialog } from './team-dialog';

/** Who works on the same conversations. What is made or changed comes by its event, as everybody's does. */
export function TeamsPage() {
  const words = useTranslations('team.teams');
  const [making, setMaking] = useState(false);
  const teams = useQuery(teamsQuery);
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
      <WholeRows
        label={words('title')}
        query={teams}
        items={teams.data?.items}
        empty={
          <div className="border-t border-line">
            <Empty icon={UsersRound} title={words('none')}>
              {words('noneHint')}
            </Empty>
          </div>
        }
      >
        {(team) => <TeamRow key={team.id} team={team} />}
      </WholeRows>
      {making && <TeamDialog team={null} onClose={() => setMaking(false)} />}
    </>
  );
}

function TeamRow({ team }: { team: Team }) {
  const words = useTranslations('team.teams');
  const [doing, setDoing] = useState<'change' | 'delete' | null>(null);
  const { id, name } = team;
  const members = useMembers().filter(({ active, teamIds }) => active && teamIds.includes(id));
  return (
    <Row
      lead={
        <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
          <Icon of={UsersRound} />
        </span>
      }
      title={<span className="truncate">{name}</span>}
      end={
        <>
          <LinkButton onClick={() => setDoing('change')} aria-label={words('changeWhat', { name })}>
            {words('change')}
          </LinkButton>
          <LinkButton tone="danger" onClick={() => setDoing('delete')} aria-label={words('deleteWhat', { name })}>
            {words('delete')}
          </LinkButton>
        </>
      }
    >
      <p className="max-w-[72ch] pb-1.5 ps-11 text-meta text-pretty text-ink-2">
        {members.length === 0 ? words('nobody') : members.map((member) => member.name).join(', ')}
      </p>
      {doing === 'change' && <TeamDialog team={team} onClose={() => setDoing(null)} />}
      {doing === 'delete' && (
        <Confirm
          title={words('deleteTitle', { name })}
          description={words('deleteHint')}
          act={words('deleteAct')}
          onClose={() => setDoing(null)}
          work={() => call(teamRoutes.deleteTeam, { params: { id } })}
        />
      )}
    </Row>
  );
}
