'use client';

import type { Invitation } from '@parley/contracts/invitations';
import { useMutation } from '@tanstack/react-query';
import { Link, Mail } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { LinkButton } from '@/components/button';
import { Chip, type ChipTone } from '@/components/chip';
import { Confirm } from '@/components/confirm';
import { Icon } from '@/components/icon';
import { Fact, Row, Rows, type RowsProps } from '@/components/rows';
import { complain, say } from '@/components/toast';
import { Part } from '@/features/settings/section-head';
import { InvitationLink } from './invite-member';

/** What an invitation to a tenant has in common with one to run the install. */
type Invited = Pick<Invitation, 'id' | 'email' | 'state' | 'via' | 'invitedBy' | 'expiresAt' | 'me'>;

interface InvitationActs<One> {
  /** Sends it again, or makes its link anew: then that is the answer's. */
  again: (one: One) => Promise<{ body: { link: string | null } }>;
  revoke: (one: One) => Promise<unknown>;
  /** After either: what is shown is read anew. */
  changed: () => Promise<unknown>;
}

interface InvitationsProps<One> extends InvitationActs<One> {
  query: RowsProps<One>['query'];
  /** What is told of each beside when it ends. */
  facts?: (one: One) => React.ReactNode;
}

/** Invitations, newest first: those that are open can be made anew or taken back. */
export function Invitations<One extends Invited>({ query, facts, ...acts }: InvitationsProps<One>) {
  const words = useTranslations('team.invitations');
  const [made, setMade] = useState<{ email: string; link: string } | null>(null); // here, for its row may go
  return (
    <div className="pt-8">
      <Part title={words('title')} hint={words('hint')}>
        <Rows
          label={words('title')}
          query={query}
          empty={<p className="border-t border-line py-3 text-ink-3">{words('none')}</p>}
        >
          {(one) => (
            <InvitationRow
              key={one.id}
              one={one}
              facts={facts?.(one)}
              end={<Acts one={one} {...acts} onLink={(link) => setMade({ email: one.email, link })} />}
            />
          )}
        </Rows>
      </Part>
      {made && <InvitationLink {...made} onClose={() => setMade(null)} />}
    </div>
  );
}

const tones: Record<Invitation['state'], ChipTone> = {
  open: 'accent',
  accepted: 'ok',
  expired: 'warn',
  revoked: 'neutral',
};

function InvitationRow({ one, facts, end }: { one: Invited; facts: React.ReactNode; end: React.ReactNode }) {
  const words = useTranslations('team.invitations');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const { email, state, via, invitedBy, expiresAt } = one;
  return (
    <Row
      quiet={state === 'revoked' || state === 'accepted'}
      lead={
        <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
          <Icon of={via === 'mail' ? Mail : Link} />
        </span>
      }
      title={
        <>
          <span className="truncate">{email}</span>
          <Chip small tone={tones[state]}>
            {words(`state.${state}`)}
          </Chip>
        </>
      }
      meta={invitedBy ? words('by', { name: invitedBy }) : words('byPlatform')}
      facts={
        <>
          {facts}
          <Fact>{state === 'open' && words('ends', { when: format.relativeTime(new Date(expiresAt), now) })}</Fact>
        </>
      }
      end={end}
    />
  );
}

interface ActsProps<One> extends InvitationActs<One> {
  one: One;
  onLink: (link: string) => void;
}

function Acts<One extends Invited>({ one, again, revoke, changed, onLink }: ActsProps<One>) {
  const words = useTranslations('team.invitations');
  const [revoking, setRevoking] = useState(false);
  const { email, via, me } = one;
  const making = useMutation({
    mutationFn: () => again(one),
    onSuccess: ({ body }) => {
      if (body.link) onLink(body.link);
      else say(words('resent', { email }));
      return changed();
    },
    onError: (error) => complain(error.message),
  });
  return (
    <>
      {me.can.includes('resend') && (
        <LinkButton disabled={making.isPending} onClick={() => making.mutate()}>
          {words(via === 'mail' ? 'resend' : 'newLink')}
        </LinkButton>
      )}
      {me.can.includes('revoke') && (
        <LinkButton tone="danger" onClick={() => setRevoking(true)}>
          {words('revoke')}
        </LinkButton>
      )}
      {revoking && (
        <Confirm
          title={words('revokeTitle', { email })}
          description={words('revokeHint')}
          act={words('revokeAct')}
          onClose={() => setRevoking(false)}
          work={() => revoke(one).then(changed)}
        />
      )}
    </>
  );
}
