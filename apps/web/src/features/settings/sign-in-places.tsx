'use client';

import type { SignInPlace } from '@parley/contracts/members';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Monitor, Smartphone } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Chip } from '@/components/chip';
import { Confirm } from '@/components/confirm';
import { Icon } from '@/components/icon';
import { Fact, Row, WholeRows } from '@/components/rows';
import { complain } from '@/components/toast';
import { leaveForSignIn } from '@/features/session/sign-out';
import { tellTabs } from '@/features/session/tabs';
import { placesQuery, teamKeys } from '@/features/team/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';
import { browserOf } from './browser-words';
import { Part } from './section-head';

/** Where one is signed in, and the way to end each. */
export function SignInPlaces() {
  const words = useTranslations('settings.places');
  const places = useQuery(placesQuery);
  const [ending, setEnding] = useState(false);
  return (
    <Part
      title={words('title')}
      hint={words('hint')}
      action={
        <Button variant="line" onClick={() => setEnding(true)}>
          {words('endAll')}
        </Button>
      }
    >
      <WholeRows label={words('title')} query={places} items={places.data}>
        {(place) => <PlaceRow key={place.id} place={place} />}
      </WholeRows>
      {ending && (
        <Confirm
          title={words('endAllTitle')}
          description={words('endAllHint')}
          act={words('endAllAct')}
          onClose={() => setEnding(false)}
          work={() => call(teamRoutes.endMySessions, {}).then(() => (tellTabs('signed-out'), leaveForSignIn()))}
        />
      )}
    </Part>
  );
}

function PlaceRow({ place }: { place: SignInPlace }) {
  const words = useTranslations('settings.places');
  const client = useQueryClient();
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const { name, system, phone } = browserOf(place.browser);
  const end = useMutation({
    mutationFn: () => call(teamRoutes.endMySession, { params: { id: place.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: teamKeys.places }),
    onError: (error) => complain(error.message),
  });
  const where = name ? words('browser', { name, system: system ?? words('unknownSystem') }) : words('unknown');
  return (
    <Row
      lead={
        <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
          <Icon of={phone ? Smartphone : Monitor} />
        </span>
      }
      title={
        <>
          <span className="truncate">{where}</span>
          {place.current && (
            <Chip small tone="ok">
              {words('here')}
            </Chip>
          )}
        </>
      }
      meta={place.address}
      facts={
        <>
          <Fact>{words('since', { day: format.dateTime(new Date(place.createdAt), { dateStyle: 'medium' }) })}</Fact>
          <Fact>{words('seen', { when: format.relativeTime(new Date(place.lastSeenAt), now) })}</Fact>
        </>
      }
      end={
        !place.current && (
          <LinkButton
            tone="danger"
            disabled={end.isPending}
            onClick={() => end.mutate()}
            aria-label={words('endWhat', { where })}
          >
            {words('end')}
          </LinkButton>
        )
      }
    />
  );
}
