'use client';

import type { TeamMember } from '@parley/contracts/members';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, UserPlus, Users } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { Button } from '@/components/button';
import { Chip } from '@/components/chip';
import { Confirm } from '@/components/confirm';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { Menu, MenuItem, MenuLine } from '@/components/menu';
import { Fact, Row, Rows } from '@/components/rows';
import { complain, say } from '@/components/toast';
import { useMe } from '@/features/session/queries';
import { SectionHead } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { ChangeMember } from './change-member';
import { DeactivateMember } from './deactivate-member';
import { InvitationList } from './invitation-list';
import { InviteMember } from './invite-member';
import { teamKeys, teamQuery, useRoleName } from './queries';
import { teamRoutes } from './routes';
import { useAccountWords } from './use-account-words';

/** Who works here, and who is about to. */
export function MembersPage() {
  const words = useTranslations('team.members');
  const [inviting, setInviting] = useState(false);
  const members = useInfiniteQuery(teamQuery);
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
        query={members}
        empty={
          <Empty icon={Users} title={words('none')}>
            {words('noneHint')}
          </Empty>
        }
      >
        {(member) => <MemberRow key={member.id} member={member} />}
      </Rows>
      <InvitationList />
      {inviting && <InviteMember onClose={() => setInviting(false)} />}
    </>
  );
}

type Doing = 'change' | 'deactivate' | 'sign_out';

function MemberRow({ member }: { member: TeamMember }) {
  const words = useTranslations('team.members');
  const common = useTranslations('common');
  const mine = useMe()?.memberId === member.id;
  const roleName = useRoleName();
  const accountWords = useAccountWords();
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const [doing, setDoing] = useState<Doing | null>(null);
  const stop = () => setDoing(null);
  const seen = member.lastSeenAt && format.relativeTime(new Date(member.lastSeenAt), now);
  return (
    <Row
      quiet={!member.active}
      lead={<Avatar id={member.id} name={member.name} size={32} />}
      title={
        <>
          <span className="truncate">{member.name}</span>
          {mine && <Chip small>{common('you')}</Chip>}
          {!member.active && <Chip small>{words('left')}</Chip>}
          {member.active && member.availability === 'away' && <Chip small>{words('away')}</Chip>}
        </>
      }
      meta={member.email}
      facts={
        <>
          <Fact>{roleName(member.role)}</Fact>
          <Fact>{accountWords(member.accountIds)}</Fact>
          <Fact>{member.active && (seen ? words('seen', { when: seen }) : words('notSeen'))}</Fact>
        </>
      }
      end={<MemberMenu member={member} onChoose={setDoing} />}
    >
      {doing === 'change' && <ChangeMember member={member} onClose={stop} />}
      {doing === 'deactivate' && <DeactivateMember member={member} onClose={stop} />}
      {doing === 'sign_out' && <SignOut member={member} onClose={stop} />}
    </Row>
  );
}

function MemberMenu({ member, onChoose }: { member: TeamMember; onChoose: (doing: Doing) => void }) {
  const words = useTranslations('team.members');
  const client = useQueryClient();
  const reactivate = useMutation({
    mutationFn: () => call(teamRoutes.reactivateMember, { params: { id: member.id } }),
    onSuccess: () => {
      say(words('isBack', { name: member.name }));
      return client.invalidateQueries({ queryKey: teamKeys.members });
    },
    onError: (error) => complain(error.message),
  });
  const { can } = member.me;
  if (can.length === 0) return null;
  return (
    <Menu align="end" trigger={<IconButton icon={Ellipsis} label={words('acts', { name: member.name })} size={28} />}>
      {can.includes('change') && <MenuItem onSelect={() => onChoose('change')}>{words('change')}</MenuItem>}
      {can.includes('sign_out') && member.active && (
        <MenuItem onSelect={() => onChoose('sign_out')}>{words('signOut')}</MenuItem>
      )}
      {can.includes('reactivate') && <MenuItem onSelect={() => reactivate.mutate()}>{words('reactivate')}</MenuItem>}
      {can.includes('deactivate') && (
        <>
          <MenuLine />
          <MenuItem danger onSelect={() => onChoose('deactivate')}>
            {words('deactivate')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function SignOut({ member, onClose }: { member: TeamMember; onClose: () => void }) {
  const words = useTranslations('team.members');
  return (
    <Confirm
      title={words('signOutTitle', { name: member.name })}
      description={words('signOutHint')}
      act={words('signOutAct')}
      danger={false}
      onClose={onClose}
      work={async () => {
        await call(teamRoutes.endMemberSessions, { params: { id: member.id } });
        say(words('signedOut', { name: member.name }));
      }}
    />
  );
}
